"""Invented episodes for the tests of measures."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from lodestar.core.measures.definition import Definition
from lodestar.core.measures.episodes import Episode
from lodestar.core.words import Period

FOLDER = Path(__file__).parents[3] / "lodestar" / "playbooks" / "measures"
JUNE = Period(datetime(2026, 5, 31, 23, tzinfo=UTC), datetime(2026, 6, 30, 23, tzinfo=UTC))
CUT = datetime(2026, 8, 15, 8, tzinfo=UTC)  # long enough after June that its figures are settled
START = datetime(2026, 6, 4, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def definition(code: str) -> Definition:
    return Definition.from_playbook(tomllib.loads((FOLDER / f"{code}.toml").read_text()), on=date(2026, 6, 1))


M1, M2 = definition("M1"), definition("M2")


def episode(number: int = 0, **known: Any) -> Episode:
    facts: dict[str, Any] = {"child": f"child {number}", "reported_at": START, "birth_date": date(2012, 2, 1)} | known
    return Episode(id=str(number), **facts)


def lasting(number: int, hours: float | None, **known: Any) -> Episode:
    """An episode found after so many hours; None is still missing."""
    start = known.get("reported_at", START)
    return episode(number, located_at=None if hours is None else start + hours * HOUR, **known)


_BORN = (date(2012, 2, 29), date(2009, 6, 15), date(2020, 1, 1))
_KINDS = st.integers(0, 2 * 3 * 3 * 4 - 1)


def histories(*, most: int = 16) -> st.SearchStrategy[list[Episode]]:
    """Episodes of June as messy as real ones: still open, repeated, closed early, found before the report."""
    hours = st.one_of(st.none(), st.integers(-3, 80), st.sampled_from([24.0, 24 + 1 / 3600]))
    rows = st.tuples(st.integers(0, 43_000), hours, st.integers(0, 12), _KINDS)
    return st.lists(rows, min_size=1, max_size=most).map(lambda given: [_messy(n, *row) for n, row in enumerate(given)])


def _messy(number: int, minutes: int, hours: float | None, child: int, kind: int) -> Episode:
    start = JUNE.from_at + timedelta(minutes=minutes)
    return lasting(
        number,
        hours,
        reported_at=start,
        child=f"child {child}",
        closed_at=start + 2 * HOUR if kind % 2 else None,
        birth_date=_BORN[kind // 2 % 3],
        looked_after=(True, False, None)[kind // 6 % 3],
        level_at_first=("high", "medium", "very_low", None)[kind // 18],
    )
