"""How far those who answer who somebody is agree, by month, with few pairs hidden; and whose answers contradict each other.

Rule: the unit is a question that two people answered blind. Raw agreement comes with Wilson's interval, and Cohen's kappa,
which takes off what chance alone would give, with its large-sample interval (``core.inspection.agreement``). Where all agree
that interval has no width, whatever the number; then Wilson's lower limit of the raw agreement is used in its place. "Can't
tell" is a word like the others. A month, or the whole, of fewer pairs than the playbook says is hidden: it would say who.
Source: Cohen 1960; Fleiss, Cohen and Everitt 1969; Wilson 1927.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lodestar.core.inspection.agreement import kappa
from lodestar.core.measures.intervals import Interval, wilson


@dataclass(frozen=True, slots=True)
class Marked:
    """Two blind words on one question, and the London month of the second."""

    month: date
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Found:
    """Agreement in one period. All but ``pairs`` is None where too few are on hand, or where chance alone would agree.

    ``pairs`` is None too where it is hidden.
    """

    period: str  # "2026-06", or "all"
    pairs: int | None
    agreed: int | None = None
    raw: float | None = None
    raw_interval: Interval | None = None
    kappa: float | None = None
    kappa_interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Answers to questions whose truth is known: how many, right, and not able to tell; None where so few are hidden."""

    answers: int | None
    right: int | None = None
    cannot_tell: int | None = None


def found(marked: Sequence[Marked], *, period: str, few: int) -> Found:
    """Raw agreement and kappa of these pairs, each with its 95% interval; hidden where there are some, but fewer than ``few``."""
    if 0 < len(marked) < few:
        return Found(period, None)
    if not marked:
        return Found(period, 0)
    words = [(one.one, one.other) for one in marked]
    told = kappa(words)
    raw = wilson(hits=told.agreed, n=told.cases)
    return Found(period, told.cases, told.agreed, told.agreed / told.cases, raw, told.kappa, _of_kappa(words, raw))


def _of_kappa(words: Sequence[tuple[str, str]], raw: Interval) -> Interval | None:
    told = kappa(words)
    if told.kappa is None or told.lower is None or told.upper is None:
        return None
    if told.agreed < told.cases:
        return Interval(told.lower, told.upper, "large sample (Fleiss, Cohen and Everitt 1969)")
    rows, columns = Counter(one for one, _ in words), Counter(other for _, other in words)
    chance = sum(rows[word] * columns[word] for word in rows) / len(words) ** 2
    return Interval((raw.lower - chance) / (1 - chance), 1.0, "Wilson on the raw agreement, as all agree")


def by_month(marked: Iterable[Marked], *, few: int) -> tuple[Found, ...]:
    """Each month with a pair, newest first. Where exactly one month is hidden, the next smallest goes with it.

    The whole is published beside the months: one hidden month would be the whole less the others.
    """
    months: dict[date, list[Marked]] = defaultdict(list)
    for one in marked:
        months[one.month].append(one)
    told = {month: found(rows, period=f"{month:%Y-%m}", few=few) for month, rows in months.items()}
    hidden = [month for month, row in told.items() if row.pairs is None]
    shown = sorted((month for month in told if month not in hidden), key=lambda month: (len(months[month]), month))
    if len(hidden) == 1 and shown:
        told[shown[0]] = Found(f"{shown[0]:%Y-%m}", None)
    return tuple(told[month] for month in sorted(told, reverse=True))


def known(answers: Sequence[tuple[str, bool]], *, few: int) -> Known:
    """How answers to known pairs came out; each is its word and whether it was right."""
    if 0 < len(answers) < few:
        return Known(None)
    return Known(len(answers), sum(right for _, right in answers), sum(word == "cannot_tell" for word, _ in answers))


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody said of one report and one record, and at whose turn."""

    report: int
    person: int
    same: bool
    turn: str


def at_odds(told: Iterable[Told]) -> dict[int, tuple[int, ...]]:
    """The records about which people contradict each other, each with the reports it is about.

    One said that a report is about somebody and another that it is not, or two said that it is about two different people.
    Once a supervisor has decided, nothing is at odds.
    """
    reports: dict[int, list[Told]] = defaultdict(list)
    for one in told:
        reports[one.report].append(one)
    odd: dict[int, list[int]] = defaultdict(list)
    for report, said in sorted(reports.items()):
        if not any(one.turn == "third" for one in said):
            for person in _contradicted(said):
                odd[person].append(report)
    return {person: tuple(about) for person, about in odd.items()}


def _contradicted(said: Sequence[Told]) -> set[int]:
    same, apart = {one.person for one in said if one.same}, {one.person for one in said if not one.same}
    return (same & apart) | (same if len(same) > 1 else set())
