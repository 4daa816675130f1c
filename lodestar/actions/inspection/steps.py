"""The seven steps of a reply under section 55, each taken once, in order, by whoever may."""

from __future__ import annotations

from datetime import datetime

from lodestar.actions import clocks
from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.inspection.findings import SECTION_55
from lodestar.core.inspection.section55 import ACT, REPLY, STEP, Said, step_gaps
from lodestar.core.times import local_date
from lodestar.core.words import Refusal, insist, require
from lodestar.store.models import Inspection, InspectionStep
from lodestar.store.queries import inspection as queries


def take_step(*, actor: Actor, inspection_id: int, seen_version: int, verb: str, said: Said, now: datetime) -> None:
    """Take one step of a reply: refuses one that is not next, lacks what the section asks of it, or is not the person's to take."""
    with perform("inspection.stepping", actor=actor, now=now, permission=P.INSPECTION_READ) as act:
        row = act.claim(Inspection, inspection_id, seen_version=seen_version)
        sentence = "This report asks for no reply under section 55."
        require(None if row.reply == SECTION_55 else Refusal("section_55.not_owed", sentence, ACT))
        move = insist(REPLY.step(state=row.state, verb=verb, permissions=act.actor.permissions))
        standing = queries.standing(row)
        require(*step_gaps(verb=verb, said=said, standing=standing, today=local_date(now)))
        act.add(
            InspectionStep(
                inspection=row,
                number=len(queries.steps_of(row)) + 1,
                verb=verb,
                source=move.source,
                target=move.target,
                on_day=said.on or local_date(now),
                document=said.document,
                detail={
                    "answer_by": said.answer_by.isoformat() if said.answer_by else "",
                    "chief_officer": said.chief_officer,
                    "paper": said.paper,
                },
                by_id=act.person,
                at=now,
            )
        )
        changes = {"answer_by": said.answer_by} if verb == "invite" else {}
        act.move(row, state=move.target, **changes)
        act.record(row, verb=move.audit, detail={"step": verb})
        if STEP[verb].deed:
            clocks.settle_about(act, row, code=STEP[verb].deed)
