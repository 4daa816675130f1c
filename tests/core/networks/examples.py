"""The examples of the playbook of networks, and small worlds for its tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from lodestar.core.networks.facts import PERSON, THING, Node, Presence, Rules, World, rules
from lodestar.core.networks.leads import found
from lodestar.core.networks.missed import Owed
from lodestar.core.playbook import Playbook


def run_networks(book: Playbook, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Who is named together, and what is raised."""
    at = given["at"]
    missing = tuple(given["missing"])
    looked = world(given["together"], at, given["adults"], missing)
    due = [owed(number, **one) for number, one in enumerate(given.get("owed", ()))]
    return {"leads": tuple(one.key for one in found(world=looked, rules=rules(book, on=at), at=at, owed=due))}


def owed(number: int, *, child: int, due_at: datetime, done_at: datetime | None = None, which: str = "shire") -> Owed:
    """A return interview that an authority owes to a child."""
    return Owed(number, "MIS-RHI-HELD", "Return home interview held", "authority", which, "Shire Council", child, number, due_at, done_at)


def world(together: Iterable[Mapping[str, Any]], at: datetime, adults: Iterable[int], missing: Iterable[int], **more: Any) -> World:
    """A world of events, each with the people and things in it; every child in ``missing`` went missing a week ago."""
    presences = [one for row in together for one in presences_of(row)]
    grown = frozenset(adults)
    children = {one.node.id for one in presences if one.node.kind == PERSON} - grown
    return World(
        presences=tuple(presences),
        children=frozenset(children),
        adults=grown,
        objects=more.get("objects", {}),
        kinds=more.get("kinds", {}),
        episodes={child: (at - timedelta(days=7),) for child in missing},
        homes=more.get("homes", {}),
        places=more.get("places", {}),
    )


def presences_of(row: Mapping[str, Any]) -> Iterable[Presence]:
    """Each person and thing of one event."""
    for kind, name in ((PERSON, "people"), (THING, "things")):
        for number in row.get(name, ()):
            yield Presence(
                event=row["event"],
                node=Node(kind, number),
                at=row["at"],
                role=row.get("roles", {}).get(number, ""),
                source=row["source"],
                kind=row.get("kind", "missing"),
                grading=row.get("grading", ""),
                record=("row", number),
                unreviewed=number in row.get("unreviewed", ()),
            )


def in_force(book: Playbook, at: datetime) -> Rules:
    """The rules of the day."""
    return rules(book, on=at)
