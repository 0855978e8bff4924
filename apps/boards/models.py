"""Boards that people arrange themselves: which widgets stand on them and where, who else sees them, and whose first page one is."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.boards import kinds
from apps.boards.kinds import KINDS, WidgetKind
from apps.kpis import catalogue
from apps.reps.models import Team

BOARD, OWN = "", "own"  # whose numbers: the board's, or the viewer's own


class Board(models.Model):
    """A board with a name. It is its owner's; others see it where it is shared with them. Of whoever left, it stays with those it was shared with."""

    name = models.CharField(_("name"), max_length=80)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="boards", verbose_name=_("owner"))
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Widget(models.Model):
    """One widget in its place: what it shows, of whom and over which days; what is empty follows the board."""

    class Period(models.TextChoices):
        BOARD = "", _("The board’s period")
        WEEK = "week", _("This week")
        LAST_WEEK = "last_week", _("Last week")
        MONTH = "month", _("This month")
        LAST_MONTH = "last_month", _("Last month")
        QUARTER = "quarter", _("This quarter")
        LAST_QUARTER = "last_quarter", _("Last quarter")
        YEAR = "year", _("This year")
        LAST_YEAR = "last_year", _("Last year")

    class Grain(models.TextChoices):
        FITTING = "", _("As the board’s period asks for")
        DAY = "day", _("Days")
        WEEK = "week", _("Weeks")
        MONTH = "month", _("Months")
        QUARTER = "quarter", _("Quarters")
        YEAR = "year", _("Years")

    class Comparison(models.TextChoices):
        PREVIOUS = "", _("The period before, at the same point")
        YEAR = "year", _("A year earlier, at the same point")
        NONE = "none", _("Nothing")

    class Among(models.TextChoices):
        PEOPLE = "", _("People")
        TEAMS = "teams", _("Teams")
        REGIONS = "regions", _("Regions")

    board = models.ForeignKey(Board, models.CASCADE, related_name="widgets", verbose_name=_("board"))
    kind = models.CharField(_("kind"), max_length=20, choices=[(kind.key, kind.name) for kind in KINDS.values()])
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    width = models.PositiveSmallIntegerField(_("width"), default=6, choices=[(one, one) for one in kinds.WIDTHS])
    title = models.CharField(_("title"), max_length=80, blank=True, default="")
    kpis = ArrayField(models.CharField(max_length=40), verbose_name=_("KPIs"), blank=True, default=list, size=kinds.MOST_KPIS)
    scope = models.CharField(_("whose"), max_length=30, blank=True, default="")
    period = models.CharField(_("period"), max_length=12, choices=Period.choices, blank=True, default="")
    grain = models.CharField(_("steps"), max_length=7, choices=Grain.choices, blank=True, default="")
    comparison = models.CharField(_("compared with"), max_length=8, choices=Comparison.choices, blank=True, default="")
    among = models.CharField(_("who is listed"), max_length=7, choices=Among.choices, blank=True, default="")
    text = models.TextField(_("text"), max_length=2000, blank=True, default="")

    class Meta:
        verbose_name = _("widget")
        verbose_name_plural = _("widgets")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(width__in=kinds.WIDTHS), name="widget_has_a_width_of_the_grid"),
            models.CheckConstraint(
                condition=Q(scope__in=["", OWN, "company"]) | Q(scope__regex=r"^(region|team|rep):[1-9][0-9]{0,16}$"),
                name="widget_scope_can_be_read",
                violation_error_message=_("Whose numbers: leave it empty for the board’s, or write own, company, region:NUMBER, team:NUMBER or rep:NUMBER."),
            ),
        ]

    def __str__(self) -> str:
        if self.title or "kpi" not in self.declared.takes or not self.known_kpis:
            return self.title or str(self.declared.name)
        return str(_("%(kind)s: %(kpi)s") % {"kind": self.declared.name, "kpi": catalogue.KPIS[self.known_kpis[0]].name})

    @property
    def declared(self) -> WidgetKind:
        return KINDS[self.kind]

    @property
    def known_kpis(self) -> list[str]:
        """The KPIs that the catalogue still has and the kind can show: a later version may have dropped one."""
        return [key for key in self.kpis if key in catalogue.KPIS and self.declared.accepts(catalogue.KPIS[key])]

    def clean(self) -> None:
        """Keep only the settings its kind has a use for; refuse KPIs that it cannot show, or none where it needs one."""
        kind = self.declared if self.kind in KINDS else None
        if kind is None:
            raise ValidationError({"kind": _("There is no such kind of widget.")})
        usual: dict[str, Any] = {"scope": "", "period": "", "grain": "", "comparison": "", "among": "", "text": ""}
        for name, empty in usual.items():
            if name not in kind.takes:
                setattr(self, name, empty)
        if not kind.takes & {"kpi", "kpis"}:
            self.kpis = []
            return
        self.kpis = list(dict.fromkeys(self.kpis))
        if not self.kpis:
            raise ValidationError({"kpis": _("Choose a KPI.")})
        if len(self.kpis) > kind.most:
            raise ValidationError({"kpis": _("Choose at most %(most)s KPIs.") % {"most": kind.most} if kind.most > 1 else _("Choose one KPI.")})
        for key in self.kpis:
            if key not in catalogue.KPIS:
                raise ValidationError({"kpis": _("There is no KPI “%(key)s”. The catalogue lists them all: figure --list.") % {"key": key}})
            if not kind.accepts(catalogue.KPIS[key]):
                words = {"kpi": catalogue.KPIS[key].name, "kind": kind.name}
                raise ValidationError({"kpis": _("“%(kpi)s” cannot be shown as “%(kind)s”. Choose another.") % words})


