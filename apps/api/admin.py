"""Integrations and tokens, in the admin: who may use the API, made and revoked."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from apps.api import issuing
from apps.api.forms import NewIntegrationForm, TokenForm
from apps.api.models import Integration, TokenTerms
from apps.core.admin import FactAdmin


@admin.register(Integration)
class IntegrationAdmin(FactAdmin):
    """Adding one makes its first token, changing it may make another; each is shown once. Deleting one revokes them all."""

    list_display = ["name", "acts_as", "has_own_sign_in", "made_by", "made_at"]
    list_select_related = ["acts_as", "made_by"]
    search_fields = ["name", "acts_as__name", "acts_as__email"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        kwargs["form"] = TokenForm if change else NewIntegrationForm
        return super().get_form(request, obj, change=change, **{**kwargs, "fields": ["name"]})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        who = ["name"] if obj else ["name", "person", "role"]
        terms = ["token_name", "grants", "expiry"]
        return [(None, {"fields": who}), (_("Token"), {"fields": ["another", *terms] if obj else terms})]

    def save_model(self, request: HttpRequest, obj: Integration, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            asked = form.cleaned_data
            made = issuing.make_integration(asked["name"], acts_as=asked["person"], role=asked["role"], by=request.user)  # type: ignore[arg-type]
            obj.pk, obj.acts_as, obj.made_at = made.pk, made.acts_as, made.made_at
            obj._state.adding = False
        request.new_token = form.issue(obj)  # type: ignore[attr-defined]

    def delete_model(self, request: HttpRequest, obj: Integration) -> None:
        issuing.end_integration(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Integration]) -> None:
        for integration in queryset:
            issuing.end_integration(integration)

    def response_add(self, request: HttpRequest, obj: Integration, post_url_continue: Any = None) -> HttpResponse:
        return self._shown(request, obj)

    def response_change(self, request: HttpRequest, obj: Integration) -> HttpResponse:
        return self._shown(request, obj) if request.new_token else super().response_change(request, obj)  # type: ignore[attr-defined]

    def _shown(self, request: HttpRequest, integration: Integration) -> HttpResponse:
        """Show a token this once, in an answer that nobody keeps."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("A token for %(name)s") % {"name": integration.name},
            "opts": self.opts,
            "token": request.new_token,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/api/integration/token.html", context, headers={"Cache-Control": "no-store"})


@admin.register(AuthToken)
class TokenAdmin(FactAdmin):
    """Tokens of people and of integrations, by their first letters; deleting one revokes it."""

    list_display = ["token_key", "label", "user", "may", "created", "expiry", "last_used"]
    list_select_related = ["user", "terms__integration"]
    search_fields = ["token_key", "terms__name", "terms__integration__name", "user__name", "user__email"]

    @admin.display(description=_("what for"))
    def label(self, token: AuthToken) -> str:
        terms = terms_of(token)
        return " · ".join(str(one) for one in (terms.integration, terms.name) if one)

    @admin.display(description=_("may"))
    def may(self, token: AuthToken) -> str:
        return ", ".join(terms_of(token).grants) or str(_("whatever its owner may"))

    @admin.display(description=_("last used"), ordering="terms__last_used_at")
    def last_used(self, token: AuthToken) -> Any:
        return terms_of(token).last_used_at

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def terms_of(token: AuthToken) -> TokenTerms:
    return token.terms if hasattr(token, "terms") else TokenTerms()
