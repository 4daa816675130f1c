"""The review ledger: every review that was owed, done, late or missed, each with exactly one person.

"16 of 49" must be a live figure, not what an investigation finds (IOPC recommendations to Cambridgeshire, 2021).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Roster:
    """One sergeant on one shift on which a review was owed."""

    shift_start: datetime
    shift_end: datetime
    sergeant: str
    lead: bool


@dataclass(frozen=True, slots=True)
class Done:
    """A review that was done."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Line:
    """One review owed: by whom, by when, and what became of it."""

    due_from: datetime
    due_at: datetime
    owed_by: str
    because: str
    done_at: datetime | None
    done_by: str

    @property
    def outcome(self) -> str:
        """done, late (after the shift) or missed."""
        if self.done_at is None:
            return "missed"
        return "done" if self.done_at <= self.due_at else "late"


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every line, with its counts. Reviews that answer no line are kept apart, never dropped."""

    lines: tuple[Line, ...]
    extra: tuple[Done, ...] = ()  # done before any shift began, or a second time on one

    def count(self, outcome: str) -> int:
        """How many lines had this outcome."""
        return sum(line.outcome == outcome for line in self.lines)

    @property
    def missed(self) -> tuple[Line, ...]:
        """The reviews that nobody did, each with the one person who owed it."""
        return tuple(line for line in self.lines if line.outcome == "missed")

    @property
    def missed_by(self) -> dict[str, int]:
        """Missed reviews by the person who owed them, most first."""
        return dict(Counter(line.owed_by for line in self.missed).most_common())


def ledger(*, roster: Iterable[Roster], done: Sequence[Done]) -> Ledger:
    """One review is owed on each shift, by its lead, or where none is marked by the first by name.

    A review answers the newest shift begun when it was done; it never makes up for a shift missed before.
    """
    shifts: dict[tuple[datetime, datetime], list[Roster]] = {}
    for entry in roster:
        shifts.setdefault((entry.shift_start, entry.shift_end), []).append(entry)
    starts = sorted(shifts)
    answered: dict[tuple[datetime, datetime], Done] = {}
    extra = []
    for review in sorted(done, key=lambda item: item.at):
        begun = [span for span in starts if span[0] <= review.at]
        if begun and begun[-1] not in answered:
            answered[begun[-1]] = review
        else:
            extra.append(review)
    return Ledger(tuple(_line(span, shifts[span], answered.get(span)) for span in starts), tuple(extra))


def _line(span: tuple[datetime, datetime], crew: Sequence[Roster], done: Done | None) -> Line:
    owing = min(crew, key=lambda entry: (not entry.lead, entry.sergeant))
    because = _because(owing, len(crew))
    return Line(span[0], span[1], owing.sergeant, because, done.at if done else None, done.by if done else "")


def _because(owing: Roster, on: int) -> str:
    if on == 1:
        return "The only sergeant on the shift."
    return f"The lead of {on} on the shift." if owing.lead else f"First by name of {on} on the shift: no lead was marked."
