"""What reps do."""

from django.utils.translation import gettext_lazy as _

from apps.kpis.catalogue.words import BY_REP, COUNT, PERCENT, UP
from apps.kpis.declarations import Kpi, Measure, Ratio, Sum, total

ACTIVITY = _("Activity and outreach")
ON_DONE, ON_SENT, NOT_DONE = _("The day it was done."), _("The day the e-mail was sent."), _("What is planned but not done.")

MEASURES = (
    Measure("calls", _("Calls"), "activities", when="kind = 'call' AND direction = 'out'"),
    Measure("emails", _("E-mails"), "activities", when="kind = 'email' AND direction = 'out'"),
    Measure("meetings", _("Meetings"), "activities", when="kind = 'meeting'"),
    Measure("demos", _("Demos"), "activities", when="kind = 'demo'"),
    Measure("onboardings", _("Onboardings"), "activities", when="kind = 'onboarding'"),
    Measure("personalized_emails", _("Personalised e-mails"), "activities", when="kind = 'email' AND direction = 'out' AND is_personalized"),
    Measure("emails_delivered", _("E-mails delivered"), "activities", when="kind = 'email' AND direction = 'out' AND is_delivered"),
    Measure("emails_opened", _("E-mails opened"), "activities", when="kind = 'email' AND direction = 'out' AND is_opened"),
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
            date_basis=ON_DONE,
            owner_basis=BY_REP,
            left_out=NOT_DONE,
            elsewhere=elsewhere,
        )
        for key, name, definition, elsewhere in (
            ("calls", _("Calls"), _("The number of calls made in the period."), _("Some dialers count only calls that were answered.")),
            (
                "emails",
                _("E-mails"),
                _("The number of e-mails sent in the period."),
                _("Some systems count each recipient, or received e-mails too. Here each e-mail that a rep sent is one."),
            ),
            (
                "meetings",
                _("Meetings"),
                _("The number of meetings held in the period."),
                _("Some calendars count meetings booked, whether they were held or not."),
            ),
            ("demos", _("Demos"), _("The number of demos given in the period."), _("Others count demos booked, held or not, or one for each deal.")),
            (
                "onboardings",
                _("Onboardings"),
                _("The number of onboarding calls and trainings held in the period."),
                _("Others count customers whose onboarding is finished, not what was held with them."),
            ),
        )
    ),
    Kpi(
        key="personalized_outreach",
        name=_("Personalised e-mails"),
        formula=Sum(total("personalized_emails")),
        unit=COUNT,
        better=UP,
        definition=_("The number of e-mails written for their recipient that were sent in the period. A usual benchmark is 50 a month for each rep."),
        family=ACTIVITY,
        date_basis=ON_SENT,
        owner_basis=_("The rep who sent it."),
        left_out=NOT_DONE,
        elsewhere=_("Some tools take an e-mail for personalised when a name was merged into it. Here it is when the rep, or the CRM, marked it so."),
    ),
    Kpi(
        key="personalization_rate",
        name=_("Personalised share"),
        formula=Ratio(total("personalized_emails"), total("emails"), factor=100),
        unit=PERCENT,
        better=UP,
        definition=_("Of the e-mails sent in the period, the share written for their recipient."),
        family=ACTIVITY,
        date_basis=ON_SENT,
        owner_basis=_("The rep who sent it."),
        left_out=NOT_DONE,
        elsewhere=_("Others count an e-mail that a template filled a name into as personalised."),
        minimum_volume=5,
    ),
    Kpi(
        key="email_open_rate",
        name=_("E-mail open rate"),
        formula=Ratio(total("emails_opened"), total("emails_delivered"), factor=100),
        unit=PERCENT,
        better=UP,
        definition=_("Of the e-mails delivered that were sent in the period, the share opened at least once so far."),
        family=ACTIVITY,
        date_basis=_("The day the e-mail was sent, whenever it was opened."),
        owner_basis=_("The rep who sent it."),
        left_out=_("E-mails that did not arrive, or of which nobody knows whether they did."),
        elsewhere=_(
            "Some tools divide by the e-mails sent, or count every opening. Mail programs that load pictures ahead (privacy proxies) "
            "count as opened everywhere, so open rates are too high: compare campaigns, rather than trust the level."
        ),
        part="campaign",
        minimum_volume=5,
    ),
)
