"""The forecast of demand as a document, and in words: what is coming, how past forecasts did, and when it is no better than last year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lodestar.core.forecast.backtest import FEWEST_ORIGINS, Demanded, Record
from lodestar.core.forecast.nowcast import Nowcast

Table = Mapping[str, Any]
NO_BETTER = "no better than last year"


def demand_document(told: Demanded, recent: Nowcast) -> dict[str, Any]:
    """Everything that the page says of demand, as plain values."""
    return {
        "months": [
            {"month": one.first.isoformat(), "median": one.median, "low": one.low, "high": one.high, "from": one.from_what}
            for one in told.months
        ],
        "records": [record_document(one) for one in told.records],
        "past": [{"month": first.isoformat(), "count": count} for first, count in told.past],
        "first_origin": told.first_origin.isoformat() if told.first_origin else None,
        "recent": {"recorded": recent.recorded, "median": recent.median, "low": recent.low, "high": recent.high, "share": recent.share},
    }


def record_document(one: Record) -> dict[str, Any]:
    """One horizon's record as plain values."""
    found = {name: round(getattr(one, name), 4) for name in ("low", "high", "crps", "wis", "naive_crps", "naive_wis", "skill", "widen_by")}
    counts = {name: getattr(one, name) for name in ("horizon", "origins", "hits", "widened_hits", "widened_origins", "verdict")}
    return {**counts, **found, "pit": list(one.pit)}


def demand_sentences(said: Table) -> Iterator[str]:
    """What is coming in the next month and year, and whether that may be believed."""
    first, whole = said["months"][0], said["months"]
    year = sum(one["median"] for one in whole)
    likely = f"four in five: {first['low']:.0f} to {first['high']:.0f}"
    yield f"About {first['median']:.0f} in this month ({likely}), and about {year:.0f} in twelve."
    yield from map(verdict_sentence, said["records"])


def verdict_sentence(record: Table) -> str:
    """What the back-test of one horizon says, in words."""
    ahead = "1 month" if record["horizon"] == 1 else f"{record['horizon']} months"
    if record["verdict"] == "too_few":
        least = f"it can be judged from {FEWEST_ORIGINS}"
        return f"{ahead} ahead: told again from {record['origins']} past months; {least}. Last year's counts are shown."
    hits = f"{record['hits']} of {record['origins']} intervals that should hold 8 in 10 held what came"
    saved = f"it erred {abs(record['skill']):.0%} {'less' if record['skill'] > 0 else 'more'} than “the same as last year”"
    if record["verdict"] == "model":
        return f"{ahead} ahead: {hits}, and {saved}."
    if record["verdict"] == "widened":
        return (
            f"{ahead} ahead: {hits}, so intervals are widened by past errors (conformal, {record['widen_by']:.0f} on each side); {saved}."
        )
    if record["skill"] <= 0:
        return f"{ahead} ahead: {NO_BETTER} ({saved}). Last year's counts are shown."
    side = "many" if record["hits"] > 0.8 * record["origins"] else "few"
    return f"{ahead} ahead: not shown, since {hits}, too {side} for an honest interval; {saved}. Last year's counts are shown."
