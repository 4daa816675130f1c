"""The tasking door: ``Problem -> solve(problem, params, seed, stop) -> Proposal``.

Whatever solves behind it, the problem, the answer and their hashes keep these shapes, so that a past shift can be
replayed to the byte. Instants become whole minutes from ``start``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any


class BadProblem(ValueError):  # noqa: N818 - the domain's own word
    """Raised for a problem that nothing can solve; it carries everything wrong with it, not only the first."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Asset:
    """Somebody who can be tasked: what they can do, when they are on, what they are already committed to."""

    id: int
    name: str
    skills: tuple[str, ...]
    district: str
    shifts: tuple[tuple[int, int], ...]  # minutes from the start, half-open
    commitments: tuple[tuple[int, int], ...] = ()
    max_minutes: int | None = None  # the most new work that may be given, where there is a limit


@dataclass(frozen=True, slots=True)
class Need:
    """A piece of work that is wanted."""

    id: int
    matter: int
    title: str
    tier: int
    minutes: int
    earliest: int
    due: int  # it must have started by then
    skills: tuple[str, ...] = ()
    district: str = ""
    prefer: tuple[int, ...] = ()  # people the child knows


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything the formula looks at."""

    start: str  # the instant that minute 0 is, in ISO form
    horizon: int
    assets: tuple[Asset, ...]
    needs: tuple[Need, ...]

    def sha256(self) -> str:
        """The problem's hash: the same problem always has the same one."""
        return _digest(asdict(self))


@dataclass(frozen=True, slots=True)
class Params:
    """What policy sets, read from the tasking formula's playbook. The optimiser's trade-off values will come here too."""

    formula: str = "FIRST-COME-BY-TIER"
    version: str = "2"
    patience: int = 30  # minutes that work may wait for somebody the child knows or who is near, never past its due time
    longest_overrun: int = 120  # the most that keeping somebody on is ever suggested for


def params_from(table: Mapping[str, Any]) -> Params:
    """The formula's values as its playbook block gives them."""
    return Params(
        formula=str(table["formula"]),
        version=str(table["version"]),
        patience=int(table["patience_minutes"]),
        longest_overrun=int(table["longest_overrun_minutes"]),
    )


@dataclass(frozen=True, slots=True)
class Placed:
    """One line of the plan, and why this person."""

    need: int
    asset: int
    start: int
    end: int
    because: str


@dataclass(frozen=True, slots=True)
class Unplaced:
    """What is not in the plan, why, and the cheapest change that would put it there."""

    need: int
    reason: str  # no_skill, nobody_free_in_time, crowded_out
    sentence: str
    change: str
    by: tuple[int, ...] = ()  # the work that crowded it out


@dataclass(frozen=True, slots=True)
class Proposal:
    """The plan with its proof: what is placed by tier, and how much could be at the very most."""

    placed: tuple[Placed, ...]
    unplaced: tuple[Unplaced, ...]
    objective: dict[str, int]
    bound: dict[str, int]
    problem_sha256: str
    formula: str
    seed: int
    iterations: int
    bound_method: str = "each task counted that somebody on duty could do with nothing else to do"

    def as_json(self) -> dict[str, Any]:
        """The proposal as plain values."""
        return asdict(self)

    def sha256(self) -> str:
        """The proposal's hash: the same problem and seed always give the same one."""
        return _digest(asdict(self))


@dataclass(frozen=True, slots=True)
class Stop:
    """When to stop: counted in iterations, so that a past run ends where it ended then."""

    iterations: int = 1


def problem_from(table: Mapping[str, Any]) -> Problem:
    """A problem as it was stored, so that a past shift can be solved again to the same bytes."""
    assets = (
        Asset(**{**row, "skills": tuple(row["skills"]), "shifts": _spans(row["shifts"]), "commitments": _spans(row["commitments"])})
        for row in table["assets"]
    )
    needs = (Need(**{**row, "skills": tuple(row["skills"]), "prefer": tuple(row["prefer"])}) for row in table["needs"])
    return Problem(start=table["start"], horizon=table["horizon"], assets=tuple(assets), needs=tuple(needs))


def faults(problem: Problem) -> tuple[str, ...]:
    """Everything that makes a problem unanswerable, each as a sentence naming the task or asset by number."""
    tasks, assets = [need.id for need in problem.needs], [asset.id for asset in problem.assets]
    return (*_repeated("task", tasks), *_repeated("asset", assets), *_odd(problem))


def _spans(rows: Any) -> tuple[tuple[int, int], ...]:
    return tuple((begins, ends) for begins, ends in rows)


def _repeated(what: str, ids: list[int]) -> Iterator[str]:
    for number in sorted({number for number in ids if ids.count(number) > 1}):
        yield f"{what} {number} stands twice"


def _odd(problem: Problem) -> Iterator[str]:
    for need in problem.needs:
        if need.id < 1:
            yield f"task {need.id} needs a number of 1 or more"
        if need.minutes < 1:
            yield f"task {need.id} takes no time: give it a minute at least"
        if need.tier < 0:
            yield f"task {need.id} has a tier below nought"
    for asset in problem.assets:
        if any(ends < begins for begins, ends in (*asset.shifts, *asset.commitments)):
            yield f"asset {asset.id} has a shift or commitment that ends before it starts"


def _digest(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
