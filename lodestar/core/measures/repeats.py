"""M3: going missing again. Four numbers go by the one name of "repeat rate"; each stands here under its own.

The look-back rolls: a calendar year would start every child at nought in January. Source: measures.md 2.3.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

from lodestar.core.measures.caveats import caveats_of
from lodestar.core.measures.cohort import Cohort, cohort
from lodestar.core.measures.drawn import Ask, Drawn
from lodestar.core.measures.episodes import MICROSECOND, Episode, Observed
from lodestar.core.measures.facts import Facts
from lodestar.core.measures.intervals import Interval
from lodestar.core.measures.recurrence import Spell, mean_cumulative, recurrence_band, spells_of
from lodestar.core.measures.sheet import DAY, Lasted, Marked, Sheet
from lodestar.core.times import comes_of_age
from lodestar.core.words import Period

ADULT = 18
AGAIN, GROWN = "again", "turned 18"
Histories = Mapping[str, Sequence[Observed]]


def draw(facts: Facts, ask: Ask) -> tuple[Drawn, ...]:
    """R1 to R4, how soon a child goes missing again after the first return, and how often on average."""
    definition = ask.definition
    ends = min(ask.period.until_at or ask.as_of, ask.as_of)
    back = timedelta(days=definition.look_back_days)
    far = Period(min(ask.period.from_at, ends) - back, ends)
    whole = cohort(episodes=facts.episodes, period=far, as_of=ask.as_of, clock=definition.clock, age_under=definition.age_under)
    window = [row for row in whole.observed if row.start >= ends - back]
    population = f"missing episodes, under {definition.age_under} at the start; looks back {definition.look_back_days} days"
    sheet = Sheet(ask, population, caveats_of(whole, period=ask.period, definition=definition))
    sheet.share("R1", _again(whole, ask.period, back))
    sheet.share("R2", _of_repeaters(window))
    sheet.share("R3", _children(window, fewest=2))
    days = int(definition.own["trigger_days"])
    sheet.count(
        "R4", _children([row for row in window if row.start >= ends - timedelta(days=days)], fewest=int(definition.own["trigger_count"]))
    )
    _next(sheet, histories(window))
    return sheet.lines


def histories(rows: Sequence[Observed]) -> dict[str, list[Observed]]:
    """Each child's episodes, oldest first."""
    found: dict[str, list[Observed]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.start, row.episode.id)):
        found[row.child].append(row)
    return found


def first_gaps(by_child: Histories, *, as_of: datetime) -> list[tuple[Lasted, str]]:
    """From each child's first return in the window to the next report, with what ended the wait; "" where nothing did yet.

    Only the gaps after first returns are independent from child to child. Turning 18 competes with going again.
    """
    found = []
    for child, history in by_child.items():
        first, back, later = _after_first(history, as_of)
        if first is None or back is None:
            continue
        grown = comes_of_age(first.birth_date, ADULT) if first.birth_date is not None else None
        ends = [(row.start, AGAIN) for row in later[:1]] + ([(max(grown, back), GROWN)] if grown is not None else [])
        at, how = min((end for end in ends if end[0] <= as_of), default=(as_of, ""))
        found.append((Lasted(first.id, child, (at - back) // MICROSECOND, bool(how)), how))
    return found


def _next(sheet: Sheet, by_child: Histories) -> None:
    own, as_of = sheet.ask.definition.own, sheet.ask.as_of
    gaps = first_gaps(by_child, as_of=as_of)
    sheet.by_when("days to the next", "days", [replace(row, ended=how == AGAIN) for row, how in gaps], share=Fraction(1, 2))
    sheet.outcome("again in time", gaps, of=AGAIN, limit=int(own["next_days"]) * DAY)
    _on_average(sheet, by_child, int(own["mean_days"]) * DAY)


def _on_average(sheet: Sheet, by_child: Histories, limit: int) -> None:
    """How many further episodes a child has had on average so long after the first return; nobody is at risk while missing."""
    as_of = sheet.ask.as_of
    spells: list[Spell] = []
    rows: list[Marked] = []
    for number, (child, history) in enumerate(by_child.items()):
        first, back, later = _after_first(history, as_of)
        if first is None or back is None:
            continue
        grown = comes_of_age(first.birth_date, ADULT) if first.birth_date is not None else None
        stop = min(as_of, grown) if grown is not None else as_of
        if stop <= back:
            continue
        told = [((row.start - back) // MICROSECOND, _ended(row, back, as_of)) for row in later if back < row.start <= stop]
        spells += spells_of(number, episodes=told, end=(stop - back) // MICROSECOND)
        rows.append(Marked(first.id, child, any(begun <= limit for begun, _ in told)))
    found = mean_cumulative(spells) if spells else None
    if found is None or found.row(limit) < 0:
        sheet.number("further episodes", "per_child", rows, value=0.0 if spells else None)
        return
    place = found.row(limit)
    lower, upper = recurrence_band(found)
    interval = Interval(float(lower[place]), float(upper[place]), "Nelson's mean, Lawless-Nadeau by child")
    sheet.number("further episodes", "per_child", rows, value=float(found.mean[place]), interval=interval)


def _after_first(history: Sequence[Observed], as_of: datetime) -> tuple[Episode | None, datetime | None, Sequence[Observed]]:
    """The first episode with a return, when that was, and the episodes after it."""
    for place, row in enumerate(history):
        back = _back(row.episode, as_of)
        if back is not None:
            return row.episode, max(back, row.start), [one for one in history[place + 1 :] if one.start >= back]
    return None, None, ()


def _ended(row: Observed, since: datetime, as_of: datetime) -> int | None:
    back = _back(row.episode, as_of)
    return None if back is None else (max(back, row.start) - since) // MICROSECOND


def _back(episode: Episode, as_of: datetime) -> datetime | None:
    at = episode.returned_at or episode.located_at
    return at if at is not None and at <= as_of and episode.died_at is None else None


def _again(whole: Cohort, period: Period, back: timedelta) -> list[Marked]:
    """R1: the child's second or later within the look-back before it."""
    found = []
    for rows in histories(whole.observed).values():
        for before, row in zip([None, *rows], rows, strict=False):
            if period.holds(row.start):
                found.append(Marked(row.episode.id, row.child, before is not None and row.start - before.start <= back))
    return found


def _of_repeaters(window: Sequence[Observed]) -> list[Marked]:
    by_child = histories(window)
    return [Marked(row.episode.id, row.child, len(by_child[row.child]) >= 2) for row in window]


def _children(window: Sequence[Observed], *, fewest: int) -> list[Marked]:
    """One row a child, opened by its newest episode."""
    return [Marked(rows[-1].episode.id, child, len(rows) >= fewest) for child, rows in histories(window).items()]
