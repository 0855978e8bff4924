"""HubSpot, Pipedrive, Zoho and Close: their tables as they export them."""

from decimal import Decimal

from apps.imports.mapping import TimesBy
from apps.imports.recognition.presets.declarations import CLOSE, OUTCOME, Preset

HUBSPOT = (
    Preset(
        "HubSpot",
        "deals",
        "opportunities",
        tell=(("Record ID", "Deal ID", "hs_object_id"), ("Deal Name", "dealname"), ("Deal Stage", "dealstage")),
        fields={
            "external_key": ("Record ID", "Deal ID", "hs_object_id"),
            "name": ("Deal Name", "dealname"),
            "owner": ("Deal owner", "hubspot_owner_id"),
            "customer": ("Primary Associated Company", "Associated Company", "Associated Company (Primary)"),
            "stage": ("Deal Stage", "dealstage"),
            "amount": ("Amount", "amount"),
            "currency": ("Currency", "deal_currency_code"),
            "probability": ("Deal probability", "hs_deal_stage_probability"),
            "created_on": ("Create Date", "createdate"),
            CLOSE: ("Close Date", "closedate"),
            "lost_reason": ("Closed Lost Reason", "closed_lost_reason"),
        },
    ),
    Preset(
        "HubSpot",
        "contacts",
        "leads",
        tell=(("Record ID", "Contact ID"), ("Lifecycle Stage", "Lead Status"), ("Contact owner",)),
        fields={
            "external_key": ("Record ID", "Contact ID"),
            "name": ("Full Name", "Last Name", "Email"),
            "company": ("Associated Company", "Company Name"),
            "email": ("Email",),
            "phone": ("Phone Number",),
            "owner": ("Contact owner",),
            "created_on": ("Create Date",),
        },
    ),
    Preset(
        "HubSpot",
        "companies",
        "customers",
        tell=(("Record ID", "Company ID"), ("Company name",), ("Company owner", "Industry")),
        fields={"external_key": ("Record ID", "Company ID"), "name": ("Company name",), "owner": ("Company owner",), "industry": ("Industry",)},
    ),
)
PIPEDRIVE = (
    Preset(
        "Pipedrive",
        "deals",
        "opportunities",
        tell=(("Deal - ID",), ("Deal - Title",), ("Deal - Stage", "Deal - Status")),
        fields={
            "external_key": ("Deal - ID",),
            "name": ("Deal - Title",),
            "owner": ("Deal - Owner",),
            "customer": ("Deal - Organization", "Organization - Name"),
            OUTCOME: ("Deal - Status",),
            "stage": ("Deal - Stage",),
            "amount": ("Deal - Value",),
            "currency": ("Deal - Currency", "Deal - Currency of Value"),
            "probability": ("Deal - Probability",),
            "created_on": ("Deal - Deal created",),
            "expected_close_on": ("Deal - Expected close date",),
            "lost_reason": ("Deal - Lost reason",),
        },
        ended=("Deal - Won time", "Deal - Lost time"),
    ),
    Preset(
        "Pipedrive",
        "organizations",
        "customers",
        tell=(("Organization - ID",), ("Organization - Name",)),
        fields={"external_key": ("Organization - ID",), "name": ("Organization - Name",), "owner": ("Organization - Owner",)},
    ),
    Preset(
        "Pipedrive",
        "activities",
        "activities",
        tell=(("Activity - ID",), ("Activity - Subject",)),
        fields={
            "external_key": ("Activity - ID",),
            "subject": ("Activity - Subject",),
            "kind": ("Activity - Type",),
            "rep": ("Activity - Assigned to user", "Activity - Owner"),
            "due_on": ("Activity - Due date",),
            "completed_on": ("Activity - Marked as done time",),
        },
    ),
)
ZOHO = (
    Preset(
        "Zoho CRM",
        "deals",
        "opportunities",
        tell=(("Deal Name", "Potential Name"), ("Stage",), ("Closing Date",)),
        fields={
            "external_key": ("Record Id", "Potential Id", "Deal Id"),
            "name": ("Deal Name", "Potential Name"),
            "owner": ("Deal Owner", "Potential Owner"),
            "customer": ("Account Name.id", "Account Name"),
            "stage": ("Stage",),
            "amount": ("Amount",),
            "currency": ("Currency",),
            "probability": ("Probability (%)", "Probability"),
            "created_on": ("Created Time",),
            CLOSE: ("Closing Date",),
            "lost_reason": ("Reason For Loss",),
        },
    ),
    Preset(
        "Zoho CRM",
        "accounts",
        "customers",
        tell=(("Record Id",), ("Account Name",), ("Account Owner", "Industry", "Account Type")),
        fields={"external_key": ("Record Id",), "name": ("Account Name",), "owner": ("Account Owner",), "industry": ("Industry",)},
    ),
    Preset(
        "Zoho CRM",
        "leads",
        "leads",
        tell=(("Record Id",), ("Lead Owner", "Lead Source"), ("Last Name", "Lead Name")),
        fields={
            "external_key": ("Record Id",),
            "name": ("Lead Name", "Full Name", "Last Name"),
            "company": ("Company",),
            "email": ("Email",),
            "phone": ("Phone",),
            "owner": ("Lead Owner",),
            "created_on": ("Created Time",),
        },
    ),
)
CLOSE_COM = (
    Preset(
        "Close",
        "opportunities",
        "opportunities",
        tell=(("lead_name",), ("value",), ("value_period", "status_label", "status")),
        fields={
            "external_key": ("id", "opportunity_id"),
            "name": ("note", "lead_name"),
            "owner": ("user_name",),
            "customer": ("lead_id", "lead_name"),
            "stage": ("status_label", "status"),
            "amount": ("value",),
            "currency": ("value_currency",),
            "probability": ("confidence",),
            "created_on": ("date_created",),
            "expected_close_on": ("estimated_close", "estimated_close_date"),
        },
        ended=("date_won", "date_lost"),
        factor="0.01",
        times_by=TimesBy("value_period", {"one_time": Decimal(1), "monthly": Decimal(12), "annual": Decimal(1)}),
    ),
)
PRESETS = (*HUBSPOT, *PIPEDRIVE, *ZOHO, *CLOSE_COM)
