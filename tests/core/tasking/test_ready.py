"""Making ready answers a whole small problem: everything in it is placed, so every kernel has run."""

from __future__ import annotations

from lodestar.core.tasking.ready import EVERYTHING, make_ready


def test_everything_is_placed_twice_over() -> None:
    assert make_ready() == len(EVERYTHING["tasks"])  # type: ignore[arg-type]
