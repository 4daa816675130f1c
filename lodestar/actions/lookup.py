"""Keeping the words that a report is found by, and answering who is known while somebody waits on the telephone."""

from __future__ import annotations

from datetime import datetime

from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.store.queries import lookup as queries
from lodestar.store.queries.lookup import Answer


def ask(*, actor: Actor, text: str, now: datetime) -> Answer:
    """Whom the force knows by these words, as this person may be told; what was found is on record, what was typed is not.

    Whoever is shown by name is named in the audit by number; so is whoever is only said to be known.
    """
    with perform("people.looked_up", actor=actor, now=now, permission=P.PEOPLE_LOOK_UP) as act:
        answer = queries.answer(actor=actor, text=text, at=now)
        act.subject = ("person", "list")
        shown = [line.person.pk for line in answer.lines]
        act.record(outcome="seen", detail={"ids": shown, "told_known": list(answer.told)})
        return answer
