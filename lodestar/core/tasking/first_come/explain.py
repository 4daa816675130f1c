"""Why this person, why not, and the cheapest change that would place what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lodestar.core.tasking.first_come.diary import Diary, able
from lodestar.core.tasking.first_come.problem import Asset, Need, Params, Problem, Unplaced
from lodestar.core.words import listed

NAMED = 3  # more names than this would not be read
FOREVER = 10**9


def why_them(*, need: Need, asset: Asset, others: int) -> str:
    """One sentence: what they have for it, and whether anybody else could have."""
    reasons = ["the child knows them"] if asset.id in need.prefer else []
    if need.skills:
        reasons.append(f"has {skills_in_words(need)}")
    reasons.append("free" if not need.district else "in the district" if need.district == asset.district else "free, from another district")
    if not others:
        reasons.append("the only one free in time")
    return f"{asset.name}: {'; '.join(reasons)}."


def why_not(*, need: Need, problem: Problem, diary: Diary) -> Unplaced:
    """The reason a need is left out, read from the diary at the moment it was; the change is added when the plan stands."""
    skilled = able(need=need, assets=problem.assets)
    if not problem.assets:
        return Unplaced(need.id, "no_skill", "Nobody is on duty.", "")
    if not skilled:
        return Unplaced(need.id, "no_skill", f"Nobody on duty has the skill: {skills_in_words(need)}.", "")
    empty = Diary.of(problem)
    alone = [asset for asset in skilled if empty.first_start(need=need, asset=asset) is not None]
    if not alone:
        told = [_not_in_time(need, asset) for asset in skilled[:NAMED]]
        more = f"; and {len(skilled) - NAMED} more" if len(skilled) > NAMED else ""
        return Unplaced(need.id, "nobody_free_in_time", f"Nobody with the skill can start before it is due: {'; '.join(told)}{more}.", "")
    by = tuple(sorted({work for asset in alone for work in _in_the_way(need, asset, diary)}))
    return Unplaced(need.id, "crowded_out", "Everybody who could do it is on work that comes first.", "", by)


def cheapest_change(*, need: Need, problem: Problem, diary: Diary, params: Params) -> str:
    """What would place the need beside this plan at the cost of the fewest minutes; never a change that would not."""
    skilled = able(need=need, assets=problem.assets)
    if not skilled:
        return f"Bring on somebody{' with ' + skills_in_words(need) if need.skills else ''}."
    choices = (*_stay_on(need, skilled, diary, params), *_wait(need, skilled, diary))
    if not choices:
        return f"Bring on one more{' with ' + skills_in_words(need) if need.skills else ''}, or take back work."
    return min(choices)[2]


def skills_in_words(need: Need) -> str:
    """The skills as a person says them."""
    return listed(skill.replace("_", " ") for skill in need.skills) or "any"


def _stay_on(need: Need, assets: Sequence[Asset], diary: Diary, params: Params) -> Iterator[tuple[int, int, str]]:
    for asset in assets:
        for begins, until in asset.shifts:
            alone = replace(asset, shifts=((begins, until),))
            start = diary.first_start(need=need, asset=alone, overrun=params.longest_overrun)
            if start is not None:
                over = start + need.minutes - until
                yield over, 0, f"Keep {asset.name} on for {over} more minutes."


def _wait(need: Need, assets: Sequence[Asset], diary: Diary) -> Iterator[tuple[int, int, str]]:
    for asset in assets:
        start = diary.first_start(need=need, asset=asset, due=FOREVER)
        if start is not None:
            yield start - need.due, 1, f"Let {asset.name} start it {start - need.due} minutes after it is due."


def _in_the_way(need: Need, asset: Asset, diary: Diary) -> Iterator[int]:
    """The work placed before it that takes the time it could have had; all of theirs where it is their limit that is reached."""
    within = [entry.need for entry in diary.work(asset=asset.id) if entry.begins < need.due + need.minutes and entry.ends > need.earliest]
    yield from within or [entry.need for entry in diary.work(asset=asset.id)]


def _not_in_time(need: Need, asset: Asset) -> str:
    free = Diary({asset.id: []})
    if asset.max_minutes is not None and need.minutes > asset.max_minutes:
        return f"{asset.name} may be given {asset.max_minutes} minutes at most"
    if free.first_start(need=need, asset=asset) is not None:
        return f"{asset.name} is already committed"
    if any(begins <= need.due and until > need.earliest for begins, until in asset.shifts):
        return f"{asset.name}'s shift ends before it could be done"
    return f"{asset.name} is not on shift in time"
