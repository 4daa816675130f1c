"""M10: whether each child kept after charge was looked at by the daily meeting, the fortnightly one and the board.

A look counts once its outcome is recorded. A child never looked at by anybody is listed, not averaged. Source: measures.md 2.10.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from lodestar.core.measures.drawn import Ask, Drawn
from lodestar.core.measures.episodes import MICROSECOND
from lodestar.core.measures.facts import Due, Facts
from lodestar.core.measures.quality import quality
from lodestar.core.measures.recording import due_by
from lodestar.core.measures.sheet import Lasted, Marked, Sheet


def draw(facts: Facts, ask: Ask) -> tuple[Drawn, ...]:
    """Of what was due at each level: looked at with an outcome; how long until the daily meeting; and who was never seen."""
    levels: Mapping[str, str] = ask.definition.own["levels"]
    rows = [row for row in due_by(facts.dues, ask) if row.rule in levels.values()]
    stamps = [(row.done_at, row.recorded_at) for row in rows if row.done_at is not None and row.recorded_at is not None]
    sheet = Sheet(ask, "looks that fell due in the period on children kept after charge", quality(ask, stamps))
    for name, rule in levels.items():
        mine = [row for row in rows if row.rule == rule]
        sheet.share(name, [Marked(row.id, row.child, row.done_at is not None and row.complete) for row in mine])
    daily = [row for row in rows if row.rule == levels["daily"]]
    sheet.by_when("hours to the daily meeting", "hours", [_waited(row, ask) for row in daily], share=Fraction(1, 2))
    sheet.count("never seen", _never_seen(rows))
    return sheet.lines


def _waited(row: Due, ask: Ask) -> Lasted:
    stop = row.done_at if row.done_at is not None else ask.as_of
    return Lasted(row.id, row.child, max(0, (stop - row.started_at) // MICROSECOND), row.done_at is not None)


def _never_seen(rows: list[Due]) -> list[Marked]:
    """One row a detention on which something was due: counted where nobody, at any level, has looked."""
    by_matter: dict[str, list[Due]] = defaultdict(list)
    for row in rows:
        by_matter[row.id.partition(":")[0]].append(row)
    return [Marked(matter, group[0].child, all(row.done_at is None for row in group)) for matter, group in by_matter.items()]
