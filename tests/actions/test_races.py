"""Eight people at one row at the same instant, each in a process of their own on a real database: one wins, seven are told so cleanly."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.journeys.world import ROOT, World

pytestmark = pytest.mark.slow
RACERS = 8


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A database of this test's own, with nobody serving it."""
    made = World()
    try:
        made.do("fill")
        yield made
    finally:
        made.end()


def raced(world: World, what: str, row: int, version: int) -> Counter[str]:
    """The same step on the same row by eight processes that start together; what each was told."""
    start_at = time.time() + 8
    words = [sys.executable, "-m", "tests.journeys.racing", what, str(row), str(version), str(start_at)]
    racers = [
        subprocess.Popen(words, cwd=ROOT, env=world.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(RACERS)
    ]
    told = []
    for racer in racers:
        out, err = racer.communicate(timeout=90)
        assert racer.returncode == 0, err
        told.append(out.strip().splitlines()[-1])
    return Counter(told)


def test_one_of_eight_who_close_a_child_at_once_closes_it(world: World) -> None:
    ready = world.do("ready_to_close")
    assert raced(world, "close", ready["matter"], ready["version"]) == {"won": 1, "conflict": RACERS - 1}
    assert world.do("history", matter=ready["matter"], verb="close") == {"steps": 1, "conflicts": RACERS - 1}


def test_eight_looks_at_once_find_an_absence_once(world: World) -> None:
    world.do("minutely")
    matter = world.do("report", given="Una", family="Unseen", level="high", hours_ago=3)
    assert raced(world, "look", matter, 1) == {"won": 1, "conflict": RACERS - 1}
    assert world.do("hits", matter=matter) == {"open": 1, "ended": 0, "told": 1}


def test_one_of_eight_who_accept_an_offer_at_once_takes_it(world: World) -> None:
    offered = world.do("offered")
    assert raced(world, "accept", offered["handover"], 1) == {"won": 1, "conflict": RACERS - 1}
    assert world.do("holders", matter=offered["matter"]) == {"accepted": 1, "holder": "cedar"}


def test_one_of_eight_who_undo_a_join_at_once_undoes_it(world: World) -> None:
    matter = world.do("report", given="Una", family="Uncertain")
    report = world.do("joins", matter=matter)["report"]
    assert raced(world, "part", report, 1) == {"won": 1, "conflict": RACERS - 1}
    assert world.do("joins", matter=matter) == {"report": report, "on": 2, "off": 1}, "the other seven have left nothing"
