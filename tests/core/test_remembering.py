"""Words are written once for what they depend on, and anew for anything else."""

from decimal import Decimal

from django.utils import translation

from apps.core.remembering import remembered


def test_the_same_is_written_once_in_each_language_and_for_each_thing_else_it_depends_on() -> None:
    written, kind = [], ["gregorian"]

    @remembered(lambda: kind[0])
    def words(value: Decimal, places: int = 0) -> str:
        written.append((translation.get_language(), kind[0], value, places))
        return f"{value:.{places}f}"

    assert [words(Decimal(7)), words(Decimal(7)), words(Decimal(7), places=1)] == ["7", "7", "7.0"]
    with translation.override("de"):
        words(Decimal(7))
    kind[0] = "solar_hijri"
    words(Decimal(7))
    assert written == [("en", "gregorian", 7, 0), ("en", "gregorian", 7, 1), ("de", "gregorian", 7, 0), ("en", "solar_hijri", 7, 0)]


def test_zero_has_no_sign_whichever_comes_first() -> None:
    @remembered()
    def words(value: Decimal) -> str:
        return str(value)

    assert (words(Decimal("-0")), words(Decimal("0"))) == ("0", "0")


def test_only_so_many_are_kept() -> None:
    written = []

    @remembered(most=2)
    def words(value: int) -> tuple[int, str]:
        written.append(value)
        return value, str(value)

    assert [words(value) for value in (1, 2, 1, 3, 2)] == [(1, "1"), (2, "2"), (1, "1"), (3, "3"), (2, "2")]
    assert written == [1, 2, 3, 2]
