"""Closed forms of waiting, for anchors and explanation: Erlang's C and Cobham's waits by class.

They hold for a steady state with Poisson arrivals and exponential service; a real line is neither, so no page's answer is
made of them. Sources: Erlang 1917; Cobham 1954.
"""

from __future__ import annotations

from collections.abc import Sequence


def erlang_c(*, posts: int, load: float) -> float:
    """The chance that a case waits, with ``load`` = arrivals a day x days a case. Refuses a load that the posts cannot carry."""
    if not 0 < load < posts:
        raise ValueError("a steady state needs a load above nought and below the number of posts")
    blocked = 1.0
    for number in range(1, posts + 1):  # Erlang's B by its recursion, which never overflows
        blocked = load * blocked / (number + load * blocked)
    return blocked / (1 - load / posts * (1 - blocked))


def cobham(*, posts: int, rates: Sequence[float], days: float) -> tuple[float, ...]:
    """Mean waits in days by class, the first served first, with ``rates`` a day and the same mean service for all."""
    total = sum(rates)
    base = erlang_c(posts=posts, load=total * days) * days / posts
    waits, before = [], 0.0
    for rate in rates:
        through = before + rate * days / posts
        waits.append(base / ((1 - before) * (1 - through)))
        before = through
    return tuple(waits)


def fluid(*, waiting: float, a_day: float, done_a_day: Sequence[float]) -> tuple[float, ...]:
    """A bound for the eye only: how many wait after each day if cases flowed like water. It knows no chance, so no interval."""
    found = [waiting]
    for done in done_a_day:
        found.append(max(0.0, found[-1] + a_day - done))
    return tuple(found)
