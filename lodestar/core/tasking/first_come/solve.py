"""The first formula: by tier, then by when it is due, each to the free person who fits it best. No dice at all.

It is greedy and does not pretend otherwise: the bound that comes with it is proven but loose. The optimiser will take
its place behind the same door.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from lodestar.core.tasking.first_come.diary import Diary, Entry, able
from lodestar.core.tasking.first_come.explain import cheapest_change, why_not, why_them
from lodestar.core.tasking.first_come.problem import Asset, BadProblem, Need, Params, Placed, Problem, Proposal, Stop, Unplaced, faults


def solve(*, problem: Problem, params: Params, seed: int, stop: Stop) -> Proposal:
    """Every need is placed or left out with its reason; a lower tier never takes what a higher one could have had.

    The same problem gives the same bytes whatever the seed: this rule rolls no dice. Refuses a problem with faults.
    """
    wrong = faults(problem)
    if wrong:
        raise BadProblem(wrong)
    diary, placed, left = Diary.of(problem), list[Placed](), list[tuple[Need, Unplaced]]()
    for need in sorted(problem.needs, key=lambda item: (item.tier, item.due, item.earliest, item.id)):
        line = _place(need, problem.assets, diary, params)
        if line is None:
            left.append((need, why_not(need=need, problem=problem, diary=diary)))
        else:
            placed.append(line)
            diary.write(asset=line.asset, entry=Entry(line.start, line.end, need.id))
    tiers = {need.id: need.tier for need in problem.needs}
    return Proposal(
        placed=tuple(placed),
        unplaced=tuple(
            replace(item, change=cheapest_change(need=need, problem=problem, diary=diary, params=params)) for need, item in left
        ),
        objective=_by_tier(problem, (tiers[line.need] for line in placed)),
        bound=bound(problem=problem),
        problem_sha256=problem.sha256(),
        formula=f"{params.formula} {params.version}",
        seed=seed,
        iterations=min(stop.iterations, 1),
    )


def bound(*, problem: Problem) -> dict[str, int]:
    """No plan can place more of a tier than this: the needs that somebody could do if they had nothing else to do."""
    diary = Diary.of(problem)
    return _by_tier(
        problem,
        (
            need.tier
            for need in problem.needs
            if any(diary.first_start(need=need, asset=asset) is not None for asset in able(need=need, assets=problem.assets))
        ),
    )


def _by_tier(problem: Problem, tiers: Iterable[int]) -> dict[str, int]:
    """A count for every tier the problem has, nought included, by the tier's number as text (as JSON keeps it)."""
    counted = Counter(tiers)
    return {str(tier): counted[tier] for tier in sorted({need.tier for need in problem.needs})}


def _place(need: Need, assets: tuple[Asset, ...], diary: Diary, params: Params) -> Placed | None:
    """The best of those who can start soon enough: known to the child, then near, then first free, then least loaded.

    Knowing the child or being near is worth waiting for, but only for as long as the formula's patience: an urgent
    enquiry does not wait half a day for a familiar face.
    """
    starts = [(asset, diary.first_start(need=need, asset=asset)) for asset in able(need=need, assets=assets)]
    free = [(asset, start) for asset, start in starts if start is not None]
    if not free:
        return None
    latest = min(start for _, start in free) + params.patience

    def rank(choice: tuple[Asset, int]) -> tuple[bool, bool, int, int, int]:
        asset, start = choice
        return (asset.id not in need.prefer, need.district not in ("", asset.district), start, diary.load(asset=asset.id), asset.id)

    asset, start = min((choice for choice in free if choice[1] <= latest), key=rank)
    return Placed(need.id, asset.id, start, start + need.minutes, why_them(need=need, asset=asset, others=len(free) - 1))
