"""What people fill in to sign in and to look after their password, and admins to look after users."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from unfold.forms import UserChangeForm
from unfold.widgets import UnfoldAdminPasswordWidget

from apps.accounts.models import Role, User


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


class NewUserForm(forms.ModelForm):
    """A new user with a password, or without: then they are invited to choose it."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave it empty to send an invitation: an e-mail with a link on which they choose it themself."),
    )

    class Meta:
        model = User
        fields = ["name", "email", "role"]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if password:
            validate_password(password, User(email=self.cleaned_data.get("email", ""), name=self.cleaned_data.get("name", "")))
        return str(password)

    def save(self, commit: bool = True) -> User:
        self.instance.set_password(self.cleaned_data["password"] or None)
        return super().save(commit)


class EditUserForm(UserChangeForm):
    """A user; nobody takes their own keys away, and somebody stays admin."""

    editor: User

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        stays_admin = self.cleaned_data.get("is_active") and self.cleaned_data.get("role") == Role.ADMIN
        if self.instance.pk == self.editor.pk and not stays_admin:
            raise forms.ValidationError(_("You cannot deactivate yourself or give up your own admin role. Ask another admin to do it."))
        return cleaned

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()
