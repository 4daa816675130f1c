"""The figures of the tasking formula as a page in Markdown, with what falls short of its aim said plainly."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bench.markdown import in_markdown, machine
from bench.tasking.measuring import Again, Found, Proven

WITHIN = 0.01
WHOLE = 0.95


@dataclass
class Measured:
    """Everything one run has found."""

    plans: list[Found] = field(default_factory=list)
    side: list[Found] = field(default_factory=list)
    level: list[Found] = field(default_factory=list)
    proofs: dict[str, Proven] = field(default_factory=dict)
    kept: dict[str, Proven] = field(default_factory=dict)  # of the plans that have no less in any tier but the lowest
    again: list[Again] = field(default_factory=list)
    compiled: tuple[float, ...] = ()  # seconds by the clock and of processor


def page(found: Measured, *, now: datetime, seconds: float, loads: tuple[float, float], length: str) -> str:
    """The whole page."""
    side = sorted({one.size for one in found.side})
    parts = [
        "# Benchmarks of the tasking formula",
        f"Measured by `make bench-tasking` on {now.day} {now:%B %Y}: {machine()}. Other programs shared the machine: the load was "
        f"{loads[0]:.1f} when the run began and {loads[1]:.1f} when it ended, so each row also says how much of a processor it had "
        "(processor seconds beside seconds by the clock). Ours and the peers take turns, and a peer's model is built before its clock "
        f"starts. The run took {seconds / 60:.0f} minutes{'' if length == 'full' else f', shortened by `--{length}`'}.",
        "The problems are drawn by [instances.py](../../bench/tasking/instances.py) from seed 1: skills, crews of up to three, order, "
        "decay, commitments and longest days; 1000x10000 is over seven days. Seeds are those of the search. Where a row has fewer than "
        "three seeds, that is to keep the run short.",
        "## Aims, and what was measured",
        in_markdown(("Aim", "Measured", ""), _aims(found)),
        "## Value against the proven bound",
        in_markdown(
            (
                "Problem",
                "Seconds",
                "Seeds",
                "Processor",
                "By tier, of its own bound",
                "Value",
                "Of the bound on all",
                "With the higher tiers kept",
                "Spread",
            ),
            _plans(found),
        ),
        "Each tier as a share of the most that any plan could reach in that tier if it were the only one; a low tier is therefore far "
        "below, since the tiers above it come first. The bound on all is of the plain sum, and the plan of the greatest sum lets much in"
        " a low tier displace a little in a high one. Ours never does, so its sum must stay below. *With the higher tiers kept* is "
        "therefore the share of what any plan can be worth in all that has no less in any tier but the lowest than our longest "
        "plan: the most that could still be had without taking from a higher tier. Value is the mean of the "
        "seeds, spread the difference of the best and the worst seed as a share of it.",
        in_markdown(
            ("Problem", "Bound on", "Most", "Seconds", "Processor", "How it was proven"),
            [
                *(_proof(one, "every plan") for one in found.proofs.values()),
                *(_proof(one, "plans that keep the higher tiers") for one in found.kept.values()),
            ],
        ),
        "A proof has at most ten minutes of one processor, and by the clock two and a half times as long, since others may share the "
        "machine; proofs are made last, when nothing else is measured. Where the bound on every plan is the lower, it stands for those "
        "that keep the higher tiers too.",
        f"## Side by side: one person a task ({', '.join(side)})",
        in_markdown(
            ("Problem", "Seconds asked", "Who", "Seeds", "Seconds taken", "Processor", "Value", "Placed", "Rules broken"), _side(found.side)
        ),
        "Without crews, order, decay, longest days and tiers, which is what all of them can express; all judged by our verifier and "
        "objective. VROOM has both cores, the others one. A peer may take longer than it was asked where its opening cannot be stopped."
        " OR-Tools' openings take ten to thirty seconds of processor at 300x1500, so that its early rows can be empty.",
        "## The whole problem with everything in one tier",
        in_markdown(
            ("Problem", "Seconds asked", "Who", "Seeds", "Seconds taken", "Processor", "Value", "Placed", "Rules broken"),
            _side(found.level),
        ),
        _level(found),
        "## Planning again after one urgent arrival",
        in_markdown(
            (
                "Problem",
                "Arrivals",
                "Placed",
                "Search p50",
                "p95",
                "Whole answer p50",
                "p95",
                "Processor p50",
                "p95",
                "Lines moved, mean",
                "most",
            ),
            map(_again, found.again),
        ),
        "Milliseconds. The whole plan is issued first. The whole answer searches again, gives every line its reason, proves a bound and "
        "writes the document; processor is what that took of one.",
        "## First use",
        f"Compiling the engine where nothing is compiled yet took {found.compiled[0]:.0f} seconds by the clock, {found.compiled[1]:.0f} of "
        "processor. `lodestar tasking compile` does it ahead; what is compiled is kept until an upgrade.",
    ]
    return "\n\n".join(parts) + "\n"


def _groups(found: list[Found]) -> dict[tuple[str, float, str], list[Found]]:
    groups: dict[tuple[str, float, str], list[Found]] = {}
    for one in found:
        groups.setdefault((one.size, one.asked, one.who), []).append(one)
    return groups


def _value(group: list[Found]) -> float:
    return statistics.mean(one.total for one in group)


def _spread(group: list[Found]) -> float:
    totals = [one.total for one in group]
    return (max(totals) - min(totals)) / _value(group)


def _plans(found: Measured) -> Iterable[Sequence[object]]:
    for (size, seconds, _), group in _groups(found.plans).items():
        proven = found.proofs[size]
        tiers = [statistics.mean(one.by_tier[tier] for one in group) / most for tier, most in proven.by_tier.items() if most]
        spread = f"{_spread(group):.2%}" if len(group) > 1 else "–"
        yield (
            size,
            f"{seconds:g}",
            len(group),
            f"{statistics.mean(one.cpu for one in group):.1f}",
            " · ".join(f"{share:.1%}" for share in tiers),
            f"{_value(group):,.0f}",
            f"{_value(group) / proven.total:.1%}",
            f"{_value(group) / found.kept[size].total:.1%}" if size in found.kept and group[0].by_tier == found.kept[size].by_tier else "–",
            spread,
        )


def _proof(one: Proven, of: str) -> Sequence[object]:
    return one.size, of, f"{one.total:,.1f}", f"{one.seconds:.0f}", f"{one.cpu:.0f}", one.method


def _side(found: list[Found]) -> Iterable[Sequence[object]]:
    for (size, seconds, who), group in _groups(found).items():
        yield (
            size,
            f"{seconds:g}",
            who,
            len(group),
            f"{statistics.mean(one.wall for one in group):.1f}",
            f"{statistics.mean(one.cpu for one in group):.1f}",
            f"{_value(group):,.0f}",
            f"{statistics.mean(one.placed for one in group):,.0f}",
            sum(len(one.faults) for one in group),
        )


def _level(found: Measured) -> str:
    said = ["So that values can simply be added: crews, order, decay and longest days are all there, tiers are not."]
    for size, proven in found.proofs.items():
        if size not in {one.size for one in found.level}:
            continue
        most = max((one.total for one in found.level if one.size == size and one.who == "Lodestar"), default=0.0)
        said.append(f"{size}: no plan can be worth more than {proven.total:,.1f}; ours reaches {most / proven.total:.1%} of that.")
    theirs = [one.proven for one in found.level if one.proven]
    said.append(f"CP-SAT's own bound: {min(theirs):,.1f}." if theirs else "CP-SAT proved no bound in its time.")
    return " ".join(said)


def _share(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _again(one: Again) -> Sequence[object]:
    times = [f"{_share(values, share):.0f}" for values in (one.search, one.answer, one.cpu) for share in (0.5, 0.95)]
    return one.size, len(one.search), one.placed, *times, f"{statistics.mean(one.moved):.2%}", f"{max(one.moved):.2%}"


def _aims(found: Measured) -> Iterable[Sequence[str]]:
    plans = _groups(found.plans)
    yield _aim("Ahead of every peer at every wall time", *_ahead(found))
    for size, proven in found.proofs.items():
        ten = next((group for (named, seconds, _), group in plans.items() if named == size and seconds == 10), None)
        longest = max((seconds for named, seconds, _ in plans if named == size), default=0.0)
        if ten:
            top = min(one.by_tier[min(one.by_tier)] for one in ten) / proven.by_tier[min(proven.by_tier)]
            yield _aim(f"{size}: top tier within 1% of its bound in 10 s", f"{top:.2%} of it, the worst seed", top >= 1 - WITHIN)
            if len(ten) > 1:
                yield _aim(f"{size}: under 1% between seeds at 10 s", f"{_spread(ten):.2%}", _spread(ten) < WITHIN)
        if longest:
            group = plans[size, longest, "Lodestar"]
            yield _aim(f"{size}: whole value at least 95% of the best bound", *_of_bound(found, size, _value(group), longest))
    for one in found.again:
        late, whole, moved = _share(one.search, 0.95), _share(one.answer, 0.95), max(one.moved)
        yield _aim(f"{one.size}: plan again, p95 under 500 ms", f"search {late:.0f} ms; whole answer {whole:.0f} ms", whole < 500)
        yield _aim(f"{one.size}: at most 2% of issued lines moved", f"{moved:.2%} at most", moved <= 0.02)
    memory = max((one.memory for one in found.plans if one.size == "1000x10000"), default=0)
    if memory:
        yield _aim("1000x10000 under 4 GB", f"{memory:,} MiB at most", memory < 4096)


def _of_bound(found: Measured, size: str, value: float, seconds: float) -> tuple[str, bool]:
    share = value / found.proofs[size].total
    if size not in found.kept:
        return f"{share:.1%} of the bound on every plan, at {seconds:g} s", share >= WHOLE
    kept = value / found.kept[size].total
    return f"{kept:.1%} with the higher tiers kept, at {seconds:g} s; {share:.1%} of the bound on every plan", kept >= WHOLE


def _aim(aim: str, measured: str, met: bool) -> tuple[str, str, str]:
    return aim, measured, "met" if met else "**falls short**"


def _ahead(found: Measured) -> tuple[str, bool]:
    behind = []
    for part in (found.side, found.level):
        groups = _groups(part)
        for (size, seconds, who), group in groups.items():
            mine = groups.get((size, seconds, "Lodestar"))
            if who != "Lodestar" and mine and _value(mine) <= _value(group):
                behind.append(f"{who} at {seconds:g} s ({size})")
    return ("behind " + ", ".join(behind), False) if behind else ("ahead at each", True)
