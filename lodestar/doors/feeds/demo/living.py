"""The moves of a matter's life in the order in which they became known, each one that core's lifecycle allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lodestar.core.matters.missing.lifecycle import MISSING
from lodestar.doors.feeds.demo.episode import Step


@dataclass(frozen=True, slots=True)
class Move:
    """A verb, when it happened, when it was known, and by whom."""

    verb: str
    at: datetime
    known_at: datetime
    by: str
    reason: str = ""


def live_through(moves: Iterable[Move]) -> tuple[tuple[Step, ...], str]:
    """The steps these moves make and the state they end in; an unlawful one is a fault here and raises."""
    state = MISSING.initial
    steps = []
    for move in sorted(moves, key=lambda item: item.known_at):
        if move.verb == "start" and state != "graded":
            continue  # found before enquiries could begin
        row = MISSING.row(state=state, verb=move.verb)
        if row is None or (row.reason_owed and not move.reason):
            raise ValueError(f"the demonstration cannot {move.verb} from {state}")
        steps.append(Step(move.verb, state, row.target, move.at, move.known_at, move.by, move.reason))
        state = row.target
    return tuple(steps), state
