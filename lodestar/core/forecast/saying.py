"""The answer in sentences: what waits, what each plan changes and when, what training costs, and what cannot be known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

LIMITS = (
    "It cannot know what has not happened before: a new source of referrals, a change of law or of the tool that grades them.",
    "It supposes that each post takes one case after another and finishes it, and that who is absent is as it was.",
    "It says nothing of any one case, child or officer, and decides nothing.",
)
Table = Mapping[str, Any]


def sentences(said: Table) -> list[str]:
    """The answer for somebody with a minute: the line today, then each plan at the end of the time looked at."""
    return [*_today(said), *(line for plan in said["plans"] for line in plan_lines(said, plan))]


def headline(said: Table, chosen: int) -> Iterator[str]:
    """The answer in four sentences for somebody with a minute: today, with no more posts, with those asked for, and when."""
    yield next(_today(said))
    months, base, plan = said["months"], said["plans"][0], said["plans"][chosen]
    end = base["months"][months]
    yield f"With no more posts {_spread(end['waiting'])} will wait after {_months(months)}, {_spread(end['late'])} of them late."
    if chosen:
        end, change = plan["months"][months], plan["changes"][months]["waiting"]
        wait, late = _spread(end["waiting"]), _spread(end["late"])
        yield f"With {plan['title']}, {wait} will wait, {late} of them late: {_change(change)}. {clear_sentence(plan, months)}"
        if plan["training_costs"]:
            worst = max(plan["training_costs"], key=lambda row: row["waiting"]["median"])
            more = worst["waiting"]["median"]
            yield f"Training costs most after {_months(worst['month'])}: {more} more wait then than if they came trained."


def _today(said: Table) -> Iterator[str]:
    now, inputs = said["now"], said["inputs"]
    late = f"{now['late']} of them past their deadline" if now["late"] else "none of them past a deadline"
    yield f"{_count(now['waiting'], 'case')} {_verb(now['waiting'])} today, {late}."
    yield (
        f"About {inputs['a_day'] * 30.44:.0f} come in a month. A case takes {inputs['work_days']:.1f} days of a post, so the line needs "
        f"{inputs['needs_posts']:.1f} posts to stand still and has {inputs['posts']}."
    )


def plan_lines(said: Table, plan: Table) -> Iterator[str]:
    """What one plan comes to at the end, when nobody is late any more, and what its training costs."""
    months = said["months"]
    end = plan["months"][months]
    begin = f"{plan['title']}: after {_months(months)} {_spread(end['waiting'])} cases wait, {_spread(end['late'])} of them late"
    yield begin + (f"; {_change(plan['changes'][months]['waiting'])}." if plan["changes"] else ".")
    yield "  " + clear_sentence(plan, months)
    if plan["training_costs"]:
        costs = plan["training_costs"][months]["waiting"]
        worst = max(plan["training_costs"], key=lambda row: row["waiting"]["median"])
        yield (
            f"  Training costs {_spread(costs)} cases at that time, and most after {_months(worst['month'])}: "
            f"{worst['waiting']['median']} more would wait than if they came trained."
        )


def clear_sentence(plan: Table, months: int) -> str:
    """When nobody waits past a deadline for the first time, or in how many futures that does not come."""
    clear = plan["clear"]
    if clear["share"] < 0.01:
        return f"A day when nobody is late comes within {_months(months)} in fewer than 1 in 100 futures."
    if clear["median"] is None:
        return f"A day when nobody is late comes within {_months(months)} in {clear['share'] * 100:.0f} of 100 futures only."
    if clear["median"] == 0:
        return "Nobody is late today in most futures."
    high = f"{clear['high_80']:g}" if clear["high_80"] is not None else f"more than {months}"
    return (
        f"Nobody is late for the first time after about {clear['median']:g} months (four in five futures: {clear['low_80']:g} to {high})."
    )


def _change(found: Table) -> str:
    low, middle, high = found["low_80"], found["median"], found["high_80"]
    if middle == 0:
        return "no fewer than without it"
    word = "fewer" if middle < 0 else "more"
    near, far = sorted((abs(low), abs(high))) if low * high >= 0 else (0, max(abs(low), abs(high)))
    return f"{abs(middle)} {word} than as now (four in five: {near} to {far})"


def _spread(found: Table) -> str:
    return f"{found['median']} ({found['low_80']} to {found['high_80']})"


def _months(count: float) -> str:
    return f"{count:g} month{'' if count == 1 else 's'}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _verb(number: int) -> str:
    return "waits" if number == 1 else "wait"
