"""Small random problems, a checker that shares nothing with the solver, and a brute force over every plan."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import strategies as st

from lodestar.core.tasking.first_come.problem import Asset, Need, Problem, Proposal

SKILLS = ("search", "interview_child")
Line = tuple[int, int, int]  # task, asset, start


def person(number: int, *, shifts: tuple[tuple[int, int], ...] = ((0, 480),), **changes: object) -> Asset:
    """An officer on one eight-hour shift, unless told otherwise."""
    return replace(Asset(id=number, name=f"PC {number}", skills=SKILLS, district="north", shifts=shifts), **changes)  # type: ignore[arg-type]


def work(number: int, *, due: int = 480, minutes: int = 60, tier: int = 2, **changes: object) -> Need:
    """An hour's work due within the shift, unless told otherwise."""
    made = Need(id=number, matter=number, title="Check an address", tier=tier, minutes=minutes, earliest=0, due=due)
    return replace(made, **changes)  # type: ignore[arg-type]


def problem(assets: list[Asset], needs: list[Need]) -> Problem:
    """A problem that starts at one fixed instant."""
    return Problem(start="2026-06-04T06:00:00+00:00", horizon=1440, assets=tuple(assets), needs=tuple(needs))


def _spans(most: int) -> st.SearchStrategy[tuple[tuple[int, int], ...]]:
    span = st.tuples(st.integers(0, 10), st.integers(0, 6)).map(lambda pair: (pair[0], pair[0] + pair[1]))
    return st.lists(span, max_size=most).map(tuple)


def _skills() -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(st.sampled_from(SKILLS)).map(lambda found: tuple(sorted(found)))


@st.composite
def problems(draw: st.DrawFn, *, most_assets: int = 4, most_needs: int = 7) -> Problem:
    """Any small problem, in minutes few enough that plans get in each other's way."""
    assets = [
        Asset(
            id=number, name=f"PC {number}", skills=draw(_skills()), district=draw(st.sampled_from(("north", "south"))),
            shifts=draw(_spans(2)), commitments=draw(_spans(2)), max_minutes=draw(st.none() | st.integers(0, 8)),
        )
        for number in range(1, draw(st.integers(0, most_assets)) + 1)
    ]  # fmt: skip
    needs = [
        Need(
            id=number, matter=number, title="Work", tier=draw(st.integers(1, 3)), minutes=draw(st.integers(1, 4)),
            earliest=draw(st.integers(0, 8)), due=draw(st.integers(-1, 12)), skills=draw(_skills()),
            district=draw(st.sampled_from(("", "north", "south"))),
            prefer=tuple(draw(st.sets(st.integers(1, 4), max_size=2))),
        )
        for number in range(1, draw(st.integers(0, most_needs)) + 1)
    ]  # fmt: skip
    return problem(assets, needs)


def broken_rules(asked: Problem, lines: tuple[Line, ...]) -> list[str]:
    """Every rule of the problem that a plan breaks, minute by minute."""
    needs, assets = {need.id: need for need in asked.needs}, {asset.id: asset for asset in asked.assets}
    found = [f"task {task} twice" for task, times in Counter(task for task, _, _ in lines).items() if times > 1]
    for task, who, start in lines:
        need, asset = needs[task], assets[who]
        minutes = range(start, start + need.minutes)
        if not set(need.skills) <= set(asset.skills):
            found.append(f"task {task}: skill")
        if not need.earliest <= start <= need.due or start < 0:
            found.append(f"task {task}: window")
        if not any(all(begins <= minute < ends for minute in minutes) for begins, ends in asset.shifts):
            found.append(f"task {task}: shift")
        if any(begins <= minute < ends for minute in minutes for begins, ends in asset.commitments):
            found.append(f"task {task}: commitment")
    for asset in asked.assets:
        own = [(task, start) for task, who, start in lines if who == asset.id]
        taken = Counter(minute for task, start in own for minute in range(start, start + needs[task].minutes))
        if any(times > 1 for times in taken.values()):
            found.append(f"asset {asset.id}: two things at once")
        if asset.max_minutes is not None and taken.total() > asset.max_minutes:
            found.append(f"asset {asset.id}: limit")
    return found


def lines_of(proposal: Proposal) -> tuple[Line, ...]:
    """The plan as the checker reads it."""
    return tuple((line.need, line.asset, line.start) for line in proposal.placed)


def most_of_tier(asked: Problem, tier: int) -> int:
    """The most tasks of one tier that any plan at all can place, found by trying every one."""
    wanted = [need for need in asked.needs if need.tier == tier]

    def deepest(index: int, lines: tuple[Line, ...]) -> int:
        if index == len(wanted):
            return len(lines)
        best = deepest(index + 1, lines)
        for asset in asked.assets:
            for start in range(max(0, wanted[index].earliest), wanted[index].due + 1):
                tried = (*lines, (wanted[index].id, asset.id, start))
                if not broken_rules(asked, tried):
                    best = max(best, deepest(index + 1, tried))
        return best

    return deepest(0, ())
