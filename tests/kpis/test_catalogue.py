"""The catalogue is sound: every declaration checked, every measure recounted by the oracle."""

from dataclasses import replace

import pytest

from apps.kpis import catalogue, checks
from apps.kpis.declarations import Kind, Ratio, Sum, total
from apps.kpis.streams import STREAMS
from tests import oracle

SPECIFIED = {  # what the foundation counts of the catalogue
    *("revenue", "deals_won", "sales_growth", "average_deal_size", "average_purchase_value", "profit_margin", "sales_per_rep", "target_attainment"),
    *("opportunities_created", "pipeline_value", "weighted_pipeline", "pipeline_coverage", "win_rate", "win_rate_value", "win_rate_created"),
    *("lost_opportunities", "lost_to_created", "sales_cycle", "stage_conversion", "time_in_stage", "sales_velocity", "slippage", "quotes_sent"),
    "quote_to_close",
    *("leads_created", "lead_conversion_rate", "new_customers", "calls", "emails", "meetings", "demos"),
    *("onboardings", "personalized_outreach", "personalization_rate", "email_open_rate", "followers", "follower_growth", "connection_acceptance"),
    *("inbound_inquiries", "profile_views", "profile_view_growth", "profile_strength", "shares_per_post", "comments_per_post", "likes_per_post"),
    *("product_expertise", "cac", "lost_customers", "retention_rate", "churn_rate", "churn_rate_cancelled", "early_churn", "mrr", "arr", "nrr", "grr"),
    *("revenue_churn", "arpa", "clv", "clv_to_cac", "subscriptions_started", "subscriptions_activated", "subscriptions_cancelled"),
}


def test_every_specified_kpi_is_declared() -> None:
    assert set(catalogue.KPIS) >= SPECIFIED


@pytest.mark.parametrize("measure", sorted(catalogue.MEASURES))
def test_every_measure_has_an_oracle(measure: str) -> None:
    assert measure in oracle.MEASURES


@pytest.mark.parametrize("kpi", catalogue.KPIS.values(), ids=list(catalogue.KPIS))
def test_every_kpi_explains_itself(kpi) -> None:  # type: ignore[no-untyped-def]
    assert str(kpi.name) and str(kpi.definition) and str(kpi.date_basis) and str(kpi.owner_basis) and str(kpi.family)


def test_the_catalogue_as_it_is_passes_its_checks() -> None:
    assert checks.catalogue_is_sound(None) == []


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"stream": "nowhere"}, "kpis.E001"),
        ({"kind": Kind.WINDOW}, "kpis.E002"),
        ({"kind": Kind.STOCK}, "kpis.E003"),
        ({"key": "m" * 33}, "kpis.E004"),
    ],
)
def test_a_wrong_measure_is_refused_at_start(monkeypatch: pytest.MonkeyPatch, broken: dict[str, object], code: str) -> None:
    measure = replace(catalogue.MEASURES["won_count"], **broken)
    monkeypatch.setattr(catalogue, "MEASURES", {**catalogue.MEASURES, "won_count": measure})
    assert code in [error.id for error in checks.catalogue_is_sound(None)]


def test_a_stream_that_forgets_when_records_are_shared_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = STREAMS["events"]
    forgetful = replace(stream, arms=(replace(stream.arms[0], is_first=""), *stream.arms[1:]))
    monkeypatch.setitem(STREAMS, "events", forgetful)
    assert [error.id for error in checks.catalogue_is_sound(None)] == ["kpis.E014"]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"formula": Sum(total("nothing"))}, "kpis.E005"),
        ({"definition": "No full stop"}, "kpis.E007"),
        ({"part": "stage"}, "kpis.E009"),
        ({"part": "nothing"}, "kpis.E009"),
        ({"has_median": True}, "kpis.E013"),
        ({"has_median": True, "formula": Ratio(total("won_amount"), total("won_priced"))}, "kpis.E013"),  # its amounts are split
        ({"has_median": True, "formula": Ratio(total("cycle_days"), total("won_count"))}, "kpis.E013"),  # counts deals without a cycle
        ({"has_median": True, "formula": Ratio(total("cycle_days"), total("cycle_deals"), factor=100)}, "kpis.E013"),
    ],
)
def test_a_wrong_kpi_is_refused_at_start(monkeypatch: pytest.MonkeyPatch, broken: dict[str, object], code: str) -> None:
    kpi = replace(catalogue.KPIS["revenue"], **broken)
    monkeypatch.setattr(catalogue, "KPIS", {**catalogue.KPIS, "revenue": kpi})
    assert code in [error.id for error in checks.catalogue_is_sound(None)]
