"""What a meeting decides about each item, recorded while it is held: on the meeting, on the child's own record, and as an action.

A child whose scrutiny was owed has had it by this deed and by no other sign: an agenda that named the child satisfies nothing.
"""

from __future__ import annotations

from datetime import datetime

from lodestar.actions import clocks, notices
from lodestar.actions.matters.deeds import write_down
from lodestar.actions.matters.moving import did, next_number, settle
from lodestar.actions.packs.meetings import mine
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor, refuse_unless
from lodestar.core.packs.agenda import find
from lodestar.core.packs.lifecycle import ACTION, RECORDING, Wanted, decision_gaps
from lodestar.core.packs.template import Section
from lodestar.core.times import say
from lodestar.core.words import NotVisible, Refusal, insist, require
from lodestar.store.models import Deed, Matter, Meeting, MeetingAction, MeetingDecision
from lodestar.store.queries import packs as queries


def decide(*, actor: Actor, meeting_id: int, key: str, wanted: Wanted, now: datetime) -> int:
    """Record what was decided about one item, by whom and why, with its action where there is one. Returns its number.

    Refuses outside the meeting, an item that is not on its agenda, and words for the anonymised pack that name the child.
    """
    with perform("meeting.decided", actor=actor, now=now, permission=P.PACKS_HOLD) as act:
        meeting = mine(act, meeting_id)
        found = find(queries.agenda_of(meeting), key)
        matter_id = found[1].matter if found else None
        owners = [number for number, _ in queries.owners(at=now)] if wanted.owner else []
        require(
            _not_held(meeting),
            *decision_gaps(wanted=wanted, on_agenda=found is not None, names=queries.names_of(matter_id), owners=owners, now=now),
        )
        matter = act.claim(Matter, matter_id) if matter_id is not None else None
        section = queries.template_of(meeting).section(found[0].code) if found else None
        deed = _on_record(act, meeting, matter, section, wanted)
        row = act.add(
            MeetingDecision(
                meeting=meeting,
                number=next_number(MeetingDecision, meeting=meeting),
                key=key,
                matter=matter,
                at=now,
                by_id=act.person,
                decision=wanted.decision.strip(),
                reason=wanted.reason.strip(),
                narrative=wanted.narrative.strip(),
                deed=deed,
            )
        )
        _give(act, row, wanted)
        act.record(row, detail={"meeting": meeting.pk, "matter": matter_id, "key": key})
        if matter is not None:
            act.changed(matter.pk)
            settle(act, matter)
        return int(row.number)


def _not_held(meeting: Meeting) -> Refusal | None:
    if meeting.state == RECORDING:
        return None
    return Refusal("meeting.not_being_held", "Decisions are recorded while the meeting is being held. Begin it first, or correct its pack.")


def _on_record(act: Act, meeting: Meeting, matter: Matter | None, section: Section | None, wanted: Wanted) -> Deed | None:
    """What was decided stands on the child's record too; where scrutiny was owed, as the deed that is that scrutiny."""
    if matter is None:
        return None
    if section is not None and section.deed:
        require(refuse_unless(actor=act.actor, permission=P.CUSTODY_SCRUTINISE))
        words = f"{wanted.decision.strip()} Why: {wanted.reason.strip()}"
        said = {"asked": words, "reported": words, "attended": meeting.attended}
        return write_down(act, matter, section.deed, at=act.now, said=said)
    title = f"{queries.template_of(meeting).title}, {say(meeting.due_at, known='date')}"
    detail = {"meeting": title, "decision": wanted.decision.strip(), "reason": wanted.reason.strip()}
    deed = did(act, matter, "discussed_at_meeting", detail=detail)
    act.record(deed, verb="deed.discussed_at_meeting", detail={"matter": matter.pk})
    return deed


def _give(act: Act, decision: MeetingDecision, wanted: Wanted) -> None:
    """An action is owed by its owner from now on, on the clock that every duty runs on."""
    if not wanted.action.strip() or wanted.owner is None or wanted.due_at is None:
        return
    action = act.add(
        MeetingAction(
            meeting=decision.meeting,
            decision=decision,
            matter=decision.matter,
            words=wanted.action.strip(),
            owner_id=wanted.owner,
            due_at=wanted.due_at,
            made_at=act.now,
        )
    )
    clocks.begin(act, decision.matter, "meeting_action_given", at=act.now, chosen=wanted.due_at, about=action)
    notices.tell(
        act, user_id=wanted.owner, kind="meeting_action", about=action, text="A meeting asked something of you. Read what, and by when."
    )


def finish_action(*, actor: Actor, action_id: int, seen_version: int, outcome: str, now: datetime) -> None:
    """The owner of an action says what was done; nobody else can say it for them."""
    with perform("meeting_action.done", actor=actor, now=now, permission=P.PACKS_ACT) as act:
        row = act.claim(MeetingAction, action_id, seen_version=seen_version)
        if row.owner_id != act.person:
            raise NotVisible
        _end(act, row, "finish", outcome)
        notices.tell(
            act,
            user_id=row.decision.by_id,
            kind="meeting_action",
            about=row,
            text="An action that a meeting asked for is done: read the outcome.",
        )


def drop_action(*, actor: Actor, action_id: int, seen_version: int, reason: str, now: datetime) -> None:
    """Somebody who may chair the meeting drops an action that is not wanted any more, with a reason; its owner is told."""
    with perform("meeting_action.dropped", actor=actor, now=now, permission=P.PACKS_HOLD) as act:
        row = act.claim(MeetingAction, action_id, seen_version=seen_version)
        if not queries.attends(actor=act.actor, meeting=row.meeting):
            raise NotVisible
        _end(act, row, "drop", reason)
        notices.tell(
            act, user_id=row.owner_id, kind="meeting_action", about=row, text="An action that a meeting asked of you is no longer wanted."
        )


def _tell(act: Act, row: MeetingAction, person: int, text: str) -> None:
    notices.tell(act, user_id=person, kind="meeting_action", about=row, text=text)


def _end(act: Act, row: MeetingAction, verb: str, words: str) -> None:
    move = insist(ACTION.step(state=row.state, verb=verb, permissions=act.actor.permissions, reason=words))
    act.move(row, state=move.target, ended_at=act.now, ended_by_id=act.person, outcome=words.strip())
    clocks.settle_about(act, row, code="meeting_action_done")
    act.record(row, verb=move.audit, detail={"meeting": row.meeting_id, "matter": row.matter_id})
    if row.matter is not None:
        act.changed(row.matter.pk)
        settle(act, row.matter)
