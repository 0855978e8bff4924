"""What an admin fills in to let a program in."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelect2Widget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from apps.accounts.models import Role, User
from apps.api import issuing
from apps.api.grants import EVERYTHING, READ, WRITE
from apps.api.models import Integration
from apps.api.router import ELSEWHERE, is_written, router
from apps.api.tokens import KINDS
from apps.core import clock

WAYS = {READ: _("read"), WRITE: _("write")}


def grants() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Return what can be granted, by kind of thing; what nobody can write is only read."""
    written = {EVERYTHING, *ELSEWHERE, *(prefix for prefix, view, _name in router.registry if is_written(view))}
    return [
        (
            _("everything") if kind == EVERYTHING else kind,
            [(f"{way}:{kind}", _worded(word, kind)) for way, word in WAYS.items() if way == READ or kind in written],
        )
        for kind in KINDS
    ]


def _worded(way: Any, kind: str) -> Any:
    """Name a way; who does not see below what it stands is told."""
    return format_html('{} <span class="unseen">{}</span>', way, kind)


class TokenForm(forms.ModelForm):
    """An integration that is there, and another token for it where one is wanted."""

    another = forms.BooleanField(label=_("Make another token"), required=False, widget=UnfoldBooleanSwitchWidget)
    token_name = forms.CharField(label=_("What the token is for"), max_length=80, required=False, widget=UnfoldAdminTextInputWidget)
    grants = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=grants,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Nothing chosen: whatever the one it acts as may. Who may write something may read it."),
    )
    expiry = forms.SplitDateTimeField(label=_("Ends"), required=False, widget=UnfoldAdminSplitDateTimeWidget, help_text=_("Empty: never."))

    class Meta:
        model = Integration
        fields = ["name"]

    def clean_expiry(self) -> Any:
        expiry = self.cleaned_data["expiry"]
        if expiry is not None and expiry <= clock.now():
            raise forms.ValidationError(_("This instant is over. Write one that is still to come, or leave it empty."))
        return expiry

    def issue(self, integration: Integration) -> str:
        """Make the token and return it, this once; an empty text where none is wanted."""
        asked = self.cleaned_data
        if not asked.get("another", True):
            return ""
        return issuing.make_token(integration.acts_as, name=asked["token_name"], grants=asked["grants"], expiry=asked["expiry"], integration=integration)


class NewIntegrationForm(TokenForm):
    """An integration with its first token."""

    another = None  # type: ignore[assignment]
    person = forms.ModelChoiceField(
        label=_("Acts as"),
        queryset=User.objects.filter(is_active=True).order_by("name"),
        required=False,
        widget=UnfoldAdminSelect2Widget,
        help_text=_("The person whose rights it has. Empty: a sign-in of its own, with the role."),
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=[("", "–"), *((role, Role(role).label) for role in issuing.ROLES)], required=False, widget=UnfoldAdminSelectWidget
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors and bool(self.cleaned_data["person"]) == bool(self.cleaned_data["role"]):
            raise forms.ValidationError(_("Say whose rights it has: either a person’s, or those of a sign-in of its own, by a role."))
        return cleaned
