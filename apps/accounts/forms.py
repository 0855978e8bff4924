"""What people fill in to sign in and to look after their password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User


class SignInForm(AuthenticationForm):
    username = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"})
    )
    password = forms.CharField(label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))

    error_messages = {
        "invalid_login": _("This e-mail and password do not match. Check both; capital letters count in the password."),
        "inactive": _("This account may not sign in. Ask your administrator."),
    }

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()


class ResetForm(PasswordResetForm):
    """Also for people who were invited and have no password yet."""

    email = forms.EmailField(label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}))

    def get_users(self, email: str) -> Any:
        return User.objects.filter(email__iexact=email, is_active=True)
