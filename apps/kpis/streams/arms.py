"""What a stream is: dated records in SQL, from which measures are counted."""

import re
from dataclasses import dataclass
from functools import cached_property

UNDATED = "DATE '0001-01-01'"  # the day of what has no day: it lies in no period, and every figure says how many there are
NOBODY = "0::bigint"  # the rep of what belongs to the company as a whole
NO_CREW = "NULL::bigint[]"  # nobody shares the record
WHOLE = "NULL::numeric"  # the share of who has all of it
FOREVER = "DATE '9999-12-31'"


@dataclass(frozen=True)
class Arm:
    """One place records come from. `day` and `rep` are SQL; so are the columns, in the stream's order.

    `crew` are all credited reps where there are several; `is_first` holds for one of them.
    `of` is the table, named in `tables`, whose rows the stream's candidates are; an arm without one finds its records of a cell by itself.
    """

    tables: str
    day: str
    rep: str
    columns: tuple[str, ...] = ()
    where: str = "TRUE"
    record: str = "o.id"
    share: str = WHOLE
    crew: str = NO_CREW
    is_first: str = ""
    region: str = "coalesce(c.region_id, 0)"
    of: str = ""


@dataclass(frozen=True)
class Stream:
    """Records of one model with a day and a rep; `part` breaks all its measures down, by the rows of the division that `part_of` names.

    `is_windowed`: its SQL joins `win(id, day, start_on, end_on, cut_on)`, a row for each day of a window; the day of a record is one of them, and
    the part is the window.
    `is_so_far`: what a record adds depends on the day one looks (`{cut}`), so the past cannot be read from stored sums.
    `candidates`: the rows (arms say of which table) that can have records in the cells `cell(day, rep)`, where arms cannot be asked by day and rep
    themselves. `reaches`: tables and columns of further days that periods must reach.
    """

    key: str
    source: str
    model: str
    columns: tuple[str, ...]
    arms: tuple[Arm, ...]
    part: str = "0"
    part_of: str = ""
    is_windowed: bool = False
    is_so_far: bool = False
    candidates: str = ""
    reaches: tuple[tuple[str, str], ...] = ()

    @property
    def is_of_company(self) -> bool:
        """Whether no record has a rep: then there are sums for the company only."""
        return all(arm.rep == NOBODY for arm in self.arms)

    @cached_property
    def may_be_undated(self) -> bool:
        return any(arm.day == UNDATED for arm in self.arms)

    @cached_property
    def is_shareable(self) -> bool:
        """Whether several reps may share a record."""
        return any(arm.is_first for arm in self.arms)

    def sql(self, within: str, *, cut: str = FOREVER) -> str:
        """Return the records as a SELECT; `within` limits them by `{day}`, `{rep}` and `{record}`."""
        return "\nUNION ALL\n".join(self._arm_sql(arm, within, cut) for arm in self.arms)

    def rows(self, columns: str, within: str, *, cut: str = FOREVER) -> str:
        """Return some columns of the records, SQL over `x`, as a SELECT.

        Each arm says them for itself, so the planner leaves out what an arm gives nothing for.
        """
        return "\nUNION ALL\n".join(f"SELECT {columns} FROM ({self._arm_sql(arm, within, cut)}) x" for arm in self.arms)

    def rows_at_once(self, columns: str, within: str, *, only_candidates: bool = False, only_first: bool = False, cut: str = FOREVER) -> str:
        """Return the same as `rows`, with one look at the tables for all arms that read the same ones.

        `only_candidates`: at the rows of the table `candidate` alone; `only_first`: what several reps share, once for all of them.
        """
        looks: dict[tuple[str, str], list[Arm]] = {}
        for arm in self.arms:
            tables = re.sub(rf"\b{arm.of}\b", "candidate", arm.tables, count=1) if only_candidates and arm.of else arm.tables
            if arm.is_first or not only_first:
                looks.setdefault((tables, arm.is_first if only_first else "TRUE"), []).append(arm)
        return "\nUNION ALL\n".join(self._look_sql(columns, tables, arms, within, among, cut) for (tables, among), arms in looks.items())

    def _look_sql(self, columns: str, tables: str, arms: list[Arm], within: str, among: str, cut: str) -> str:
        if len(arms) == 1:
            return f"SELECT {columns} FROM ({self._record_sql(arms[0], within, cut, f'FROM {tables}', among)}) x"
        each = "\nUNION ALL\n".join(f"SELECT {columns} FROM ({self._record_sql(arm, within, cut)}) x" for arm in arms)
        limits = " OR ".join(dict.fromkeys(f"({self._limit(arm, within)})" for arm in arms))
        return f"SELECT e.* FROM {tables} CROSS JOIN LATERAL ({each}) e WHERE {among} AND ({limits})".replace("{cut}", cut)

    def _arm_sql(self, arm: Arm, within: str, cut: str) -> str:
        return self._record_sql(arm, within, cut, f"FROM {arm.tables}")

    def _record_sql(self, arm: Arm, within: str, cut: str, tables: str = "", among: str = "TRUE") -> str:
        """Return what an arm gives of its tables, or of the row of them that is looked at."""
        named = ", ".join(f"{sql} AS {name}" for name, sql in zip(self.columns, arm.columns, strict=True))
        window = ", win.id AS win" if self.is_windowed else ""
        text = f"""SELECT {arm.record} AS record, {arm.day} AS day, {arm.rep} AS rep, {arm.share} AS share, {arm.crew} AS crew,
            {arm.region} AS region{window}{", " + named if named else ""} {tables} WHERE {among} AND ({arm.where}) AND {self._limit(arm, within)}"""
        return text.replace("{cut}", cut)

    def _limit(self, arm: Arm, within: str) -> str:
        return within.format(day=arm.day, rep=arm.rep, record=arm.record)
