"""The organisation and its calendar: one organisation, its holidays, its periods."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core import zones


class Organisation(models.Model):
    """One row: the company that runs this installation, and how it counts days and money."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("name"), max_length=120, default="KPIBoard")
    currency = models.CharField(_("reporting currency"), max_length=3, default="USD", help_text=_("ISO 4217 code, such as EUR."))
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        default="UTC",
        validators=[zones.validate],
        help_text=_("Decides on which day something happened, such as Europe/Amsterdam."),
    )
    fiscal_year_start = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text=_("A fiscal year is named by the calendar year it ends in."),
    )
    first_weekday = models.PositiveSmallIntegerField(
        _("first day of the week"),
        default=1,
        choices=[(1, _("Monday")), (6, _("Saturday")), (7, _("Sunday"))],
    )
    working_weekdays = models.CharField(
        _("working days of the week"),
        max_length=7,
        default="12345",
        help_text=_("Digits, 1 is Monday and 7 is Sunday."),
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="only_one_organisation"),
            models.CheckConstraint(
                condition=models.Q(fiscal_year_start__range=(1, 12)),
                name="fiscal_year_starts_in_a_month",
                violation_error_message=_("A fiscal year starts in a month from 1 to 12."),
            ),
            models.CheckConstraint(
                condition=models.Q(working_weekdays__regex="^[1-7]{1,7}$"),
                name="working_weekdays_are_weekdays",
                violation_error_message=_("Write each working day once, as digits from 1 (Monday) to 7 (Sunday), such as 12345."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if len(set(self.working_weekdays)) != len(self.working_weekdays) or not set(self.working_weekdays) <= set("1234567"):
            raise ValidationError({"working_weekdays": _("Write each working day once, as digits from 1 (Monday) to 7 (Sunday), such as 12345.")})

    @classmethod
    def get(cls) -> "Organisation":
        """Return the organisation; before it is first saved, its defaults."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class Holiday(models.Model):
    """One day on which the whole organisation does not work."""

    day = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"


class Period(models.Model):
    """One day, week, month, quarter or year of the organisation's own calendar: `[start_on, end_on)`."""

    class Grain(models.TextChoices):
        DAY = "day", _("day")
        WEEK = "week", _("week")
        MONTH = "month", _("month")
        QUARTER = "quarter", _("quarter")
        YEAR = "year", _("year")

    grain = models.CharField(_("grain"), max_length=7, choices=Grain.choices)
    key = models.CharField(_("key"), max_length=10)
    start_on = models.DateField(_("first day"))
    end_on = models.DateField(_("first day no longer in it"))

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["start_on"]
        constraints = [
            models.UniqueConstraint(fields=["grain", "start_on"], name="one_period_of_a_grain_starts_on_a_day"),
            models.CheckConstraint(condition=models.Q(end_on__gt=models.F("start_on")), name="period_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.key
