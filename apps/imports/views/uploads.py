"""Bringing files in: dropped, recognised, corrected, looked ahead, imported."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.imports import selectors, tasks, uploads
from apps.imports.keys import MappingError, Problem
from apps.imports.models import Upload
from apps.imports.recognition import known
from apps.imports.recognition.proposal import Answers, Proposal
from apps.imports.views import drawn, forms
from apps.imports.views.pages import page, who

FORM = require_http_methods(["GET", "HEAD", "POST"])


@page
@FORM
def bring(request: HttpRequest) -> HttpResponse:
    """List the imports, and take files."""
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            return redirect("imports:upload", uploads.take(request.FILES.getlist("files"), by=who(request)).pk)
        except MappingError as error:
            problems = error.problems
    context = {
        "section": "imports",
        "problems": problems,
        "imports": [drawn.line(this) for this in selectors.history()[:100]],
        "waiting": [(upload, drawn.moment(upload.brought_at)) for upload in Upload.objects.select_related("by").prefetch_related("files")],
    }
    return render(request, "imports/imports.html", context, status=400 if problems else 200)


def _upload(pk: int) -> Upload:
    return get_object_or_404(Upload.objects.prefetch_related("files"), pk=pk)


@page
@FORM
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is proposed for some files, and take corrections and answers."""
    one = _upload(pk)
    problems: Sequence[Problem] = ()
    refused: Sequence[Problem] = ()
    proposal: Proposal | None = None
    answers: Answers = {}
    try:
        proposal = uploads.proposed(one)
        if request.method == "POST":
            answers = forms.read(request.POST.dict(), proposal, one.answers)  # type: ignore[arg-type]
            if answers != one.answers:
                proposal, refused = _answered(one, answers, proposal)
                one = _upload(pk)
            if "look" in request.POST and not refused:
                uploads.ready(proposal)
                return _looking(one)
    except uploads.NotReady as error:
        messages.error(request, str(error))
    except MappingError as error:
        problems = error.problems
    bad = {problem.key for problem in problems} & {file.name for file in one.files.all()}
    if refused:
        problems = [*problems, Problem("", _("Not every answer can be taken."), _("What is wrong stands at the question; the others are kept."))]
    context = {
        "section": "imports",
        "upload": one,
        "proposal": proposal,
        "problems": problems,
        "bad": sorted(bad) if len(bad) < one.files.count() else (),
        "sheet": forms.sheet(proposal, known.company().names, typed=answers, refused=refused) if proposal else None,
    }
    return render(request, "imports/upload.html", context, status=400 if problems else 200)


@page
@require_POST
def without(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on without files that cannot be read."""
    uploads.leave_out(_upload(pk), request.POST.getlist("file"))
    return redirect("imports:upload", pk)


def _answered(one: Upload, answers: Answers, proposal: Proposal) -> tuple[Proposal, Sequence[Problem]]:
    """Keep answers, but for those that their questions refuse; return what is proposed by them, and why some are refused. Raises MappingError where it is not answers that are wrong."""
    try:
        return uploads.answer(one, answers), ()
    except MappingError as error:
        keys = {question.key for question in proposal.questions}
        if not {problem.key for problem in error.problems} <= keys:
            raise
        return uploads.answer(one, forms.without(answers, {problem.key for problem in error.problems})), error.problems


@page
@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a worker find out what an import would do."""
    return _looking(_upload(pk))


def _looking(one: Upload) -> HttpResponse:
    uploads.ask_to_look_ahead(one)
    tasks.look_ahead.delay_on_commit(one.pk)
    return redirect("imports:ahead", one.pk)


@page
def ahead(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what an import would do, as soon as it is known."""
    one = _upload(pk)
    if one.previewed_at is None:
        return redirect("imports:upload", pk)
    context: dict[str, Any] = {"section": "imports", "upload": one, "preview": drawn.preview(one.preview)}
    return render(request, "imports/ahead.html", context)


@page
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Import."""
    one = _upload(pk)
    try:
        this = uploads.begin(one, by=who(request), save_as=request.POST.get("save_as", "").strip()[:80])
    except Upload.DoesNotExist:
        return redirect("imports:imports")
    except (MappingError, uploads.NotReady) as error:
        messages.error(request, str(error))
        return redirect("imports:upload", pk)
    tasks.run.delay_on_commit(this.pk)
    return redirect("imports:import", this.pk)


@page
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete what was brought."""
    uploads.forget(_upload(pk))
    messages.success(request, _("The files were deleted. Nothing was imported."))
    return redirect("imports:imports")
