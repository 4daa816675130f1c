"""The engine told again from the past sees only what was on record then, works under the posts that were held, and says how it did."""

from __future__ import annotations

import itertools
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from lodestar.core.forecast.past import Held, History, PastCase, Retold, retell
from lodestar.core.forecast.past_document import history_document, read_history
from lodestar.core.forecast.past_said import past_chart, past_document, past_sentences
from lodestar.core.forecast.queue import NEVER, TICKS, Post
from lodestar.core.forecast.rules import LineRules, line_rules
from lodestar.core.forecast.scenario import BadScenario
from lodestar.core.playbook import read
from tests.core.forecast.making import line_of, plainly

DAY = timedelta(days=1)
BEGAN = datetime(2022, 1, 1, tzinfo=UTC)
FOLDER = Path(__file__).parents[3] / "lodestar" / "playbooks" / "forecast"
LEVELS = ("very_high", "high", "medium", "low")


def rules() -> LineRules:
    return line_rules(read(tomllib.loads((FOLDER / "online.toml").read_text(encoding="utf-8"))), on=date(2026, 6, 1))


@cache
def world(*, seed: int = 1, days: int = 1400, grown: float = 1.0, late: float = 0.0) -> History:
    """A line of 0.9 cases a day of 7.5 days each and six posts, of whom there are nine from the second year: served by the plain engine."""
    chance = np.random.Generator(np.random.Philox(seed))
    gaps = chance.exponential(1 / 0.9, 3 * days)
    at = np.cumsum(gaps)
    if grown > 1:
        at = np.log1p(at * np.log(grown) / 365.25) / np.log(grown) * 365.25
    at = at[at < days]
    levels = chance.choice(4, at.size, p=(0.05, 0.25, 0.40, 0.30))
    work = np.maximum(1, chance.gamma(0.7, 7.5 / 0.7, at.size) * TICKS).astype(np.int64)
    rows = [[[(int(at[n] * TICKS), int(work[n])) for n in np.flatnonzero(levels == level)]] for level in range(4)]
    posts = [Post() for _ in range(6)] + [Post(from_tick=500 * TICKS) for _ in range(3)]
    done = plainly(line_of(rows), 0, posts, (0,) * 4, "priority")
    where = itertools.count()
    cases = []
    for level, (row,) in zip(LEVELS, rows, strict=True):
        places = [next(where) for _ in row]
        for _ in range(33):
            next(where)
        cases += [_case(level, came, done.get(place), late, days) for place, (came, _) in zip(places, row, strict=True)]
    held = [Held(BEGAN)] * 6 + [Held(BEGAN + 500 * DAY)] * 3
    return History(tuple(sorted(cases, key=lambda one: one.received_at)), tuple(held))


def _case(level: str, came: int, served: tuple[int, int] | None, late: float, days: int) -> PastCase:
    received = BEGAN + came / TICKS * DAY
    stamps = [BEGAN + tick / TICKS * DAY for tick in served or () if tick < min(NEVER, days * TICKS)]
    begun, ended = ((stamp, stamp) for stamp in (*stamps, *[None] * (2 - len(stamps))))
    return PastCase(
        received,
        received + late * DAY,
        ((received, level),),
        begun if begun[0] else None,
        ended if ended[0] else None,  # type: ignore[arg-type]
    )


TODAY = (BEGAN + 1400 * DAY).date()


@cache
def retold(runs: int = 80) -> Retold:
    return retell(history=world(), rules=rules(), today=TODAY, seed=1, runs=runs)


def test_its_intervals_hold_what_came_and_it_beats_the_count_as_it_stood() -> None:
    told = retold()
    one, three = told.records[0], told.records[1]
    assert one.origins == 36 and three.origins >= 34
    assert one.honest and three.honest
    assert three.skill > 0
    assert {row.posts for row in told.foretold} == {6, 9}, "the posts are those that were held then"
    assert all(row.naive.size for row in told.foretold)


def test_what_then_came_helps_most_far_ahead() -> None:
    told = retold()
    six, given = told.records[2], told.given[2]
    assert given.crps < six.crps


def test_the_same_past_gives_the_same_bytes_and_another_seed_others() -> None:
    short = History(world().cases[:400], world().posts)
    first, second, other = (retell(history=short, rules=rules(), today=date(2023, 3, 1), seed=seed, runs=40) for seed in (1, 1, 2))
    assert past_document(first) == past_document(second) != past_document(other)
    assert past_document(retell(history=read_history(history_document(short)), rules=rules(), today=date(2023, 3, 1), seed=1, runs=40)) == (
        past_document(first)
    )


