"""The problems that are measured: good documents, the same each time, and the peers' part of each."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from bench.tasking.instances import SIZES, Size, instance, level, plain, single, urgent
from lodestar.core.tasking.document import read_problem

SMALL = SIZES["50x250"]


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_drawn_problem_can_be_read_and_has_everything_that_is_measured(seed: int) -> None:
    problem = read_problem(instance(size=SMALL, seed=seed))
    assert (len(problem.assets), len(problem.tasks), problem.tiers) == (50, 250, (0, 1, 2, 3, 4))
    assert any(len(task.crew) > 1 for task in problem.tasks)
    assert any(task.after for task in problem.tasks)
    assert any(asset.commitments for asset in problem.assets)
    assert any(slot for task in problem.tasks for slot in task.crew)


def test_several_days_give_each_person_as_many_shifts_as_they_are_on() -> None:
    problem = read_problem(instance(size=Size(20, 60, days=7, on=2), seed=1))
    assert {len(asset.shifts) for asset in problem.assets} == {2}
    assert max(task.earliest for task in problem.tasks) > 24 * 60 * problem.scale


def test_the_single_version_has_one_person_a_task_and_nothing_that_waits() -> None:
    whole = instance(size=SMALL, seed=1)
    alone = read_problem(single(whole))
    assert all(len(task.crew) == 1 and not task.after for task in alone.tasks)
    assert [task.crew[0] for task in alone.tasks] == [task.crew[0] for task in read_problem(whole).tasks]


def test_the_same_size_and_seed_give_the_same_bytes_on_every_machine() -> None:
    drawn = [sha256(json.dumps(instance(size=SMALL, seed=seed)).encode()).hexdigest()[:16] for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert drawn[0] == "2c2434f8239f7f1d"


def test_the_plain_version_has_nothing_that_a_routing_library_cannot_express() -> None:
    problem = read_problem(plain(instance(size=SMALL, seed=1)))
    assert problem.tiers == (0,)
    assert all(len(task.crew) == 1 and not task.after and not task.decay for task in problem.tasks)
    assert all(asset.longest is None for asset in problem.assets)


def test_the_level_version_is_the_whole_problem_but_for_its_tiers() -> None:
    whole = instance(size=SMALL, seed=1)
    one, other = read_problem(level(whole)), read_problem(whole)
    assert one.tiers == (0,)
    assert [(task.crew, task.after, task.decay) for task in one.tasks] == [(task.crew, task.after, task.decay) for task in other.tasks]


def test_something_urgent_comes_in_beside_everything_else() -> None:
    whole = instance(size=SMALL, seed=1)
    problem = read_problem(urgent(whole, 3))
    assert len(problem.tasks) == len(whole["tasks"]) + 1
    assert (problem.tasks[-1].id, problem.tasks[-1].tier) == ("urgent", 0)
    assert problem.tasks[-1].due - problem.tasks[-1].earliest == 60 * problem.scale
