"""What an admin finds on the company's board: what is missing, what counting left out, how the last night went."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import attention, dates, numbers, waiting
from apps.customers.models import Customer
from apps.dashboards.boards.board import Section
from apps.dashboards.selection import Selection, written
from apps.dashboards.widgets import chores
from apps.dashboards.widgets.chores import Chore
from apps.goals import selectors as goals
from apps.kpis import selectors
from apps.kpis.models import Run
from apps.opportunities.models import Opportunity
from apps.reps import scopes
from apps.reps.models import Rep


def section(selection: Selection) -> Section:
    """Put the admin's list together, always about the running quarter and today."""
    return Section("chores", 12, (chores.chores([targets(selection), *deals(), unowned(), rates(), *told(), night(selection)]),))


def targets(selection: Selection) -> Chore:
    """Count the reps at work today who have no revenue target for the running quarter."""
    quarter = selection.calendar.containing("quarter", selection.today)
    people = [scopes.of(rep) for rep in Rep.objects.working_on(selection.today)]
    if not people:
        text = _("Nobody works here yet. Add teams and people in the admin, or import them from files.")
        return Chore(text, reverse("admin:reps_rep_changelist"), "risk")
    covered = goals.covering([selectors.kpi("revenue")], people, quarter, on=selection.today)
    missing, period = len(people) - len(covered), dates.window_name(quarter)
    url = reverse("dashboards:goals-enter") + written({"kpi": "revenue", "period": quarter.key})
    if not missing:
        return Chore(_("Everybody has a revenue target for %(period)s.") % {"period": period}, url, "ahead")
    words = {"missing": missing, "all": len(people), "period": period}
    return Chore(_("%(missing)s of %(all)s people have no revenue target for %(period)s.") % words, url, "risk")


def deals() -> list[Chore]:
    """Count the deals that lack what counting needs."""
    lists = reverse("admin:opportunities_opportunity_changelist")
    found = Opportunity.objects.aggregate(amount=Count("pk", Q(amount=None, original_amount=None)), created=Count("pk", Q(created_on=None)))
    return [
        _missing(
            found["amount"],
            ngettext("%(count)s deal has no amount.", "%(count)s deals have no amount.", found["amount"]),
            _("Every deal has an amount."),
            lists + "?amount__isnull=True&original_amount__isnull=True",
        ),
        _missing(
            found["created"],
            ngettext("%(count)s deal has no creation day.", "%(count)s deals have no creation day.", found["created"]),
            _("Every deal has a creation day."),
            lists + "?created_on__isnull=True",
        ),
    ]


def unowned() -> Chore:
    count = Customer.objects.filter(owner=None).count()
    url = reverse("admin:customers_customer_changelist") + "?owner__isnull=True"
    text = ngettext("%(count)s customer has no owner.", "%(count)s customers have no owner.", count)
    return _missing(count, text, _("Every customer has an owner."), url)


def rates() -> Chore:
    """Count the facts that wait for an exchange rate, and say of which currencies."""
    found = waiting.missing()
    count = sum(one.facts for one in found)
    text = ngettext("%(count)s record waits for an exchange rate", "%(count)s records wait for an exchange rate", count)
    currencies = ", ".join(sorted({one.currency for one in found}))
    return _missing(count, f"{text}: {currencies}.", _("No exchange rate is missing."), reverse("admin:core_rate_changelist"))


def told() -> list[Chore]:
    """What other apps tell of: imports, sources and webhooks that fail."""
    return [Chore(one.text, one.url, "risk") for one in attention.everything()]


def _missing(count: int, text: str, well: str, url: str) -> Chore:
    return Chore(text % {"count": numbers.decimal(numbers.Decimal(count), 0)}, url, "risk") if count else Chore(well, "", "ahead")


def night(selection: Selection) -> Chore:
    """Say how the last nightly run went, how long it took, and whether it found a difference."""
    run = Run.objects.first()
    if run is None:
        return Chore(_("No nightly run yet: it comes after midnight, while the worker and its schedule run."), "", "quiet")
    day, words = dates.near(run.started_at.date(), selection.today), {name: _whole(getattr(run, name)) for name in ("cells", "figures", "differing")}
    if run.differing:
        url = reverse("admin:kpis_drift_changelist") + f"?run__id__exact={run.pk}"
        return Chore(_("The nightly run of %(day)s found %(differing)s stored numbers that are not what they should be.") % {"day": day, **words}, url, "risk")
    url = reverse("admin:kpis_run_changelist")
    if run.finished_at is None:
        return Chore(_("The nightly run of %(day)s did not finish.") % {"day": day}, url, "risk")
    seconds = numbers.decimal(numbers.Decimal(str((run.finished_at - run.started_at).total_seconds())), 1)
    text = _("The nightly run of %(day)s compared %(cells)s sums and %(figures)s figures in %(seconds)s s and found no difference.")
    return Chore(text % {"day": day, "seconds": seconds, **words}, url, "ahead")


def _whole(count: int) -> str:
    return numbers.decimal(numbers.Decimal(count), 0)
