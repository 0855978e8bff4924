"""Targets: how much, of which KPI, for whom, over which days."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.models import Organisation
from apps.goals import filling
from apps.goals.triggers import ChangedIsOwn, KeepVersions, LockedStay
from apps.kpis import catalogue
from apps.kpis.declarations import Better
from apps.reps.models import Region, Rep, Team

FIRST_ON, LAST_ON = date(1971, 1, 1), date(2199, 12, 31)  # the days that boards reach
SCOPES = {"company": (), "region": ("region",), "team": ("team",), "rep": ("rep",)}


def scope_names_its_owner() -> Q:
    """The company names nobody; every other scope names exactly its region, team or rep."""
    rule = Q()
    for scope, named in SCOPES.items():
        rule |= Q(scope=scope, **{f"{field}__isnull": field not in named for field in ("region", "team", "rep")})
    return rule


def validate_kpi(key: str) -> None:
    """Refuse what is no KPI, or one that cannot have a goal."""
    known = [kpi.key for kpi in catalogue.with_goals()]
    if key not in known:
        raise ValidationError(_("“%(key)s” is no KPI that can have a goal. Use one of: %(known)s."), params={"key": key, "known": ", ".join(known)})


def validate_scope(kpi: str, scope: str) -> None:
    """Refuse a target for a scope that a KPI has no value for."""
    one = catalogue.KPIS.get(kpi)
    if one and scope and scope not in one.scopes:
        raise ValidationError({"kpi": _("“%(kpi)s” cannot have this goal. %(why)s") % {"kpi": one.name, "why": one.not_for_others}})


def validate_baseline(kpi: str, stay: str, baseline: Decimal | None) -> None:
    """Refuse a baseline where more is better: there is no way down from it."""
    one = catalogue.KPIS.get(kpi)
    is_limit = stay == "below" or (not stay and one is not None and one.better == Better.DOWN)
    if one and baseline is not None and not is_limit:
        raise ValidationError({"baseline": _("A baseline is only for KPIs where lower is better. Leave it empty.")})


def validate_days(*first_days: date) -> None:
    """Refuse targets that begin on locked days."""
    locked_until = Organisation.get().targets_locked_until
    if locked_until and any(day <= locked_until for day in first_days):
        raise ValidationError(LockedStay.violation_error_message)


class Goal(models.Model):
    """One target for one KPI and scope over any window of days, the first and the last in it."""

    class Scope(models.TextChoices):
        COMPANY = "company", _("Company")
        REGION = "region", _("Region")
        TEAM = "team", _("Team")
        REP = "rep", _("Rep")

    class Stay(models.TextChoices):
        ABOVE = "above", _("A floor: stay at or above it")
        BELOW = "below", _("A limit: stay at or below it")

    kpi = models.CharField(_("KPI"), max_length=40, validators=[validate_kpi])
    scope = models.CharField(_("scope"), max_length=7, choices=Scope.choices)
    region = models.ForeignKey(Region, models.CASCADE, null=True, blank=True, related_name="goals", verbose_name=_("region"))
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="goals", verbose_name=_("team"))
    rep = models.ForeignKey(Rep, models.CASCADE, null=True, blank=True, related_name="goals", verbose_name=_("rep"))
    start_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=4)
    baseline = models.DecimalField(
        _("baseline"), max_digits=18, decimal_places=4, null=True, blank=True, help_text=_("Where it stood before; only for KPIs where lower is better.")
    )
    stay = models.CharField(
        _("the target is"),
        max_length=5,
        choices=Stay.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_("Empty: to be reached where more is better, and a limit where less is."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)
    benchmark = models.ForeignKey("Benchmark", models.SET_NULL, null=True, blank=True, editable=False, related_name="goals", verbose_name=_("benchmark"))
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["start_on", "scope", "kpi"]
        constraints = [
            models.CheckConstraint(
                condition=scope_names_its_owner(),
                name="goal_names_whose_it_is",
                violation_error_message=_("A goal for a region, team or rep names that one and no other; a goal for the company names none."),
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("start_on")), name="goal_ends_after_it_starts", violation_error_message=_("The last day cannot be before the first.")
            ),
            models.CheckConstraint(
                condition=Q(target__gte=0),
                name="goal_target_is_not_negative",
                violation_error_message=_("A target is zero or more; zero means none. Correct the target."),
            ),
            models.CheckConstraint(
                condition=Q(start_on__gte=FIRST_ON),
                name="goal_starts_within_reach",
                violation_error_message=_("A goal starts in 1971 at the earliest. Correct its first day."),
            ),
            models.CheckConstraint(
                condition=Q(last_on__lte=LAST_ON),
                name="goal_ends_within_reach",
                violation_error_message=_("A goal ends in 2199 at the latest. Correct its last day."),
            ),
            models.UniqueConstraint(
                fields=["kpi", "scope", "region", "team", "rep", "start_on", "last_on"],
                name="one_goal_per_kpi_scope_and_window",
                violation_error_message=_("There is already a goal for this KPI, the same people and the same days. Change that one instead."),
                nulls_distinct=False,
            ),
        ]
        triggers = [ChangedIsOwn(), KeepVersions(), LockedStay()]

    ended_on: date | None = None  # what is here still holds; see its versions

    def clean(self) -> None:
        """Refuse a scope that the KPI makes no sense for, and days that are locked."""
        validate_scope(self.kpi, self.scope)
        validate_baseline(self.kpi, self.stay, self.baseline)
        before = Goal.objects.filter(pk=self.pk).values_list("start_on", flat=True).first() if self.pk else None
        validate_days(*(day for day in (before, self.start_on) if day))

    def __str__(self) -> str:
        return f"{self.kpi} {self.owner_name} {self.start_on:%Y-%m-%d}..{self.last_on:%Y-%m-%d}"

    @property
    def owner_name(self) -> str:
        """The name of the region, team or rep; of the company's, the scope's own word."""
        return str(self.region or self.team or self.rep or self.get_scope_display())


class GoalVersion(models.Model):
    """What a goal was from one day on until another: who set it and why, and who ended it. Kept by the database, whatever path writes.

    The goal may be gone. It holds as of the days from `set_on` up to, not including, `ended_on`; one that was changed again on the
    same day holds on none.
    """

    goal = models.ForeignKey(Goal, models.DO_NOTHING, db_constraint=False, related_name="versions")
    kpi = models.CharField(_("KPI"), max_length=40)
    scope = models.CharField(_("scope"), max_length=7, choices=Goal.Scope.choices)
    region = models.ForeignKey(Region, models.DO_NOTHING, db_constraint=False, null=True, related_name="+", verbose_name=_("region"))
    team = models.ForeignKey(Team, models.DO_NOTHING, db_constraint=False, null=True, related_name="+", verbose_name=_("team"))
    rep = models.ForeignKey(Rep, models.DO_NOTHING, db_constraint=False, null=True, related_name="+", verbose_name=_("rep"))
    start_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=4)
    baseline = models.DecimalField(_("baseline"), max_digits=18, decimal_places=4, null=True)
    stay = models.CharField(_("the target is"), max_length=5, default="", db_default="")
    note = models.CharField(_("note"), max_length=200)
    set_on = models.DateField(_("set on"))
    set_at = models.DateTimeField(_("set at"))
    set_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("set by"))
    reason = models.CharField(_("reason"), max_length=200)
    ended_on = models.DateField(_("ended on"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("ended by"))
    end_reason = models.CharField(_("reason for the end"), max_length=200)

    class Meta:
        verbose_name = _("version of a goal")
        verbose_name_plural = _("versions of goals")
        ordering = ["set_at", "id"]
        indexes = [models.Index(fields=["start_on", "last_on"], name="version_days")]
        constraints = [models.UniqueConstraint(fields=["goal"], condition=Q(ended_on=None), name="one_version_of_a_goal_holds")]

    def __str__(self) -> str:
        return f"{self.kpi} {self.target} {self.set_on:%Y-%m-%d}"


NO_RAMP = _("Write percentages from 0 to 100, one for each month since the start, such as 25 50 75.")


def validate_shares(text: str) -> None:
    """Refuse what is no ramp."""
    try:
        filling.percentages(text)
    except ValueError as error:
        raise ValidationError(NO_RAMP) from error


class Ramp(models.Model):
    """How much of a target somebody has in the first months after they start."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    shares = models.CharField(
        _("per cent by month since the start"),
        max_length=200,
        validators=[validate_shares],
        help_text=_("Such as 25 50 75; after them the whole target counts."),
    )

    class Meta:
        verbose_name = _("ramp")
        verbose_name_plural = _("ramps")
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}: {self.shares}"


