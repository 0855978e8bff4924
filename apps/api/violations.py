"""What the database refuses, as an answer: the field, what is wrong, and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _, ngettext
from rest_framework.exceptions import ValidationError

from apps.api.rules import RULES

UNIQUE, FOREIGN = "23505", "23503"


@contextmanager
def answered() -> Iterator[None]:
    """Write in one transaction; raise ValidationError for whatever the database refuses, also what it checks last."""
    try:
        with transaction.atomic():
            yield
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except (ProtectedError, RestrictedError) as error:
        raise ValidationError({"detail": [_in_use(error)]}) from error
    except IntegrityError as error:
        raise refusal(error) from error
    except DataError as error:
        raise ValidationError({"detail": [_("A number or text is too big to be stored. Write a smaller one.")]}) from error


def refusal(error: IntegrityError) -> ValidationError:
    """Put a broken constraint or trigger rule into words."""
    cause = error.__cause__
    diagnosis = getattr(cause, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    if name in RULES:
        field, words = RULES[name]
        return ValidationError({field: [words]})
    state = getattr(cause, "sqlstate", "")
    if state == UNIQUE:
        return ValidationError({"detail": [_("Another row has the same key. Change that row, or choose another key.")]})
    if state == FOREIGN:
        return ValidationError({"detail": [_("A row that this one names, or that names this one, stands in the way. Read both again and repeat.")]})
    return ValidationError({"detail": [_("This breaks the rule “%(rule)s”. Correct the row.") % {"rule": name.replace("_", " ")}]})


def _in_use(error: ProtectedError | RestrictedError) -> str:
    """Say what still needs the row."""
    rows = list(getattr(error, "protected_objects", None) or getattr(error, "restricted_objects", ()))
    kinds = sorted({str(row._meta.verbose_name_plural) for row in rows})
    words = ngettext(
        "%(count)d other row needs it (%(kinds)s). Delete that first, or let it name another.",
        "%(count)d other rows need it (%(kinds)s). Delete those first, or let them name another.",
        len(rows),
    )
    return words % {"count": len(rows), "kinds": ", ".join(kinds)}
