"""What requests look like, for the description of the API: one example for each kind of body, and for parameters."""

from typing import Any

KEY = "external_key"
MONEY = {"amount": "1200.00", "currency": "", "original_amount": None}
FOR_ALL = ("reason",)  # told once for many rows
DAYS = {"start_on": "2026-01-01", "last_on": "2026-03-31"}

ROWS: dict[str, dict[str, Any]] = {
    "Holiday": {"day": "2026-05-01", "name": "Labour Day"},
    "Rate": {"currency": "USD", "day": "2026-03-01", "rate": "0.92"},
    "Region": {"name": "Europe", "working_weekdays": "12345", KEY: "R-EU"},
    "RegionHoliday": {"region": {KEY: "R-EU"}, "day": "2026-05-14", "name": "Ascension Day", "is_worked": False},
    "Team": {"name": "North", "region": {KEY: "R-EU"}, KEY: "T-7"},
    "Rep": {"name": "Alice Adler", "user": None, "hired_on": "2024-02-01", KEY: "005A1"},
    "Membership": {"rep": {KEY: "005A1"}, "team": {KEY: "T-7"}, "start_on": "2026-01-01", "end_on": None},
    "TeamManager": {"team": {KEY: "T-7"}, "user": "bob@kpi.example", "start_on": "2026-01-01", "end_on": None},
    "Campaign": {"name": "Spring fair", "started_on": "2026-03-01", "ended_on": None, KEY: "701C4"},
    "Expense": {"kind": "campaign", "campaign": {KEY: "701C4"}, "spent_on": "2026-03-02", **MONEY, "note": "Stand", KEY: "E-12"},
    "Product": {"name": "Press 300", "family": "Presses", "list_price": "5400.00", KEY: "01t30"},
    "Stage": {"name": "Proposal", "kind": "open", "position": 3, "probability": "60.00", KEY: "proposal"},
    "Customer": {"name": "Mill & Sons", "region": {KEY: "R-EU"}, "owner": {KEY: "005A1"}, "industry": "Milling", "acquired_on": "2026-02-10", KEY: "001M1"},
    "Order": {"number": "2026-118", "customer": {KEY: "001M1"}, "rep": {KEY: "005A1"}, "ordered_on": "2026-03-04", **MONEY, KEY: "O-118"},
    "Subscription": {"customer": {KEY: "001M1"}, "plan": "Care", "rep": 12, **MONEY, "interval_months": 12, "started_on": "2026-03-01", KEY: "S-31"},
    "Lead": {
        "name": "Dora Dean",
        "company": "Dean Ltd",
        "email": "dora@dean.example",
        "owner": {KEY: "005A1"},
        "created_at": "2026-03-02T08:15:00Z",
        KEY: "00Q17",
    },
    "Opportunity": {
        "name": "Press for the mill",
        "owner": {KEY: "005A1"},
        "customer": {KEY: "001M1"},
        "stage": {KEY: "proposal"},
        **MONEY,
        "created_on": "2026-02-20",
        "expected_close_on": "2026-04-15",
        KEY: "006F9",
    },
    "Quote": {"opportunity": {KEY: "006F9"}, "number": "Q-77", "revision": 1, "rep": {KEY: "005A1"}, **MONEY, "sent_on": "2026-03-03", KEY: "0Q077"},
    "Activity": {
        "kind": "call",
        "subject": "Asked about the price",
        "rep": {KEY: "005A1"},
        "completed_on": "2026-03-03",
        "opportunity": {KEY: "006F9"},
        KEY: "00T55",
    },
    "SocialReading": {"rep": {KEY: "005A1"}, "network": "linkedin", "read_on": "2026-03-02", "followers": 1204, KEY: "L-2026-03-02"},
    "SocialPost": {"rep": {KEY: "005A1"}, "network": "linkedin", "posted_on": "2026-03-01", "title": "At the fair", "likes": 31, KEY: "P-9"},
    "Assessment": {"rep": {KEY: "005A1"}, "taken_on": "2026-03-02", "subject": "Presses", "score": "84.00", "maximum": "100.00", KEY: "A-3"},
    "Goal": {"kpi": "revenue", "scope": "rep", "rep": {KEY: "005A1"}, **DAYS, "target": "90000", "reason": "Budget 2026", KEY: "B-26-1"},
    "Benchmark": {"kpi": "calls", "team": {KEY: "T-7"}, "grain": "month", "target": "120", "first_on": "2026-01-01"},
    "Ramp": {"name": "Three months", "shares": "25 50 75"},
    "Objective": {"name": "Open the south", "measured": "number", "unit": "partners", "scope": "team", "team": {KEY: "T-7"}, **DAYS, "target": "8"},
    "CheckIn": {"objective": 3, "day": "2026-03-02", "value": "5", "note": "Two more signed"},
    "Step": {"objective": 4, "position": 1, "name": "Write the deck"},
}
OTHERS: dict[str, dict[str, Any]] = {
    "ImportAsked": {"mapping": "Our CRM", "files": [{"name": "deals-2026-03.csv", "content": "Deal ID,Deal\nD1,Press for the mill\n"}]},
    "PlanEdits": {"kpi": "revenue", "reason": "After the fair", "edits": [{"scope": "rep:Alice Adler", "period": "2026-01", "was": "1500", "target": "1800"}]},
    "SignIn": {"email": "carol@kpi.example", "password": "correct horse battery staple", "name": "Nightly export", "grants": ["read:*"]},
    "Integration": {"name": "CRM sync", "role": "admin"},
    "Wanted": {"name": "Deals", "grants": ["write:opportunities", "read:*"], "expiry": "2027-01-01T00:00:00Z"},
}
PARAMETERS = {"kpi": "revenue", "scope": "company", "period": "2026-Q1", "on": "2026-03-14"}
PROBLEM = {
    "type": "urn:kpiboard:problem:invalid",
    "title": "Bad Request",
    "status": 400,
    "detail": "Something that was sent is wrong; nothing was written. “errors” says at which field, and what to do.",
    "instance": "/api/v1/opportunities/",
    "errors": [
        {
            "field": "closed_on",
            "code": "invalid",
            "detail": "A deal that is won or lost has a closing day, an open one has none. Correct the stage or the closing day.",
        }
    ],
}


def of(component: str) -> Any:
    """Return the example of a request body by the name of its component; None where there is none."""
    name = component.removesuffix("Request")
    if name.startswith("Patched"):
        return dict(list(ROWS[name.removeprefix("Patched")].items())[:1])
    if name.endswith("Rows"):
        row = ROWS[name.removesuffix("Rows")]
        for_all = {field: row[field] for field in FOR_ALL if field in row}
        return {"write": "valid", **for_all, "rows": [{field: value for field, value in row.items() if field not in FOR_ALL}]}
    return ROWS.get(name) or OTHERS.get(name)
