"""Objectives: what is to be reached beside the plan, whole or in parts, counted by KPIs or by hand."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.goals.models import FIRST_ON, LAST_ON, Goal, scope_names_its_owner, validate_baseline, validate_kpi, validate_scope
from apps.goals.triggers import KeepVersions
from apps.objectives.triggers import PartsFitTheirWhole
from apps.reps.models import Region, Rep, Team

KEPT = "parent_id, weight, name, measured, kpi, unit, scope, region_id, team_id, rep_id, is_personal, start_on, last_on, target, baseline, stay, note"


class Measured(models.TextChoices):
    """What tells how far an objective has come."""

    KPI = "kpi", _("A KPI")
    NUMBER = "number", _("A number, by hand")
    MONEY = "money", _("Money, by hand")
    YES_NO = "yes_no", _("Yes or no, by hand")
    CHECKLIST = "checklist", _("A checklist")
    PARTS = "parts", _("Its parts")


BY_HAND = (Measured.NUMBER, Measured.MONEY, Measured.YES_NO)
WITH_TARGET = (Measured.NUMBER, Measured.MONEY)
WITHOUT_TARGET = (Measured.YES_NO, Measured.CHECKLIST, Measured.PARTS)


class Owned:
    """What belongs to the company, a region, a team or a rep."""

    region_id: int | None
    team_id: int | None
    rep_id: int | None

    @property
    def owner_id(self) -> int:
        """The number of its region, team or rep; 0 for the company's."""
        return self.region_id or self.team_id or self.rep_id or 0


class Objective(Owned, models.Model):
    """Something a company, region, team or rep is to reach over any window of days, both in it; it may be a part of another.

    Counted by a KPI it is held against its own target or, without one, against what the plan asks for over the same days. Personal
    ones are a rep's own: nobody sees them but the rep and who leads them.
    """

    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="parts", verbose_name=_("part of"))
    weight = models.DecimalField(
        _("weight"),
        max_digits=6,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text=_("How much it counts among the parts of its whole, where they cannot be added up: 2 counts twice as much as 1."),
    )
    name = models.CharField(_("name"), max_length=120)
    measured = models.CharField(_("measured by"), max_length=9, choices=Measured.choices)
    kpi = models.CharField(_("KPI"), max_length=40, blank=True, default="", validators=[validate_kpi])
    unit = models.CharField(
        _("what is counted"), max_length=30, blank=True, default="", help_text=_("Such as partners. Parts that count the same are added up.")
    )
    scope = models.CharField(_("scope"), max_length=7, choices=Goal.Scope.choices)
    region = models.ForeignKey(Region, models.CASCADE, null=True, blank=True, related_name="objectives", verbose_name=_("region"))
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="objectives", verbose_name=_("team"))
    rep = models.ForeignKey(Rep, models.CASCADE, null=True, blank=True, related_name="objectives", verbose_name=_("rep"))
    is_personal = models.BooleanField(_("personal"), default=False, help_text=_("Nobody sees it but the rep and who leads them."))
    start_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=4, null=True, blank=True)
    baseline = models.DecimalField(
        _("where it starts"),
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("What it stood at before. Progress is then the way from there."),
    )
    stay = models.CharField(_("the target is"), max_length=5, choices=Goal.Stay.choices, blank=True, default="")
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    is_admins = models.BooleanField(_("set by an admin"), default=True, editable=False)  # then managers do not change it
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["start_on", "last_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=scope_names_its_owner(),
                name="objective_names_whose_it_is",
                violation_error_message=_("An objective for a region, team or rep names that one and no other; one for the company names none."),
            ),
            models.CheckConstraint(
                condition=Q(is_personal=False) | Q(scope="rep"),
                name="personal_objective_is_a_reps",
                violation_error_message=_("Only a rep’s objective can be personal."),
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("start_on")),
                name="objective_ends_after_it_starts",
                violation_error_message=_("The last day cannot be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(start_on__gte=FIRST_ON, last_on__lte=LAST_ON),
                name="objective_lies_within_reach",
                violation_error_message=_("An objective lies between 1971 and 2199. Correct its days."),
            ),
            models.CheckConstraint(condition=Q(weight__gt=0), name="objective_has_weight", violation_error_message=_("A weight is more than zero.")),
            models.CheckConstraint(
                condition=(Q(measured=Measured.KPI) & ~Q(kpi="")) | (~Q(measured=Measured.KPI) & Q(kpi="")),
                name="objective_names_the_kpi_that_measures_it",
                violation_error_message=_("Choose the KPI that measures it; what is measured otherwise names none."),
            ),
            models.CheckConstraint(
                condition=Q(measured__in=WITH_TARGET, target__isnull=False)
                | Q(measured=Measured.KPI, target__isnull=False)
                | Q(measured=Measured.KPI, baseline=None, stay="")
                | Q(measured__in=WITHOUT_TARGET, target=None, baseline=None, stay=""),
                name="objective_has_the_target_it_needs",
                violation_error_message=_(
                    "A number needs a target. Yes or no, checklists and what its parts measure have none; and only a target is a floor or a limit, or has a start."
                ),
            ),
            models.CheckConstraint(
                condition=Q(target=None)
                | Q(target__gt=0)
                | Q(target=0, stay=Goal.Stay.BELOW)
                | Q(target=0, measured__in=WITH_TARGET, baseline__isnull=False)
                | Q(target=0, measured__in=WITH_TARGET, stay=Goal.Stay.ABOVE),
                name="objective_target_is_not_negative",
                violation_error_message=_("A target is more than zero; zero is a limit or a floor, or the end of a way that starts somewhere."),
            ),
            models.CheckConstraint(
                condition=Q(baseline=None) | ~Q(baseline=F("target")),
                name="objective_goes_somewhere",
                violation_error_message=_("It starts where it is to end. Correct the target, or leave the start empty."),
            ),
        ]
        triggers = [PartsFitTheirWhole(), KeepVersions(version="objectives_objectiveversion", of="objective_id", kept=KEPT)]

    def clean(self) -> None:
        """Refuse a KPI that its scope has no value for, a start where more is better, and another measure once something was told of this one."""
        if self.kpi:
            validate_scope(self.kpi, self.scope)
            validate_baseline(self.kpi, self.stay, self.baseline)
        before = Objective.objects.filter(pk=self.pk).values_list("measured", flat=True).first() if self.pk else None
        if before not in (None, self.measured) and (self.check_ins.filter(taken_back_at=None).exists() or self.steps.exclude(done_on=None).exists()):
            raise ValidationError({"measured": _("What was told of it belongs to how it was measured. Take that back first, or add another objective.")})

    def __str__(self) -> str:
        return str(_("a personal objective")) if self.is_personal else self.name  # wherever a list names what goes with a row

    def nearest_day(self, today: date) -> date:
        """Return today or, of one that does not run, its first or last day."""
        return min(max(today, self.start_on), self.last_on)


