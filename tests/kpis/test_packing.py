"""The place of a row in one number: it comes out as it went in, or not at all."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from apps.kpis import jobs, layouts, packing, rollup
from apps.kpis.models import MeasureDay
from apps.kpis.packing import Packing
from apps.reps.models import Rep
from tests import make

ON = make.TODAY
SMALL = Packing((9, 4, 5))


def through(one: Packing, day: date, *ids: int) -> tuple[object, ...]:
    """What comes out of a number that a place was put into."""
    packed = one.packed("%(day)s::date", *(f"{n}::bigint" for n in ids))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {one.unpacked('n')} FROM (SELECT {packed} AS n) t", {"day": day})
        return tuple(cursor.fetchone())


@pytest.mark.django_db
@given(st.dates(), st.integers(0, 2**9 - 1), st.integers(0, 2**4 - 1), st.integers(0, 2**5 - 1))
def test_a_place_comes_out_as_it_went_in(day: date, rep: int, region: int, part: int) -> None:
    assert through(SMALL, day, rep, region, part) == (day, rep, region, part)


@pytest.mark.django_db
@pytest.mark.parametrize("ids", [(2**9, 0, 0), (0, 2**4, 0), (0, 0, 2**5), (2**40, 2**40, 2**40)])
def test_a_place_that_does_not_fit_has_no_number(ids: tuple[int, ...]) -> None:
    assert through(SMALL, ON, *ids) == (None, None, None, None)


@pytest.mark.django_db
def test_places_are_packed_for_the_ids_there_are() -> None:
    make.deal(rep=make.rep("Alice", id=2000), won="2025-03-03", amount=100)
    found = packing.of(layouts.layouts()["stages"])
    assert found and found.bits[0] >= 11
    make.rep("Bob", id=2**40)
    assert packing.of(layouts.layouts()["stages"]) is None


@pytest.fixture
def counted(db: None) -> Rep:
    alice = make.rep("Alice")
    make.deal(rep=alice, won="2025-03-03", amount=100)
    make.deal(rep=alice, amount=250)
    rollup.recount_all(on=ON)
    return alice


def stored() -> list[tuple[object, ...]]:
    return sorted(MeasureDay.objects.values_list("stream", "day", "rep", "region", "part", "amounts"))


@pytest.mark.django_db
def test_ids_too_large_for_one_number_are_counted_all_the_same(counted: Rep, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored()
    assert before
    MeasureDay.objects.all().delete()
    monkeypatch.setattr(packing, "of", lambda layout: None)
    rollup.recount_all(on=ON)
    assert stored() == before


@pytest.mark.django_db
def test_a_rep_beyond_the_bits_stops_the_count_instead_of_being_taken_for_another(counted: Rep, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored()
    monkeypatch.setattr(packing, "of", lambda layout: Packing((counted.pk.bit_length() - 1, 8, 8)))
    with pytest.raises(IntegrityError), transaction.atomic():
        rollup.recount_all(on=ON)
    monkeypatch.undo()
    assert stored() == before
    assert not jobs.is_open()
