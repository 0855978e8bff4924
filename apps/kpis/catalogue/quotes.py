"""Offers: how many are made, and how many deals are won with one."""

from django.utils.translation import gettext_lazy as _

from apps.kpis.catalogue.pipeline import PIPELINE
from apps.kpis.catalogue.words import COUNT, PERCENT, UP
from apps.kpis.declarations import Kpi, Measure, Ratio, Sum, total

MEASURES = (
    Measure("quotes_sent", _("Quotes sent"), "quotes", when="event = 'sent'"),
    Measure("quotes_accepted", _("Quotes accepted"), "quotes", when="event = 'accepted'"),
    Measure("won_quoted", _("Deals won with a quote"), "events", when="event = 'won' AND is_quoted"),
)

KPIS = (
    Kpi(
        key="quotes_sent",
        name=_("Offers made"),
        formula=Sum(total("quotes_sent")),
        unit=COUNT,
        better=UP,
        definition=_("The number of quotes sent in the period, without drafts. A quote and its revisions are one, sent when the first of them was."),
        family=PIPELINE,
        date_basis=_("The day the quote was first sent."),
        owner_basis=_("The rep of the quote, as it was first sent."),
        elsewhere=_("Others count each revision, or quotes that are written but not sent, or add up the amounts that are offered."),
    ),
    Kpi(
        key="quote_to_close",
        name=_("Quote to close"),
        formula=Ratio(total("won_quoted"), total("quotes_sent"), factor=100),
        unit=PERCENT,
        better=UP,
        definition=_(
            "Deals won in the period for which a quote had been sent by then, for every hundred quotes sent in it. "
            "A quote and its revisions are one. It can be more than 100 %, where deals are won with quotes of the period before."
        ),
        family=PIPELINE,
        date_basis=_("The day the deal was closed, and the day the quote was first sent."),
        owner_basis=_("Whoever owned the deal on that day, and each rep with a credit; the rep of the quote, as it was first sent."),
        elsewhere=_("Others follow the quotes of one period and ask how many of those were accepted, or won, so far."),
        no_value=_("No quote was sent."),
        minimum_volume=5,
    ),
)