class ObjectiveVersion(Owned, models.Model):
    """What an objective was from one moment on until another: who set it and why, and who ended it. Kept by the database, whatever path writes."""

    objective = models.ForeignKey(Objective, models.DO_NOTHING, db_constraint=False, related_name="versions")
    parent = models.ForeignKey(Objective, models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    weight = models.DecimalField(max_digits=6, decimal_places=2)
    name = models.CharField(max_length=120)
    measured = models.CharField(max_length=9, choices=Measured.choices)
    kpi = models.CharField(max_length=40)
    unit = models.CharField(max_length=30)
    scope = models.CharField(max_length=7, choices=Goal.Scope.choices)
    region = models.ForeignKey(Region, models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    team = models.ForeignKey(Team, models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    rep = models.ForeignKey(Rep, models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    is_personal = models.BooleanField()
    start_on = models.DateField()
    last_on = models.DateField()
    target = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    baseline = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    stay = models.CharField(max_length=5)
    note = models.CharField(max_length=500)
    set_on = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=200)
    ended_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    end_reason = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("version of an objective")
        verbose_name_plural = _("versions of objectives")
        ordering = ["set_at", "id"]
        constraints = [models.UniqueConstraint(fields=["objective"], condition=Q(ended_on=None), name="one_version_of_an_objective_holds")]

    def __str__(self) -> str:
        return f"{self.name} {self.set_on:%Y-%m-%d}"


class CheckIn(models.Model):
    """What somebody told of an objective that is measured by hand: what it stood at on a day. The latest day's counts, of one day the last told.

    One that was taken back does not count; it is kept.
    """

    objective = models.ForeignKey(Objective, models.CASCADE, related_name="check_ins", verbose_name=_("objective"))
    day = models.DateField(_("day"))
    value = models.DecimalField(_("it stands at"), max_digits=18, decimal_places=4, help_text=_("1 is yes and 0 is no."))
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    told_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("told by"))
    told_at = models.DateTimeField(_("told at"), auto_now_add=True)
    taken_back_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("taken back by"))
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["day", "pk"]
        indexes = [models.Index(fields=["objective", "day"], name="check_ins_of_an_objective")]

    def __str__(self) -> str:
        return str(_("a personal check-in")) if self.objective.is_personal else f"{self.day:%Y-%m-%d}: {self.value:f}"

    def clean(self) -> None:
        """Refuse a day outside the objective's, and a value for what is not measured so."""
        objective = self.objective
        if objective.measured not in BY_HAND:
            raise ValidationError(_("“%(name)s” is not measured by hand: nothing is told of it.") % {"name": objective.name})
        if self.day and objective.start_on and objective.last_on and not objective.start_on <= self.day <= objective.last_on:
            raise ValidationError({"day": _("Choose a day from the first to the last of “%(name)s”.") % {"name": objective.name}})
        if objective.measured == Measured.YES_NO and self.value not in (0, 1):
            raise ValidationError({"value": _("Write 1 for yes or 0 for no.")})


class Step(models.Model):
    """One line of an objective's checklist, done on a day or not yet."""

    objective = models.ForeignKey(Objective, models.CASCADE, related_name="steps", verbose_name=_("objective"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    name = models.CharField(_("name"), max_length=200)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("done by"))
    note = models.CharField(_("note"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(_("a personal step")) if self.objective.is_personal else self.name
