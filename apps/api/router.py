"""Every kind of thing the API answers for."""

from rest_framework.routers import DefaultRouter
from rest_framework.viewsets import ViewSetMixin

from apps.api.bulk.views import Bulk, described
from apps.api.numbers import plans
from apps.api.numbers import views as numbers
from apps.api.resources import activities, boards, calendar, customers, goals, leads, objectives, offer, opportunities, people, planning, rates, spending

NUMBERS = {
    "figures": numbers.Figures,
    "series": numbers.Series,
    "ranking": numbers.Ranking,
    "breakdown": numbers.Breakdown,
    "records": numbers.Records,
    "kpis": numbers.Kpis,
    "plans": plans.Plans,
    "scopes": numbers.Scopes,
}
ROWS = {
    "holidays": calendar.Holidays,
    "rates": rates.Rates,
    "regions": people.Regions,
    "region_holidays": calendar.RegionHolidays,
    "teams": people.Teams,
    "reps": people.Reps,
    "memberships": people.Memberships,
    "team-managers": people.TeamManagers,
    "campaigns": offer.Campaigns,
    "expenses": spending.Expenses,
    "products": offer.Products,
    "stages": offer.Stages,
    "customers": customers.Customers,
    "orders": customers.Orders,
    "subscriptions": customers.Subscriptions,
    "leads": leads.Leads,
    "opportunities": opportunities.Opportunities,
    "quotes": opportunities.Quotes,
    "activities": activities.Activities,
    "social-readings": activities.SocialReadings,
    "social-posts": activities.SocialPosts,
    "assessments": activities.Assessments,
    "goals": goals.Goals,
    "benchmarks": planning.Benchmarks,
    "ramps": planning.Ramps,
    "objectives": objectives.Objectives,
    "check-ins": objectives.CheckIns,
    "steps": objectives.Steps,
}
LOOKED_AT = {"boards": boards.Boards}  # rows that are read, and written elsewhere

ELSEWHERE = ("imports",)  # whose addresses stand beside these: faces do not know each other

WRITING = {"post", "put", "patch", "delete"}


def is_written(view: type[ViewSetMixin]) -> bool:
    """Whether a kind of thing can be written by its view, or read alone."""
    own = any(hasattr(view, name) for name in ("create", "update", "partial_update", "destroy"))
    return own or any(WRITING & set(getattr(action, "mapping", ())) for action in view.get_extra_actions())


for rows in ROWS.values():
    if issubclass(rows, Bulk):
        described(rows)

router = DefaultRouter(use_regex_path=False)
router.include_format_suffixes = False  # JSON is all there is
for prefix, view in (NUMBERS | ROWS | LOOKED_AT).items():
    router.register(prefix, view, basename=prefix)
