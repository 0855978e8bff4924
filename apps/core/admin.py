"""The admin's manner (errors become words, lists stay quick), and the organisation, its holidays and exchange rates in it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.admin import TabularInline as UnfoldTabularInline
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from apps.core import violations, waiting
from apps.core.models import Holiday, Organisation, Rate, RecordLink

VIOLATION = "_violation"
PERIODS_FOLLOW = {"calendar", "fiscal_year_start", "year_ends", "first_weekday"}


class FactAdmin(ModelAdmin):
    """Lists in few queries, and never an error page: what the database refuses is shown on the form."""

    list_per_page = 50
    show_full_result_count = False
    list_filter_submit = True
    compressed_fields = True
    warn_unsaved_form = True

    def get_form(self, request: HttpRequest, obj: models.Model | None = None, change: bool = False, **kwargs: Any) -> type:
        form = super().get_form(request, obj, change=change, **kwargs)
        violation: str | None = getattr(request, VIOLATION, None)
        if violation is None:
            return form

        problem = ValidationError(violation)

        class Refused(form):  # type: ignore[valid-type,misc]
            def clean(self) -> dict[str, Any] | None:
                self.add_error(None, problem)
                return super().clean()

        return Refused

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return self._kept(request, lambda: super(FactAdmin, self).changeform_view(request, object_id, form_url, extra_context))

    def _kept(self, request: HttpRequest, write: Callable[[], HttpResponse]) -> HttpResponse:
        """Write; what the database refuses is written into the form, which is then shown again."""
        try:
            return checked(write)
        except (IntegrityError, DataError) as error:
            setattr(request, VIOLATION, violations.explain(error))
            return write()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return self._told(request, lambda: super(FactAdmin, self).changelist_view(request, extra_context))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return self._told(request, lambda: super(FactAdmin, self).delete_view(request, object_id, extra_context))

    def _told(self, request: HttpRequest, write: Callable[[], HttpResponse]) -> HttpResponse:
        """Write; what the database refuses is said above the page the request came from."""
        try:
            return checked(write)
        except (IntegrityError, DataError) as error:
            self.message_user(request, violations.explain(error), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """Say at once how many rows keep these from being deleted, instead of listing thousands."""
        keeping = protecting(self.model, objs)
        if keeping:
            return [str(row) for row in objs[:20]], {}, set(), keeping
        return super().get_deleted_objects(objs, request)


class ReadOnlyAdmin(FactAdmin):
    """Rows that the product keeps by itself."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TabularInline(UnfoldTabularInline):
    """Rows below a form. A column's heading does not label its fields, so each says by itself what it is."""

    extra = 0
    hide_title = True

    def formfield_for_dbfield(self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            getattr(field.widget, "widget", field.widget).attrs.setdefault("aria-label", str(field.label))
        return field


def checked(write: Callable[[], HttpResponse]) -> HttpResponse:
    """Write in one transaction, with the rules in it that are otherwise checked at its end."""
    with transaction.atomic():
        response = write()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return response


def protecting(model: type[models.Model], rows: Any) -> list[str]:
    """Return how many rows of which kind refer to some rows in a way that keeps them."""
    found = []
    for relation in model._meta.related_objects:
        if getattr(relation, "on_delete", None) is models.PROTECT:
            count = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": rows}).count()
            if count:
                words = relation.related_model._meta
                found.append(f"{count} {words.verbose_name if count == 1 else words.verbose_name_plural} ({capfirst(relation.field.verbose_name)})")
    return found


@admin.register(Organisation)
class OrganisationAdmin(FactAdmin):
    fieldsets = [
        (None, {"fields": ["name", "currency", "time_zone"]}),
        (_("Calendar"), {"fields": ["calendar", "fiscal_year_start", "year_ends", "first_weekday", "working_weekdays"]}),
        (_("Closing"), {"fields": ["close_after_working_days"]}),
        (_("Imports"), {"fields": ["import_files_kept_days"]}),
        (_("Targets"), {"fields": ["targets_as", "targets_locked_until", "managers_set"]}),
        (_("Guests"), {"fields": ["links_by"]}),
    ]

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and PERIODS_FOLLOW & set(form.changed_data):
            text = _("Periods begin on other days now. Everything is counted anew by them; boards stay right meanwhile. {link} shows how far it has come.")
            link = format_html('<a class="underline" href="{}">{}</a>', reverse("admin:kpis_job_changelist"), _("Recounts"))
            self.message_user(request, format_html(str(text), link=link), messages.INFO)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not Organisation.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one: open it right away."""
        return HttpResponseRedirect("1/change/" if Organisation.objects.exists() else "add/")


@admin.register(Holiday)
class HolidayAdmin(FactAdmin):
    list_display = ["day", "name"]
    search_fields = ["name"]
    date_hierarchy = "day"


@admin.register(RecordLink)
class RecordLinkAdmin(FactAdmin):
    list_display = ["record", "address"]


class RateFilter(admin.SimpleListFilter):
    """Narrow a list of facts to those that wait for an exchange rate."""

    title = _("exchange rate")
    parameter_name = waiting.PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        asked = request.GET.get(waiting.PARAMETER, waiting.EVERY)
        others = [] if asked == waiting.EVERY else [(asked, " ".join(asked.split(".")))]
        return [(waiting.EVERY, _("missing")), *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(pk__in=waiting.waiting(queryset.model, str(self.value())).values("pk")) if self.value() else queryset


@admin.register(Rate)
class RateAdmin(FactAdmin):
    list_display = ["currency", "day", "written_rate"]
    list_filter = ["currency", ("day", RangeDateFilter)]
    search_fields = ["currency"]
    date_hierarchy = "day"
    list_before_template = "admin/missing_rates.html"

    @display(description=_("rate"), ordering="rate")
    def written_rate(self, rate: Rate) -> str:
        return f"{rate.rate.normalize():f}"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "missing_rates": waiting.missing()})
