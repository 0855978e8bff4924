"""The forms of people's own boards: a widget's settings, a board's name, with whom it is shared."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.boards import services
from apps.boards.access import Circle
from apps.boards.kinds import KINDS, WidgetKind
from apps.boards.models import OWN, Board, Widget
from apps.dashboards.boards.header import KINDS as SCOPE_NAMES
from apps.dashboards.selection import scope_key
from apps.kpis import catalogue
from apps.reps.scopes import Scope

WORDS = {3: "¼", 4: "⅓", 5: "⁵⁄₁₂", 6: "½", 7: "⁷⁄₁₂", 8: "⅔", 9: "¾", 12: "1"}
CHOICES: dict[str, tuple[Any, Any]] = {
    "period": (gettext_lazy("Period"), Widget.Period.choices),
    "grain": (gettext_lazy("Steps"), Widget.Grain.choices),
    "comparison": (gettext_lazy("Compared with"), Widget.Comparison.choices),
    "among": (gettext_lazy("Who is listed"), Widget.Among.choices),
}
SHOWN = (*CHOICES, "text")


def kpi_choices(kind: WidgetKind, *, optional: bool) -> list[Any]:
    """The KPIs that a kind can show, by family."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in catalogue.KPIS.values():
        if kind.accepts(one):
            groups.setdefault(str(one.family), []).append((one.key, str(one.name)))
    return [*([("", "—")] if optional else []), *((family, sorted(found, key=lambda pair: pair[1])) for family, found in groups.items())]


def grouped(allowed: Iterable[Scope]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Scopes by their kind, as a picker shows them."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for scope in allowed:
        groups.setdefault(scope.kind, []).append((scope_key(scope), scope.name))
    return [(str(SCOPE_NAMES[kind]), found) for kind, found in groups.items()]


def scope_choices(allowed: Iterable[Scope], now: str) -> list[Any]:
    """Whose numbers: the board's, the viewer's own, or always the same; what is set and not theirs to see stays as it is."""
    groups = grouped(allowed)
    known = {key for _kind, found in groups for key, _name in found}
    choices: list[Any] = [("", _("The board’s")), (OWN, _("Whoever looks: their own"))]
    if now not in ("", OWN) and now not in known:
        choices.append((now, _("As it is (not yours to see)")))
    return [*choices, *groups]


class WidgetForm(forms.Form):
    """What a widget asks to be told; fields its kind has no use for are not there."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=80, required=False, help_text=gettext_lazy("Empty: the name of what it shows."))

    def __init__(self, kind: WidgetKind, allowed: Iterable[Scope], widget: Widget, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=_initial(widget))
        self.kind, self.widget = kind, widget
        for n in range(kind.most if kind.takes & {"kpi", "kpis"} else 0):
            name = gettext_lazy("KPI") if kind.most == 1 else _("KPI %(number)s") % {"number": n + 1}
            self.fields[f"kpi_{n + 1}"] = forms.ChoiceField(label=name, required=n == 0, choices=kpi_choices(kind, optional=n > 0))
        if "scope" in kind.takes:
            self.fields["scope"] = forms.ChoiceField(label=gettext_lazy("Whose numbers"), required=False, choices=scope_choices(allowed, widget.scope))
        for name in SHOWN:
            if name in kind.takes:
                self.fields[name] = _field(name)
        self.fields["width"] = forms.TypedChoiceField(
            label=gettext_lazy("Width"),
            coerce=int,
            choices=list(WORDS.items()),
            help_text=gettext_lazy("Of the page; on a phone everything is as wide as it."),
        )

    def clean(self) -> dict[str, Any]:
        """Write what was chosen into the widget, and let the widget judge it."""
        found = super().clean() or {}
        row = self.widget
        row.title, row.width = found.get("title", ""), found.get("width") or row.width
        for name in (*SHOWN, "scope"):
            if name in self.fields:
                setattr(row, name, found.get(name, ""))
        if self.kind.takes & {"kpi", "kpis"}:
            row.kpis = [found[f"kpi_{n + 1}"] for n in range(self.kind.most) if found.get(f"kpi_{n + 1}")]
        if not self.errors:
            try:
                row.full_clean(exclude=["board"])
            except forms.ValidationError as error:
                for messages in error.message_dict.values():
                    for message in messages:
                        self.add_error(None, message)
        return found


def _initial(widget: Widget) -> dict[str, Any]:
    own = {name: getattr(widget, name) for name in ("title", "scope", "period", "grain", "comparison", "among", "text", "width")}
    return own | {f"kpi_{n}": key for n, key in enumerate(widget.kpis, 1)}


def _field(name: str) -> forms.Field:
    if name == "text":
        words = gettext_lazy("Plain text; an empty line begins a paragraph, and addresses become links.")
        return forms.CharField(label=gettext_lazy("Text"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 8}), help_text=words)
    label, choices = CHOICES[name]
    return forms.ChoiceField(label=label, required=False, choices=choices)


def blank(kind: str) -> Widget:
    """Return a widget of a kind as it begins."""
    declared = KINDS[kind]
    return Widget(kind=kind, width=declared.width, kpis=list(declared.usual))


class NameForm(forms.ModelForm):
    """A board's name."""

    class Meta:
        model = Board
        fields = ["name"]


class ShareForm(forms.Form):
    """With whom a board is to be shared, and whether they may change it."""

    whom = forms.ChoiceField(label=gettext_lazy("With"))
    may_edit = forms.BooleanField(label=gettext_lazy("They may change it, too"), required=False)

    def __init__(self, circle: Circle, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.teams = {str(team.pk): team for team in circle.teams}
        everybody = [("all", _("Everybody"))] if circle.everybody else []
        self.fields["whom"].choices = [*everybody, *((key, team.name) for key, team in self.teams.items())]  # type: ignore[attr-defined]
        self.may_share = bool(self.fields["whom"].choices)  # type: ignore[attr-defined]

    def share(self, board: Board) -> None:
        services.share(board, self.teams.get(self.cleaned_data["whom"]), may_edit=self.cleaned_data["may_edit"])
