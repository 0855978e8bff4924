"""Targets are set all or none, and never over what somebody else wrote meanwhile."""

import threading
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from apps.core.periods import Calendar, Window
from apps.goals import services
from apps.goals.models import Goal
from apps.goals.services import Edit, Meanwhile, Saved
from apps.kpis import catalogue
from apps.reps.scopes import Scope
from tests import make
from tests.kpis.histories import EXAMPLES, undone

pytestmark = pytest.mark.django_db
QUARTER = Calendar().parse("2025-Q1")
COMPANY = Scope("company", 0, "Acme")


def test_targets_are_created_changed_and_taken_away() -> None:
    team, rep = make.team("North"), make.rep("Alice")
    make.goal("revenue", team, target=5)
    make.goal("revenue", rep, target=6)
    wanted = {COMPANY: Decimal(100), Scope("team", team.pk, "North"): Decimal(7), Scope("rep", rep.pk, "Alice"): None}
    assert services.set_targets("revenue", QUARTER, wanted) == Saved(1, 1, 1)
    assert {goal.owner_name: goal.target for goal in Goal.objects.all()} == {"Company": Decimal(100), "North": Decimal(7)}


def test_saving_the_same_twice_changes_nothing() -> None:
    assert services.set_targets("revenue", QUARTER, {COMPANY: Decimal(100)}).total == 1
    assert services.set_targets("revenue", QUARTER, {COMPANY: Decimal(100)}).total == 0


def test_another_window_and_another_kpi_are_left_alone() -> None:
    make.goal("revenue", start="2025-01-01", last="2025-12-31", target=1)
    make.goal("calls", target=2)
    services.set_targets("revenue", QUARTER, {COMPANY: Decimal(3)})
    assert sorted(Goal.objects.values_list("target", flat=True)) == [1, 2, 3]


# --- Edits over what was seen --------------------------------------------------------------------------------
MONTHS = list(Calendar().between("month", QUARTER.start_on, QUARTER.end_on))
Seen = dict[Window, Decimal | None]


def edit(window: Window, was: int | None, target: int | None, scope: Scope = COMPANY) -> Edit:
    return Edit(scope, window, None if was is None else Decimal(was), None if target is None else Decimal(target))


def standing() -> Seen:
    found = {goal.start_on: goal.target for goal in Goal.objects.filter(kpi="revenue", scope="company")}
    return {month: found.get(month.start_on) for month in MONTHS}


def test_edits_of_several_windows_are_saved_together() -> None:
    make.goal("revenue", start="2025-01-01", last="2025-01-31", target=1)
    make.goal("revenue", start="2025-02-01", last="2025-02-28", target=2)
    saved = services.save_edits("revenue", [edit(MONTHS[0], 1, 5), edit(MONTHS[1], 2, None), edit(MONTHS[2], None, 7)])
    assert saved == Saved(1, 1, 1)
    assert list(standing().values()) == [5, None, 7]


def test_nothing_is_saved_over_what_somebody_else_wrote_meanwhile() -> None:
    make.goal("revenue", start="2025-01-01", last="2025-01-31", target=9)
    with pytest.raises(Meanwhile) as caught:
        services.save_edits("revenue", [edit(MONTHS[0], 1, 5), edit(MONTHS[1], None, 7), edit(MONTHS[2], 3, 4)])
    assert {one.window: now for one, now in caught.value.present.items()} == {MONTHS[0]: 9, MONTHS[2]: None}
    assert list(standing().values()) == [9, None, None]


def test_writing_what_somebody_else_wrote_too_is_no_clash() -> None:
    make.goal("revenue", start="2025-01-01", last="2025-01-31", target=5)
    assert services.save_edits("revenue", [edit(MONTHS[0], 1, 5)]).total == 0


def test_a_scope_that_a_kpi_makes_no_sense_for_is_refused() -> None:
    rep = make.rep("Alice")
    of_company = next(kpi.key for kpi in catalogue.with_goals() if kpi.scopes == ("company",))
    with pytest.raises(ValidationError):
        services.save_edits(of_company, [edit(MONTHS[0], None, 5, Scope("rep", rep.pk, "Alice"))])


Act = tuple[int, str, int, int | None]  # who looks, or writes which month


@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from(["look", "write"]), st.integers(0, 2), st.one_of(st.none(), st.integers(1, 4))), max_size=14))
@EXAMPLES
def test_whatever_two_people_write_none_loses_what_the_other_wrote_without_seeing_it(acts: list[Act]) -> None:
    with undone():
        Goal.objects.all().delete()
        seen: list[Seen] = [standing(), standing()]
        truth = standing()
        for who, act, n, target in acts:
            month, wanted = MONTHS[n], None if target is None else Decimal(target)
            if act == "look":
                seen[who] = standing()
                continue
            knows = seen[who][month]
            try:
                services.save_edits("revenue", [Edit(COMPANY, month, knows, wanted)])
            except Meanwhile as meanwhile:
                assert truth[month] not in (knows, wanted)
                assert list(meanwhile.present.values()) == [truth[month]]
            else:
                assert wanted == knows or truth[month] in (knows, wanted)
                if wanted != knows:
                    truth[month] = seen[who][month] = wanted
            assert standing() == truth


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_the_same_new_target_at_once_one_is_told() -> None:
    told: list[str] = []
    both = threading.Barrier(2)

    def write(target: int) -> None:
        try:
            both.wait(5)
            services.save_edits("revenue", [edit(MONTHS[0], None, target)])
            told.append("saved")
        except Meanwhile:
            told.append("meanwhile")
        finally:
            connection.close()

    for _time in range(5):
        Goal.objects.all().delete()
        told.clear()
        threads = [threading.Thread(target=write, args=(target,)) for target in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(told) == ["meanwhile", "saved"]
        assert Goal.objects.count() == 1
