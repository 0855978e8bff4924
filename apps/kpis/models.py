"""What the engine keeps: measures per day, their sums per scope and period, what is still to be counted, and what was reported."""

from typing import Any

from django.conf import settings
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
    """One nightly run: what it compared, how long it took and what it found."""

    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    cells = models.PositiveBigIntegerField(_("sums compared"), default=0)
    figures = models.PositiveIntegerField(_("figures compared with their records"), default=0)
    differing = models.PositiveBigIntegerField(_("differences"), default=0)
    skipped = models.PositiveIntegerField(
        _("comparisons left out"), default=0, help_text=_("because a recount was under way, or writes kept coming in between")
    )
    month_on = models.DateField(_("month that had its turn"), null=True, help_text=_("its first day; every night one month comes, until all have been"))

    class Meta:
        verbose_name = _("nightly run")
        verbose_name_plural = _("nightly runs")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class Drift(models.Model):
    """One stored number that was not what it should be: reported, never silently mended."""

    class Kind(models.TextChoices):
        DAYS = "days", _("a day against its records")
        SUMS = "sums", _("a snapshot against its days")
        RECORDS = "records", _("a figure against its records")

    run = models.ForeignKey(Run, models.CASCADE, related_name="drifts", verbose_name=_("run"))
    kind = models.CharField(_("compared"), max_length=7, choices=Kind.choices, default=Kind.DAYS)
    measure = models.CharField(_("measure"), max_length=64)
    is_left_out = models.BooleanField(_("number of records left out"), default=False)
    whose = models.CharField(_("whose"), max_length=200, default="")
    grain = models.CharField(_("per"), max_length=7, default="day")
    day = models.DateField(_("day"), help_text=_("of a period, the first"))
    part = models.BigIntegerField(_("part"), default=0)
    expected = models.DecimalField(_("expected"), max_digits=30, decimal_places=6, default=0)
    found = models.DecimalField(_("found"), max_digits=30, decimal_places=6, default=0)

    class Meta:
        verbose_name = _("drift")
        verbose_name_plural = _("drifts")
        ordering = ["-run", "kind", "measure", "day", "pk"]

    def __str__(self) -> str:
        return f"{self.measure} {self.day:%Y-%m-%d}"


class Close(models.Model):
    """One period that was closed: what was reported then is kept beside what is known today. Reopening ends it; closing again makes another."""

    class Grain(models.TextChoices):
        MONTH = "month", _("month")
        QUARTER = "quarter", _("quarter")
        YEAR = "year", _("year")

    grain = models.CharField(_("grain"), max_length=7, choices=Grain.choices)
    key = models.CharField(_("period"), max_length=10)
    start_on = models.DateField(_("first day"))
    end_on = models.DateField(_("first day no longer in it"))
    closed_on = models.DateField(_("closed on"))
    closed_at = models.DateTimeField(_("closed at"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
        help_text=_("Empty: by the organisation’s rule, or a command."),
    )
    has_targets = models.BooleanField(default=False, editable=False)  # False: closed before targets were kept
    reopened_at = models.DateTimeField(_("reopened at"), null=True, blank=True)
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("reopened by"))

    class Meta:
        verbose_name = _("closed period")
        verbose_name_plural = _("closed periods")
        ordering = ["-end_on", "start_on", "-closed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["grain", "start_on", "end_on"],
                condition=models.Q(reopened_at=None),
                name="a_period_is_closed_once",
                violation_error_message=_("This period is closed already."),
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on__gte=models.F("end_on")),
                name="a_period_closes_when_it_is_over",
                violation_error_message=_("A period can be closed when its last day is over."),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class ReportedLayout(models.Model):
    """Which measures of a stream were counted when a period was closed, in the order in which their reported sums stand."""

    pk = models.CompositePrimaryKey("close", "stream")
    close = models.ForeignKey(Close, models.CASCADE, related_name="layouts")
    stream = models.CharField(max_length=20)
    measures = ArrayField(models.CharField(max_length=32))


class Reported(models.Model):
    """A stream's sums for one scope as they were when a period was closed; `look` is the basis over which formulas read them."""

    pk = models.CompositePrimaryKey("close", "kind", "scope", "look", "stream")
    close = models.ForeignKey(Close, models.CASCADE, related_name="sums", db_index=False)
    look = models.CharField(max_length=6)
    kind = models.CharField(max_length=7)
    scope = models.BigIntegerField()
    stream = models.CharField(max_length=20)
    amounts = Amounts()


class ReportedTarget(models.Model):
    """The target of one KPI for one scope over a period, as it was when that was closed; nothing stands for none."""

    pk = models.CompositePrimaryKey("close", "kind", "scope", "kpi")
    close = models.ForeignKey(Close, models.CASCADE, related_name="targets", db_index=False)
    kind = models.CharField(max_length=7)
    scope = models.BigIntegerField()
    kpi = models.CharField(max_length=40)
    target = models.DecimalField(max_digits=24, decimal_places=4)


class ReportedRecord(models.Model):
    """What one record had added to a stream's sums when a period was closed, for one rep; a stock's stands on the last day."""

    pk = models.CompositePrimaryKey("close", "stream", "look", "record", "day", "rep", "region")
    close = models.ForeignKey(Close, models.CASCADE, related_name="records", db_index=False)
    stream = models.CharField(max_length=20)
    look = models.CharField(max_length=6)
    record = models.BigIntegerField()
    day = models.DateField()
    rep = models.BigIntegerField()
    region = models.BigIntegerField()
    crew = ArrayField(models.BigIntegerField(), null=True)
    amounts = Amounts()


class ReportedStanding(models.Model):
    """Where a rep stood, and how long they worked here, as it was known when a period was closed."""

    pk = models.CompositePrimaryKey("close", "kind", "scope", "rep", "start_on")
    close = models.ForeignKey(Close, models.CASCADE, related_name="standing", db_index=False)
    rep = models.BigIntegerField()
    kind = models.CharField(max_length=7)
    scope = models.BigIntegerField()
    start_on = models.DateField()
    end_on = models.DateField()
    hired_on = models.DateField()
    left_on = models.DateField(null=True)