def test_a_case_is_seen_at_an_origin_only_as_it_stood_on_record() -> None:
    case = PastCase(
        BEGAN, BEGAN + 5 * DAY, ((BEGAN + 5 * DAY, "low"), (BEGAN + 20 * DAY, "high")),
        begun=(BEGAN + 10 * DAY, BEGAN + 30 * DAY), left=(BEGAN + 50 * DAY, BEGAN + 50 * DAY),
    )  # fmt: skip
    assert case.known(BEGAN + 4 * DAY) is None, "received and not yet written down"
    early = case.known(BEGAN + 15 * DAY)
    assert early is not None and (early.level, early.begun_at) == ("low", None), "begun, and not yet written down"
    later = case.known(BEGAN + 30 * DAY)
    assert later is not None and (later.level, later.begun_at) == ("high", BEGAN + 10 * DAY)
    assert [case.waits(BEGAN + day * DAY) for day in (-1, 0, 9, 10)] == [False, True, True, False], "what came is as known now"


def test_what_is_recorded_after_an_origin_changes_nothing_of_what_was_foretold_there() -> None:
    history, cut = world(), date(2023, 6, 1)
    later = replace(history, cases=tuple(one for one in history.cases if one.received_at.date() < cut))
    now, then = (retell(history=one, rules=rules(), today=date(2023, 8, 15), seed=1, runs=40) for one in (history, later))
    pairs = [(a, b) for a, b in zip(now.foretold, then.foretold, strict=True) if a.origin < cut]
    assert pairs and all(np.array_equal(a.draws, b.draws) for a, b in pairs)


def test_a_case_older_than_anybody_s_work_does_not_stretch_the_record() -> None:
    history = world()
    old = replace(history, cases=(PastCase(BEGAN - 3000 * DAY, BEGAN - 3000 * DAY), *history.cases))
    assert old.begins == BEGAN, "from the first post held"


def test_too_little_record_is_said_and_is_no_error() -> None:
    told = retell(history=History(world().cases[:3], world().posts), rules=rules(), today=date(2022, 8, 1), seed=1, runs=20)
    assert not told.foretold and sum(told.skipped.values()) == 3
    assert "No past month could be told again" in next(past_sentences(past_document(told)))
    assert past_chart(past_document(told)) is None
    assert retell(history=History(world().cases[:10], ()), rules=rules(), today=date(2022, 8, 1), seed=1).foretold == ()
    assert retell(history=History((), ()), rules=rules(), today=TODAY, seed=1).foretold == ()


def test_it_says_in_words_when_it_is_no_better_and_when_it_is_too_soon_to_judge() -> None:
    said = past_document(retold())
    words = list(past_sentences(said))
    assert words[0].startswith("1 month ahead: ")
    worse = {**said, "records": [{**row, "skill": -0.1} for row in said["records"]]}
    assert any("no better than “as a year before, or as it stood” (it erred 10% more" in one for one in past_sentences(worse))
    few = {**said, "records": [{**row, "origins": 9, "hits": 6} for row in said["records"]]}
    assert all("It can be judged from 24 months" in one for one in past_sentences(few) if "8-in-10" in one)
    narrow = {**said, "records": [{**row, "low": 0.4, "high": 0.7, "hits": 20, "skill": 0.3} for row in said["records"]]}
    assert any("its intervals are too narrow" in one for one in past_sentences(narrow))


def test_the_chart_holds_what_came_beside_what_was_foretold() -> None:
    chart = past_chart(past_document(retold()))
    assert chart is not None and chart.title.startswith("Cases waiting 3 months later")
    assert len(chart.names) == retold().records[1].origins


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ([], "a list of cases and a list of posts"),
        ({"cases": [{"recorded": "2026-01-01T00:00:00+00:00"}], "posts": []}, "cases[0]: lacks received"),
        ({"cases": [{"received": "2026-01-01"}], "posts": []}, "cases[0]: an instant is written like"),
        ({"cases": [], "posts": [{"from": 3}]}, "posts[0]: an instant is written like"),
    ],
)
def test_a_history_that_is_none_is_refused_by_its_place(table: object, fault: str) -> None:
    with pytest.raises(BadScenario) as refused:
        read_history(table)
    assert fault in str(refused.value)
