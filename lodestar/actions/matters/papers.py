"""Papers that a matter gives, taken by somebody who may see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from lodestar.actions.reading import take_paper
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.matters.custody.paper import paper_from, words_of
from lodestar.core.paper import Paper
from lodestar.core.words import NotVisible, insist
from lodestar.store.models import Matter
from lodestar.store.queries.papers import certificate_of


def take_certificate(
    *, actor: Actor, matter_id: int, deed_id: int, ending: str, write: Callable[[Paper], bytes], now: datetime
) -> tuple[str, bytes]:
    """The certificate about a child kept after charge, as the court gets it, with the matter's reference (PACE 1984 s.38(7)).

    Refuses one that lacks what the Act asks for; a deed that is no certificate of this matter is not there.
    """

    def written(matter: Matter) -> bytes:
        found = certificate_of(matter, deed_id=deed_id)
        if found is None:
            raise NotVisible
        return write(words_of(insist(paper_from(found))))

    row, body = take_paper(
        actor=actor,
        model=Matter,
        pk=matter_id,
        permission=P.MATTERS_READ,
        verb="matter.certificate_taken",
        write=written,
        now=now,
        detail={"deed": str(deed_id), "form": ending},
    )
    return row.reference, body
