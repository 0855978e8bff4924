"""The board of a company that has no deal yet: for an admin, where to begin; for everybody, only what there is."""

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.models import Organisation
from apps.dashboards.boards.board import Section, Viewer
from apps.dashboards.widgets.beginning import Step, beginning
from apps.dashboards.widgets.hero import Hero
from apps.goals.models import Goal
from apps.opportunities.models import Opportunity
from apps.reps.models import Rep, Team

WITHOUT_DEALS = {"hero", "teams", "regions", "people"}


def is_bare(built: list[Section]) -> bool:
    """Whether there is nothing yet that a board could draw; asked of the database only where nothing was won."""
    won = next((one.number.raw for section in built for one in section.widgets if isinstance(one, Hero)), "")
    return won in ("", "0") and not Opportunity.objects.exists()


def sections(built: list[Section], viewer: Viewer) -> list[Section]:
    """Keep what says something without a deal, and let an admin's first steps lead."""
    has_people = Rep.objects.exists()
    kept = [one for one in built if one.id in WITHOUT_DEALS and has_people]
    kept = [Section(one.id, 12, one.widgets) for one in kept]
    return [Section("beginning", 12, (beginning(_steps()),)), *kept] if viewer.is_admin else kept or built[:1]


def _steps() -> list[Step]:
    organisation = Organisation.get()
    words = {"name": organisation.name, "currency": organisation.currency, "zone": organisation.time_zone}
    return [
        Step(
            _("Name the company, its currency and its time zone. Now: %(name)s, %(currency)s, %(zone)s.") % words,
            reverse("admin:core_organisation_changelist"),
            _("Set them"),
        ),
        Step(_("Add the teams."), reverse("admin:reps_team_changelist"), _("Teams"), Team.objects.exists()),
        Step(_("Add the people and put them into teams."), reverse("admin:reps_rep_changelist"), _("People"), Rep.objects.exists()),
        Step(_("Import customers and deals from files with the command “import”, or send them through the API."), reverse("api:docs"), _("API")),
        Step(_("Enter targets."), reverse("dashboards:goals-enter"), _("Targets"), Goal.objects.exists()),
    ]
