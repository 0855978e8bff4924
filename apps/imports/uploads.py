"""What people do with files they have brought: have them recognised, answer what is asked, look ahead, and import them."""

import shutil
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile as Sent
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import clock, numbers
from apps.imports import keeping, mapping_file, parsing, preview, selectors, services, sources, unpacking
from apps.imports.keys import MappingError, Problem
from apps.imports.mapping import Mapping
from apps.imports.models import Import, SavedMapping, Upload, UploadedFile
from apps.imports.recognition import known, recognising
from apps.imports.recognition.proposal import Answers, Proposal
from apps.imports.sources import ERRORS

MOST_FILES, MOST_NAME = 50, 150  # files; bytes of a name
KEPT = timedelta(days=7)  # so long files wait for somebody to decide


class NotReady(ValueError):
    """Something is still to be answered, or there is nothing to import; the message says so."""


@transaction.atomic
def take(sent: Sequence[Sent], *, by: User) -> Upload:
    """Keep files that somebody sends; packages are unpacked. Raises MappingError for what cannot be."""
    if not sent:
        raise MappingError([Problem(_("Files"), _("There is none."), _("Choose one or more files, or drop them here."))])
    upload = Upload.objects.create(by=by, brought_at=clock.now())
    try:
        _unpack(sent, upload)
    finally:
        shutil.rmtree(_folder(upload) / "received", ignore_errors=True)
    return upload


def _unpack(sent: Sequence[Sent], upload: Upload) -> None:
    with unpacking.unpacked([_received(file, upload) for file in sent]) as plain:
        if len(plain) > MOST_FILES:
            raise MappingError([Problem(_("Files"), _("There are more than %(most)s.") % {"most": MOST_FILES}, _("Bring them in several times."))])
        for path in plain:
            _keep(upload, path)


def kept_files() -> Storage:
    return storages["imports"]


def _short(name: str) -> str:
    """Return a name that every file system takes: its end says what it is."""
    kept = name.encode()[-MOST_NAME:].decode(errors="ignore")
    return kept if len(name.encode()) > MOST_NAME else name


def _folder(upload: Upload) -> Path:
    return Path(kept_files().path(f"uploads/{upload.pk}"))


def _received(file: Sent, upload: Upload) -> Path:
    """Write what is sent where it can be looked into, under a name that is a file's own and no way out of the folder."""
    name = _short(kept_files().get_valid_name(Path(file.name or "file").name))
    stored = kept_files().save(f"uploads/{upload.pk}/received/{name}", file)
    return Path(kept_files().path(stored))


def _keep(upload: Upload, path: Path) -> None:
    """Keep one file; rejected rows that were corrected stand for the file they came from."""
    name = _short(path.name)
    while name.endswith(ERRORS) and name != ERRORS:
        name = name.removesuffix(ERRORS)
    with path.open("rb") as content:
        stored = kept_files().save(f"uploads/{upload.pk}/{name}", File(content))
    UploadedFile.objects.create(of=upload, name=Path(stored).name, size=path.stat().st_size, stored=stored)


def paths(upload: Upload) -> tuple[Path, ...]:
    return tuple(Path(kept_files().path(file.stored)) for file in upload.files.all())


def mappings() -> list[Mapping]:
    """Return the mappings that files may be known by: those that people saved, then the shipped ones."""
    own = [parsing.parse(row.text) for row in SavedMapping.objects.all()]
    return [*own, *(parsing.read(name) for name in parsing.shipped())]


def proposed(upload: Upload, answers: Answers | None = None) -> Proposal:
    """Say how to import an upload, by its answers or by others. Raises MappingError."""
    given = upload.answers if answers is None else answers
    return recognising.recognise(paths(upload), known.company(), mappings=mappings(), answers=given)


def answer(upload: Upload, answers: Answers) -> Proposal:
    """Keep answers, if something can be proposed by them; a preview of before no longer holds. Raises MappingError."""
    proposal = proposed(upload, answers)
    Upload.objects.filter(pk=upload.pk).update(answers=answers, preview=None, previewed_at=None)
    return proposal


