"""What people do with imports: ask for one, cancel it, have it go on, take it back."""

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import clock
from apps.imports import keeping, mapping_file, undoing
from apps.imports.mapping import Mapping
from apps.imports.models import Import, ImportedFile, Part
from apps.imports.sources import Source

State = Import.State
ENDED = (State.DONE, State.FAILED, State.CANCELLED)


class NotNow(ValueError):
    """What was asked cannot be done with an import as it stands; the message says why and what to do."""


@transaction.atomic
def ask(mapping: Mapping, found: Sequence[Source], *, by: User | None) -> Import:
    """Keep the files and write down what to do with them; whoever carries imports on does it."""
    this = Import.objects.create(title=mapping.title, mapping=mapping.text or mapping_file.write(mapping), by=by, asked_at=clock.now())
    files = {path: keeping.keep(this, path) for path in dict.fromkeys(source.path for source in found)}
    places = {id(load): place for place, load in enumerate(mapping.loads)}
    Part.objects.bulk_create(
        Part(of=this, file=files[source.path], position=position, load=places[id(source.load)], entity=source.load.entity)
        for position, source in enumerate(found)
    )
    return this


def cancel(pk: int) -> None:
    """Stop an import after the portion that is being written. Raises NotNow where it is not under way."""
    if not Import.objects.filter(pk=pk, state__in=[State.WAITING, State.RUNNING]).update(state=State.CANCELLED, finished_at=clock.now()):
        raise NotNow(_("This import is not under way, so there is nothing to cancel. To take back what it wrote, undo it."))


def resume(pk: int) -> None:
    """Let an import that ended early go on where it ended. Raises NotNow where it did not, or its files are gone."""
    if ImportedFile.objects.filter(of=pk, stored="").exists():
        raise NotNow(_("The files of this import are not kept any more. Import them again: rows that are there already stay as they are."))
    ended = Import.objects.filter(pk=pk, state__in=[State.FAILED, State.CANCELLED])
    if not ended.update(state=State.WAITING, fault="", starts=0, finished_at=None):
        raise NotNow(_("This import did not end early, so it cannot go on."))


def ask_to_undo(pk: int, *, by: User | None) -> None:
    """Have an import undone. Raises NotNow where it cannot be now, and undoing.Refused where later changes stand on it."""
    undoing.must_be_possible(Import.objects.get(pk=pk))
    if not Import.objects.filter(pk=pk, state__in=ENDED).update(state=State.UNDOING, undone_by=by, fault=""):
        raise NotNow(_("This import is under way, or undone already. Cancel it first, or leave it."))


def undo(pk: int) -> bool:
    """Undo an import that this was asked for, whole or not at all; False, and the reasons in its `fault`, where later changes stand on it."""
    try:
        with transaction.atomic():
            this = Import.objects.select_for_update().get(pk=pk)
            if this.state != State.UNDOING:
                return False
            undoing.undo(this)
            Import.objects.filter(pk=pk).update(state=State.UNDONE, undone_at=clock.now())
    except undoing.Refused as refused:
        was_done = not Part.objects.filter(of=pk, is_done=False).exists()
        state = State.DONE if was_done else State.CANCELLED
        Import.objects.filter(pk=pk, state=State.UNDOING).update(state=state, fault=str(refused))
        return False
    return True


def forget_files(this: Import) -> None:
    """Delete the files of an import that has ended; what it did stays known."""
    for file in this.files.exclude(stored=""):
        keeping.forget(file.stored)
        file.stored = ""
        file.save(update_fields=["stored"])


@transaction.atomic
def delete(pk: int) -> None:
    """Delete an import and its files; the rows that it wrote stay. Raises NotNow while it is under way."""
    this = Import.objects.select_for_update().get(pk=pk)
    if this.state not in (*ENDED, State.UNDONE):
        raise NotNow(_("This import is under way. Cancel it first."))
    stored = [file.stored for file in this.files.exclude(stored="")]
    this.delete()
    for name in stored:
        transaction.on_commit(partial(keeping.forget, name))