class Share(models.Model):
    """Who else sees a board: the people of a team and of those below it, with their managers; without a team, everybody."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="shares", verbose_name=_("board"))
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team"))
    may_edit = models.BooleanField(_("may change it"), default=False)

    class Meta:
        verbose_name = _("share")
        verbose_name_plural = _("shares")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "team"], nulls_distinct=False, name="board_is_shared_once", violation_error_message=_("It is shared there already.")
            )
        ]

    def __str__(self) -> str:
        return str(self.team or _("Everybody"))


class Screen(models.Model):
    """A wall display: which boards it shows, with whose rights, one after the other. It is known by a secret that only it has, and by no sign-in."""

    name = models.CharField(_("name"), max_length=80, help_text=_("Where it hangs, such as Sales floor."))
    secret = models.CharField(max_length=64, unique=True, null=True, editable=False)  # of which only the hash is kept; none until the display has come
    code = models.CharField(max_length=8, unique=True, null=True, editable=False)  # by which the display comes, until it has
    paired_by = models.ForeignKey(User, models.CASCADE, editable=False, related_name="+", verbose_name=_("paired by"))
    paired_at = models.DateTimeField(_("paired at"), auto_now_add=True)
    seen_at = models.DateTimeField(_("last seen"), null=True, editable=False)
    scope = models.CharField(_("whose"), max_length=30, blank=True, default="")
    seconds = models.PositiveSmallIntegerField(
        _("seconds for each"), default=30, validators=[MinValueValidator(5), MaxValueValidator(3600)], help_text=_("From 5 to 3,600.")
    )
    celebrated_from = models.DecimalField(
        _("celebrate deals from"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("A deal won of so much or more is celebrated, and so is a goal that is reached. Empty: nothing is."),
    )
    has_standard = models.BooleanField(_("the standard board"), default=True)
    boards = models.ManyToManyField(Board, blank=True, related_name="+", verbose_name=_("boards of people"))

    class Meta:
        verbose_name = _("wall display")
        verbose_name_plural = _("wall displays")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Link(models.Model):
    """A way to look at a board that needs no sign-in, until it ends: for a page of one's own, or a guest. It shows what its maker may see."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="links", verbose_name=_("board"))
    name = models.CharField(_("for"), max_length=80, help_text=_("Who gets it, or where it is put."))
    secret = models.CharField(max_length=64, unique=True, editable=False)  # the hash of it
    made_by = models.ForeignKey(User, models.CASCADE, editable=False, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    ends_at = models.DateTimeField(_("ends at"))
    seen_at = models.DateTimeField(_("last seen"), null=True, editable=False)
    scope = models.CharField(_("whose"), max_length=30, blank=True, default="")
    period = models.CharField(_("period"), max_length=12, choices=Widget.Period.choices, blank=True, default="")

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["-made_at", "pk"]

    def __str__(self) -> str:
        return self.name


class Home(models.Model):
    """The board that somebody sees first; without one it is the standard board of whoever they see first."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("person"))
    board = models.ForeignKey(Board, models.CASCADE, related_name="+", verbose_name=_("board"))

    class Meta:
        verbose_name = _("first page")
        verbose_name_plural = _("first pages")

    def __str__(self) -> str:
        return f"{self.user}: {self.board}"
