"""Exactly one person owes each thing: the rostered lead, else whoever is on, else up a written chain; never nobody.

Several sergeants were on each early shift and nobody could say which had owed the review (IOPC Cambridgeshire, 2021).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lodestar.core.duty.facts import Post, Shift
from lodestar.core.words import Refusal, Refused


@dataclass(frozen=True, slots=True)
class Owed:
    """The one person, in which post, and why that person."""

    person: int
    post: str
    because: str


class NobodyOnRota(Refused):
    """No shift at all covers the instant, and nobody holds the matter: the rota has a hole that must be filled."""

    def __init__(self) -> None:
        super().__init__(Refusal("duty.nobody_on_rota", "Nobody is on duty now or next. Put people on shifts first."))


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a chain: a kind of post, and whether anybody of that kind anywhere will do."""

    kind: str
    anywhere: bool


Chains = Mapping[str, tuple[Rung, ...]]


def chains_from(table: Mapping[str, Mapping[str, Any]]) -> Chains:
    """Who owes it when no post of the kind is filled, as the posts' playbook says; an empty chain is refused."""
    chains = {kind: tuple(Rung(rung["kind"], rung["anywhere"]) for rung in row["chain"]) for kind, row in table.items()}
    empty = sorted(kind for kind, rungs in chains.items() if not rungs)
    if empty:
        raise ValueError(f"the chain of {', '.join(empty)} is empty: somebody must always owe it")
    return chains


def on_duty(
    *, shifts: Iterable[Shift], posts: Mapping[str, Post], kind: str, district: str, anywhere: bool, at: datetime
) -> tuple[Shift, ...]:
    """Those on a post of this kind at the instant: the lead first, then by start, then by person."""
    wanted = {
        code
        for code, post in posts.items()
        if post.kind == kind and (anywhere or not district or not post.district or post.district == district)
    }
    found = [shift for shift in shifts if shift.post in wanted and shift.covers(at)]
    return tuple(sorted(found, key=lambda shift: (not shift.lead, shift.from_at, shift.person)))


def person_owing(
    *,
    shifts: Sequence[Shift],
    posts: Sequence[Post],
    chains: Chains,
    post_kind: str,
    district: str,
    at: datetime,
    holder: int | None,
) -> Owed:
    """The one person who owes it at the instant, and why: the first filled post of its chain, else whoever holds the matter.

    Refuses a kind of post that has no chain, and an instant at which nobody at all is on duty, now or next, and nobody holds it.
    """
    table = {post.code: post for post in posts}
    for rung in chains[post_kind]:
        found = on_duty(shifts=shifts, posts=table, kind=rung.kind, district=district, anywhere=rung.anywhere, at=at)
        if found:
            return Owed(found[0].person, found[0].post, _because(found, rung.kind, post_kind))
    if holder is not None:
        return Owed(holder, "", f"No {_words(post_kind)} was on duty, so it stays with the one who answers for the matter.")
    last = _next_on(shifts, table, at)
    if last is not None:
        return last
    raise NobodyOnRota


def _because(found: Sequence[Shift], kind: str, asked: str) -> str:
    if kind != asked:
        return f"No {_words(asked)} was on duty, so it climbed to the {_words(kind)}."
    others = f" ({len(found)} are on)" if len(found) > 1 else ""
    return f"They {'lead' if found[0].lead else 'are on'} this shift as {_words(kind)}{others}."


def _next_on(shifts: Sequence[Shift], posts: Mapping[str, Post], at: datetime) -> Owed | None:
    """The next inspector, or anybody, to come on duty."""
    coming = sorted((shift for shift in shifts if shift.from_at > at), key=lambda shift: (shift.from_at, shift.person))
    inspectors = [shift for shift in coming if posts.get(shift.post) and posts[shift.post].kind == "duty_inspector"]
    first = next(iter(inspectors or coming), None)
    return Owed(first.person, first.post, "Nobody was on duty; they are the next to come on.") if first else None


def _words(code: str) -> str:
    return code.replace("_", " ")
