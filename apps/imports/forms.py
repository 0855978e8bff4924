"""Forms of the admin: a source that can be fetched, a mapping that can be read."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.imports import parsing
from apps.imports.keys import MappingError
from apps.imports.models import Feed, SavedMapping

SCHEMES = {Feed.Kind.ADDRESS: ("https", "http"), Feed.Kind.QUERY: ("postgresql", "postgres", "mysql", "mariadb")}


class FeedForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Feed
        fields = ["name", "kind", "place", "query", "mapping", "rhythm", "is_active"]
        widgets = {"query": UnfoldAdminTextareaWidget(attrs={"rows": 6, "spellcheck": "false"})}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        kind, place = found.get("kind"), found.get("place") or ""
        if kind == Feed.Kind.FOLDER and place and not place.startswith(("/", "${")):
            raise ValidationError({"place": _("Write the whole path of the folder, from / on.")})
        if kind in SCHEMES and place and urlsplit(place).scheme not in SCHEMES[kind] and not place.startswith("${"):
            wanted = " / ".join(f"{scheme}://" for scheme in SCHEMES[kind])
            raise ValidationError({"place": _("Write an address that begins with %(wanted)s.") % {"wanted": wanted}})
        if kind == Feed.Kind.QUERY and not (found.get("query") or "").strip():
            raise ValidationError({"query": _("Write one SELECT whose columns are called as those of the mapping.")})
        return found


class MappingForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = SavedMapping
        fields = ["name", "text"]
        widgets = {"text": UnfoldAdminTextareaWidget(attrs={"rows": 30, "spellcheck": "false", "class": "font-mono"})}

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        try:
            parsing.parse(text)
        except MappingError as error:
            raise ValidationError([str(problem) for problem in error.problems]) from error
        return text
