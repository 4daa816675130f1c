"""The answer to a scenario: for each plan what waits, what is late and when, with intervals, and what the plan changes.

An interval holds both kinds of not knowing, of the rates and of chance, because each run drew its own rates. What a plan
changes is taken run by run against no plan at all under the same draws, and only then made into an interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lodestar.core.forecast.closed import fluid
from lodestar.core.forecast.draws import draw
from lodestar.core.forecast.laws import means
from lodestar.core.forecast.queue import Ints
from lodestar.core.forecast.scenario import MONTH_DAYS, Plan, Posting, Scenario
from lodestar.core.forecast.tally import A_MONTH, BIN_DAYS, WAIT_BINS, Tally, joined, shared, tally

ENGINE = "1"  # of what the engine's bytes mean: it moves when the same seed would give others
PART = 500
AS_NOW = Plan("As now")
LEVELS = (0.8, 0.95)
Told = Callable[[int, int], object]


def answer(*, scenario: Scenario, seed: int, runs: int, told: Told | None = None) -> dict[str, Any]:
    """Run every plan, no plan first, and say what comes of it; ``told(done, all)`` hears how far it is.

    The same scenario, seed and number of runs give the same answer to the byte. Every number is a count or days; months are
    twelfths of a year.
    """
    plans = (AS_NOW, *scenario.plans)
    tallies = simulate(scenario, plans=(*plans, *(plan.at_once for plan in plans if plan.trains)), seed=seed, runs=runs, told=told)
    trained = iter(tallies[len(plans) :])
    base = tallies[0]
    return {
        "engine": ENGINE,
        "seed": seed,
        "runs": runs,
        "discipline": scenario.discipline,
        "months": scenario.months,
        "levels": list(LEVELS),
        "inputs": inputs(scenario),
        "now": now(scenario, base),
        "plans": [
            {
                "title": plan.title,
                "full_from_month": _full_from(plan),
                **outcome(scenario, found),
                "fluid": _fluid(scenario, plan),
                "changes": None if plan is AS_NOW else _changes(base, found),
                "training_costs": _changes(next(trained), found) if plan.trains else None,
            }
            for plan, found in zip(plans, tallies, strict=False)
        ],
    }


def simulate(scenario: Scenario, *, plans: tuple[Plan, ...], seed: int, runs: int, told: Told | None = None) -> list[Tally]:
    """The tally of each plan over all runs, drawn a part at a time."""
    parts: list[list[Tally]] = [[] for _ in plans]
    steps, done = -(-runs // PART) * len(plans), 0
    for part, begin in enumerate(range(0, runs, PART)):
        drawn = draw(scenario, seed=seed, part=part, runs=min(PART, runs - begin))
        known = shared(scenario, drawn)
        for place, plan in enumerate(plans):
            parts[place].append(tally(scenario, drawn, known, plan))
            done += 1
            if told is not None:
                told(done, steps)
    return [joined(found) for found in parts]


def inputs(scenario: Scenario) -> dict[str, Any]:
    """The middle of what the runs draw from: what comes in a day, and what the posts can do."""
    days = work_days(scenario)
    a_day = scenario.demand.a_day
    count = sum(one.count for one in scenario.posts)
    return {
        "a_day": a_day,
        "work_days": days,
        "posts": count,
        "can_do_a_day": count / days,
        "needs_posts": a_day * days,
        "by_class_a_day": {one.code: n / scenario.demand.days for one, n in zip(scenario.classes, scenario.demand.counts, strict=True)},
    }


def work_days(scenario: Scenario) -> float:
    """Mean days of a post that a case takes, availability allowed for."""
    laws = [scenario.law(number) for number in range(len(scenario.classes))]
    each = [float(means(law.family, np.array([law.at]))[0]) for law in laws]
    total = sum(scenario.demand.counts)
    mixed = sum(n * mean for n, mean in zip(scenario.demand.counts, each, strict=True)) / total if total else each[0]
    return mixed / (sum(scenario.availability) / 2)


def now(scenario: Scenario, base: Tally) -> dict[str, Any]:
    """What waits on the day of the question, which is known and so has no interval."""
    classes = [
        {"code": one.code, "title": one.title, "deadline_days": one.deadline_days}
        | {name: int(getattr(base, name)[number, 0, 0]) for name in ("waiting", "late", "long_late")}
        | {"oldest_days": round(float(max(scenario.waiting[number], default=0.0)), 2)}
        for number, one in enumerate(scenario.classes)
    ]
    whole = {name: int(getattr(base, name)[:, 0, 0].sum()) for name in ("waiting", "late", "long_late")}
    return {"classes": classes, **whole, "in_hand": len(scenario.begun), "elsewhere": {s.code: len(s.waiting) for s in scenario.stages}}


def outcome(scenario: Scenario, found: Tally) -> dict[str, Any]:
    """What waits at the end of each month, by class and lateness; when nobody is late; and how long new cases wait."""
    return {
        "months": [_month(scenario, found, month) for month in range(scenario.months + 1)],
        "clear": _clear(found),
        "waits": list(_waits(scenario, found)),
    }


def spread(values: NDArray[Any]) -> dict[str, float | None]:
    """The middle and the interval at each level of one figure over the runs; None where it lies beyond the look ahead."""
    points = [0.5, *(edge for level in LEVELS for edge in ((1 - level) / 2, (1 + level) / 2))]
    found = np.quantile(values, points, method="inverted_cdf")
    names = ["median", *(f"{side}_{round(level * 100)}" for level in LEVELS for side in ("low", "high"))]
    return {name: (_plain(value) if np.isfinite(value) else None) for name, value in zip(names, found, strict=True)}


def _month(scenario: Scenario, found: Tally, month: int) -> dict[str, Any]:
    at = month * A_MONTH
    return {
        "month": month,
        "waiting": spread(found.waiting[:, :, at].sum(axis=0)),
        "late": spread(found.late[:, :, at].sum(axis=0)),
        "long_late": spread(found.long_late[:, :, at].sum(axis=0)),
        "in_hand": spread(found.in_hand[:, at]),
        "classes": [
            {"code": one.code, **{name: spread(getattr(found, name)[number, :, at]) for name in ("waiting", "late", "long_late")}}
            for number, one in enumerate(scenario.classes)
        ],
        "elsewhere": [{"code": stage.code, **spread(found.elsewhere[n, :, at])} for n, stage in enumerate(scenario.stages)],
    }


def _clear(found: Tally) -> dict[str, Any]:
    """Months until nobody waits past a deadline, for the first time; None is "not in the time looked at"."""
    late = found.late.sum(axis=0)
    none_late = late == 0
    first = np.where(none_late.any(axis=1), none_late.argmax(axis=1) / A_MONTH, np.inf)
    return {**spread(first), "share": float(np.isfinite(first).mean())}


def _waits(scenario: Scenario, found: Tally) -> Iterator[dict[str, Any]]:
    for number, one in enumerate(scenario.classes):
        bins = np.cumsum(found.waits[number].sum(axis=0))
        owed = found.owed[number]
        shares = found.in_time[number][owed > 0] / owed[owed > 0]
        yield {
            "code": one.code,
            "median": _within(bins, 0.5),
            "nine_in_ten": _within(bins, 0.9),
            "in_time": spread(shares) if shares.size else None,
        }


def _within(bins: Ints, share: float) -> float | None:
    """Days within which this share had begun, to the quarter of a day; None is "over 90 days", or nothing to tell it from."""
    place = int(np.searchsorted(bins, share * bins[-1]))
    return (place + 1) * BIN_DAYS if bins[-1] and place < WAIT_BINS else None


def _changes(base: Tally, found: Tally) -> list[dict[str, Any]]:
    """At the end of each month, how many more wait, and are late, than without it: run by run."""
    rows = []
    for month in range((found.ended.shape[1] - 1) // A_MONTH + 1):
        at = month * A_MONTH
        waiting, late = ((getattr(found, name) - getattr(base, name))[:, :, at].sum(axis=0) for name in ("waiting", "late"))
        rows.append({"month": month, "waiting": spread(waiting), "late": spread(late)})
    return rows


def _fluid(scenario: Scenario, plan: Plan) -> list[float]:
    """The bound for the eye at the end of each month, in days and then by month."""
    days = work_days(scenario)
    whole = round(scenario.horizon_days)
    growth = sum(scenario.demand.growth) / 2
    done = [sum(_at_work(one, day) * one.count for one in (*scenario.posts, *plan.postings)) / days for day in range(whole)]
    grown = [scenario.demand.a_day * (growth ** (day / 365.25) - 1) for day in range(whole)]
    waiting = sum(map(len, scenario.waiting))
    flows = fluid(waiting=waiting, a_day=scenario.demand.a_day, done_a_day=[d - g for d, g in zip(done, grown, strict=True)])
    return [round(flows[min(whole, round(month * MONTH_DAYS))], 1) for month in range(scenario.months + 1)]


def _at_work(one: Posting, day: float) -> float:
    """The share of a trained post's work that a post does on a day."""
    if day < one.from_day or (one.until_day is not None and day >= one.until_day):
        return 0.0
    shares = [share for months, share in one.ramp if one.from_day + months * MONTH_DAYS <= day]
    return shares[-1] if shares else float(not one.ramp)


def _full_from(plan: Plan) -> float | None:
    """The month from which everybody of a plan does a whole post's work."""
    ready = [one.from_day / MONTH_DAYS + (one.ramp[-1][0] if one.ramp else 0.0) for one in plan.postings]
    return round(max(ready), 2) if ready else None


def _plain(value: Any) -> float:
    found = float(value)
    return int(found) if found == int(found) else round(found, 4)
