"""Webhooks, in the admin: who is told of what, how telling went, and once more by hand."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from apps.core import clock
from apps.core.admin import FactAdmin, ReadOnlyAdmin, TabularInline
from apps.webhooks import signatures, watching
from apps.webhooks.models import Attempt, Delivery, Hook, choices


class HookForm(forms.ModelForm):  # type: ignore[type-arg]
    kinds = forms.MultipleChoiceField(choices=choices, widget=UnfoldAdminCheckboxSelectMultipleWidget, label=_("Is told of"))

    class Meta:
        model = Hook
        fields = ["name", "url", "kinds", "is_active"]


@admin.register(Hook)
class HookAdmin(FactAdmin):
    """The secret is shown to admins, who hand it to whoever receives; the actions send a test, or make a new secret."""

    form = HookForm
    list_display = ["name", "url", "is_active", "state"]
    search_fields = ["name", "url"]
    actions = ["send_test", "renew_secret"]

    def get_fields(self, request: HttpRequest, obj: Hook | None = None) -> list[str]:
        return ["name", "url", "kinds", "is_active", *(["secret"] if obj else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Hook | None = None) -> list[str]:
        return ["secret"] if obj else []

    @admin.display(description=_("state"))
    def state(self, hook: Hook) -> Any:
        last = hook.deliveries.filter(tries__gt=0).first()
        return _("Nothing sent yet") if last is None else last.get_state_display()

    @admin.action(description=_("Send a test event"), permissions=["change"])
    def send_test(self, request: HttpRequest, queryset: QuerySet[Hook]) -> None:
        hooks = list(queryset.filter(is_active=True))
        for hook in hooks:
            watching.test(hook, at=clock.now())
        text = ngettext("%(count)s test is on its way; see Deliveries.", "%(count)s tests are on their way; see Deliveries.", len(hooks))
        self.message_user(request, text % {"count": len(hooks)}, messages.SUCCESS)

    @admin.action(description=_("Make a new secret"), permissions=["change"])
    def renew_secret(self, request: HttpRequest, queryset: QuerySet[Hook]) -> None:
        for hook in queryset:
            Hook.objects.filter(pk=hook.pk).update(secret=signatures.new_secret())
        self.message_user(request, _("From now on events are signed by the new secret: hand it to whoever receives."), messages.WARNING)


class AttemptInline(TabularInline):
    model = Attempt
    extra = 0
    can_delete = False
    fields = readonly_fields = ["at", "status", "seconds", "problem", "answer"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """The log; the action sends once more."""

    list_display = ["event", "hook", "state", "tries", "next_at", "is_replay"]
    list_filter = ["state", "hook", "event__kind"]
    list_select_related = ["event", "hook"]
    search_fields = ["event__key"]
    inlines = [AttemptInline]
    actions = ["send_again"]

    @admin.action(description=_("Send again"), permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        rows = list(queryset.filter(hook__is_active=True))
        for delivery in rows:
            watching.replay(delivery, at=clock.now())
        text = ngettext("%(count)s event is on its way again.", "%(count)s events are on their way again.", len(rows))
        self.message_user(request, text % {"count": len(rows)}, messages.SUCCESS)
