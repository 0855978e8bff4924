"""The admin's look and its side bar, in the product's words. Icons are names of the font that comes with unfold."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

BLUE = {  # the accent of static/css/tokens.css and its shades
    "50": "#f1f5fe",
    "100": "#e8eefc",
    "200": "#c9d8fa",
    "300": "#a3bdff",
    "400": "#7fa3ff",
    "500": "#6f97f5",
    "600": "#2456d6",
    "700": "#1b45b0",
    "800": "#1a3a8c",
    "900": "#1d2a49",
    "950": "#131c31",
}


def item(title: Any, icon: str, name: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse_lazy(name)}


def rows(title: Any, icon: str, model: str) -> dict[str, Any]:
    return item(title, icon, f"admin:{model}_changelist")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "KPIBoard",
    "SITE_HEADER": "KPIBoard",
    "SITE_SUBHEADER": _("Admin"),
    "SITE_URL": "/",
    "SITE_ICON": lambda request: static("favicon.svg"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("favicon.svg")}],
    "STYLES": [lambda request: static("css/admin.css")],
    "SHOW_BACK_BUTTON": True,
    "COLORS": {"primary": BLUE},
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {"items": [{"title": _("Boards"), "icon": "arrow_back", "link": "/", "active": False}, item(_("Overview"), "home", "admin:index")]},
            {
                "title": _("Goals"),
                "separator": True,
                "items": [
                    rows(_("Goals"), "flag", "goals_goal"),
                    rows(_("Objectives"), "account_tree", "objectives_objective"),
                    rows(_("Boards of people"), "dashboard_customize", "boards_board"),
                    rows(_("Benchmarks"), "sports_score", "goals_benchmark"),
                    rows(_("Ramps"), "trending_up", "goals_ramp"),
                ],
            },
            {
                "title": _("Deals"),
                "separator": True,
                "items": [
                    rows(_("Opportunities"), "handshake", "opportunities_opportunity"),
                    rows(_("Quotes"), "request_quote", "opportunities_quote"),
                    rows(_("Leads"), "person_search", "leads_lead"),
                    rows(_("Customers"), "storefront", "customers_customer"),
                    rows(_("Orders"), "receipt_long", "customers_order"),
                    rows(_("Subscriptions"), "autorenew", "customers_subscription"),
                    rows(_("Recurring revenue"), "trending_up", "customers_movement"),
                    rows(_("Paying customers"), "group", "customers_payingaccount"),
                    rows(_("Activities"), "call", "activities_activity"),
                    rows(_("Social readings"), "visibility", "activities_socialreading"),
                    rows(_("Social posts"), "forum", "activities_socialpost"),
                    rows(_("Assessments"), "school", "activities_assessment"),
                ],
            },
            {
                "title": _("People"),
                "separator": True,
                "items": [
                    rows(_("Reps"), "badge", "reps_rep"),
                    rows(_("Teams"), "groups", "reps_team"),
                    rows(_("Regions"), "public", "reps_region"),
                    rows(_("Users"), "account_circle", "accounts_user"),
                ],
            },
            {
                "title": _("Data in and out"),
                "separator": True,
                "items": [
                    item(_("Bring files in"), "upload_file", "imports:imports"),
                    rows(_("Sources"), "cloud_download", "imports_feed"),
                    rows(_("Saved mappings"), "rule", "imports_savedmapping"),
                    rows(_("Integrations"), "hub", "api_integration"),
                    rows(_("API tokens"), "key", "knox_authtoken"),
                    rows(_("Webhooks"), "webhook", "webhooks_hook"),
                    rows(_("Deliveries"), "outbox", "webhooks_delivery"),
                ],
            },
            {
                "title": _("How you sell"),
                "separator": True,
                "items": [
                    rows(_("Stages"), "stairs", "opportunities_stage"),
                    rows(_("Products"), "inventory_2", "opportunities_product"),
                    rows(_("Campaigns"), "campaign", "campaigns_campaign"),
                    rows(_("Expenses"), "payments", "campaigns_expense"),
                ],
            },
            {
                "title": _("Organisation"),
                "separator": True,
                "items": [
                    rows(_("Organisation"), "domain", "core_organisation"),
                    rows(_("Exchange rates"), "currency_exchange", "core_rate"),
                    rows(_("Links to the CRM"), "link", "core_recordlink"),
                    rows(_("Holidays"), "event_busy", "core_holiday"),
                    rows(_("Holidays of regions"), "event_busy", "reps_regionholiday"),
                    rows(_("Recounts"), "sync", "kpis_job"),
                    rows(_("Nightly runs"), "bedtime", "kpis_run"),
                    rows(_("Closed periods"), "lock_clock", "kpis_close"),
                    rows(_("Drifts"), "difference", "kpis_drift"),
                ],
            },
        ],
    },
}
