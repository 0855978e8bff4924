"""The people every test knows. Alice sells in North, Bob leads it, Carol runs the company, Erin looks on; Dave is elsewhere and must be refused."""

from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from apps.accounts.models import Role, User
from apps.reps.models import Region, Rep, Team
from tests import make

NAMES = ("alice", "bob", "carol", "dave", "erin")
BACKEND = "apps.accounts.backends.EmailBackend"


@dataclass(frozen=True)
class People:
    """Alice and Dave are reps (their sign-in is `.user`), the others users; `users` has the sign-in of each by name."""

    alice: Rep
    bob: User
    carol: User
    dave: Rep
    erin: User
    north: Team
    south: Team
    region: Region

    @property
    def users(self) -> dict[str, User]:
        people = {name: getattr(self, name) for name in NAMES}
        return {name: person.user if isinstance(person, Rep) else person for name, person in people.items()}

    def client(self, name: str) -> Client:
        """Return a test client that is signed in as one of them."""
        return signed_in(self.users[name])


def signed_in(user: User) -> Client:
    """Return a test client with a session of its own, without all that happens when somebody signs in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: user.get_session_auth_hash()})
    session.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def arrive() -> People:
    """Make everybody, in an organisation that counts in euros. All passwords are `make.PASSWORD`."""
    make.organisation()
    region = make.region("Europe")
    north, south = make.team("North", region=region), make.team("South", region=region)
    bob = make.user("Bob Berg", role=Role.MANAGER, email="bob@kpiboard.example")
    make.manager(north, bob)
    return People(
        alice=make.rep("Alice Adler", team=north, user=make.user("Alice Adler", email="alice@kpiboard.example")),
        bob=bob,
        carol=make.user("Carol Costa", role=Role.ADMIN, email="carol@kpiboard.example"),
        dave=make.rep("Dave Dahl", team=south, user=make.user("Dave Dahl", email="dave@kpiboard.example")),
        erin=make.user("Erin Egede", role=Role.VIEWER, email="erin@kpiboard.example"),
        north=north,
        south=south,
        region=region,
    )
