"""Puts the cast on its dates: regions, teams, reps, who was where on which day, and who signs in."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from apps.accounts.models import Role, User
from apps.core.periods import Calendar, add_months
from apps.demo import cast, names, seasons
from apps.reps.models import Membership, Region, Rep, Team, TeamManager

MONTHS_TO_RAMP = 4


@dataclass(frozen=True, eq=False)
class Seller:
    """One rep with the teams they were in, in order."""

    rep: Rep
    strength: float
    stints: tuple[Membership, ...]

    def team_on(self, day: date) -> Team | None:
        """Return the team they stand in on a day; None before being hired and after leaving."""
        for stint in self.stints:
            if stint.start_on <= day and (stint.end_on is None or day < stint.end_on):
                return stint.team
        return None

    def ramp(self, day: date) -> float:
        """Return how much of their strength a newcomer has on a day: half at first, all of it after some months."""
        months = (day - self.rep.hired_on).days / 30.4
        return min(1.0, 0.5 + 0.5 * months / MONTHS_TO_RAMP)


@dataclass
class Staff:
    """Everybody of the demo company, not yet saved."""

    regions: list[Region] = field(default_factory=list)
    teams: dict[str, Team] = field(default_factory=dict)
    users: list[User] = field(default_factory=list)
    managers: list[TeamManager] = field(default_factory=list)
    sellers: list[Seller] = field(default_factory=list)

    def in_team(self, team: Team | None, day: date) -> list[Seller]:
        return [seller for seller in self.sellers if team and seller.team_on(day) is team]

    def heir(self, rng: Random, seller: Seller, day: date) -> Seller:
        """Return the teammate who takes over on the day a rep leaves, or another colleague if there is none."""
        team = seller.stints[-1].team
        staying = [other for other in self.sellers if other is not seller and other.rep.left_on is None and other.rep.hired_on < day]
        return rng.choice([other for other in staying if other.team_on(day) is team] or staying)


def region_of(team: Team) -> Region:
    """Return a team's region, its own or the one of the team it is part of."""
    return team.region or region_of(team.parent)


def gather(rng: Random, plan: Calendar, *, on: date) -> Staff:
    """Return the staff as of a day."""
    staff = Staff(regions=[Region(name=name) for name in cast.REGIONS])
    staff.users += [user(cast.ADMIN, Role.ADMIN), user(cast.VIEWER, Role.VIEWER)]
    regions = {region.name: region for region in staff.regions}
    for part in cast.TEAMS:
        staff.teams[part.name] = Team(name=part.name, region=regions.get(part.region), parent=staff.teams.get(part.parent))
        appoint(staff, part, plan, on=on)
    staff.sellers += [hire(rng, staff, part, plan, on=on) for part in cast.REPS]
    return staff


def user(name: str, role: Role, *, is_active: bool = True) -> User:
    return User(name=name, email=names.email(name, cast.DOMAIN), role=role, is_active=is_active)


def appoint(staff: Staff, part: cast.TeamPart, plan: Calendar, *, on: date) -> None:
    """Give a team its manager, and the one before whom they followed."""
    team, since = staff.teams[part.name], add_months(seasons.history_start(on), -24)
    if part.manager_before:
        before, changed = user(part.manager_before, Role.MANAGER, is_active=False), months_before(plan, part.months_managed, on=on)
        staff.users.append(before)
        staff.managers.append(TeamManager(team=team, user=before, start_on=since, end_on=changed))
        since = changed
    leader = user(part.manager, Role.MANAGER)
    staff.users.append(leader)
    staff.managers.append(TeamManager(team=team, user=leader, start_on=since))


def hire(rng: Random, staff: Staff, part: cast.RepPart, plan: Calendar, *, on: date) -> Seller:
    """Return a rep with the days on which they came, moved and left."""
    months = rng.randint(seasons.MONTHS + 4, seasons.MONTHS + 90) if part.came == cast.OLD_HAND else part.came
    left_on = months_before(plan, part.left, on=on) if part.left else None
    rep = Rep(name=part.name, hired_on=months_before(plan, months, on=on), left_on=left_on)
    if part.signs_in:
        rep.user = user(part.name, Role.REP)
        staff.users.append(rep.user)
    first = Membership(rep=rep, team=staff.teams[part.team], start_on=rep.hired_on, end_on=left_on)
    if not part.moved:
        return Seller(rep, part.strength, (first,))
    first.end_on = months_before(plan, part.moved, on=on)
    second = Membership(rep=rep, team=staff.teams[part.moved_to], start_on=first.end_on, end_on=left_on)
    return Seller(rep, part.strength, (first, second))


def months_before(plan: Calendar, months: int, *, on: date) -> date:
    """Return the first working day of the month so many months before a day."""
    return seasons.working_day(plan, add_months(on.replace(day=1), -months))
