"""Two people at once: trees stay trees, and nobody has two parts of the same whole."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from apps.objectives import services
from apps.objectives.models import Objective
from apps.objectives.services import Split
from apps.reps import scopes
from tests import make, people

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*writes: Callable[[], object]) -> list[str]:
    """Do some things at the same moment, each on a connection of its own; return what was refused."""
    ready, refused = Barrier(len(writes)), []

    def run(write: Callable[[], object]) -> None:
        ready.wait()
        try:
            write()
        except ValidationError as error:
            refused.extend(error.messages)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[write]) for write in writes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def moved(row: Objective, parent: Objective) -> Callable[[], object]:
    copy = Objective.objects.get(pk=row.pk)
    copy.parent = parent
    return lambda: services.save(copy)


def test_two_wholes_do_not_become_parts_of_each_other() -> None:
    people.arrive()
    for _time in range(5):
        one, other = make.objective(measured="parts"), make.objective(measured="parts")
        assert len(at_once(moved(one, other), moved(other, one))) == 1
        assert Objective.objects.filter(pk__in=[one.pk, other.pk], parent=None).count() == 1


def test_a_whole_that_is_split_twice_at_once_is_split_once() -> None:
    staff = people.arrive()
    whole = make.objective(kpi="revenue", target=30)
    how = Split([scopes.of(staff.north), scopes.of(staff.south)], services.EQUALLY)
    refused = at_once(*[lambda: services.split(Objective.objects.get(pk=whole.pk), how)] * 2)
    assert refused == ["Everybody has a part of it already."]
    assert sum(part.target or 0 for part in whole.parts.all()) == 30
