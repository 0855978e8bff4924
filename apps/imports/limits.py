"""How large what a file holds may be: far above what people export, far below what would fill a machine."""

from django.utils.translation import gettext as _

from apps.imports.keys import MappingError, Problem

CELL = 1_000_000  # signs of one cell
LINE = 4_000_000  # signs of one line, and of one JSON record
HEAD = 50  # lines among which the header stands
ENTRIES = 1_000  # files in one package
RATIO = 200  # how many times its size a package may hold
ALWAYS = 100 * 1024 * 1024  # bytes that a package may hold whatever its size
TOTAL = 20 * 1024 * 1024 * 1024


def room(packed: int) -> int:
    """Return how many bytes a package of a size may hold."""
    return min(TOTAL, max(ALWAYS, packed * RATIO))


def too_long(name: str, line: int) -> MappingError:
    wrong = _("Line %(line)s is longer than %(limit)s signs, or one of its cells than %(cell)s.") % {"line": line, "limit": f"{LINE:,}", "cell": f"{CELL:,}"}
    return MappingError([Problem(name, wrong, _("Check that it is a table with one row a line, and that its quotes are closed."))])


def too_large(name: str, packed: int) -> MappingError:
    wrong = _("Unpacked it is larger than %(limit)s bytes.") % {"limit": f"{room(packed):,}"}
    return MappingError([Problem(name, wrong, _("Unpack it yourself, and import the files that you know."))])
