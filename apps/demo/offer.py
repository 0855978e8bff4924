"""What the demo company sells, and the stages its deals go through."""

from dataclasses import dataclass

from apps.opportunities.models import Product, Stage


@dataclass(frozen=True, eq=False)
class Ware:
    """One product with its usual deal: typical amount, spread (of its logarithm), how often, how hard and how slow it sells."""

    product: Product
    typical: int
    spread: float
    weight: int
    luck: float
    pace: float
    cost: float


@dataclass(frozen=True)
class Ladder:
    """The stages: the open ones in order, then how a deal ends."""

    steps: tuple[Stage, ...]
    won: Stage
    lost: Stage

    @property
    def every(self) -> list[Stage]:
        return [*self.steps, self.won, self.lost]


# name, family, list price, typical amount, spread, weight, luck, pace, cost
WARES = (
    ("Field Meter", "Instruments", 3_400, 12_500, 0.40, 24, 1.15, 0.75, 0.52),
    ("Inline Sensor", "Instruments", 9_800, 22_000, 0.45, 26, 1.00, 0.95, 0.49),
    ("Lab Analyser", "Instruments", 31_000, 36_000, 0.40, 19, 0.95, 1.10, 0.55),
    ("Plant Monitor", "Systems", 58_000, 64_000, 0.45, 11, 0.85, 1.40, 0.58),
    ("Insight Software", "Software", 12_500, 17_500, 0.45, 13, 1.05, 0.95, 0.21),
    ("Care Plan", "Service", 6_900, 9_500, 0.35, 7, 1.25, 0.65, 0.38),
)
STEPS = (("Qualification", 10), ("Discovery", 25), ("Demo", 40), ("Proposal", 60), ("Negotiation", 80))


def wares() -> list[Ware]:
    """Return the products, not yet saved."""
    return [
        Ware(Product(name=name, family=family, list_price=price), typical, spread=spread, weight=weight, luck=luck, pace=pace, cost=cost)
        for name, family, price, typical, spread, weight, luck, pace, cost in WARES
    ]


def ladder() -> Ladder:
    """Return the stages, not yet saved."""
    steps = tuple(Stage(name=name, position=position, probability=chance) for position, (name, chance) in enumerate(STEPS, start=1))
    won = Stage(name="Won", kind=Stage.Kind.WON, position=len(steps) + 1, probability=100)
    return Ladder(steps, won, Stage(name="Lost", kind=Stage.Kind.LOST, position=len(steps) + 2, probability=0))
