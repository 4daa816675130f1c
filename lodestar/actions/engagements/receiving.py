"""Taking an engagement in: every door, one action. It is kept as it came, each person resolved, and what it changes told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from lodestar.actions import reports
from lodestar.actions.engagements.telling import ask_ahead, tell, tell_of_things
from lodestar.actions.matters import opening
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.engagements.draft import SUBJECT, EngagementDraft, digest_of, report_of
from lodestar.core.engagements.examining import AUTHORITY, examine, kind_gaps
from lodestar.core.engagements.kinds import Kind
from lodestar.core.identity.live import Told
from lodestar.core.matters.involved import key_of
from lodestar.core.words import Caution, Refusal, Refused, require
from lodestar.store.models import Engagement, EngagementPerson, Sighting, Thing
from lodestar.store.queries import engagements as queries

THING_LONGEST = 240


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an engagement."""

    engagement_id: int
    report_id: int | None  # of the first person it states
    repeated: bool
    people: int = 0
    unsure: int = 0  # of how many a person must still say who they are
    news_on: tuple[int, ...] = ()  # the matters on which it is news
    looks: int = 0  # how many looks are owed for it
    matter_id: int | None = None  # the matter that it opened or joined
    cautions: tuple[Caution, ...] = ()


@dataclass(slots=True)
class _Taken:
    """What has become of the people of one engagement so far."""

    kind: Kind
    cautions: list[Caution]
    unsure: int = 0
    news_on: list[int] = field(default_factory=list)
    looks: int = 0
    matter_id: int | None = None
    reports: list[int] = field(default_factory=list)
    district: str = ""  # of the first whom it states, where the source names none: whoever reads of them reads of the others


def receive(
    *, actor: Actor, draft: EngagementDraft, raw: str, now: datetime, run_id: int | None = None, row_number: int | None = None
) -> Received:
    """Take an engagement in, find whom it is about, and tell whoever is concerned, in one transaction.

    The same number of the same source is one engagement; with other words it is refused, for a person to say which is right.
    """
    with perform("engagement.received", actor=actor, now=now, permission=P.ENGAGEMENTS_RECEIVE) as act:
        before = queries.already(source=draft.source, external_id=draft.external_id)
        if before is not None:
            return _again(act, before, raw)
        kind = queries.kind(code=draft.kind, at=now)
        require(*kind_gaps(draft=draft, kind=kind), *examine(draft=draft, now=now))
        assert kind is not None  # noqa: S101 - refused just above
        engagement = _keep(act, draft, raw, run_id, row_number)
        taken = _Taken(kind, list(draft.cautions))
        for place in range(1, len(draft.people) + 1):
            _person(act, engagement, draft, place, taken)
        seen = _things(act, engagement, draft)
        taken.news_on += tell_of_things(act, engagement, seen, besides=(taken.matter_id,) if taken.matter_id else ())
        detail = {"kind": kind.code, "people": len(draft.people), "reports": taken.reports, "news_on": taken.news_on, "looks": taken.looks}
        act.record(engagement, detail={**detail, "door": actor.door})
        return Received(
            engagement_id=int(engagement.pk),
            report_id=taken.reports[0] if taken.reports else None,
            repeated=False,
            people=len(draft.people),
            unsure=taken.unsure,
            news_on=tuple(taken.news_on),
            looks=taken.looks,
            matter_id=taken.matter_id,
            cautions=tuple(taken.cautions),
        )


def _again(act: Act, before: Engagement, raw: str) -> Received:
    if before.raw_digest != digest_of(raw):
        sentence = "An engagement with this number is in already, and says something else. Say which is right, or give this its own number."
        raise Refused(Refusal("engagement.number_twice", sentence, AUTHORITY, "number"))
    act.record(before, verb="engagement.repeated")
    return Received(int(before.pk), queries.first_report(engagement_id=before.pk), repeated=True)


def _keep(act: Act, draft: EngagementDraft, raw: str, run_id: int | None, row_number: int | None) -> Engagement:
    return act.add(
        Engagement(
            kind=draft.kind,
            source=draft.source,
            mapping_version=draft.mapping_version,
            external_id=draft.external_id,
            happened_at=draft.happened_at,
            precision=draft.precision,
            received_at=act.now,
            district=draft.district,
            grading=draft.grading,
            reason=draft.reason,
            circumstances=draft.circumstances,
            raw=raw,
            raw_digest=digest_of(raw),
            door=act.actor.door,
            import_run_id=run_id,
            row_number=row_number,
            received_by_id=act.actor.id,
        )
    )


def _person(act: Act, engagement: Engagement, draft: EngagementDraft, place: int, taken: _Taken) -> None:
    said = draft.people[place - 1]
    opens = _opens(taken.kind, draft, said.role, act.now)
    placed = replace(draft, district=draft.district or taken.district)
    kept = reports.keep_stated(
        act,
        draft=report_of(placed, place, now=act.now, past=bool(taken.kind.opens) and not opens),
        told=Told(engagement.kind, said.role, engagement.reason),
        raw=engagement.raw,
        run_id=engagement.import_run_id,
        row_number=engagement.row_number,
    )
    stated = EngagementPerson(
        engagement=engagement,
        report=kept.report,
        number=place,
        role=said.role,
        said=said.said,
        nature=said.nature,
        grading=said.grading,
    )
    numbered = act.add_soon([stated])
    if not opens:
        ask_ahead(act, engagement, kept.person)
    numbered()
    taken.reports.append(int(kept.report.pk))
    taken.district = taken.district or kept.person.district
    taken.unsure += kept.unsure
    taken.cautions += kept.cautions
    if opens:
        matter, _ = opening.join_or_open(act, report=kept.report, person=kept.person, kind=taken.kind.opens)
        taken.matter_id = int(matter.pk)
    found = tell(act, stated, kept.person, besides=(taken.matter_id,) if taken.matter_id else ())
    taken.news_on += found.news_on
    taken.looks += found.look is not None


def _opens(kind: Kind, draft: EngagementDraft, role: str, now: datetime) -> bool:
    """A report of a desk's own kind starts its search, where it is fresh and does not say that it has ended."""
    fresh = now - draft.happened_at <= timedelta(days=kind.fresh_days)
    return bool(kind.opens) and role == SUBJECT and fresh and not draft.ended


def _things(act: Act, engagement: Engagement, draft: EngagementDraft) -> list[Sighting]:
    """Each place, phone, vehicle and handle is one row however it is written, and one sighting for this engagement."""
    keys = [(said.kind, key_of(kind=said.kind, value=said.value)[:THING_LONGEST]) for said in draft.things]
    asked = {key: queries.thing_of(*key) for key in keys}
    known = {key: thing for key, found in asked.items() for thing in found()}
    for said, key in zip(draft.things, keys, strict=True):
        if key not in known:
            known[key] = act.add(Thing(kind=said.kind, value=said.value[:THING_LONGEST], key=key[1], created_at=act.now))
    sightings = [
        Sighting(
            engagement=engagement,
            thing=known[key],
            said=said.said,
            nature=said.nature,
            grading=said.grading,
            at=engagement.happened_at,
        )
        for said, key in zip(draft.things, keys, strict=True)
    ]
    act.add_soon(sightings)
    return sightings
