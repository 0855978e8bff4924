"""The same mistakes stand together, and however many there are take little room."""

from apps.imports.report import LINES, Mistakes, RowError


def error(line: int, value: str) -> RowError:
    return RowError("deals.csv", line, "Amount", value, "It is not a number.", "Write one.")


def test_the_same_mistakes_are_counted_together_and_their_first_lines_named() -> None:
    found = Mistakes(most=2)
    found.add(error(line, "n/a") for line in range(2, 1002))
    found.add([error(1002, "none"), error(1003, "n/a"), error(1004, "nil")])
    assert [(one.value, one.lines, one.count) for one in found] == [("n/a", tuple(range(2, 2 + LINES)), 1001), ("none", (1002,), 1)]
    assert found.count == 1003
