"""Signing in and out, and passwords: Django's own views with our words and pages."""

from typing import Any

from axes.utils import reset
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from apps.accounts.forms import ResetForm, SignInForm


class SignIn(views.LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(views.LogoutView):
    """Signs out on POST only, so that no link or picture on another page can do it."""


class Password(views.PasswordChangeView):
    template_name = "accounts/password.html"
    success_url = "/"

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your password is changed. Other devices are signed out."))
        return super().form_valid(form)


class PasswordReset(views.PasswordResetView):
    template_name = "accounts/password_reset.html"
    form_class = ResetForm
    email_template_name = "accounts/password_reset_mail.txt"
    subject_template_name = "accounts/password_reset_subject.txt"
    success_url = reverse_lazy("accounts:password-reset-sent")


class PasswordResetSent(views.PasswordResetDoneView):
    template_name = "accounts/password_reset_sent.html"


class PasswordResetConfirm(views.PasswordResetConfirmView):
    """Who holds the mailed link chooses a password, and is signed in and no longer locked out."""

    template_name = "accounts/password_reset_confirm.html"
    success_url = "/"
    post_reset_login = True
    post_reset_login_backend = "apps.accounts.backends.EmailBackend"

    def form_valid(self, form: Any) -> HttpResponse:
        reset(username=form.user.email)
        messages.success(self.request, _("Your password is set and you are signed in."))
        return super().form_valid(form)


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Send people who want into the admin to the one sign-in page; who is signed in and no admin finds nothing."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise Http404(_("There is no such page."))
    return redirect_to_login(request.GET.get("next") or "/admin/")
