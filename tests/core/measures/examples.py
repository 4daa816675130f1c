"""How an example in a measure's playbook runs: its episodes in, its counts and exact fractions out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from lodestar.core.measures.cohort import cohort
from lodestar.core.measures.definition import Definition
from lodestar.core.measures.episodes import Episode, local_period
from lodestar.core.measures.found import live_exact, mature_exact, share_found
from lodestar.core.measures.missing_time import missing_times
from lodestar.core.playbook import Playbook

Table = Mapping[str, Any]


def run_measure(book: Playbook, given: Table) -> Table:
    """M1's examples give episodes, M2's give lengths."""
    definition = Definition.from_playbook(book, on=given["first"])
    return run_found(definition, given) if book.code == "M1" else run_missing_time(definition, given)


def run_found(definition: Definition, given: Table) -> Table:
    period = local_period(first=given["first"], until=given["until"])
    episodes = [_episode(number, row) for number, row in enumerate(given["episodes"])]
    figure = share_found(episodes=episodes, period=period, as_of=given["as_of"], definition=definition)
    group = cohort(episodes=episodes, period=period, as_of=given["as_of"], clock=definition.clock, age_under=definition.age_under)
    return {
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "mature": str(mature_exact(group, hours=definition.hours)),
        "live": str(live_exact(group, hours=definition.hours)),
    }


def run_missing_time(definition: Definition, given: Table) -> Table:
    period = local_period(first=given["first"], until=given["until"])
    lengths = [*given["hours_missing"], *[None] * given.get("still_missing", 0)]
    episodes = [_lasting(number, length, period.from_at) for number, length in enumerate(lengths)]
    figure = missing_times(episodes=episodes, period=period, as_of=given["as_of"], definition=definition).pooled
    return {"median": figure.median.value, "ended": figure.ended, "open": figure.censored, "over_24": figure.open_longer[0][1]}


def _lasting(number: int, hours: float | None, start: datetime) -> Episode:
    end = None if hours is None else start + timedelta(hours=hours)
    return Episode(id=str(number), child=str(number), reported_at=start, located_at=end)


def _episode(number: int, row: Table) -> Episode:
    known = {key: value for key, value in row.items() if key != "born"}
    return Episode(id=str(number), birth_date=row["born"], **known)
