"""The engine does, for a thousand runs at once, what a plain engine does for one: to the tick, under both disciplines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestar.core.forecast.closed import cobham, erlang_c
from lodestar.core.forecast.draws import draw
from lodestar.core.forecast.queue import MOST_POSTS, NEVER, TICKS, Cases, Post, serve
from tests.core.forecast.making import MIX, finished, in_days, line_of, plainly, polit, steady

cases = st.lists(st.tuples(st.integers(-20, 60), st.integers(1, 25)), max_size=9).map(sorted)
disciplines = st.sampled_from(["priority", "deadline"])
ramps = st.sampled_from([(), ((10, 0.5), (30, 1.0)), ((0, 0.0), (15, 0.25), (40, 0.75), (60, 1.0)), ((5, 0.5),)])


@st.composite
def posts(draw_: st.DrawFn) -> Post:
    ramp = draw_(ramps)
    begin = next((at for at, share in ramp if share > 0), draw_(st.integers(0, 30)))
    return Post(begin, draw_(st.sampled_from([NEVER, 25, 60])), ramp)


@settings(max_examples=150, deadline=None)
@given(st.data(), disciplines)
def test_every_case_starts_and_ends_as_in_the_plain_engine(data: st.DataObject, discipline: str) -> None:
    classes, runs = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3))
    line = line_of([[data.draw(cases) for _ in range(runs)] for _ in range(classes)])
    staff = data.draw(st.lists(posts(), min_size=1, max_size=4))
    deadlines = data.draw(st.lists(st.integers(0, 30), min_size=classes, max_size=classes))
    found = serve(cases=line, posts=staff, deadlines=deadlines, discipline=discipline, until=10**6)  # type: ignore[arg-type]
    for run in range(runs):
        plain = plainly(line, run, staff, deadlines, discipline)
        for number in range(classes):
            for place in range(int(line.first[number, run]), int(line.first[number, run] + line.size[number, run])):
                assert (int(found.starts[place]), int(found.ends[place])) == plain.get(place, (NEVER, NEVER))


@settings(max_examples=150, deadline=None)
@given(st.data(), disciplines)
def test_machine_code_and_arrays_give_the_same_bytes(data: st.DataObject, discipline: str) -> None:
    classes, runs = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3))
    line = line_of([[data.draw(cases) for _ in range(runs)] for _ in range(classes)])
    staff = data.draw(st.lists(posts(), min_size=1, max_size=4))
    deadlines = data.draw(st.lists(st.integers(0, 30), min_size=classes, max_size=classes))
    until = data.draw(st.sampled_from([15, 40, 10**6]))
    asked = {"cases": line, "posts": staff, "deadlines": deadlines, "discipline": discipline, "until": until}
    arrays, machine = (serve(**asked, compiled=one) for one in (False, True))
    assert np.array_equal(arrays.starts, machine.starts)
    assert np.array_equal(arrays.ends, machine.ends)


@pytest.mark.parametrize("discipline", ["priority", "deadline"])
def test_a_drawn_scenario_with_training_gives_the_same_bytes_either_way(discipline: str) -> None:
    line = polit(months=12, exact=False)
    drawn = draw(line, seed=3, part=0, runs=50).cases
    ramp = ((0, 0.0), (91 * TICKS, 0.5), (183 * TICKS, 1.0))
    staff = [Post()] * 5 + [Post(until_tick=200 * TICKS)] + [Post(91 * TICKS, ramp=ramp)] * 3
    asked = {"cases": drawn, "posts": staff, "deadlines": [0, *(days * TICKS for days in (1, 7, 14, 30))]}
    arrays, machine = (serve(**asked, discipline=discipline, until=365 * TICKS, compiled=one) for one in (False, True))  # type: ignore[arg-type]
    assert arrays.starts.tobytes() == machine.starts.tobytes()
    assert arrays.ends.tobytes() == machine.ends.tobytes()


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_where_all_work_is_one_length_the_earliest_deadline_first_makes_the_worst_lateness_least(data: st.DataObject) -> None:
    """A known property: with unit work and whole arrivals no order of a busy line has a smaller worst lateness."""
    arrivals = [sorted(data.draw(st.lists(st.integers(0, 12), max_size=8))) for _ in range(3)]
    line = line_of([[[(at, 1) for at in row]] for row in arrivals])
    deadlines = data.draw(st.lists(st.integers(1, 10), min_size=3, max_size=3))
    staff = [Post()] * data.draw(st.integers(1, 3))
    worst, begun = {}, {}
    for discipline in ("deadline", "priority"):
        found = serve(cases=line, posts=staff, deadlines=deadlines, discipline=discipline, until=10**6)  # type: ignore[arg-type]
        real = line.arrivals < NEVER
        due = np.repeat(deadlines, np.diff([*line.first[:, 0], line.arrivals.size]))[real] + line.arrivals[real]
        worst[discipline] = int((found.starts[real] - due).max()) if real.any() else 0
        begun[discipline] = sorted(found.starts[real].tolist())
    assert worst["deadline"] <= worst["priority"]
    assert begun["deadline"] == begun["priority"]  # neither idles: whoever is first, as many have begun at any instant


def test_the_first_class_never_waits_for_one_below_that_has_not_begun() -> None:
    scenario = steady(days=360)
    line = draw(scenario, seed=3, part=0, runs=5).cases
    found = serve(cases=line, posts=[Post()] * 7, deadlines=[0, 1, 7, 14, 30], discipline="priority", until=360 * TICKS)
    for run in range(5):
        rows = [slice(int(line.first[k, run]), int(line.first[k, run] + line.size[k, run])) for k in range(5)]
        for high in range(1, 4):
            for low in range(high + 1, 5):
                for at in found.starts[rows[low]][found.starts[rows[low]] < NEVER]:
                    waits = (line.arrivals[rows[high]] <= at) & (found.starts[rows[high]] > at)
                    assert not waits.any()


def test_means_agree_with_cobhams_closed_form_within_the_error_of_the_simulation() -> None:
    days, runs = 3600, 60
    line = draw(steady(days=days), seed=11, part=0, runs=runs).cases
    until = days * TICKS
    found = serve(cases=line, posts=[Post()] * 7, deadlines=[0, 1, 7, 14, 30], discipline="priority", until=until)
    exact = cobham(posts=7, rates=[share * 1.25 for share in MIX], days=5)
    for number in range(1, 5):
        means = np.array([_mean_wait(line, found.starts, number, run, until) for run in range(runs)])
        error = means.std(ddof=1) / np.sqrt(runs)
        assert abs(means.mean() - exact[number - 1]) < 4 * error + 0.01 * exact[number - 1]


def _mean_wait(line: Cases, starts: np.ndarray, number: int, run: int, until: int) -> float:
    rows = slice(int(line.first[number, run]), int(line.first[number, run] + line.size[number, run]))
    arrived = line.arrivals[rows]
    kept = (arrived > until // 10) & (arrived < until - 200 * TICKS)  # warm, and none cut off
    assert (starts[rows][kept] < NEVER).all()
    return float(in_days(starts[rows][kept] - arrived[kept]).mean())


@pytest.mark.parametrize(
    ("staff", "waits"),
    [(7, (0.52, 0.72, 1.83, 12.47)), (8, (0.27, 0.36, 0.75, 2.64)), (10, (0.06, 0.08, 0.14, 0.30))],
)
def test_the_closed_forms_give_the_published_table(staff: int, waits: tuple[float, ...]) -> None:
    found = cobham(posts=staff, rates=[share * 1.25 for share in MIX], days=5)
    assert found == pytest.approx(waits, abs=0.006)
    mean = sum(share * wait for share, wait in zip(MIX, found, strict=True))
    assert mean == pytest.approx(erlang_c(posts=staff, load=6.25) * 5 / staff / (1 - 6.25 / staff))


@pytest.mark.parametrize("load", [0, 7, 9])
def test_a_load_that_cannot_be_carried_has_no_steady_state(load: float) -> None:
    with pytest.raises(ValueError, match="steady state"):
        erlang_c(posts=7, load=load)


def test_a_post_in_training_takes_twice_as_long_and_across_the_step_in_part() -> None:
    line = line_of([[[(0, 10), (0, 10), (0, 10)]]])
    post = Post(0, NEVER, ((0, 0.5), (30, 1.0)))
    found = serve(cases=line, posts=[post], deadlines=[0], discipline="priority", until=1000)
    assert found.ends[:3].tolist() == [20, 35, 45]
    assert [finished(post, 0, 10), finished(post, 20, 10), finished(post, 35, 10)] == [20, 35, 45]


def test_what_starts_after_the_look_ahead_has_not_started() -> None:
    line = line_of([[[(0, 10), (0, 10), (25, 10)]]])
    found = serve(cases=line, posts=[Post()], deadlines=[0], discipline="priority", until=15)
    assert found.starts[:3].tolist() == [0, 10, NEVER]
    assert found.ends[:3].tolist() == [10, 20, NEVER]


@pytest.mark.parametrize("count", [0, MOST_POSTS + 1])
def test_a_number_of_posts_that_no_key_holds_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="posts"):
        serve(cases=line_of([[[(0, 1)]]]), posts=[Post()] * count, deadlines=[0], discipline="priority", until=1)


def test_each_class_needs_a_deadline() -> None:
    with pytest.raises(ValueError, match="deadline"):
        serve(cases=line_of([[[(0, 1)]]]), posts=[Post()], deadlines=[0, 1], discipline="priority", until=1)
