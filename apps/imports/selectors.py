"""What pages ask about imports: which there were, how far one is, what it did and to what."""

from collections.abc import Iterable, Iterator

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Min, QuerySet

from apps.imports.models import Import, ImportedFile, Part, Rejection
from apps.imports.report import LINES, Counts, FileReport, ImportReport, Mistake, RowError

COUNTED = tuple(vars(Counts()))


def history() -> QuerySet[Import]:
    """Return all imports, the last ones first, with their files and parts."""
    return Import.objects.select_related("by", "undone_by").prefetch_related("files", "parts")


def under_way() -> QuerySet[Import]:
    """Return the imports of which figures show a part: those that are being written or undone, and those that ended early and were not undone."""
    unfinished = Import.objects.filter(state__in=[Import.State.FAILED, Import.State.CANCELLED], parts__portions__gt=0, parts__of__parts__is_done=False)
    return Import.objects.filter(pk__in=unfinished.values("pk")) | Import.objects.filter(state__in=[Import.State.RUNNING, Import.State.UNDOING])


def counts(this: Import) -> Counts:
    """Return how many rows became what so far."""
    return sum((counts_of(part) for part in this.parts.all()), Counts())


def counts_of(part: Part) -> Counts:
    return Counts(*(getattr(part, name) for name in COUNTED))


def report(this: Import) -> ImportReport:
    """Return what became of each file for each entity."""
    return ImportReport(files=tuple(report_of(part) for part in this.parts.select_related("file")))


def report_of(part: Part) -> FileReport:
    return FileReport(part.file.name, part.entity, counts_of(part), tuple(errors(part)))


def errors(part: Part) -> Iterator[RowError]:
    """Yield every mistake in a part's rows, in the order of the file."""
    for each in part.rejections.order_by("line", "column", "pk").iterator():
        yield RowError(part.file.name, each.line, each.column, each.value, each.reason, each.remedy)


def mistakes(part: Part, *, most: int) -> list[Mistake]:
    """Return the first mistakes in a part's rows, the same ones together."""
    same = ("column", "value", "reason", "remedy")
    found = part.rejections.order_by().values(*same).annotate(first=Min("line"), count=Count("pk"), at=ArrayAgg("line", order_by="line"))
    rows = found.order_by("first", "column").values_list(*same, F(f"at__0_{LINES}"), "count")
    return [Mistake(column, value, reason, remedy, tuple(lines), count) for column, value, reason, remedy, lines, count in rows[:most]]


def rejected_lines(file: ImportedFile) -> set[int]:
    """Return the numbers of the lines of a file that were left out, by any of the entities it feeds."""
    found = Rejection.objects.filter(part__file=file).values_list("lines", flat=True)
    return {line for lines in found.iterator() for line in lines}


def same_before(sums: Iterable[str], mapping: str) -> Import | None:
    """Return the last import of just these files (by their SHA-256) with this mapping that was done and not undone."""
    wanted = sorted(set(sums))
    done = Import.objects.filter(state=Import.State.DONE, mapping=mapping, files__sha256__in=wanted)
    counted = done.annotate(same=Count("files__sha256", distinct=True)).filter(same=len(wanted)).order_by("-asked_at")
    return next((each for each in counted if sorted({file.sha256 for file in each.files.all()}) == wanted), None)
