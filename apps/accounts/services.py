"""What is done to accounts: inviting somebody, and letting them try again."""

from axes.utils import reset
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from apps.accounts.models import User


def invite(user: User, *, request: HttpRequest) -> None:
    """Mail somebody a link on which they choose their password; raise what the mail server raises."""
    uid, token = urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)
    link = request.build_absolute_uri(reverse("accounts:password-reset-confirm", args=[uid, token]))
    words = {"user": user, "link": link, "invited_by": request.user}
    subject = " ".join(render_to_string("accounts/invitation_subject.txt", words).split())
    send_mail(subject, render_to_string("accounts/invitation_mail.txt", words), None, [user.email])


def unlock(user: User) -> None:
    """Forget somebody's failed attempts, so that they can sign in at once."""
    reset(username=user.email)