class Draft(models.Model):
    """Targets of a year's plan that somebody has written and not published yet: no board, and nobody but admins, knows them.

    `cells` are lists of kind and number of whose they are, first day, what was seen there, and what is to be: texts, None for no target.
    """

    kpi = models.CharField(_("KPI"), max_length=40)
    start_on = models.DateField(_("first day"))
    grain = models.CharField(_("columns"), max_length=7)
    cells = models.JSONField(default=list)
    saved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("kept by"))
    saved_at = models.DateTimeField(_("kept at"), auto_now=True)

    class Meta:
        verbose_name = _("draft of a plan")
        verbose_name_plural = _("drafts of plans")
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "start_on", "grain"], name="one_draft_of_a_plan", violation_error_message=_("There is a draft of this plan already.")
            )
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.start_on:%Y-%m-%d}"


class Benchmark(models.Model):
    """What every rep, or every rep of a team, is to reach in each period: it sets the goals of those who have none of their own."""

    class Grain(models.TextChoices):
        MONTH = "month", _("every month")
        QUARTER = "quarter", _("every quarter")

    kpi = models.CharField(_("KPI"), max_length=40, validators=[validate_kpi])
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team"), help_text=_("With the teams below it. Empty: everybody.")
    )
    grain = models.CharField(_("how often"), max_length=7, choices=Grain.choices, default=Grain.MONTH)
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=4)
    first_on = models.DateField(_("from"), help_text=_("Periods that begin on this day or later; those that are over get none."))
    last_on = models.DateField(_("until"), null=True, blank=True, help_text=_("Periods that begin on this day or earlier. Empty: for good."))

    class Meta:
        verbose_name = _("benchmark")
        verbose_name_plural = _("benchmarks")
        ordering = ["kpi", "grain", "team__name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target__gt=0), name="benchmark_is_more_than_nothing", violation_error_message=_("A benchmark is more than zero.")
            ),
            models.CheckConstraint(
                condition=Q(last_on=None) | Q(last_on__gte=F("first_on")),
                name="benchmark_ends_after_it_starts",
                violation_error_message=_("The last day cannot be before the first."),
            ),
            models.UniqueConstraint(
                fields=["kpi", "grain", "team"],
                name="one_benchmark_per_kpi_grain_and_team",
                violation_error_message=_("There is a benchmark for this KPI, these people and these periods already. Change that one."),
                nulls_distinct=False,
            ),
        ]

    def clean(self) -> None:
        validate_scope(self.kpi, "rep")

    def __str__(self) -> str:
        return f"{self.kpi} {self.get_grain_display()}: {self.target:f}"
