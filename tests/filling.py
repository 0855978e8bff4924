"""Fills in a form of the admin as a browser does: what it shows, with some of it changed."""

from typing import Any

from django.test import Client


def post(client: Client, path: str, **changes: Any) -> Any:
    """Open a form, change fields (`name="x"`, `credits=[{"rep": 1, "share": 60}]`), send it; return the answer."""
    page = client.get(path)
    assert page.status_code == 200, path
    data = shown(page.context["adminform"].form)
    for inline in page.context["inline_admin_formsets"]:
        formset = inline.formset
        data |= shown(formset.management_form)
        for form in formset.forms:
            data |= shown(form)
        rows = changes.pop(formset.prefix, [])
        for number, row in enumerate(rows):
            data |= {f"{formset.prefix}-{number}-{field}": value for field, value in row.items()}
        data[f"{formset.prefix}-TOTAL_FORMS"] = max(len(rows), len(formset.forms))
    return client.post(path, {**data, **changes})


def shown(form: Any) -> dict[str, Any]:
    """Return what a browser would send back unchanged."""
    values = {field.html_name: field.value() for field in form}
    return {name: getattr(value, "pk", value) for name, value in values.items() if value is not None and value is not False}


def problems(answer: Any) -> str:
    """Return every error a form came back with, as one text; fail when it was saved."""
    assert answer.status_code == 200, "it was saved"
    found = [answer.context["adminform"].form.errors.as_text()]
    for inline in answer.context["inline_admin_formsets"]:
        found += [str(inline.formset.non_form_errors()), *(str(dict(form.errors)) for form in inline.formset.forms)]
    return " ".join(found)
