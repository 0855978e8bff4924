"""What reps know."""

from django.utils.translation import gettext_lazy as _

from apps.kpis.catalogue.words import PERCENT, UP
from apps.kpis.declarations import Kpi, Measure, Ratio, total

ENABLEMENT = _("Enablement")

MEASURES = (
    Measure("assessments", _("Assessments"), "assessments"),
    Measure("assessment_points", _("Share of points reached, summed"), "assessments", amount="score / maximum"),
)

KPIS = (
    Kpi(
        key="product_expertise",
        name=_("Product expertise"),
        formula=Ratio(total("assessment_points"), total("assessments"), factor=100),
        unit=PERCENT,
        better=UP,
        definition=_("The share of the points reached in the assessments of the period, each counting alike. Reps untested for a quarter are listed."),
        family=ENABLEMENT,
        date_basis=_("The day the assessment was taken."),
        owner_basis=_("The rep who took it."),
        elsewhere=_("Some tools add up all points, so that long tests weigh more, or keep only the best try."),
    ),
)
