"""Leads are raised by the night's look, and accepted or dismissed by a person, by name and with a reason. None decides anything.

An accepted lead becomes work by the actions that make any work: a task on an open record of exploitation, opened where there is
none. A lead moves no grade, flag or tier of any child.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError

from lodestar.actions import notices, reports, tasks
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.networks.facts import OBJECTS
from lodestar.core.networks.leads import ADULT, LEAD, OBJECT, decide_gaps, wanted_gaps
from lodestar.core.networks.leads import Lead as Found
from lodestar.core.reports.draft import ReportDraft, Subject
from lodestar.core.words import Conflict, Refusal, require
from lodestar.store.models import Lead, LeadPerson, Person, Thing, ThingKind
from lodestar.store.playbooks import playbook
from lodestar.store.queries import duty, leads, networks
from lodestar.store.queries.leads import Choice, Grow, Lapse, Raise
from lodestar.store.queries.people import person_facts

OWNER = "hub_sergeant"


def look(*, actor: Actor, now: datetime) -> int:
    """Look over everything that is recorded; returns how many leads began, changed or lapsed. Looking twice changes nothing."""
    return sum(_carry_out(actor, change, now) for change in leads.changes(at=now))


def _carry_out(actor: Actor, change: leads.Change, now: datetime) -> bool:
    match change:
        case Raise():
            return _raise(actor, change.lead, now)
        case Grow():
            _grow(actor, change, now)
        case Lapse():
            _lapse(actor, change.row, now)
    return True


def _raise(actor: Actor, found: Found, now: datetime) -> bool:
    try:
        with perform("lead.raised", actor=actor, now=now, permission=P.JOBS_RUN) as act:
            owed = duty.owing(post_kind=OWNER, matter=None, about=None, at=now)
            row = act.add(
                Lead(
                    kind=found.kind,
                    key=found.key[:240],
                    person_id=found.subject if found.kind == ADULT else None,
                    thing_id=found.subject if found.kind == OBJECT else None,
                    rules_hash=playbook(networks.BOOK).content_hash,
                    raised_at=now,
                    owner_id=owed.person,
                    because=owed.because[:240],
                    **_facts(found),
                )
            )
            _rests_on(act, row, found)
            act.record(row, detail={"kind": row.kind, "owner": owed.person})
            _tell(act, row, owed.person)
    except IntegrityError:  # two looks at the same instant: the database keeps one
        return False
    return True


def _grow(actor: Actor, change: Grow, now: datetime) -> None:
    with perform("lead.changed", actor=actor, now=now, permission=P.JOBS_RUN) as act:
        act.move(change.row, **_facts(change.lead))
        _rests_on(act, change.row, change.lead)
        act.record(change.row)


def _lapse(actor: Actor, row: Lead, now: datetime) -> None:
    step = LEAD.row(state=row.state, verb="lapse")
    assert step is not None  # noqa: S101 - only what waits is looked at
    with perform(step.audit, actor=actor, now=now, permission=step.who) as act:
        act.move(row, state=step.target, decided_at=now)
        act.record(row)


def follow_duty(*, actor: Actor, now: datetime) -> int:
    """A lead that waits falls to whoever is on duty once its owner is not; returns how many fell. Doing it twice changes nothing."""
    falling = duty.falling(((row, OWNER, None) for row in leads.with_owners()), at=now)
    for row, owed in falling:
        with perform("lead.fell_to", actor=actor, now=now, permission=P.JOBS_RUN) as act:
            was = row.owner_id
            act.move(row, owner_id=owed.person, because=owed.because[:240])
            act.record(row, detail={"from": was, "to": owed.person})
            _tell(act, row, owed.person)
    return len(falling)


def _tell(act: Act, row: Lead, person: int) -> None:
    text = "A lead waits for a decision: accept it or dismiss it, with a reason."
    notices.tell(act, user_id=person, kind="lead", about=row, text=text, key=f"lead:{row.pk}:{person}")


def _facts(found: Found) -> dict[str, object]:
    return {
        "reason": found.reason,
        "facts": leads.facts_of(found),
        "missing": found.missing,
        "sources": len(found.sources),
        "last_at": found.last_at,
    }


def _rests_on(act: Act, row: Lead, found: Found) -> None:
    held = set(LeadPerson.objects.filter(lead=row).values_list("person_id", flat=True))
    for person in found.people:
        if person not in held:
            act.add(LeadPerson(lead=row, person_id=person))


def open_lead(*, actor: Actor, lead_id: int, now: datetime) -> Lead:
    """Open one lead, leaving who looked and at whom: no audit row, no page."""
    with perform("lead.seen", actor=actor, now=now, permission=P.NETWORKS_READ) as act:
        row = act.claim(Lead, lead_id)
        people = sorted(row.people.values_list("person_id", flat=True))
        act.record(row, outcome="seen", detail={"people": people})
        return leads.in_sight(actor=actor, lead_id=lead_id)


def dismiss(*, actor: Actor, lead_id: int, seen_version: int, reason: str, now: datetime) -> None:
    """A person says, by name and with a reason, why nothing is to be done; refuses a lead that is decided already."""
    with perform("lead.dismissed", actor=actor, now=now, permission=P.LEADS_DECIDE) as act:
        row = act.claim(Lead, lead_id)
        require(*decide_gaps(state=row.state, verb="dismiss", permissions=actor.permissions, reason=reason))
        _decide(act, row, seen_version, verb="dismiss", reason=reason)


@dataclass(frozen=True, slots=True)
class Becomes:
    """What an accepted lead becomes: on which record, which work, by when; and for a new record, whether the child is safe."""

    choice: str
    kind: str
    detail: str
    due_at: datetime
    safe_now: str = "not_known"
    done_now: str = ""


def accept(*, actor: Actor, lead_id: int, seen_version: int, reason: str, becomes: Becomes, now: datetime) -> int:
    """A person takes a lead on, by name and with a reason: it becomes a task on a record, which is opened where there is none.

    Returns the task. Refuses a lead that is decided already, and one that is to become nothing.
    """
    with perform("lead.accepted", actor=actor, now=now, permission=P.LEADS_DECIDE) as act:
        row = act.claim(Lead, lead_id)
        offered = {one.code: one for one in leads.choices(row=row, actor=actor)}
        require(
            *decide_gaps(state=row.state, verb="accept", permissions=actor.permissions, reason=reason),
            *wanted_gaps(offered=offered, chosen=becomes.choice),
        )
        matter = _record_for(act, row, choice=offered[becomes.choice], becomes=becomes, reason=reason)
        task = tasks.ask_for_task(
            actor=actor,
            matter_id=matter,
            kind=becomes.kind,
            detail=f"Lead {row.pk}: {becomes.detail or row.reason}",
            earliest_at=now,
            due_at=becomes.due_at,
            now=now,
        )
        _decide(act, row, seen_version, verb="accept", reason=reason, matter_id=matter, task_id=task)
        return task


def _decide(act: Act, row: Lead, seen_version: int, *, verb: str, reason: str, **became: int) -> None:
    if row.version != seen_version:
        raise Conflict
    step = LEAD.row(state=row.state, verb=verb)
    assert step is not None  # noqa: S101 - refused before
    act.move(row, state=step.target, decided_at=act.now, decided_by_id=act.person, decided_reason=reason.strip(), **became)
    act.record(row, detail={"kind": row.kind, **became})


def _record_for(act: Act, row: Lead, *, choice: Choice, becomes: Becomes, reason: str) -> int:
    """The open record that was chosen, or one opened for a child by the action that opens any."""
    if choice.matter is not None:
        return int(choice.matter.pk)
    assert choice.child is not None  # noqa: S101 - a choice is one or the other
    said = {"concern": row.reason, "source": f"Lead {row.pk}: {reason}", "safe_now": becomes.safe_now, "done_now": becomes.done_now}
    made = reports.receive_about(
        act,
        draft=_draft(row, choice.child, act),
        raw=json.dumps({"lead": row.pk, "child": choice.child.pk}, sort_keys=True),
        person=choice.child,
        reason=f"Lead {row.pk}: {reason}",
        opening={name: words for name, words in said.items() if words},
    )
    return int(made.pk)


def _draft(row: Lead, child: Person, act: Act) -> ReportDraft:
    held = person_facts(child)
    subject = Subject(
        given_name=child.given_name,
        family_name=child.family_name,
        birth_date=child.birth_date,
        sex=child.sex,
        address=child.address,
        postcode=child.postcode,
        phone=child.phone,
        looked_after=child.looked_after,
        responsible_authority=child.authority,
        keys=held["keys"],  # type: ignore[arg-type]
    )
    return ReportDraft(
        source="Lodestar, leads",
        external_id=f"lead-{row.pk}-{child.pk}",
        reported_at=act.now,
        recorded_at=act.now,
        subject=subject,
        kind="exploitation",
        reporter_name=act.actor.name,
        district=child.district,
        circumstances=row.reason,
    )


def say_what(*, actor: Actor, thing_id: int, kind: str, reason: str, now: datetime) -> None:
    """A person says what an object is, with a reason; from the next look on it is counted, or discounted, as that."""
    with perform("thing.said_to_be", actor=actor, now=now, permission=P.LEADS_DECIDE) as act:
        thing = act.claim(Thing, thing_id)
        require(
            None if kind in OBJECTS else Refusal("thing.kind", "Choose what it is from the list.", "", "kind"),
            None if reason.strip() else Refusal("thing.reason", "Say how you know.", "", "reason"),
        )
        row = act.add(ThingKind(thing=thing, kind=kind, reason=reason.strip(), at=now, by_id=act.person))
        act.record(thing, detail={"said": row.pk, "kind": kind})
