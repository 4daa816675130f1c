"""How the engine did on the past, as a document, in words and as a chart. Where it beats nothing it says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from lodestar.core.forecast.backtest import FEWEST_ORIGINS, HORIZONS
from lodestar.core.forecast.past import Foretold, Retold
from lodestar.core.forecast.telling import record_document
from lodestar.core.measures.chart import Chart
from lodestar.core.measures.stock_chart import fan_chart

Table = Mapping[str, Any]
DRAWN = (3, 1)  # the horizon that is drawn: three months ahead, or one where there is no more
SAME = "“as a year before, or as it stood”"


def past_document(told: Retold) -> dict[str, Any]:
    """Everything that the page says, as plain values."""
    return {
        "records": [record_document(one) for one in told.records],
        "given": [{"horizon": one.horizon, "hits": one.hits, "origins": one.origins, "crps": round(one.crps, 4)} for one in told.given],
        "foretold": [_foretold(one) for one in told.foretold],
        "skipped": dict(told.skipped),
    }


def _foretold(one: Foretold) -> dict[str, Any]:
    (middle, low, high), (given, given_low, given_high) = one.span(one.draws), one.span(one.given)
    return {
        "origin": one.origin.isoformat(), "posts": one.posts, "horizon": one.horizon, "came": one.came,
        "median": middle, "low": low, "high": high, "naive": one.span(one.naive)[0],
        "given": given, "given_low": given_low, "given_high": given_high,
    }  # fmt: skip


def past_sentences(said: Table) -> Iterator[str]:
    """For each horizon whether what the engine says of it may be leant on, and what errs where it errs."""
    if not said["foretold"]:
        yield "No past month could be told again yet: it takes three months of record, posts that were held, and a month after."
        return
    for record, given in zip(said["records"], said["given"], strict=True):
        if record["origins"]:
            yield " ".join((_verdict(record), *_whose(record, given)))


def _verdict(record: Table) -> str:
    ahead = _ahead(record["horizon"])
    times = f"{record['origins']} past month{'' if record['origins'] == 1 else 's'}"
    hits = f"told again from {times}, its 8-in-10 interval held what came {record['hits']} times"
    saved = f"it erred {abs(record['skill']):.0%} {'less' if record['skill'] > 0 else 'more'} than {SAME}"
    if record["origins"] < FEWEST_ORIGINS:
        better = "" if record["skill"] > 0 else ", and so far is no better"
        return f"{ahead} ahead: {hits}; {saved}{better}. It can be judged from {FEWEST_ORIGINS} months."
    if record["skill"] <= 0:
        return f"{ahead} ahead: no better than {SAME} ({saved}; {hits}). Do not lean on it this far ahead."
    if not record["low"] <= 0.8 <= record["high"]:
        side = "wide" if record["hits"] > 0.8 * record["origins"] else "narrow"
        return f"{ahead} ahead: {saved}, but its intervals are too {side} ({hits})."
    return f"{ahead} ahead: {hits}, as it should; {saved}."


def _whose(record: Table, given: Table) -> Iterator[str]:
    """Told what then came, what is left is the queue's own error."""
    if record["crps"] > 0:
        share = given["crps"] / record["crps"]
        less = f"it would have erred {1 - share:.0%} less" if share < 1 else "it would have erred as much: the error is the queue's own"
        yield f"Told the arrivals that then came, {less}."


def _ahead(months: int) -> str:
    return "1 month" if months == 1 else f"{months} months"


def past_chart(said: Table) -> Chart | None:
    """What was foretold some months before, and what came, month by month; None where there is nothing to draw."""
    horizon = next((one for one in (*DRAWN, *HORIZONS) if sum(row["horizon"] == one for row in said["foretold"]) > 1), None)
    if horizon is None:
        return None
    rows = [row for row in said["foretold"] if row["horizon"] == horizon]
    names = [f"From {date.fromisoformat(row['origin']):%B %Y}" for row in rows]
    return fan_chart(
        code="past",
        title=f"Cases waiting {_ahead(horizon).lower()} later: as foretold, and as it came",
        value="Waiting",
        along="Told from the first day of",
        names=names,
        short=[f"{date.fromisoformat(row['origin']):%b %y}" for row in rows],
        measured=[row["came"] for row in rows],
        middle=[row["median"] for row in rows],
        ranges={"8 in 10 futures": ([row["low"] for row in rows], [row["high"] for row in rows])},
    )
