"""The return's own rules on its ``Missing`` table, each by its number. Written anew from the published rule texts.

A rule that makes a row unreadable as a fact refuses it. One that only says that two of the authority's tables disagree warns:
a child who was missing is not dropped because a date of care is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from lodestar.core.reports.ssda903 import AUTHORITY, AWAY, MISSING, CareEpisode, CollectionYear, MissingRow

Severity = Literal["refuse", "warn"]
NEED_CARE = ("575", "577", "578", "581")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its number in the return, whether it refuses, the column it is about and what to do."""

    number: str
    severity: Severity
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a row breaks. ``row`` is 0 where the row is absent; ``child`` is the authority's number."""

    rule: Rule
    row: int
    child: str
    authority: str = AUTHORITY


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A rule that could not be run, and what it needs."""

    number: str
    why: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Everything that was found, and every rule that was not run. No finding does not mean checked."""

    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]

    def by_row(self, severity: Severity) -> dict[int, list[Finding]]:
        """The findings of one severity by row; rows without one are not in it."""
        found: dict[int, list[Finding]] = {}
        for one in self.findings:
            if one.rule.severity == severity:
                found.setdefault(one.row, []).append(one)
        return found


@dataclass(frozen=True, slots=True)
class PeriodOfCare:
    """Placements without a gap between them."""

    began: date
    ended: date | None

    def holds(self, on: date) -> bool:
        """Whether the day lies in it, both ends included."""
        return self.began <= on and (self.ended is None or on <= self.ended)


RULES: dict[str, Rule] = {
    rule.number: rule
    for rule in (
        Rule("564", "refuse", "MIS_START", "Give the day on which the child went missing or away, or clear the type."),
        Rule("565", "refuse", "MISSING", "Say whether the child was missing (M) or away without authorisation (A)."),
        Rule("566", "refuse", "MISSING", "There is an end and no type. Say M or A, or clear the end."),
        Rule("567", "refuse", "MIS_END", "The end is before the start. Correct one of the two days."),
        Rule("570", "warn", "MIS_START", "The start is after the collection year. Check it, or leave it to next year's return."),
        Rule("571", "warn", "MIS_END", "The end is outside the collection year. Check it, or leave it to the return of its year."),
        Rule("574", "warn", "MIS_START", "An earlier period of this child is still open or overlaps. End that one first."),
        Rule("575", "warn", "MIS_END", "The placement that the child went from has ended. Give this period an end."),
        Rule("576", "warn", "MIS_START", "Open in last year's return and not in this one. Put it in, with its end if it has one."),
        Rule("577", "warn", "MIS_END", "The child is no longer looked after. Give this period an end."),
        Rule("578", "warn", "MIS_START", "The start is after the child ceased to be looked after. Check both days."),
        Rule("581", "warn", "MIS_START", "The start is before the child began to be looked after. Check both days."),
        Rule("586", "refuse", "MIS_START", "The start is before the child was born. Check both days."),
        Rule("1006", "refuse", "MISSING", "The type is M (missing) or A (away from placement without authorisation)."),
    )
}


def rule_564(row: MissingRow) -> bool:
    """A type needs a start."""
    return bool(row.kind) and row.start is None


def rule_565(row: MissingRow) -> bool:
    """A start needs a type."""
    return row.start is not None and not row.kind


def rule_566(row: MissingRow) -> bool:
    """An end needs a type."""
    return row.end is not None and not row.kind


def rule_567(row: MissingRow) -> bool:
    """A period does not end before it starts; on the same day it may."""
    return row.start is not None and row.end is not None and row.end < row.start


def rule_586(row: MissingRow) -> bool:
    """Nobody is missing before they are born."""
    return row.born is not None and row.start is not None and row.start < row.born


def rule_1006(row: MissingRow) -> bool:
    """The type is M or A."""
    return row.kind not in ("", MISSING, AWAY)


def rule_570(row: MissingRow, year: CollectionYear) -> bool:
    """A start lies on or before the last day of the collection year."""
    return row.start is not None and row.start > year.end


def rule_571(row: MissingRow, year: CollectionYear) -> bool:
    """An end lies in the collection year."""
    return row.end is not None and not year.start <= row.end <= year.end


def rule_574(row: MissingRow, others: Iterable[MissingRow]) -> bool:
    """No period starts while another of the child is open or runs on; one may start on the day another ends."""
    if row.start is None:
        return False
    earlier = (one for one in others if one.start is not None and (one.start, one.number) < (row.start, row.number))
    return any(one.end is None or row.start < one.end for one in earlier)


def rule_575(row: MissingRow, placements: Sequence[CareEpisode]) -> bool:
    """An open period needs an end once the placement that the child went from has ended.

    On a day when one placement ends and the next begins, the child is taken to have gone from the next.
    """
    if row.start is None or row.end is not None:
        return False
    day = row.start
    held = [one for one in placements if one.began <= day and (one.ended is None or day <= one.ended)]
    return bool(held) and max(held, key=lambda one: one.began).ended is not None


def rule_576(row: MissingRow, this_year: Iterable[MissingRow]) -> bool:
    """A period open in last year's return is in this year's, with the same start. ``row`` is last year's."""
    if row.start is None or row.end is not None:
        return False
    return not any((one.child, one.start) == (row.child, row.start) for one in this_year)


