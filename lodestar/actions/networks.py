"""Looking at a network is an action: whose record was opened for it and whom it names are on record, or nothing is shown."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor, refuse_unless
from lodestar.core.networks.facts import Node
from lodestar.core.words import require
from lodestar.store.models import Person


def open_person(
    *,
    actor: Actor,
    person_id: int,
    asked: Callable[[], Person | None],
    named: Collection[int],
    now: datetime,
    meanwhile: Callable[[], object],
) -> Person:
    """Somebody's record opened for their network, and everybody named in it: two rows of the audit, written together.

    What is to be shown may be drawn ``meanwhile``: nobody sees it before the rows are kept.
    """
    with perform("person.seen", actor=actor, now=now, permission=P.PEOPLE_READ) as act:
        row = act.claim(Person, person_id, asked=asked)
        act.record(row, outcome="seen")
        require(refuse_unless(actor=actor, permission=P.NETWORKS_READ))
        act.subject = ("person", "list")
        act.record(verb="network.seen", outcome="seen", detail=_whose(Node("person", person_id), named))
        act.meanwhile(meanwhile)
        return row


def note_thing(*, actor: Actor, thing_id: int, named: Collection[int], now: datetime, meanwhile: Callable[[], object]) -> None:
    """The network of a place, phone or vehicle was shown, with everybody named in it."""
    with perform("network.seen", actor=actor, now=now, permission=P.NETWORKS_READ) as act:
        act.subject = ("person", "list")
        act.record(outcome="seen", detail=_whose(Node("thing", thing_id), named))
        act.meanwhile(meanwhile)


def _whose(node: Node, named: Collection[int]) -> dict[str, object]:
    return {"ids": sorted(named), "of": f"{node.kind} {node.id}"}
