"""M9: whether decisions that were due are on record. What was due comes from the case's history, never from the records made.

Sixteen reviews recorded over 49 shifts on which one was due are 33 in a hundred; counted from the records alone they would
be all of them. Source: measures.md 2.9.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from lodestar.core.measures.drawn import Ask, Drawn
from lodestar.core.measures.facts import Due, Facts
from lodestar.core.measures.quality import quality
from lodestar.core.measures.sheet import Marked, Sheet


def draw(facts: Facts, ask: Ask) -> tuple[Drawn, ...]:
    """Recorded, recorded in time, recorded whole, and written up long after: of all that was due; then recorded, clock by clock."""
    rules = tuple(ask.definition.own["rules"])
    rows = [row for row in due_by(facts.dues, ask) if row.rule in rules]
    late = timedelta(hours=float(ask.definition.own["retrospective_hours"]))
    done = [row for row in rows if row.done_at is not None]
    stamps = [(row.done_at, row.recorded_at) for row in done if row.done_at is not None and row.recorded_at is not None]
    sheet = Sheet(ask, "decisions that fell due in the period, by the clocks of their desk, whether or not recorded", quality(ask, stamps))
    sheet.share("a recorded", _marks(rows, [row.done_at is not None for row in rows]))
    in_time = [row.recorded_at is not None and row.recorded_at <= row.due_at for row in rows]
    sheet.share("b recorded in time", _marks(rows, in_time))
    sheet.share("c recorded whole", _marks(rows, [row.done_at is not None and row.complete for row in rows]))
    sheet.share("d written up later", _marks(done, [retrospective(row, late) for row in done]))
    for rule in rules:
        mine = [row for row in rows if row.rule == rule]
        sheet.share(f"recorded {rule}", _marks(mine, [row.done_at is not None for row in mine]))
    return sheet.lines


def due_by(dues: Sequence[Due], ask: Ask) -> list[Due]:
    """What fell due in the period and by the cut. Taken back before it fell due it was not due; afterwards it was missed."""
    return [
        _as_done(row, ask)
        for row in dues
        if ask.period.holds(row.due_at) and row.due_at <= ask.as_of and (row.cancelled_at is None or row.cancelled_at > row.due_at)
    ]


def retrospective(row: Due, late: timedelta) -> bool:
    """True where it was written down so long after the time it states."""
    return row.done_at is not None and row.recorded_at is not None and row.recorded_at - row.done_at > late


def _as_done(row: Due, ask: Ask) -> Due:
    """What was done, or written down, after the cut is not yet done."""
    if row.done_at is None or (row.done_at <= ask.as_of and (row.recorded_at is None or row.recorded_at <= ask.as_of)):
        return row
    return Due(row.id, row.child, row.district, row.rule, row.started_at, row.due_at, row.cancelled_at)


def _marks(rows: Sequence[Due], hits: Sequence[bool]) -> list[Marked]:
    return [Marked(row.id, row.child, hit) for row, hit in zip(rows, hits, strict=True)]
