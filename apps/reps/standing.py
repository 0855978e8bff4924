"""Who stands in which scope, as a relation for SQL: as it was on each day, or as the members of one day make it."""

from collections.abc import Iterable
from datetime import date

from apps.reps.scopes import Only, Scope

Rule = tuple[date | None, Only | None]  # whose members count, and of which facts

AS_IT_WAS = "reps_standing"
# Who is a member on the day `%(members_on)s` has always been one and always will be. Who has left the company by then is no team's member.
REGROUPED = """(SELECT s.rep, s.kind, s.scope, DATE '0001-01-01' AS start_on, DATE '9999-12-31' AS end_on
    FROM reps_standing s JOIN reps_rep r ON r.id = s.rep WHERE s.kind IN ('team', 'region')
        AND s.start_on <= %(members_on)s AND s.end_on > %(members_on)s AND (r.left_on IS NULL OR r.left_on > %(members_on)s))"""


def relation(members_on: date | None) -> str:
    """Return a relation of `rep, kind, scope, start_on, end_on`; the regrouped one holds teams and regions only, and takes the parameter `members_on`."""
    return AS_IT_WAS if members_on is None else REGROUPED


def apart(scopes: Iterable[Scope]) -> dict[Rule, list[Scope]]:
    """Put scopes with the same rule of what is in them together; raise ValueError for one asked in two ways, because sums are kept by kind and number."""
    found: dict[Rule, list[Scope]] = {}
    seen: dict[tuple[str, int], Rule] = {}
    for scope in scopes:
        rule = scope.members_on, scope.only
        if seen.setdefault((scope.kind, scope.id), rule) != rule:
            raise ValueError(f"Ask for {scope.key} as it was and regrouped, or whole and narrowed, one after the other.")
        found.setdefault(rule, []).append(scope)
    return found
