"""What workers do with imports: carry them on, undo them, go on with what a killed worker left, and delete files that were kept long enough."""

from datetime import timedelta

from celery import shared_task

from apps.core import clock
from apps.core.models import Organisation
from apps.imports import running, services, uploads
from apps.imports.feeds import fetching
from apps.imports.keys import MappingError
from apps.imports.models import Import

EVERY = 60  # seconds between two sweeps: what no worker has taken by then is asked for again


@shared_task
def run(pk: int) -> None:
    """Carry an import on to its end; what is wrong with it stands in its `fault`."""
    try:
        running.run(pk)
    except MappingError:
        return


@shared_task
def undo(pk: int) -> None:
    services.undo(pk)


@shared_task
def sweep() -> None:
    """Begin what waits, and go on with what nobody alive carries on."""
    for pk, state in Import.objects.filter(state__in=["waiting", "running", "undoing"]).order_by("asked_at").values_list("pk", "state"):
        if state == Import.State.UNDOING:
            undo.apply_async((pk,), expires=EVERY)
        elif not running.is_carried_on(pk):
            run.apply_async((pk,), expires=EVERY)


@shared_task
def fetch() -> None:
    """Fetch from the sources whose time has come, and import what is new."""
    for this in fetching.fetch_due(at=clock.now()):
        run.delay(this.pk)


@shared_task
def look_ahead(pk: int) -> None:
    uploads.look_ahead(pk)


@shared_task
def forget_files() -> None:
    """Delete the files of imports that ended longer ago than the organisation keeps them, and uploads that nobody decided on."""
    uploads.forget_old()
    days = Organisation.get().import_files_kept_days
    if days is None:
        return
    for this in Import.objects.filter(finished_at__lt=clock.now() - timedelta(days=days), files__stored__gt="").distinct():
        services.forget_files(this)
