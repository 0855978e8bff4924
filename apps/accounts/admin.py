"""Users in the admin: adding, inviting, changing roles, deactivating, unlocking."""

import logging
from smtplib import SMTPException
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from knox.models import AuthToken
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm

from apps.accounts import services
from apps.accounts.forms import EditUserForm, NewUserForm
from apps.accounts.models import Role, User
from apps.core.admin import FactAdmin

log = logging.getLogger(__name__)

admin.site.unregister(Group)  # what people may do follows from their role
admin.site.unregister(AuthToken)


@admin.register(User)
class UserAdmin(FactAdmin, DjangoUserAdmin):
    form = EditUserForm
    add_form = NewUserForm
    add_form_template = None
    change_password_form = AdminPasswordChangeForm
    list_display = ["name", "email", "role_label", "rep_link", "is_active", "last_login"]
    list_filter = ["role", "is_active"]
    list_select_related = ["rep"]
    search_fields = ["name", "email"]
    ordering = ["name"]
    filter_horizontal = ()
    readonly_fields = ["rep_link", "last_login", "created_at"]
    fieldsets = [
        (None, {"fields": ["name", "email", "role", "rep_link"]}),
        (_("Sign-in"), {"fields": ["password", "is_active", "last_login", "created_at"]}),
    ]
    add_fieldsets = [(None, {"fields": ["name", "email", "role", "password"]})]
    actions = ["invite", "unlock", "deactivate"]

    @display(description=_("role"), ordering="role", label=True)
    def role_label(self, user: User) -> str:
        return str(user.get_role_display())

    @admin.display(description=_("sells as"))
    def rep_link(self, user: User) -> str:
        rep = getattr(user, "rep", None)
        if rep is None:
            return "–" if user.role != Role.REP else str(_("no rep yet: choose this sign-in on the rep’s page"))
        return format_html('<a href="{}">{}</a>', reverse("admin:reps_rep_change", args=[rep.pk]), rep.name)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.editor = request.user  # type: ignore[attr-defined]
        return form

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change and not obj.has_usable_password():
            self._invite(request, [obj])

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who has been here is deactivated, so that what they did keeps its name; a mistake may be deleted."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.last_login is None)

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.action(description=_("Send an invitation to choose a password"))
    def invite(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._invite(request, list(queryset.filter(is_active=True)))

    def _invite(self, request: HttpRequest, users: list[User]) -> None:
        for user in users:
            try:
                services.invite(user, request=request)
            except (OSError, SMTPException) as error:
                log.warning("invitation to %s could not be sent: %s", user.email, error)
                text = _(
                    "The invitation to %(email)s could not be sent: %(error)s. Check the mail server, then choose “Send an invitation” in the list of users."
                )
                self.message_user(request, text % {"email": user.email, "error": error}, messages.ERROR)
            else:
                text = _("An invitation was sent to %(email)s. The link in it works for three days.")
                self.message_user(request, text % {"email": user.email}, messages.SUCCESS)

    @admin.action(description=_("Unlock after too many attempts"))
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            services.unlock(user)
        self.message_user(request, _("They can try to sign in again."), messages.SUCCESS)

    @admin.action(description=_("Deactivate: may no longer sign in"))
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        me = str(request.user.pk)
        count = queryset.exclude(pk=me).filter(is_active=True).update(is_active=False)
        text = ngettext("%(count)d user may no longer sign in.", "%(count)d users may no longer sign in.", count) % {"count": count}
        self.message_user(request, text, messages.SUCCESS)
        if queryset.filter(pk=me).exists():
            self.message_user(request, _("You were left out: nobody deactivates themself."), messages.WARNING)
