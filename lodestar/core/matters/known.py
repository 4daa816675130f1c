"""What a past matter was known to be, from when: told again from its steps, where its own row holds only what it came to.

A value that was overwritten before its step was kept is not known, and nothing is made up in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from lodestar.core.matters.kinds import ENDED

Move = tuple[str, str, datetime, datetime]  # verb, target, when it happened, when it was recorded
NOT_ENDED: Mapping[str, Any] = {
    "located_at": None,
    "located_from": None,
    "located_to": None,
    "returned_at": None,
    "closed_at": None,
    "outcome": "",
}


def versions(
    *, recorded_at: datetime, moves: Sequence[Move], first_graded: datetime | None, final: Mapping[str, Any]
) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """Since when the record said what, oldest first; the last is exactly what the row says now.

    ``final`` holds the row's state, its ends and its first level; ``moves`` are its steps in their order.
    """
    told: dict[str, Any] = {**NOT_ENDED, "state": moves[0][1] if moves else final["state"], "first_level": ""}
    events = [(recorded, place, move) for place, move in enumerate(moves[1:]) for recorded in (move[3],)]
    yield recorded_at, dict(told)
    graded = first_graded
    last = recorded_at
    for recorded, _, move in sorted(events, key=lambda event: (event[0], event[1])):
        if graded is not None and graded <= recorded:
            told["first_level"] = final["first_level"]
            yield max(graded, recorded_at), dict(told)
            graded = None
        told.update(_came_to(move))
        last = max(last, recorded)
        yield max(recorded, recorded_at), dict(told)
    yield max(last, graded or last), dict(final)


def _came_to(move: Move) -> dict[str, Any]:
    verb, target, at, recorded = move
    changes: dict[str, Any] = {"state": target}
    match verb:
        case "locate":
            changes["located_at"] = at
        case "return":
            changes["returned_at"] = at
        case "correct" | "reopen":
            changes.update(NOT_ENDED)
    if target in ENDED:
        changes["closed_at"] = recorded
    return changes
