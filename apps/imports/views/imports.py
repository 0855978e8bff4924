"""One import: how far it is, what it did, what was rejected; cancelled, resumed, undone."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.imports import returning, services, tasks, undoing
from apps.imports.models import Import, ImportedFile
from apps.imports.sources import ERRORS
from apps.imports.views import drawn
from apps.imports.views.pages import page, who

DONE = {"cancel": services.cancel, "resume": services.resume}


@page
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one import; while it runs, the page renews itself."""
    this = get_object_or_404(Import.objects.select_related("by", "undone_by"), pk=pk)
    return render(request, "imports/import.html", {"section": "imports", "this": drawn.whole(this)})


@page
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel, resume or undo."""
    deed = request.POST.get("deed", "")
    try:
        if deed == "undo":
            services.ask_to_undo(pk, by=who(request))
            tasks.undo.delay(pk)
        elif deed in DONE:
            DONE[deed](pk)
            if deed == "resume":
                tasks.run.delay(pk)
        else:
            raise Http404(_("There is no such thing to do."))
    except Import.DoesNotExist as error:
        raise Http404(_("There is no such import.")) from error
    except (services.NotNow, undoing.Refused) as error:
        messages.error(request, str(error))
    return redirect("imports:import", pk)


@page
@require_safe
def errors(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Hand out the rejected rows of a file, in its own layout, to be corrected and brought again."""
    row = get_object_or_404(ImportedFile, of=pk, pk=file)
    if not row.stored:
        raise Http404(_("The file is not kept any more."))
    with tempfile.TemporaryDirectory(prefix="errors-") as folder:
        written = returning.rejected(row, Path(folder))
        if written is None:
            raise Http404(_("No row of this file was rejected."))
        content = written.read_bytes()
    return HttpResponse(content, content_type="text/csv", headers={"Content-Disposition": f'attachment; filename="{row.name}{ERRORS}"'})
