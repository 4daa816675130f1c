"""The first formula: by tier, then by when it is due, each to the free person who fits it best. No dice at all.

It is greedy and does not pretend otherwise: the bound that comes with it is proven but loose. The optimiser will take
its place behind the same door.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from lodestar.core.tasking.problem import Asset, Need, Params, Placed, Problem, Proposal, Stop, Unplaced


def solve(*, problem: Problem, params: Params, seed: int, stop: Stop) -> Proposal:
    """Every need is placed or left out with its reason; a lower tier never takes what a higher one could have had.

    The same problem gives the same bytes whatever the seed: this rule rolls no dice.
    """
    booked: dict[int, list[tuple[int, int, int]]] = {asset.id: [(*span, 0) for span in asset.commitments] for asset in problem.assets}
    placed: list[Placed] = []
    unplaced: list[Unplaced] = []
    for need in sorted(problem.needs, key=lambda item: (item.tier, item.due, item.earliest, item.id)):
        line = _place(need, problem.assets, booked)
        if line is None:
            unplaced.append(_why_not(need, problem.assets, booked))
        else:
            placed.append(line)
            booked[line.asset].append((line.start, line.end, need.id))
    tiers = {need.id: need.tier for need in problem.needs}
    return Proposal(
        placed=tuple(placed),
        unplaced=tuple(unplaced),
        objective=_by_tier(tiers[line.need] for line in placed),
        bound=bound(problem=problem),
        problem_sha256=problem.sha256(),
        formula=f"{params.formula} {params.version}",
        seed=seed,
        iterations=min(stop.iterations, 1),
    )


def bound(*, problem: Problem) -> dict[str, int]:
    """No plan can place more of a tier than this: the needs that somebody could do if they had nothing else to do."""
    able = (
        need.tier
        for need in problem.needs
        if any(_fits(need, asset) and _first_gap(need, asset, [(*span, 0) for span in asset.commitments]) is not None for asset in problem.assets)
    )
    return _by_tier(able)


def _by_tier(tiers: Iterable[int]) -> dict[str, int]:
    counted = Counter(tiers)
    return {str(tier): counted[tier] for tier in sorted(counted)}


def _fits(need: Need, asset: Asset) -> bool:
    return set(need.skills) <= set(asset.skills)


def _first_gap(need: Need, asset: Asset, booked: list[tuple[int, int, int]]) -> int | None:
    """The first minute at which the asset could start the need, inside a shift and beside nothing else."""
    taken = sorted(booked)
    for shift_from, shift_until in sorted(asset.shifts):
        start = max(need.earliest, shift_from, 0)
        for begins, ends, _ in taken:
            if begins < start + need.minutes and ends > start:
                start = ends
        if start <= need.due and start + need.minutes <= shift_until:
            return start
    return None


def _place(need: Need, assets: tuple[Asset, ...], booked: dict[int, list[tuple[int, int, int]]]) -> Placed | None:
    choices = []
    for asset in assets:
        start = _first_gap(need, asset, booked[asset.id]) if _fits(need, asset) else None
        if start is not None:
            known, near = asset.id in need.prefer, need.district in ("", asset.district)
            load = sum(ends - begins for begins, ends, _ in booked[asset.id])
            choices.append(((not known, not near, start, load, asset.id), asset, start))
    if not choices:
        return None
    (unknown, far, *_), asset, start = min(choices, key=lambda choice: choice[0])
    return Placed(need.id, asset.id, start, start + need.minutes, _because(need, asset, unknown=bool(unknown), far=bool(far), others=len(choices) - 1))


def _because(need: Need, asset: Asset, *, unknown: bool, far: bool, others: int) -> str:
    reasons = [] if unknown else ["the child knows them"]
    if need.skills:
        reasons.append(f"has {', '.join(skill.replace('_', ' ') for skill in need.skills)}")
    reasons.append("nearest free, from another district" if far else "in the district" if need.district else "free")
    if not others:
        reasons.append("the only one free in time")
    return f"{asset.name}: {'; '.join(reasons)}."


def _why_not(need: Need, assets: tuple[Asset, ...], booked: dict[int, list[tuple[int, int, int]]]) -> Unplaced:
    able = [asset for asset in assets if _fits(need, asset)]
    skills = ", ".join(skill.replace("_", " ") for skill in need.skills) or "any"
    if not able:
        return Unplaced(need.id, "no_skill", f"Nobody on duty has the skill: {skills}.", f"Bring on somebody with {skills}.")
    alone = [asset for asset in able if _first_gap(need, asset, [(*span, 0) for span in asset.commitments]) is not None]
    if not alone:
        names = ", ".join(asset.name for asset in able[:3])
        return Unplaced(
            need.id, "nobody_free_in_time", f"Nobody with the skill is free before it is due ({names}).", "Move the due time, or extend a shift."
        )
    by = sorted({work for asset in alone for *_, work in booked[asset.id] if work})
    return Unplaced(need.id, "crowded_out", "Everybody who could do it is on work that comes first.", "Take back one of those tasks, or bring on one more.", tuple(by))
