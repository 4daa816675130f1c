"""Saying who and what else a matter concerns: a person in a role, or a place, vehicle, phone or handle."""

from __future__ import annotations

from datetime import datetime

from lodestar.actions import clocks
from lodestar.actions import reports as intake
from lodestar.actions.engagements.telling import tell_of_mention, tell_of_role
from lodestar.actions.matters.moving import settle
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.matters import involved as rules
from lodestar.core.matters.involved import Statement
from lodestar.core.matters.kinds import desk
from lodestar.core.reports.draft import ReportDraft, Subject
from lodestar.core.times import age_on, local_date
from lodestar.core.words import Refusal, require
from lodestar.store.models import Involvement, Matter, Mention, Person, Report, Thing
from lodestar.store.queries.stories import as_involved, story_of

ADULT = 18


def involve_person(
    *, actor: Actor, matter_id: int, subject: Subject, role: str, statement: Statement, from_at: datetime, now: datetime
) -> int:
    """Somebody is in this matter in a role: found or made by the rules every report is matched by, and what follows is owed.

    Where an engagement met them lately, that is news on the matter, unless they are family or work with the child.
    Refuses a role the desk does not have, one they hold already, a statement without nature or source, and a time ahead.
    """
    with perform("matter.involved", actor=actor, now=now, permission=P.PEOPLE_INVOLVE) as act:
        matter = act.claim(Matter, matter_id)
        require(_ended(matter))
        roles = desk(kind=matter.kind).roles
        require(*rules.role_gaps(role=role, roles=roles, statement=statement, from_at=from_at, already=frozenset(), now=now))
        report = intake.keep_report(act, draft=_draft(matter, subject, statement, now), raw=f"{role}: {subject}")
        person = Person.objects.get(links__report=report, links__number=1)
        held = Involvement.objects.filter(matter=matter, person=person, until_at=None).values_list("role", flat=True)
        require(
            *rules.role_gaps(role=role, roles=roles, statement=statement, from_at=from_at, already=frozenset(held), now=now),
            *rules.child_first_gaps(role=role, roles=roles, is_child=_is_child(person, from_at), already=frozenset(held)),
        )
        row = act.add(
            Involvement(
                matter=matter,
                person=person,
                report=report,
                role=role,
                nature=statement.nature,
                source=statement.source,
                grading=statement.grading,
                from_at=from_at,
                recorded_at=now,
                by_id=actor.id,
            )
        )
        act.record(row, detail={"matter": matter.pk, "person": person.pk, "role": role})
        act.changed(matter.pk)
        _follow(act, matter, row)
        tell_of_role(act, row)
        settle(act, matter)
        return int(row.pk)


def _is_child(person: Person, at: datetime) -> bool:
    """Known to be under 18; somebody of unknown age may be a suspect without being called a child first."""
    return person.birth_date is not None and person.birth_date <= local_date(at) and age_on(person.birth_date, at) < ADULT


def _ended(matter: Matter) -> Refusal | None:
    return None if matter.is_open else Refusal("involved.matter_ended", "This matter has ended. Add news instead, and it will be assessed.")


def _draft(matter: Matter, subject: Subject, statement: Statement, now: datetime) -> ReportDraft:
    """How somebody became known, kept as any report is, numbered within the matter."""
    source = "Lodestar, involved"
    number = Report.objects.filter(source=source, external_id__startswith=f"{matter.reference}-").count() + 1
    return ReportDraft(
        source=source,
        external_id=f"{matter.reference}-{number}",
        reported_at=now,
        recorded_at=now,
        subject=subject,
        kind="involved",
        reporter_name=statement.source,
        district=matter.district,
        circumstances=f"Named in {matter.reference}.",
    )


def _follow(act: Act, matter: Matter, row: Involvement) -> None:
    story = story_of(matter, at=act.now)
    for started in desk(kind=matter.kind).involve(story, as_involved(row, at=act.now)):
        about = row if started.about == "involved" else None
        clocks.begin(act, matter, started.event, at=started.at, chosen=started.chosen, about=about)


def end_involvement(*, actor: Actor, involvement_id: int, seen_version: int, reason: str, now: datetime) -> None:
    """A role ends, with a reason; that it was held stays on record. Refuses one that has ended already."""
    with perform("matter.involvement_ended", actor=actor, now=now, permission=P.PEOPLE_INVOLVE) as act:
        row = act.claim(Involvement, involvement_id, seen_version=seen_version)
        require(*rules.end_gaps(ended=row.until_at is not None, reason=reason))
        act.move(row, until_at=now, ended_reason=reason)
        act.record(row, detail={"matter": row.matter_id, "role": row.role})
        act.changed(row.matter_id)
        settle(act, row.matter)


def mention_thing(
    *, actor: Actor, matter_id: int, kind: str, value: str, said: str, statement: Statement, at: datetime, now: datetime
) -> int:
    """Something is said of a place, vehicle, phone or handle: one row for the thing however it is written, one for the statement.

    Where an engagement named it lately, that is news on the matter.
    """
    with perform("matter.mentioned", actor=actor, now=now, permission=P.PEOPLE_INVOLVE) as act:
        matter = act.claim(Matter, matter_id)
        require(_ended(matter), *rules.thing_gaps(kind=kind, value=value, said=said, statement=statement))
        key = rules.key_of(kind=kind, value=value)
        thing = Thing.objects.filter(kind=kind, key=key).first()
        if thing is None:
            thing = act.add(Thing(kind=kind, value=value[:240], key=key[:240], created_at=now))
        row = act.add(
            Mention(
                matter=matter,
                thing=thing,
                said=said,
                nature=statement.nature,
                source=statement.source,
                grading=statement.grading,
                at=at,
                recorded_at=now,
                by_id=actor.id,
            )
        )
        act.record(row, detail={"matter": matter.pk, "thing": thing.pk})
        act.changed(matter.pk)
        tell_of_mention(act, row)
        return int(row.pk)