def rule_577(row: MissingRow, care: Sequence[PeriodOfCare]) -> bool:
    """An open period needs an end once the child's period of care has ended."""
    if row.start is None or row.end is not None:
        return False
    before = [one for one in care if one.began <= row.start]
    return bool(before) and before[-1].ended is not None


def rule_578(row: MissingRow, care: Sequence[PeriodOfCare]) -> bool:
    """No period starts after the child ceased to be looked after and before care began again."""
    if row.start is None or any(one.holds(row.start) for one in care):
        return False
    return any(one.ended is not None and one.ended < row.start for one in care)


def rule_581(row: MissingRow, care: Sequence[PeriodOfCare]) -> bool:
    """No period starts before the child first began to be looked after."""
    return row.start is not None and bool(care) and row.start < care[0].began


ROW_RULES: dict[str, Callable[[MissingRow], bool]] = {
    "564": rule_564,
    "565": rule_565,
    "566": rule_566,
    "567": rule_567,
    "586": rule_586,
    "1006": rule_1006,
}
YEAR_RULES: dict[str, Callable[[MissingRow, CollectionYear], bool]] = {"570": rule_570, "571": rule_571}
CARE_RULES: dict[str, Callable[[MissingRow, Sequence[PeriodOfCare]], bool]] = {"577": rule_577, "578": rule_578, "581": rule_581}


def check(
    *,
    rows: Sequence[MissingRow],
    year: CollectionYear | None = None,
    care: Sequence[CareEpisode] | None = None,
    last_year: Sequence[MissingRow] | None = None,
) -> Checked:
    """Every rule that can be run is run on every row; those that need what was not given are named as not checked."""
    findings = [*_by_row(rows), *_by_child(rows)]
    if year is not None:
        findings += _by_year(rows, year)
    if care is not None:
        findings += _by_care(rows, _by(care))
    if last_year is not None:
        findings += [Finding(RULES["576"], 0, row.child) for row in last_year if rule_576(row, rows)]
    order = list(RULES)
    findings.sort(key=lambda one: (one.row, order.index(one.rule.number)))
    return Checked(tuple(findings), tuple(_not_checked(rows, year, care, last_year)))


def periods_of_care(placements: Sequence[CareEpisode]) -> tuple[PeriodOfCare, ...]:
    """One child's placements run together where one begins no later than the last ended."""
    periods: list[PeriodOfCare] = []
    for one in sorted(placements, key=lambda placement: placement.began):
        last = periods[-1] if periods else None
        if last is None or (last.ended is not None and one.began > last.ended):
            periods.append(PeriodOfCare(one.began, one.ended))
        else:
            ended = None if last.ended is None or one.ended is None else max(last.ended, one.ended)
            periods[-1] = PeriodOfCare(last.began, ended)
    return tuple(periods)


def _by_row(rows: Sequence[MissingRow]) -> Iterator[Finding]:
    for row in rows:
        yield from (Finding(RULES[code], row.number, row.child) for code, broken in ROW_RULES.items() if broken(row))


def _by_year(rows: Sequence[MissingRow], year: CollectionYear) -> Iterator[Finding]:
    for row in rows:
        yield from (Finding(RULES[code], row.number, row.child) for code, broken in YEAR_RULES.items() if broken(row, year))


def _by_child(rows: Sequence[MissingRow]) -> Iterator[Finding]:
    ordered = sorted(rows, key=lambda row: row.child)
    for _, group in groupby(ordered, key=lambda row: row.child):
        theirs = list(group)
        yield from (Finding(RULES["574"], row.number, row.child) for row in theirs if rule_574(row, theirs))


def _by_care(rows: Sequence[MissingRow], care: Mapping[str, list[CareEpisode]]) -> Iterator[Finding]:
    for row in rows:
        placements = care.get(row.child, [])
        if rule_575(row, placements):
            yield Finding(RULES["575"], row.number, row.child)
        periods = periods_of_care(placements)
        yield from (Finding(RULES[code], row.number, row.child) for code, broken in CARE_RULES.items() if broken(row, periods))


def _by(care: Sequence[CareEpisode]) -> dict[str, list[CareEpisode]]:
    by_child: dict[str, list[CareEpisode]] = {}
    for one in care:
        by_child.setdefault(one.child, []).append(one)
    return by_child


def _not_checked(
    rows: Sequence[MissingRow],
    year: CollectionYear | None,
    care: Sequence[CareEpisode] | None,
    last_year: Sequence[MissingRow] | None,
) -> Iterator[NotChecked]:
    if year is None:
        yield from (NotChecked(code, "Not checked: say which collection year this is.") for code in YEAR_RULES)
    if care is None:
        yield from (NotChecked(code, "Not checked: needs the return's Episodes table.") for code in NEED_CARE)
    else:
        without = len({row.child for row in rows} - {one.child for one in care})
        why = f"Not checked for {without} children who are not in the Episodes table."
        yield from (NotChecked(code, why) for code in NEED_CARE if without)
    if last_year is None:
        yield NotChecked("576", "Not checked: needs last year's Missing table.")
