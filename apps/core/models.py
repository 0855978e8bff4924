"""The organisation, its calendar and its money: one organisation, its holidays, its periods, and what other currencies are worth."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core import currencies, elsewhere, money, zones
from apps.core.calendars.calendar import GREGORIAN, SOLAR_HIJRI
from apps.core.calendars.months import LAST, NEAREST, PATTERNS

EACH_WEEKDAY_ONCE = _("Write each working day once, as digits from 1 (Monday) to 7 (Sunday), such as 12345.")


def each_weekday_once(digits: str) -> None:
    """Refuse a week of working days that is not written as digits, each at most once."""
    if len(set(digits)) != len(digits) or not set(digits) <= set("1234567"):
        raise ValidationError(EACH_WEEKDAY_ONCE)


class Organisation(models.Model):
    """One row: the company that runs this installation, and how it counts days and money."""

    class Calendar(models.TextChoices):
        GREGORIAN = GREGORIAN, _("Gregorian months")
        SOLAR_HIJRI = SOLAR_HIJRI, _("Solar Hijri months")
        WEEKS_445 = "445", _("Weeks: 4, 4 and 5 a quarter")
        WEEKS_454 = "454", _("Weeks: 4, 5 and 4 a quarter")
        WEEKS_544 = "544", _("Weeks: 5, 4 and 4 a quarter")

    class YearEnds(models.TextChoices):
        NEAREST = NEAREST, _("with the week whose end is nearest to the month’s end")
        LAST = LAST, _("with the last week that ends in the month")

    class Weekday(models.IntegerChoices):
        MONDAY = 1, _("Monday")
        TUESDAY = 2, _("Tuesday")
        WEDNESDAY = 3, _("Wednesday")
        THURSDAY = 4, _("Thursday")
        FRIDAY = 5, _("Friday")
        SATURDAY = 6, _("Saturday")
        SUNDAY = 7, _("Sunday")

    class TargetsAs(models.TextChoices):
        LATEST = "latest", _("as they are now")
        IN_FORCE = "in_force", _("as they were on their last day")

    class ManagersSet(models.TextChoices):
        NOTHING = "nothing", _("nothing: admins set everything")
        OBJECTIVES = "objectives", _("objectives beside the plan")
        TARGETS = "targets", _("objectives, and targets of the plan")

    class LinksBy(models.TextChoices):
        NOBODY = "nobody", _("nobody")
        ADMINS = "admins", _("admins")
        MANAGERS = "managers", _("admins and managers")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("name"), max_length=120, default="KPIBoard")
    currency = currencies.CurrencyField(_("reporting currency"), default="USD", help_text=_("ISO 4217 code, such as EUR."))
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        default="UTC",
        validators=[zones.validate],
        help_text=_("Decides on which day something happened, such as Europe/Amsterdam."),
    )
    calendar = models.CharField(
        _("calendar"),
        max_length=11,
        default=GREGORIAN,
        db_default=GREGORIAN,
        choices=Calendar.choices,
        help_text=_("What a month is. In a calendar of weeks each quarter has 13 weeks, and a 53rd week belongs to the twelfth period."),
    )
    fiscal_year_start = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text=_("By its number in the calendar: 4 is April, or Tir. A fiscal year is named by the calendar year it ends in."),
    )
    year_ends = models.CharField(
        _("a year of weeks ends"),
        max_length=7,
        default=NEAREST,
        db_default=NEAREST,
        choices=YearEnds.choices,
        help_text=_("Only in a calendar of weeks: which last day of a week closes the month before the fiscal year’s first."),
    )
    first_weekday = models.PositiveSmallIntegerField(_("first day of the week"), default=1, choices=Weekday.choices)
    working_weekdays = models.CharField(
        _("working days of the week"),
        max_length=7,
        default="12345",
        validators=[each_weekday_once],
        help_text=_("Digits, 1 is Monday and 7 is Sunday. A region may have its own."),
    )
    close_after_working_days = models.PositiveSmallIntegerField(
        _("close periods after"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(60)],
        help_text=_(
            "So many working days after its end each month, quarter and year is closed, and keeps what was reported. Empty: periods are closed by hand."
        ),
    )

    targets_as = models.CharField(
        _("past results are held against targets"),
        max_length=8,
        default=TargetsAs.LATEST,
        db_default=TargetsAs.LATEST,
        choices=TargetsAs.choices,
        help_text=_(
            "When a target is changed after its last day: does the result count against the new one? Looking back as of a day always shows the targets of that day."
        ),
    )

    managers_set = models.CharField(
        _("managers set for their teams"),
        max_length=10,
        default=ManagersSet.OBJECTIVES,
        db_default=ManagersSet.OBJECTIVES,
        choices=ManagersSet.choices,
        help_text=_("For their people and the teams below their own. Their own team’s targets stay the admins’."),
    )

    links_by = models.CharField(
        _("links that need no sign-in are made by"),
        max_length=8,
        default=LinksBy.ADMINS,
        db_default=LinksBy.ADMINS,
        choices=LinksBy.choices,
        help_text=_("Such a link shows a board to whoever has it, until it ends: on a page of your own, or to a guest. Those of others end at once."),
    )

    import_files_kept_days = models.PositiveSmallIntegerField(
        _("days to keep imported files"),
        null=True,
        blank=True,
        default=90,
        help_text=_("After so many days the files of an import are deleted; what it did stays known, and it can be undone. Empty: as long as the import."),
    )
    targets_locked_until = models.DateField(
        _("targets are locked up to"),
        null=True,
        blank=True,
        help_text=_("Nobody sets, changes or deletes a target that begins on this day or earlier, whatever way they try. Empty: none is locked."),
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
                condition=models.Q(calendar__in=[GREGORIAN, SOLAR_HIJRI, *PATTERNS], year_ends__in=[NEAREST, LAST], first_weekday__range=(1, 7)),
                name="calendar_is_one_of_those_known",
                violation_error_message=_("Choose a calendar, an end of the year and a first day of the week from the lists."),
            ),
            models.CheckConstraint(
                condition=models.Q(working_weekdays__regex="^[1-7]{1,7}$"),
                name="working_weekdays_are_weekdays",
                violation_error_message=EACH_WEEKDAY_ONCE,
            ),
        ]
        triggers = [money.CurrencyStays("core_rate")]

    def __str__(self) -> str:
        return self.name

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


class Rate(models.Model):
    """What one unit of a currency is worth in the organisation's money, from a day on until there is a newer one, for a week at most."""

    currency = currencies.CurrencyField(_("currency"), help_text=_("ISO 4217 code, such as EUR."))
    day = models.DateField(_("day"), db_index=True)
    rate = models.DecimalField(
        _("rate"), max_digits=24, decimal_places=12, help_text=_("How much of the reporting currency one unit of this currency is worth on that day.")
    )

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["-day", "currency"]
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "day"],
                name="one_rate_per_currency_and_day",
                violation_error_message=_("There is a rate of this currency for this day already. Change that one."),
            ),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="rate_is_more_than_nothing", violation_error_message=_("A rate is more than 0.")),
            models.CheckConstraint(
                condition=models.Q(currency__regex=currencies.CODE), name="rate_currency_is_a_code", violation_error_message=currencies.THREE_LETTERS
            ),
        ]
        triggers = [money.RateIsOfAnotherCurrency(), money.RatesComeAlone()]

    def __str__(self) -> str:
        return f"{self.currency} {self.day:%Y-%m-%d}"


class RecordLink(models.Model):
    """Where a kind of record is found in the company's own CRM: an address with `{key}` for the record's external key."""

    class Record(models.TextChoices):
        OPPORTUNITY = "opportunity", _("deals")
        LEAD = "lead", _("leads")
        CUSTOMER = "customer", _("customers")
        ACTIVITY = "activity", _("activities")
        ORDER = "order", _("orders")
        SUBSCRIPTION = "subscription", _("subscriptions")
        QUOTE = "quote", _("quotes")

    record = models.CharField(_("records"), max_length=12, unique=True, choices=Record.choices)
    address = models.CharField(
        _("address"),
        max_length=300,
        help_text=_("With {key} where the record’s external key belongs, such as https://crm.example/deals/{key}."),
        validators=[elsewhere.validate],
    )

    class Meta:
        verbose_name = _("link to the CRM")
        verbose_name_plural = _("links to the CRM")
        ordering = ["record"]

    def __str__(self) -> str:
        return str(self.get_record_display())


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


class StoredCalendar(models.Model):
    """One row: the calendar by which the stored periods were cut (see `Calendar.shape`)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    shape = models.CharField(max_length=40)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_stored_calendar")]
