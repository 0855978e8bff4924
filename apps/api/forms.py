"""What an admin fills in to let a program in."""

from typing import Any

from django import forms
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
from apps.api.models import Integration
from apps.api.tokens import KINDS
from apps.core import clock

GRANTS = [(f"{way}:{kind}", f"{way}:{kind}") for kind in KINDS for way in ("read", "write")]


class TokenForm(forms.ModelForm):
    """An integration that is there, and another token for it where one is wanted."""

    another = forms.BooleanField(label=_("Make another token"), required=False, widget=UnfoldBooleanSwitchWidget)
    token_name = forms.CharField(label=_("What the token is for"), max_length=80, required=False, widget=UnfoldAdminTextInputWidget)
    grants = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=GRANTS,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Nothing chosen: whatever the one it acts as may. The star is everything; who may write something may read it."),
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
