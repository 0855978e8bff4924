"""What is said of each way to fill a year's plan."""

from collections.abc import Mapping
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import numbers
from apps.goals.grids import Grid
from apps.goals.models import Ramp
from apps.kpis.declarations import Kpi, Unit

EVERYBODY = "all"
BY = {
    "even": gettext_lazy("evenly"),
    "days": gettext_lazy("by working days"),
    "shape": gettext_lazy("as last year’s results"),
    "weights": gettext_lazy("by my weights"),
}
FROM = {"targets": gettext_lazy("last year’s targets"), "results": gettext_lazy("last year’s results")}
TO = {"people": gettext_lazy("its people"), "teams": gettext_lazy("the teams directly below")}
SHARED_BY = {"equal": gettext_lazy("equally"), "last_year": gettext_lazy("by last year’s results"), "heads": gettext_lazy("by head count")}


UNITS = ("1", "10", "100", "1000")


def least(kpi: Kpi) -> Decimal:
    """Return the smallest amount of a KPI that a target is told in: one, or a hundredth."""
    return Decimal(1) if kpi.unit == Unit.COUNT else Decimal("0.01")


def _number(label: str, **more: object) -> forms.DecimalField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "aria-label": label})
    return forms.DecimalField(label=label, required=False, localize=True, max_digits=18, decimal_places=4, widget=widget, **more)  # type: ignore[arg-type]


class FillForm(forms.Form):
    """What is said of each way to fill; only the fields of the chosen one matter."""

    prefix = "fill"

    def __init__(self, data: Mapping[str, str] | None, grid: Grid) -> None:
        super().__init__(data)
        groups = [(f"{line.scope.kind}-{line.scope.id}", line.scope.name) for line in grid.lines if line.scope.kind != "rep"]
        people = list(dict.fromkeys((f"rep-{line.scope.id}", line.scope.name) for line in grid.lines if line.scope.kind == "rep"))
        everybody = (EVERYBODY, _("everybody"))
        units = [(str(unit), numbers.editable(unit)) for unit in dict.fromkeys((least(grid.kpi), *map(Decimal, UNITS)))]
        self.fields["unit"] = forms.ChoiceField(label=_("Round to"), choices=units, required=False, initial="1" if grid.adds_up else str(least(grid.kpi)))
        for name, label, choices in (
            ("spread_whose", _("Whose"), [*groups, *people]),
            ("spread_by", _("How"), BY.items()),
            ("copy_whose", _("Whose"), [everybody, *groups, *people]),
            ("copy_from", _("What"), FROM.items()),
            ("cascade_whose", _("Whose"), groups),
            ("cascade_to", _("To whom"), TO.items()),
            ("cascade_by", _("How"), SHARED_BY.items()),
            ("rollup_whose", _("Whose"), [everybody, *groups]),
            ("ramp_kept", _("Ramp"), [("", _("these percentages")), *((str(ramp.pk), str(ramp)) for ramp in Ramp.objects.all())]),
            ("ramp_whose", _("Whose"), [everybody, *groups, *people]),
            ("default_whose", _("Whose"), [everybody, *groups]),
        ):
            self.fields[name] = forms.ChoiceField(label=label, choices=list(choices), required=False, widget=forms.Select(attrs={"aria-label": label}))
        self.fields["spread_amount"] = _number(_("Amount of the year"))
        self.fields["spread_weights"] = forms.CharField(
            label=_("Weights"), required=False, max_length=400, widget=forms.TextInput(attrs={"aria-label": _("Weights")})
        )
        self.fields["copy_percent"] = _number(_("Per cent more or less"))
        self.fields["cascade_percent"] = _number(_("Per cent on top"))
        self.fields["ramp_shares"] = forms.CharField(
            label=_("Per cent by month since the start"),
            required=False,
            max_length=200,
            initial="25 50 75",
            widget=forms.TextInput(attrs={"aria-label": _("Per cent by month since the start")}),
        )
        self.fields["default_amount"] = _number(_("Target"))
