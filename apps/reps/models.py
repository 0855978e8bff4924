"""Who sells, in which team and region, since when and until when."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import EACH_WEEKDAY_ONCE, each_weekday_once
from apps.reps.querysets import RepQuerySet, TeamQuerySet
from apps.reps.triggers import TeamsMakeATree

HALF_OPEN = _("The first day that no longer counts. Empty: still so.")


def days_do_not_overlap(name: str, *owner: str, says: Any) -> ExclusionConstraint:
    """Hold in the database that rows of one owner never cover the same day twice."""
    days = Func(F("start_on"), F("end_on"), function="daterange")
    expressions: list[tuple[Any, str]] = [*((field, RangeOperators.EQUAL) for field in owner), (days, RangeOperators.OVERLAPS)]
    return ExclusionConstraint(name=name, expressions=expressions, violation_error_message=says)


class Region(models.Model):
    """One sales region."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    working_weekdays = models.CharField(
        _("working days of the week"),
        max_length=7,
        blank=True,
        default="",
        db_default="",
        validators=[each_weekday_once],
        help_text=_("Digits, 1 is Monday and 7 is Sunday. Empty: as the whole organisation."),
    )
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(working_weekdays__regex="^[1-7]{0,7}$"),
                name="region_working_weekdays_are_weekdays",
                violation_error_message=EACH_WEEKDAY_ONCE,
            )
        ]

    def __str__(self) -> str:
        return self.name


class RegionHoliday(models.Model):
    """One day on which a region does not work, or works although the organisation does not."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="holidays", verbose_name=_("region"))
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=80)
    is_worked = models.BooleanField(_("worked"), default=False, help_text=_("The region works on this day, although the organisation does not."))

    class Meta:
        verbose_name = _("holiday of a region")
        verbose_name_plural = _("holidays of regions")
        ordering = ["day", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "day"], name="region_has_a_day_off_once", violation_error_message=_("This day of the region is here already.")
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"


class Team(models.Model):
    """One team; teams may hold teams. A team without a region is in its parent's."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of"))
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="teams", verbose_name=_("region"))
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(parent=F("pk")), name="team_is_not_its_own_parent", violation_error_message=_("A team cannot be part of itself.")
            )
        ]
        triggers = [TeamsMakeATree()]

    def __str__(self) -> str:
        return self.name


class TeamManager(models.Model):
    """One user managing one team from one day to another."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="managers", verbose_name=_("team"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="managed", verbose_name=_("manager"))
    start_on = models.DateField(_("from"))
    end_on = models.DateField(_("until"), null=True, blank=True, help_text=HALF_OPEN)

    class Meta:
        verbose_name = _("team manager")
        verbose_name_plural = _("team managers")
        ordering = ["team", "start_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(end_on__gt=F("start_on")),
                name="managing_ends_after_it_starts",
                violation_error_message=_("“Until” must be later than “from”: it is the first day that no longer counts."),
            ),
            days_do_not_overlap(
                "managing_does_not_overlap", "team", "user", says=_("This person already manages this team on some of these days. End the earlier row first.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.team}"


class Rep(models.Model):
    """One person who sells. Their team is a dated membership; leaving never rewrites what they did."""

    name = models.CharField(_("name"), max_length=120)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="rep", verbose_name=_("sign-in"))
    hired_on = models.DateField(_("hired on"))
    left_on = models.DateField(_("left on"), null=True, blank=True, help_text=_("The first day they no longer work here."))
    external_key = models.CharField(_("external key"), max_length=120, unique=True, null=True, blank=True)

    objects = RepQuerySet.as_manager()

    class Meta:
        verbose_name = _("rep")
        verbose_name_plural = _("reps")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("hired_on")),
                name="rep_leaves_after_being_hired",
                violation_error_message=_("A rep cannot leave before being hired. Correct one of the two days."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One rep in one team from one day to another; a rep is in at most one team on any day."""

    rep = models.ForeignKey(Rep, models.CASCADE, related_name="memberships", verbose_name=_("rep"))
    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships", verbose_name=_("team"))
    start_on = models.DateField(_("from"))
    end_on = models.DateField(_("until"), null=True, blank=True, help_text=HALF_OPEN)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["rep", "start_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(end_on__gt=F("start_on")),
                name="membership_ends_after_it_starts",
                violation_error_message=_("“Until” must be later than “from”: it is the first day that no longer counts."),
            ),
            days_do_not_overlap(
                "rep_is_in_one_team_at_a_time",
                "rep",
                says=_("The rep is in a team already on some of these days. End that membership first; it may end on the day this one starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rep}: {self.team}"
