"""Poses a scenario from what the service knows of a line: the document that the engine reads and anybody can run again.

It holds counts and ages only: no name, no number of a case. What a case's work takes is measured from the records, from the
first deed that begins it to the first that ends it, over every case begun in the time looked back on; open ones are censored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from lodestar.core.forecast.fitting import FEWEST
from lodestar.core.forecast.rules import LineRules
from lodestar.core.times import say_date

DAY = timedelta(days=1)
BLOCK_DAYS = 28  # what unevenness is measured over
MOST_PLANS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class LineCase:
    """One case of the line: when it came, was begun and ended, and its level as known now. A case that left unbegun has no end of work."""

    received_at: datetime
    level: str
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    left_at: datetime | None = None  # transferred, or opened in error


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks: how many more posts from when, trained how, under which discipline, growth and look ahead."""

    posts: int
    from_day: date
    training: str
    growth: str
    discipline: str
    months: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The line now: cases by class with their ages, and what its history says."""

    rules: LineRules
    at: datetime
    posts: int
    waiting: tuple[tuple[str, float], ...]  # class, days since received
    begun: tuple[float, ...]  # days since begun
    counts: dict[str, int]  # received in the history, by class
    dispersion: float
    lengths: tuple[tuple[float, bool, str], ...]  # days, ended, class

    @property
    def can_be_asked(self) -> str:
        """Why no question can be answered yet; empty where one can."""
        if not self.posts:
            return "Nobody holds a role that does this line's work, so there is no post to count from."
        ended = sum(ended for _, ended, _ in self.lengths)
        if ended < FEWEST:
            return f"{ended} cases have been begun and ended; {FEWEST} are the fewest from which the work can be measured."
        return "" if sum(self.counts.values()) else "Nothing was received in the time that is looked back on."


def standing(*, cases: Sequence[LineCase], rules: LineRules, posts: int, at: datetime) -> Standing:
    """Where the line stands at an instant: what waits, what is in hand, and what came and how long its work took."""
    known = [one for one in cases if one.received_at <= at]
    recent = [one for one in known if one.received_at > at - rules.history_days * DAY]
    still = [one for one in known if not _by(one.left_at, at)]
    return Standing(
        rules=rules,
        at=at,
        posts=posts,
        waiting=tuple((rules.class_of(one.level), _days(one.received_at, at)) for one in still if not _by(one.begun_at, at)),
        begun=tuple(_days(one.begun_at, at) for one in still if one.begun_at and _by(one.begun_at, at) and not _by(one.ended_at, at)),
        counts={one.code: 0 for one in rules.classes} | Counter(rules.class_of(one.level) for one in recent),
        dispersion=dispersion([one.received_at for one in recent], at=at, days=rules.history_days),
        lengths=tuple(_lengths(known, rules, at)),
    )


def dispersion(received: Sequence[datetime], *, at: datetime, days: int) -> float:
    """How much more uneven than chance the counts of four weeks were: variance over mean, never below 1."""
    blocks = days // BLOCK_DAYS
    if blocks < 6:
        return 1.0
    places = [int((at - one) / DAY) // BLOCK_DAYS for one in received]
    counts = np.bincount([place for place in places if place < blocks], minlength=blocks)
    mean = float(counts.mean())
    return max(1.0, float(counts.var(ddof=1)) / mean) if mean > 0 else 1.0


def pose(standing_: Standing, asked: Asked) -> dict[str, Any]:
    """The scenario's document: as things are, one, two and three more posts, and as many as were asked for."""
    rules, today = standing_.rules, standing_.at.date()
    growth = rules.grown(asked.growth).value[0]
    document: dict[str, Any] = {
        "title": rules.title,
        "as_of": today.isoformat(),
        "months": asked.months,
        "discipline": asked.discipline,
        "classes": [{"code": one.code, "title": one.title, "deadline_days": one.deadline_days} for one in rules.classes],
        "arrivals": {
            "days": rules.history_days,
            "counts": standing_.counts,
            "dispersion": round(standing_.dispersion, 3),
            "growth_a_year": {"low": growth[0], "high": growth[1]},
        },
        "work": {"observed": [{"days": days, "ended": ended, "class": code} for days, ended, code in standing_.lengths]},
        "availability": {"low": rules.availability[0], "high": rules.availability[1]},
        "posts": [{"count": standing_.posts}],
        "plans": list(_plans(rules, asked, today)),
        "waiting": [{"class": code, "days": days} for code, days in standing_.waiting],
        "begun": [{"days": days} for days in standing_.begun],
        "stages": [dict(row) for row in rules.stages],
    }
    return document


def seed_of(day: date) -> int:
    """The seed of a day's questions: the same question on the same day has the same answer, whoever asks."""
    return day.year * 10_000 + day.month * 100 + day.day


def _plans(rules: LineRules, asked: Asked, today: date) -> Iterator[dict[str, Any]]:
    training = rules.trained(asked.training)
    begin = max(0, (asked.from_day - today).days)
    for count in sorted({*MOST_PLANS, asked.posts} - {0}):
        post: dict[str, Any] = {"count": count, "from_day": begin}
        if len(training.value) > 1 or training.value[0][1] < 1:
            post["ramp"] = [{"month": month, "share": share} for month, share in training.value]
        yield {"title": f"{count} more from {say_date(asked.from_day)}", "posts": [post]}


def _lengths(known: Sequence[LineCase], rules: LineRules, at: datetime) -> Iterator[tuple[float, bool, str]]:
    for one in known:
        if one.begun_at is None or not _by(one.begun_at, at) or one.begun_at <= at - rules.history_days * DAY:
            continue
        ended = one.ended_at is not None and one.ended_at <= at
        until = min(end for end in (one.ended_at, one.left_at, at) if end is not None)
        yield (_days(one.begun_at, max(until, one.begun_at)), ended, rules.class_of(one.level))


def _by(instant: datetime | None, at: datetime) -> bool:
    return instant is not None and instant <= at


def _days(begin: datetime, end: datetime) -> float:
    return round(max(0.0, (end - begin) / DAY), 3)
