"""What the engine keeps: measures per day, their sums per scope and period, and what is still to be counted."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Amounts(ArrayField):
    """The sums of all measures of a stream, side by side; `layouts` says which stands where."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(kwargs.pop("base_field", None) or models.DecimalField(max_digits=24, decimal_places=6), *args, **kwargs)


class MeasureDay(models.Model):
    """A stream's amounts on one day for one rep, by region and part. Partitioned by years.

    `region` is the customer's, 0 where the rep's own counts. `part` is the stage (or campaign…) where a stream is broken down by
    it, the period where it is counted per period, else 0. Day 0001-01-01 holds what has no day (see `docs/explanation`).
    """

    pk = models.CompositePrimaryKey("stream", "rep", "day", "region", "part")
    stream = models.CharField(max_length=20)
    rep = models.BigIntegerField()
    day = models.DateField()
    region = models.BigIntegerField(default=0)
    part = models.BigIntegerField(default=0)
    amounts = Amounts()


class SharedDay(models.Model):
    """A stream's amounts on one day that several reps share, so that a scope with several of them counts it once."""

    pk = models.CompositePrimaryKey("stream", "reps", "day", "region", "part")
    stream = models.CharField(max_length=20)
    reps = ArrayField(models.BigIntegerField())
    day = models.DateField()
    region = models.BigIntegerField(default=0)
    part = models.BigIntegerField(default=0)
    amounts = Amounts()


class Snapshot(models.Model):
    """A stream's sums for one scope over one period: what every KPI of that scope and period is made of."""

    pk = models.CompositePrimaryKey("kind", "scope", "grain", "start_on", "stream", "part")
    kind = models.CharField(max_length=7)
    scope = models.BigIntegerField()
    grain = models.CharField(max_length=7)
    start_on = models.DateField()
    stream = models.CharField(max_length=20)
    part = models.BigIntegerField(default=0)
    amounts = Amounts()


class DirtyCell(models.Model):
    """One day and rep of one source that a write touched and that is still to be recounted. Rows are only added and taken."""

    source = models.CharField(max_length=20)
    day = models.DateField()
    rep = models.BigIntegerField()
    noted_at = models.DateTimeField(db_default=Now())


class DirtyStanding(models.Model):
    """One change of who stands in which team or region, after which the sums of scopes are made anew."""

    noted_at = models.DateTimeField(db_default=Now())


class Count(models.Model):
    """One row: up to which day the snapshots hold, which days their calendar reaches, and when they last changed.

    `layout` says what is stored and how: when the catalogue is another, everything is counted anew.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    counted_to_on = models.DateField(null=True)
    counted_at = models.DateTimeField(null=True)
    version = models.BigIntegerField(default=0)
    begins_on = models.DateField(null=True)
    reaches_on = models.DateField(null=True)
    layout = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_count")]


class Job(models.Model):
    """One count of much at once, cut into units that any worker takes; changes wait until it is done."""

    class Reason(models.TextChoices):
        FIRST = "first", _("first count")
        ASKED = "asked", _("asked for")
        CATALOGUE = "catalogue", _("the catalogue of KPIs changed")
        CALENDAR = "calendar", _("the calendar changed")
        STANDING = "standing", _("teams or regions changed")

    reason = models.CharField(_("reason"), max_length=9, choices=Reason.choices)
    on = models.DateField(_("counted up to"))
    started_at = models.DateTimeField(_("started"), db_default=Now())
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("recount")
        verbose_name_plural = _("recounts")
        ordering = ["-started_at"]
        constraints = [models.UniqueConstraint(models.Value(1), condition=models.Q(finished_at=None), name="one_open_job")]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} {self.get_reason_display()}"


class Unit(models.Model):
    """One piece of a job: a stream's days counted from the records, or its snapshots summed (without days)."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="units", verbose_name=_("recount"))
    stream = models.CharField(_("stream"), max_length=20)
    start_on = models.DateField(_("first day"), null=True)
    end_on = models.DateField(_("first day no longer in it"), null=True)
    is_sum = models.BooleanField(_("sums snapshots"), default=False)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("unit of a recount")
        verbose_name_plural = _("units of recounts")
        ordering = ["is_sum", "id"]
        indexes = [models.Index(fields=["job", "is_sum", "id"], condition=models.Q(finished_at=None), name="open_units")]


class Run(models.Model):
    """One nightly run: how long it took and what it found."""

    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    cells = models.PositiveIntegerField(_("cells verified"), default=0)

    class Meta:
        verbose_name = _("nightly run")
        verbose_name_plural = _("nightly runs")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class Drift(models.Model):
    """One cell in which the stored amount and a recount disagreed: reported, never silently mended."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="drifts", verbose_name=_("run"))
    measure = models.CharField(_("measure"), max_length=32)
    day = models.DateField(_("day"))
    rep = models.BigIntegerField(_("rep"))
    difference = models.DecimalField(_("recounted minus stored"), max_digits=24, decimal_places=6)

    class Meta:
        verbose_name = _("drift")
        verbose_name_plural = _("drifts")
        ordering = ["-run", "measure", "day"]

    def __str__(self) -> str:
        return f"{self.measure} {self.day:%Y-%m-%d}"
