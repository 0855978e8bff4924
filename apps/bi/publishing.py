"""Makes the views, and grants them to the roles that may use their schema."""

import re

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.bi.relations import View, views

SCHEMA = "bi"
ROLES = """SELECT DISTINCT pg_get_userbyid(a.grantee) FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) a
    WHERE n.nspname = %s AND a.privilege_type = 'USAGE' AND a.grantee NOT IN (0, n.nspowner)"""


ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")
# A role that has more to do than to read: whoever asks, a superuser, who may make roles or databases, owns a database or a table of this one.
HAS_MORE = """SELECT 1 FROM pg_roles r WHERE r.rolname = %s AND (r.rolname = current_user OR r.rolsuper OR r.rolcreaterole OR r.rolcreatedb
    OR EXISTS (SELECT FROM pg_database d WHERE d.datdba = r.oid) OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid))"""


class Refused(Exception):
    """This role is none to read by; the message says why."""


class NotAllowed(Exception):
    """The database user may not make roles; the message says what somebody who may has to run."""


def publish() -> None:
    """Make every view anew, and hand them to whom they were granted before."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        drop()
        for view in views():
            cursor.execute(f"CREATE VIEW {SCHEMA}.{view.name} AS {view.select}")
            _describe(view)
        for role in roles():
            cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {connection.ops.quote_name(role)}")


def _describe(view: View) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON VIEW {SCHEMA}.{view.name} IS {_text(view.about)}")
        for column in view.columns:
            cursor.execute(f"COMMENT ON COLUMN {SCHEMA}.{view.name}.{column.name} IS {_text(column.about)}")


def _text(words: str) -> str:
    return "'" + words.replace("'", "''").replace("%", "%%") + "'"


def drop() -> None:
    """Take the views away; the schema stays, and with it who may use it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.views WHERE table_schema = %s", [SCHEMA])
        if names := [f"{SCHEMA}.{connection.ops.quote_name(name)}" for (name,) in cursor.fetchall()]:
            cursor.execute(f"DROP VIEW {', '.join(names)}")


def roles() -> list[str]:
    """Return who may use the schema."""
    with connection.cursor() as cursor:
        cursor.execute(ROLES, [SCHEMA])
        return [name for (name,) in cursor.fetchall()]


def grants(role: str) -> list[str]:
    """Return the statements that let a role read the views and nothing else, and keep it from holding the database up."""
    name, database = connection.ops.quote_name(role), connection.ops.quote_name(str(connection.settings_dict["NAME"]))
    return [
        f"GRANT CONNECT ON DATABASE {database} TO {name}",
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {name}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {name}",
        f"ALTER ROLE {name} SET default_transaction_read_only = on",
        f"ALTER ROLE {name} SET statement_timeout = '2min'",
        f"ALTER ROLE {name} SET search_path = {SCHEMA}",
    ]


def grant(role: str, *, password: str = "") -> None:
    """Make a role that reads the views, or let one that is there; raise Refused for one that has more to do than to read, NotAllowed where the database user may not."""
    if not ROLE.fullmatch(role):
        raise Refused(_("A role is called by small letters, digits and _, such as kpiboard_bi."))
    name = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        cursor.execute(HAS_MORE, [role])
        if cursor.fetchone():
            raise Refused(
                _("%(role)s owns tables or rules the server, as the sign-in of KPIBoard itself does. Name one that is made for reading.") % {"role": role}
            )
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s), (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user)", [role]
        )
        is_there, may_make = cursor.fetchone()
        if not may_make:
            made = [] if is_there else [f"CREATE ROLE {name} LOGIN PASSWORD '…'"]
            raise NotAllowed(";\n".join([*made, *grants(role)]) + ";")
        with transaction.atomic():
            if not is_there:
                cursor.execute(f"CREATE ROLE {name} LOGIN")
            if password:
                cursor.execute(f"ALTER ROLE {name} PASSWORD %s", [password])
            for statement in grants(role):
                cursor.execute(statement)
