"""What the engine keeps: measures per day, their sums per scope and period, and what is still to be counted."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class MeasureDay(models.Model):
    """One measure's amount on one day for one rep, by region and part.

    `region` is the customer's, 0 where the rep's own counts. `part` is the stage where a measure is broken down by it,
    the period where it is counted per period, else 0. Day 0001-01-01 holds what has no day (see `docs/explanation`).
    """

    measure = models.CharField(max_length=32)
    day = models.DateField()
    rep = models.BigIntegerField()
    region = models.BigIntegerField(default=0)
    part = models.BigIntegerField(default=0)
    amount = models.DecimalField(max_digits=24, decimal_places=6)
    excluded = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "day", "rep", "region", "part"], name="one_amount_per_measure_day_and_rep")]
        indexes = [models.Index(fields=["rep", "day"]), models.Index(fields=["day"])]


class SharedDay(models.Model):
    """One measure's amount on one day that several reps share, so that a scope with several of them counts it once."""

    measure = models.CharField(max_length=32)
    day = models.DateField()
    reps = ArrayField(models.BigIntegerField())
    region = models.BigIntegerField(default=0)
    part = models.BigIntegerField(default=0)
    amount = models.DecimalField(max_digits=24, decimal_places=6)
    excluded = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "day", "reps", "region", "part"], name="one_shared_amount_per_measure_day_and_reps")]


class Snapshot(models.Model):
    """One measure's sum for one scope over one period: what every KPI of that scope and period is made of."""

    kind = models.CharField(max_length=7)
    scope = models.BigIntegerField()
    grain = models.CharField(max_length=7)
    start_on = models.DateField()
    measure = models.CharField(max_length=32)
    part = models.BigIntegerField(default=0)
    amount = models.DecimalField(max_digits=24, decimal_places=6)
    excluded = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "scope", "grain", "start_on", "measure", "part"], name="one_snapshot_per_scope_period_and_measure")
        ]


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
    """One row: up to which day the snapshots hold, and when they last changed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    counted_to_on = models.DateField(null=True)
    counted_at = models.DateTimeField(null=True)
    version = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_count")]


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
