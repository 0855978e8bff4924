"""A small company with something on every board: Alice sells in North, Dave in South, both with deals, activities and targets."""

from datetime import date

from apps.kpis import rollup
from apps.opportunities.models import Opportunity
from tests import make
from tests.people import People


def furnish(people: People) -> Opportunity:
    """Make facts and goals around the people, count them, and return Alice's won deal."""
    stages = make.stages()
    customer = make.customer("Orbit Foods", owner=people.alice, region=people.region, acquired="2025-03-03")
    won = make.deal("Orbit, first order", rep=people.alice, amount=600, won="2025-03-03", created="2025-01-20", customer=customer)
    make.deal("Kestrel, try-out", rep=people.alice, amount=200, won="2025-02-10", created="2025-01-05")
    make.deal("Verto, lost", rep=people.alice, amount=300, lost="2025-03-13", created="2025-02-01")
    make.deal("Halden, renewal", rep=people.alice, amount=900, expected="2025-03-05", created="2025-02-20", stage=stages["Proposal"])
    make.deal("Southern, big", rep=people.dave, amount=5000, won="2025-03-10", created="2025-02-01")
    make.quote(won, number="Q-7", amount=650, sent="2025-02-03")
    make.quote(won, number="Q-7", revision=2, amount=600, sent="2025-02-24", accepted="2025-03-03")
    make.lead("Lena", rep=people.alice)
    make.activity(rep=people.alice, subject="Call Orbit", done="2025-03-12", customer=customer, opportunity=won)
    make.activity(rep=people.alice, subject="Write to Kestrel", kind="email", done=None, due="2025-03-14")
    make.reading(rep=people.alice, read="2025-02-03", followers=100, profile_strength=60, profile_views=10)
    make.reading(rep=people.alice, read="2025-03-03", followers=130, profile_strength=70, profile_views=20, connection_requests=5, connections_accepted=2)
    make.post(rep=people.alice, posted="2025-03-04", title="On calibration", likes=12, shares=1)
    make.assessment("Flow meters", rep=people.alice, taken="2025-02-04", score=45, maximum=60)
    make.order(rep=people.alice, customer=customer, amount=50, number="O-1")
    make.subscription(rep=people.alice, customer=customer, amount=120, started="2025-03-03", plan="Care Plan")
    make.goal("revenue", people.alice, target=1000)
    make.goal("revenue", people.north, target=2000)
    make.goal("revenue", people.dave, target=4000)
    count()
    return won


def count(on: date = make.TODAY) -> None:
    """Count everything that waits."""
    rollup.drain(on=on, wait=True)