def ready(proposal: Proposal) -> Mapping:
    """Return the mapping that files are imported by; raise NotReady while something is open, or where nothing is to be imported."""
    if proposal.open:
        raise NotReady(_("Something is still to be answered. Answer the questions that are marked first."))
    if proposal.mapping is None:
        raise NotReady(_("Nothing here is to be imported. Say for a file what its rows are, or delete these files and bring others."))
    return proposal.mapping


def look_ahead(pk: int) -> None:
    """Try an import, keep what it would do, and take it back; what is wrong stands in the preview."""
    upload = Upload.objects.filter(pk=pk).exclude(previewed_at=None).first()
    if upload is None:
        return
    asked = upload.previewed_at
    try:
        mapping = ready(proposed(upload))
        told = _told(preview.preview(sources.find(mapping, paths(upload)))) | {"same": _same_before(upload, mapping)}
    except (MappingError, NotReady) as error:
        told = {"fault": str(error)}
    Upload.objects.filter(pk=pk, previewed_at=asked).update(preview=told)


def _same_before(upload: Upload, mapping: Mapping) -> int | None:
    """Return the import of just these files with this mapping, where there was one."""
    sums = [keeping.summed(path) for path in paths(upload)]
    found = selectors.same_before(sums, mapping.text)
    return found.pk if found else None


def ask_to_look_ahead(upload: Upload) -> None:
    Upload.objects.filter(pk=upload.pk).update(preview=None, previewed_at=clock.now())


def _told(found: preview.Preview) -> dict[str, Any]:
    """Write a preview down as JSON holds it."""
    return {
        "files": [
            {
                "file": each.file,
                "entity": each.entity,
                "counts": vars(each.counts),
                "mistakes": [asdict(mistake) for mistake in each.mistakes],
                "mistaken": each.mistakes.count,
                "changed": [{"line": one.line, "row": one.row, "differences": [_difference(part) for part in one.differences]} for one in each.changed],
            }
            for each in found.files
        ],
        "effects": [
            {
                "kpi": one.kpi,
                "start_on": one.window.start_on.isoformat(),
                "last_on": one.window.last_on.isoformat(),
                "before": _text(one.before),
                "after": _text(one.after),
            }
            for one in found.effects
        ],
    }


def _difference(part: preview.Difference) -> dict[str, str]:
    return {name: _text(value) for name, value in asdict(part).items()}


def _text(value: Any) -> str:
    return "" if value is None else numbers.plain(value) if isinstance(value, Decimal) else str(value)


@transaction.atomic
def begin(upload: Upload, *, by: User, save_as: str = "") -> Import:
    """Import an upload, and keep its mapping under a name where there is one; the upload is done with. Raises NotReady, MappingError."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)  # a second press finds nothing
    mapping = ready(proposed(upload))
    if save_as:
        named = Mapping(save_as, mapping.loads)
        SavedMapping.objects.update_or_create(name=save_as, defaults={"text": mapping_file.write(named), "by": by, "saved_at": clock.now()})
    this = services.ask(mapping, sources.find(mapping, paths(upload)), by=by)
    forget(upload)
    return this


@transaction.atomic
def leave_out(upload: Upload, names: Collection[str]) -> None:
    """Go on without some files; the others and the answers stay."""
    left = upload.files.filter(name__in=names)
    stored = list(left.values_list("stored", flat=True))
    left.delete()
    transaction.on_commit(lambda: _delete(stored))
    Upload.objects.filter(pk=upload.pk).update(preview=None, previewed_at=None)


def forget(upload: Upload) -> None:
    """Delete an upload and its files."""
    stored = list(upload.files.values_list("stored", flat=True))
    upload.delete()
    transaction.on_commit(lambda: _delete(stored))


def _delete(names: Iterable[str]) -> None:
    for name in names:
        keeping.forget(name)


def forget_old() -> None:
    """Delete what nobody has decided on for a week."""
    for upload in Upload.objects.filter(brought_at__lt=clock.now() - KEPT):
        forget(upload)
