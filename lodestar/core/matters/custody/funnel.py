"""From charge to a bed: how many charged children of a period got how far, and who fell out at each step, by name of the row.

A count without its rows explains nothing: in the year to February 2024 one force showed 48 refused bail, 33 requests and 2
moved, and could not say who the other 15 were (HMICFRS, custody inspection of Cambridgeshire, April 2024). Here every child
stands in exactly one place, so the steps and the lists always add up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lodestar.core.words import Period

Place = Literal[
    "released", "undecided", "straight_to_court", "no_request", "refused", "no_answer", "offered_not_moved", "moved"
]  # fmt: skip

STEPS: Mapping[str, str] = {
    "charged": "Charged",
    "refused_bail": "Refused bail",
    "requested": "Accommodation asked for",
    "offered": "A place offered",
    "moved": "Moved to local authority accommodation",
}
# Before which step each place lies, and its words.
PLACES: Mapping[Place, tuple[str, str]] = {
    "released": ("refused_bail", "Released, on bail or without"),
    "undecided": ("refused_bail", "No decision about bail on record"),
    "straight_to_court": ("requested", "Straight to court: no request was needed"),
    "no_request": ("requested", "No request on record"),
    "refused": ("offered", "Asked, and the authority refused"),
    "no_answer": ("offered", "Asked, and no answer came"),
    "offered_not_moved": ("moved", "Offered a place, and not moved"),
    "moved": ("", "Moved"),
}
LISTS: Mapping[str, str] = {
    "asked_secure": "Secure accommodation asked for",
    "asked_non_secure": "Accommodation that is not secure asked for",
    "certificate_a": "Certificate (a): impracticable",
    "certificate_b": "Certificate (b): serious harm",
    "failed_to_provide": "The local authority failed to provide",
    "no_certificate": "Kept with no certificate, and not taken straight to court",
    "moved_unasked": "Moved, with no request or no offer on record",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to a local authority and the answer to it: offered, refused, or empty where none came."""

    kind: str  # secure, non_secure
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Charged:
    """One child charged, as the funnel reads it. ``id`` names the row to open, never the child."""

    id: str
    charged_at: datetime
    bail: str = ""  # refused, released, or empty where nothing is decided
    straight_to_court: bool = False
    asked: tuple[Asked, ...] = ()
    moved: bool = False
    certificates: frozenset[str] = frozenset()  # a, b
    failed_to_provide: bool = False


@dataclass(frozen=True, slots=True)
class FellOut:
    """Those who got no further, for one reason."""

    code: str
    title: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Those who came this far, and those who came as far as the step before and no further."""

    code: str
    title: str
    ids: tuple[str, ...]
    fell_out: tuple[FellOut, ...]


@dataclass(frozen=True, slots=True)
class Funnel:
    """A period's children, step by step; beside them the lists that cut across the steps, and how many requests there were."""

    period: Period
    steps: tuple[Step, ...]
    lists: tuple[FellOut, ...]
    requests: Mapping[str, int]  # by kind: a child may be asked for more than once, so no share is taken of these

    def ids(self, code: str) -> tuple[str, ...]:
        """The rows of one step, place or list; an unknown code is a fault of ours."""
        every: tuple[Step | FellOut, ...] = (*self.steps, *self.lists, *(fallen for step in self.steps for fallen in step.fell_out))
        return next(found.ids for found in every if found.code == code)

    def count(self, code: str) -> int:
        """How many rows a step, place or list holds."""
        return len(self.ids(code))


def funnel(*, rows: Iterable[Charged], period: Period) -> Funnel:
    """Every child charged in the period stands in exactly one place, so each step is the one before less who fell out.

    A child who was moved came through every step, whatever is missing from the record; the gap is a list of its own.
    Refuses a row that is given twice.
    """
    mine = sorted((row for row in rows if period.holds(row.charged_at)), key=lambda row: (row.charged_at, row.id))
    twice = [found for found, times in Counter(row.id for row in mine).items() if times > 1]
    if twice:
        raise ValueError(f"{len(twice)} rows are given more than once")
    stands = {row.id: place(row) for row in mine}
    return Funnel(
        period=period,
        steps=tuple(_step(code, stands) for code in STEPS),
        lists=tuple(FellOut(code, title, tuple(row.id for row in mine if code in _lists(row))) for code, title in LISTS.items()),
        requests=Counter(asked.kind for row in mine for asked in row.asked),
    )


def place(row: Charged) -> Place:
    """Where one child got to: moved, or the first thing that stopped the move."""
    if row.moved:
        return "moved"
    if row.bail != "refused":
        return "released" if row.bail == "released" else "undecided"
    if not row.asked:
        return "straight_to_court" if row.straight_to_court else "no_request"
    answers = {asked.answer for asked in row.asked}
    if "offered" in answers:
        return "offered_not_moved"
    return "no_answer" if "" in answers else "refused"


def _step(code: str, stands: Mapping[str, Place]) -> Step:
    order = tuple(STEPS)
    before = {name for name, (step, _) in PLACES.items() if step and order.index(step) <= order.index(code)}
    fell_out = tuple(
        FellOut(name, title, tuple(row for row, stood in stands.items() if stood == name))
        for name, (step, title) in PLACES.items()
        if step == code
    )
    return Step(code, STEPS[code], tuple(row for row, stood in stands.items() if stood not in before), fell_out)


def _lists(row: Charged) -> frozenset[str]:
    kinds = {asked.kind for asked in row.asked}
    kept = row.bail == "refused" and not row.moved and not row.straight_to_court
    true = {
        "asked_secure": "secure" in kinds,
        "asked_non_secure": "non_secure" in kinds,
        "certificate_a": "a" in row.certificates,
        "certificate_b": "b" in row.certificates,
        "failed_to_provide": row.failed_to_provide,
        "no_certificate": kept and not row.certificates,
        "moved_unasked": row.moved and all(asked.answer != "offered" for asked in row.asked),
    }
    return frozenset(code for code, holds in true.items() if holds)
