"""What a run comes to adds up exactly, and is what counting the cases one by one gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lodestar.core.forecast.draws import draw
from lodestar.core.forecast.laws import Law
from lodestar.core.forecast.queue import NEVER, TICKS, serve
from lodestar.core.forecast.scenario import Plan, Posting, Stage
from lodestar.core.forecast.tally import STEP, posts, shared, tally
from tests.core.forecast.making import polit

RAMP = ((0.0, 0.0), (3.0, 0.5), (6.0, 1.0))
PLAN = Plan("+2", (Posting(2, 30, None, RAMP),))
RUNS = 12


@pytest.mark.parametrize("discipline", ["priority", "deadline"])
def test_what_waits_is_what_was_there_and_came_less_what_was_begun_to_the_case(discipline: str) -> None:
    scenario = replace(polit(months=12, exact=False), discipline=discipline, begun=(2.0, 9.0))  # type: ignore[arg-type]
    drawn = draw(scenario, seed=5, part=0, runs=RUNS)
    found = tally(scenario, drawn, shared(scenario, drawn), PLAN)
    deadlines = [0, *(one.deadline_days * TICKS for one in scenario.classes)]
    until = round(scenario.horizon_days * TICKS)
    served = serve(cases=drawn.cases, posts=posts(scenario, PLAN), deadlines=deadlines, discipline=discipline, until=until)  # type: ignore[arg-type]
    real = drawn.cases.arrivals < NEVER
    for instant in range(0, 49, 7):
        at = instant * STEP
        came, begun, ended = real & (drawn.cases.arrivals <= at), served.starts <= at, served.ends <= at
        late = drawn.cases.arrivals + np.repeat(deadlines, RUNS)[drawn.rows] <= at
        for run in range(RUNS):
            mine = drawn.rows % RUNS == run
            for number in range(4):
                row = drawn.rows == (number + 1) * RUNS + run
                assert found.waiting[number, run, instant] == (row & came & ~begun).sum()
                assert found.late[number, run, instant] == (row & came & ~begun & late).sum()
                assert found.long_late[number, run, instant] <= found.late[number, run, instant]
            assert found.ended[run, instant] == (mine & ended).sum()
            # Everybody who ever came is waiting, in hand, or done: nothing is lost and nothing is twice.
            assert found.waiting[:, run, instant].sum() + found.in_hand[run, instant] + found.ended[run, instant] == (mine & came).sum()


def test_from_one_instant_to_any_later_one_the_line_adds_up() -> None:
    scenario = polit(months=12, exact=False)
    drawn = draw(scenario, seed=8, part=0, runs=RUNS)
    known = shared(scenario, drawn)
    found = tally(scenario, drawn, known, PLAN)
    stock = found.waiting.sum(axis=0) + found.in_hand
    came = known.came.sum(axis=0)
    assert (np.diff(stock, axis=1) == np.diff(came, axis=1) - np.diff(found.ended, axis=1)).all()


def test_what_waits_on_others_came_from_the_posts_or_was_there_and_a_share_of_none_is_none() -> None:
    stages = (
        Stage("forensics", "Forensics", 1.0, Law.of_mean(mean=40, cv=0.8), (5.0, 80.0)),
        Stage("cps", "CPS", 0.0, Law.of_mean(mean=100, cv=0.8)),
    )
    scenario = replace(polit(months=12), stages=stages)
    drawn = draw(scenario, seed=2, part=0, runs=RUNS)
    found = tally(scenario, drawn, shared(scenario, drawn), Plan("none"))
    assert (found.elsewhere[0, :, 0] == 2).all()
    assert (found.elsewhere[1] == 0).all()
    assert (found.elsewhere[0] <= found.ended + 2).all()
    assert 20 < found.elsewhere[0, :, -1].mean() < 45  # by Little: 0.8 done a day, 40 days each


def test_the_share_begun_in_time_is_of_what_falls_due_in_the_look_ahead() -> None:
    scenario = polit(months=12, posts=40)
    drawn = draw(scenario, seed=2, part=0, runs=RUNS)
    found = tally(scenario, drawn, shared(scenario, drawn), Plan("none"))
    assert (found.in_time == found.owed).all()
    assert found.owed.sum() > 0
    assert (found.waits.argmax(axis=2) == 0).all()
