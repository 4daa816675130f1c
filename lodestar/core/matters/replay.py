"""A matter lived again from its deeds: the moves they made and the clocks they started, by the desk's own rules.

What another system holds, and what the demonstration invents, come in as deeds; everything else about them is worked out
here, so a past matter can never stand where the rules would not have let it come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from lodestar.core.matters.deeds import instant
from lodestar.core.matters.desk import Desk, Done, Involved, Started, Story


@dataclass(frozen=True, slots=True)
class Move:
    """One move that a deed made."""

    verb: str
    source: str
    target: str
    deed: Done


@dataclass(frozen=True, slots=True)
class Start:
    """One event that a deed started (None: the opening, or somebody's becoming known), with the level in force after it and before."""

    started: Started
    deed: Done | None
    level: str = ""
    was_level: str = ""
    involved: int = 0  # who became known to the matter, where that started it


@dataclass(frozen=True, slots=True)
class Lived:
    """Where a matter came to, how, and what started on the way."""

    story: Story
    moves: tuple[Move, ...]
    starts: tuple[Start, ...]


class Unlawful(ValueError):  # noqa: N818 - the domain's own word
    """A deed makes a move that the lifecycle does not have from where the matter stood."""


def live(*, desk: Desk, story: Story, done: Iterable[Done]) -> Lived:
    """Every deed in turn: the moves it makes must stand in the lifecycle, and the story before it is all its rules read.

    ``story`` is the matter as opened, without deeds; its ``involved`` is read as it stood at each deed, and whoever becomes
    known starts what the desk says, before the deeds of that instant. Raises ``Unlawful``.
    """
    everybody = story.involved
    now = replace(story, involved=known_at(story, story.reported_at), done=())
    moves: list[Move] = []
    starts = [Start(started, None) for started in desk.opens(now)]
    coming = sorted(everybody, key=lambda row: (row.from_at, row.id))
    for deed in sorted(done, key=lambda item: (item.at, item.id)):
        while coming and coming[0].from_at <= deed.at:
            starts += _became_known(desk, now, coming.pop(0))
        was = now.level
        level = deed.said.get("level", was) if deed.code == "graded" else was
        now = replace(now, done=(*now.done, deed), involved=known_at(replace(story, involved=everybody), deed.at), level=level)
        following = desk.follow(now, deed)
        verbs = ("grade", *following.verbs) if deed.code == "graded" else following.verbs
        for verb in verbs:
            now, move = step(desk, now, verb, deed)
            moves.append(move)
        starts += [Start(started, deed, level, was) for started in following.starts]
        if deed.code == "graded":
            starts.append(Start(Started("graded", deed.at, chosen=instant(deed.said.get("review_at", ""))), deed, level, was))
    for row in coming:
        starts += _became_known(desk, now, row)
    return Lived(now, tuple(moves), tuple(starts))


def _became_known(desk: Desk, story: Story, row: Involved) -> list[Start]:
    """What somebody's becoming known to the matter starts, as the matter stood then."""
    known = (*(one for one in story.involved if one.id != row.id), replace(row, until_at=None))
    return [Start(started, None, story.level, story.level, row.id) for started in desk.involve(replace(story, involved=known), row)]


def step(desk: Desk, story: Story, verb: str, deed: Done) -> tuple[Story, Move]:
    """One move by the table, and the story after it; one the table does not have raises ``Unlawful``."""
    row = desk.lifecycle.row(state=story.state, verb=verb)
    if row is None:
        raise Unlawful(f"{desk.kind}: {deed.code} cannot {verb} from {story.state}")
    closed = deed.at if row.target in ("closed", "opened_in_error") else None
    return replace(story, state=row.target, closed_at=closed), Move(verb, story.state, row.target, deed)


def known_at(story: Story, at: datetime) -> tuple[Involved, ...]:
    """Who was in it by then, ended only if they had ended by then."""
    return tuple(
        replace(person, until_at=person.until_at if person.until_at is not None and person.until_at <= at else None)
        for person in story.involved
        if person.from_at <= at
    )
