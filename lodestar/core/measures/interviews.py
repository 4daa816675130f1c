"""M4: return home interviews. The clock is 72 hours from the return; what is usually published leaves out those never held.

The independent interview is not the police's own prevention interview. Declined is an outcome, never an exclusion.
Source: measures.md 2.4.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.core.measures.drawn import Ask, Drawn
from lodestar.core.measures.episodes import MICROSECOND, Episode, age_at_start
from lodestar.core.measures.facts import Facts, Interview
from lodestar.core.measures.quality import quality
from lodestar.core.measures.sheet import DAY, Lasted, Marked, Sheet
from lodestar.core.times import comes_of_age

HELD, DECLINED, AGAIN, GROWN, DIED = "held", "declined", "missing again", "turned 18", "died"


@dataclass(frozen=True, slots=True)
class Return:
    """One return of a child by the cut, what has come of its interview by then, and when the child was next missing."""

    episode: Episode
    interview: Interview
    returned_at: datetime
    missing_again_at: datetime | None

    @property
    def id(self) -> str:
        """The episode's."""
        return self.episode.id

    def marked(self, at: datetime | None, limit: timedelta) -> Marked:
        """Counted where something was done within the limit of the return; before the return counts."""
        return Marked(self.id, self.episode.child, at is not None and at - self.returned_at <= limit)


def draw(facts: Facts, ask: Ask) -> tuple[Drawn, ...]:
    """Offered, held in time of all returns, held in time of those held, and held at any time."""
    definition = ask.definition
    limit = timedelta(hours=definition.hours)
    rows, unknown = returns(facts, ask)
    mature = [row for row in rows if row.returned_at <= ask.as_of - limit]
    held = [row for row in mature if row.interview.held_at is not None]
    sheet = Sheet(
        ask,
        f"returns of children under {definition.age_under} at the start, at least {definition.hours} hours before the cut",
        quality(ask, _stamps(held), not_mature=len(rows) - len(mature), age_not_known=unknown),
    )
    sheet.share("held in time", [row.marked(row.interview.held_at, limit) for row in mature])
    sheet.share("offered in time", [row.marked(row.interview.offered_at, limit) for row in mature])
    sheet.share("held in time of held", [row.marked(row.interview.held_at, limit) for row in held])
    sheet.share("held ever", [Marked(row.id, row.episode.child, row.interview.held_at is not None) for row in mature])
    waited, days = waits(rows, as_of=ask.as_of), int(definition.own["outcome_days"])
    for how in (HELD, DECLINED, AGAIN, GROWN, DIED):
        sheet.outcome(f"outcome {how}", waited, of=how, limit=days * DAY)
    return sheet.lines


def returns(facts: Facts, ask: Ask) -> tuple[list[Return], int]:
    """Every return of a child in the period, as done by the cut, and how many are of unknown age."""
    told = {row.episode: row for row in facts.interviews}
    starts = _starts(facts)
    found, unknown = [], 0
    for episode in facts.episodes:
        back = episode.returned_at
        if back is None or not ask.period.holds(back) or back > ask.as_of or episode.opened_in_error:
            continue
        age = age_at_start(episode, clock="police")
        if age is None:
            unknown += 1
        elif ask.definition.age_under is None or age < ask.definition.age_under:
            again = next((at for at in starts[episode.child] if back < at <= ask.as_of), None)
            found.append(Return(episode, _by(told.get(episode.id, Interview(episode.id)), ask.as_of), back, again))
    return found, unknown


def waited(facts: Facts, ask: Ask) -> list[tuple[Lasted, str]]:
    """The wait of every return of the period, for the curves of what became of it."""
    return waits(returns(facts, ask)[0], as_of=ask.as_of)


def waits(rows: list[Return], *, as_of: datetime) -> list[tuple[Lasted, str]]:
    """How long each return waited for its interview, and what ended the wait: held, or what came first; "" where nothing yet."""
    found = []
    for row in rows:
        ended = sorted((max(at, row.returned_at), place, how) for place, (at, how) in enumerate(_ends(row)) if at <= as_of)
        at, _, how = ended[0] if ended else (as_of, 0, "")
        found.append((Lasted(row.id, row.episode.child, (at - row.returned_at) // MICROSECOND, bool(how)), how))
    return found


def _ends(row: Return) -> Iterator[tuple[datetime, str]]:
    """Everything that may end a wait; of two at one instant the first given here counts."""
    grown = comes_of_age(row.episode.birth_date, 18) if row.episode.birth_date is not None else None
    known = (
        (row.interview.held_at, HELD),
        (row.interview.declined_at, DECLINED),
        (row.missing_again_at, AGAIN),
        (grown, GROWN),
        (row.episode.died_at, DIED),
    )
    return ((at, how) for at, how in known if at is not None)


def _starts(facts: Facts) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = defaultdict(list)
    for row in facts.episodes:
        if row.reported_at is not None and not row.opened_in_error:
            found[row.child].append(row.reported_at)
    return defaultdict(list, {child: sorted(times) for child, times in found.items()})


def _by(row: Interview, as_of: datetime) -> Interview:
    """The interview as far as it had come at the cut."""
    offered, held, declined = (at if at is not None and at <= as_of else None for at in (row.offered_at, row.held_at, row.declined_at))
    return Interview(row.episode, offered, held, declined, row.held_recorded_at)


def _stamps(held: list[Return]) -> list[tuple[datetime, datetime]]:
    pairs = [(row.interview.held_at, row.interview.held_recorded_at) for row in held]
    return [(at, recorded) for at, recorded in pairs if at is not None and recorded is not None]
