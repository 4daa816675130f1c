"""The tasking door: ``Problem -> solve(problem, params, seed, stop) -> Proposal``.

Whatever solves behind it, the problem, the answer and their hashes keep these shapes, so that a past shift can be
replayed to the byte. Instants become whole minutes from ``start``.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any


@dataclass(frozen=True, slots=True)
class Asset:
    """Somebody who can be tasked: what they can do, when they are on, what they are already committed to."""

    id: int
    name: str
    skills: tuple[str, ...]
    district: str
    shifts: tuple[tuple[int, int], ...]  # minutes from the start, half-open
    commitments: tuple[tuple[int, int], ...] = ()


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
    """What policy may set. The optimiser's trade-off values come here; this first rule has none."""

    formula: str = "FIRST-COME-BY-TIER"
    version: str = "1"


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


def _digest(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
