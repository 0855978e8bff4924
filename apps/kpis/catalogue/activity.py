"""What reps do."""

from django.utils.translation import gettext_lazy as _

from apps.kpis.catalogue.words import BY_REP, COUNT, UP
from apps.kpis.declarations import Kpi, Measure, Sum, total

ACTIVITY = _("Activity and outreach")

MEASURES = (
    Measure("calls", _("Calls"), "activities", when="kind = 'call'"),
    Measure("emails", _("E-mails"), "activities", when="kind = 'email'"),
    Measure("meetings", _("Meetings"), "activities", when="kind = 'meeting'"),
    Measure("demos", _("Demos"), "activities", when="kind = 'demo'"),
)

KPIS = (
    *(
        Kpi(
            key=key,
            name=name,
            formula=Sum(total(key)),
            unit=COUNT,
            better=UP,
            definition=definition,
            family=ACTIVITY,
            date_basis=_("The day it was done."),
            owner_basis=BY_REP,
            left_out=_("What is planned but not done."),
        )
        for key, name, definition in (
            ("calls", _("Calls"), _("The number of calls made in the period.")),
            ("emails", _("E-mails"), _("The number of e-mails sent in the period.")),
            ("meetings", _("Meetings"), _("The number of meetings held in the period.")),
            ("demos", _("Demos"), _("The number of demos given in the period.")),
        )
    ),
)
