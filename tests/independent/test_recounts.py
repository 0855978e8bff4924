"""The recounts are right on companies small enough to be counted by hand."""

from pathlib import Path

from tests.independent import adventureworks, maven

PIPELINE = """opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
1,Ann,GTK,Isdom,Won,2017-02-01,2017-04-01,100
2,Ann,GTK,Isdom,Won,2017-04-01,2017-04-11,50
3,Ann,GTK,Isdom,Lost,2017-04-01,2017-04-30,0
4,Ben,GTK,,Engaging,2017-04-02,,
5,Ben,GTK,,Prospecting,,,
"""


def maven_counts(folder: Path) -> dict[tuple[str, str, str], str | None]:
    (folder / "sales_pipeline.csv").write_text(PIPELINE)
    (folder / "sales_teams.csv").write_text("sales_agent,manager,regional_office\nAnn,Mia,East\nBen,Noa,West\nCid,Noa,West\n")
    return {(count.kpi, count.scope, count.period): count.value for count in maven.recount(folder)}


def test_every_maven_kpi_is_what_a_person_counts(tmp_path):
    found = maven_counts(tmp_path)
    assert [found[kpi, "company", "2017-Q2"] for kpi in ("revenue", "deals_won", "lost_opportunities")] == [
        "150",
        "2",
        "1",
    ]
    assert found["win_rate", "team:Mia", "2017-04"] == "0.666666666667"
    assert found["average_deal_size", "region:East", "2017"] == "75"
    assert found["sales_cycle", "rep:Ann", "2017-04"] == "34.500000000000"
    assert found["opportunities_created", "company", "2017"] == "4"


def test_nothing_closed_has_no_rate_and_a_rep_without_deals_is_there(tmp_path):
    found = maven_counts(tmp_path)
    assert found["win_rate", "company", "2017-01"] is None
    assert found["average_deal_size", "rep:Cid", "2017"] is None
    assert found["revenue", "rep:Cid", "2017"] == "0"


def test_adventureworks_lines_are_summed_by_month_against_the_target(tmp_path):
    (tmp_path / "sales_person.csv").write_text("employee_key,name\n1,Ann\n2,Ben\n")
    (tmp_path / "target.csv").write_text('employee_key,target_month,target_value\n1,2020-01-01,"$2,000"\n2,2020-01-01,$0\n')
    (tmp_path / "sales.csv").write_text(
        "sales_order_number,order_date,employee_key,reseller_key,sales_teritory_key,sales\n"
        'A,2020-01-05,1,7,4,"$1,000.50"\nA,2020-01-05,1,7,4,$0.50\nB,2020-02-01,1,7,5,$9\n'
    )
    months = {(month.rep, month.period): month for month in adventureworks.recount(tmp_path)}
    assert months["Ann", "2020-01"] == adventureworks.Month("Ann", "2020-01", "1001.00", "2000", "0.500500000000")
    assert months["Ann", "2020-02"].target is None
    assert months["Ben", "2020-01"].attainment is None
    assert adventureworks.contradictions(tmp_path)["resellers with several territories"] == {"7": ["4", "5"]}
