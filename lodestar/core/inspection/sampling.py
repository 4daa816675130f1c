"""The draw of a sample: from a list and a seed, the same cases every time, and anybody can draw it again.

Each case gets a number from the hash of seed and case; the list is then sorted by it. No generator of any language is
needed to check a draw: SHA-256 of ``seed:case`` is enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import log

from lodestar.core.words import Refusal

RANDOM, BY_RISK = "random", "by_risk"
METHODS = {RANDOM: "At random: every case alike", BY_RISK: "By risk: a case weighs what its level says"}
UNKNOWN = "unknown"
_BITS = 52  # what a float holds exactly


@dataclass(frozen=True, slots=True)
class Case:
    """A case that could be drawn: its number, the area it counts in, and its level of risk."""

    id: int
    area: str
    level: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One case drawn, in which place, and the key that put it there."""

    case: Case
    place: int
    key: float


def draw(*, cases: Sequence[Case], size: int, seed: str, method: str, weights: Mapping[str, float]) -> tuple[Drawn, ...]:
    """The first ``size`` cases by their keys, smallest first; fewer where there are fewer. The order of the list does not matter.

    At random a key is the case's number from the hash, between nought and one. By risk it is -ln(number) / weight of the
    level, so that a case of twice the weight is twice as likely to come first (Efraimidis and Spirakis 2006). A level that the
    weights do not name weighs as ``unknown`` does: unknown is not low.
    """
    keyed = sorted((_key(case, seed, method, weights), case.id, case) for case in cases)
    return tuple(Drawn(case, place, key) for place, (key, _, case) in enumerate(keyed[: max(size, 0)], start=1))


def number(*, seed: str, case_id: int) -> float:
    """The case's number: above nought, at most one, the first 52 bits of SHA-256 of ``seed:case``."""
    digest = sha256(f"{seed}:{case_id}".encode()).digest()
    return float((int.from_bytes(digest[:8], "big") >> (64 - _BITS)) + 1) / float(2**_BITS)


def draw_gaps(*, size: int, seed: str, method: str, there: int) -> tuple[Refusal | None, ...]:
    """A draw needs a seed, a way and a size that the list can fill."""
    return (
        None if seed.strip() else Refusal("sample.seed", "Give a seed: a word or a number said before anybody looks.", "", "seed"),
        None if method in METHODS else Refusal("sample.method", "Choose how to draw.", "", "method"),
        None if 1 <= size <= there else Refusal("sample.size", f"Choose from 1 to {there}: that many cases are on the list.", "", "size"),
    )


def _key(case: Case, seed: str, method: str, weights: Mapping[str, float]) -> float:
    found = number(seed=seed, case_id=case.id)
    if method == RANDOM:
        return found
    return -log(found) / weights.get(case.level, weights[UNKNOWN])
