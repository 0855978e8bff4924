"""Rows that the database judges together are written together, and only those at fault are left out."""

import pytest

from apps.opportunities.models import Credit
from apps.reps.models import Membership, Team
from tests import make
from tests.imports.test_importing import counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    make.stages()
    return make.rep("Ann")


def test_teams_may_come_before_the_teams_they_are_part_of(run):
    mapping = '[[load]]\nfile = "t.csv"\nentity = "teams"\n[load.fields]\nname = "Team"\nparent = "Above"'
    report = run(mapping, {"t.csv": "Team,Above\nC,B\nB,A\nA,\nX,Nowhere\n"})
    assert counts(report) == {"read": 4, "created": 3, "rejected": 1}
    assert Team.objects.get(name="C").parent.parent.name == "A"
    assert [error.line for error in report.files[0].errors] == [5]


def test_a_team_is_never_above_itself(run):
    mapping = '[[load]]\nfile = "t.csv"\nentity = "teams"\n[load.fields]\nname = "Team"\nparent = "Above"'
    run(mapping, {"t.csv": "Team,Above\nA,\nB,A\n"})
    report = run(mapping, {"t.csv": "Team,Above\nA,B\nB,A\n"})
    assert "part of itself" in report.files[0].errors[0].reason


MEMBERS = '[[load]]\nfile = "m.csv"\nentity = "memberships"\n[load.fields]\nrep = "Rep"\nteam = "Team"\nstart_on = "From"\nend_on = "Until"'


def test_a_mover_leaves_one_team_and_joins_the_next(run):
    make.membership(make.rep("Ann"), make.team("North"), since="2020-01-01")
    make.team("South")
    assert counts(run(MEMBERS, {"m.csv": "Rep,Team,From,Until\nAnn,South,2021-01-01,\nAnn,North,2020-01-01,2021-01-01\n"})) == {
        "read": 2,
        "created": 1,
        "updated": 1,
    }


def test_a_rep_in_two_teams_at_once_is_refused_and_others_load(run):
    make.rep("Ann"), make.rep("Ben"), make.team("North"), make.team("South")
    rows = "Rep,Team,From,Until\nAnn,North,2020-01-01,\nAnn,South,2021-01-01,\nBen,North,2020-01-01,\nBen,South,2020-01-01,2019-01-01\n"
    report = run(MEMBERS, {"m.csv": rows})
    assert Membership.objects.filter(rep__name="Ann").count() == 1
    assert {error.line for error in report.files[0].errors} == {3, 4, 5}


CREDITS = '[[load]]\nfile = "c.csv"\nentity = "credits"\n[load.fields]\nopportunity = "Deal"\nrep = "Rep"\nshare = "Share"'


def test_credits_that_do_not_add_up_are_refused_and_those_of_other_deals_load(run, ann):
    ben = make.rep("Ben")
    make.deal(external_key="a", rep=ann), make.deal(external_key="b", rep=ben)
    report = run(CREDITS, {"c.csv": "Deal,Rep,Share\na,Ann,60\nb,Ann,70\na,Ben,40\nb,Ben,40\n"})
    assert counts(report) == {"read": 4, "created": 2, "rejected": 2}
    assert {credit.opportunity.external_key for credit in Credit.objects.all()} == {"a"}
    assert "add up to 100" in report.files[0].errors[0].reason
