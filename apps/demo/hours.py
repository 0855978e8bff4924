"""At what time of the day the demo company's leads came, and when somebody first answered."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from random import Random

from apps.activities.models import Activity
from apps.leads.models import Lead

KNOWN = 0.85  # of the leads came through a form that says when
OPENS, LAST, CLOSES = time(8), 8 * 60, 10 * 60  # leads come up to eight hours after the opening, answers up to ten
PROMPT = 40  # minutes to an answer on the same day, usually


def strike(rng: Random, zone: tzinfo, leads: Iterable[Lead], activities: Iterable[Activity], *, on: date) -> None:
    """Give leads and their answers the instants within their days; what is of the last day has none, for it may lie ahead."""
    answers = {id(one.lead): one for one in activities if one.lead and one.completed_on}
    for lead in leads:
        came, waited, morning = rng.randint(0, LAST), rng.lognormvariate(0, 0.9) * PROMPT, rng.randint(15, CLOSES)
        if rng.random() < KNOWN and lead.created_on < on:
            lead.created_at = _at(zone, lead.created_on, came)
            answer = answers.get(id(lead))
            if answer and answer.completed_on < on:
                is_same_day = answer.completed_on == lead.created_on
                answer.completed_at = _at(zone, answer.completed_on, min(came + 1 + round(waited), CLOSES) if is_same_day else morning)


def _at(zone: tzinfo, day: date, minutes: int) -> datetime:
    return datetime.combine(day, OPENS, zone) + timedelta(minutes=minutes)
