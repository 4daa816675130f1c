"""How a source is read, governed: drafted, tried on a sample, approved by somebody else, in force from a day. Never edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.engagements.draft import EngagementDraft, PersonSaid
from lodestar.core.engagements.mapping import mapping_faults
from lodestar.core.engagements.versions import MAPPING, approve_gaps, draft_gaps
from lodestar.core.identity.live import Told
from lodestar.core.people.deciding import Sure, Unsure, decide
from lodestar.core.playbook import content_hash
from lodestar.core.times import local_date
from lodestar.core.words import insist, require
from lodestar.store.models import EngagementMapping
from lodestar.store.queries import identity, linking
from lodestar.store.queries import mappings as queries
from lodestar.store.queries.engagements import kinds

MOST = 500  # rows of a sample whose people are looked for


def draft(*, actor: Actor, document: Mapping[str, Any], reason: str, now: datetime) -> int:
    """Keep a draft; refuses one that cannot be followed, names no source, gives no reason, or says what another says."""
    with perform("engagements.mapping_drafted", actor=actor, now=now, permission=P.ENGAGEMENTS_DRAFT) as act:
        table = queries.plain(document)
        code, title, kind = (str(table.get(key, "")) for key in queries.HEAD)
        block = {key: value for key, value in table.items() if key not in queries.HEAD}
        digest = content_hash(table)
        require(
            *draft_gaps(
                code=code,
                title=title,
                reason=reason,
                faults=mapping_faults(block, kind=kind, kinds=kinds(at=now)),
                same_as=queries.same_content(content_hash=digest),
            )
        )
        number = queries.next_number()
        made = act.add(
            EngagementMapping(
                number=number,
                code=code[:80],
                title=title[:160],
                reason=reason,
                document=table,
                content_hash=digest,
                drafted_by_id=act.person,
                drafted_at=now,
            )
        )
        act.record(made, detail={"number": number, "source": code, "content": digest})
        return number


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a person in a row may be about, without saying who: how many are known who may be, and what the rules would do."""

    verdict: str  # sure, unsure, new
    known: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample as it was read: whose rows, the file's digest, the rows that could be read, and how many could not."""

    source: str
    digest: str
    drafts: tuple[EngagementDraft, ...]
    bad: int


@dataclass(frozen=True, slots=True)
class Tried:
    """What a try found: for each row that could be read whom its people may be about, and the counts of all."""

    who: tuple[tuple[Who, ...], ...]
    counts: Mapping[str, int]


def try_sample(*, actor: Actor, sample: Sample, now: datetime, number: int | None = None, seen_version: int = 0) -> Tried:
    """See whom a sample's rows may be about. Nothing of it is written but who tried which file, and how many rows it had.

    On a draft (its ``number``) the counts are kept with it: they are what somebody else then approves by.
    """
    with perform("engagements.tried", actor=actor, now=now, permission=P.REPORTS_IMPORT) as act:
        who = tuple(tuple(_who(said, of=one, at=now) for said in one.people) for one in sample.drafts[:MOST])
        each = [one.verdict for people in who for one in people]
        counts = {name: each.count(name) for name in ("sure", "unsure", "new")}
        counts |= {"rows": len(sample.drafts) + sample.bad, "bad": sample.bad}
        act.subject = ("engagement_mapping", sample.source)
        if number is None:
            act.record(outcome="seen", detail={"source": sample.source, "sha256": sample.digest, **counts})
        else:
            tried = {"sha256": sample.digest, **counts}
            _step(act, number, seen_version, "try", tried=tried, tried_at=now, tried_by_id=act.person)
        return Tried(who, counts)


def _who(said: PersonSaid, *, of: EngagementDraft, at: datetime) -> Who:
    """What would be decided of somebody if they came in now."""
    stated, _ = identity.identity_of(said.subject)
    told = Told(of.kind, said.role, of.reason)
    looked = linking.look(linking.prepared(stated, number="try"), among=identity.candidates(stated), at=at, told=told)
    verdict = decide(subject=stated, holders=looked.holders, rules=identity.rules(at=at), weighed=looked.weighed)
    if isinstance(verdict, Sure):
        return Who("sure", 1)
    return Who("unsure", len(verdict.candidates)) if isinstance(verdict, Unsure) else Who("new", 0)


def approve(*, actor: Actor, number: int, seen_version: int, reason: str, in_force_from: date | None, now: datetime) -> None:
    """Somebody other than who drafted it approves, with a reason, from today or a later day."""
    with perform("engagements.mapping_approved", actor=actor, now=now, permission=P.ENGAGEMENTS_APPROVE) as act:
        row = act.claim(EngagementMapping, _pk(number), seen_version=seen_version)
        taken = queries.days_taken(code=row.code)
        require(
            *approve_gaps(
                drafted_by=row.drafted_by_id, approver=act.person, in_force_from=in_force_from, today=local_date(now), taken=taken
            )
        )
        changes = {"approved_by_id": act.person, "approved_at": now, "approval_reason": reason, "in_force_from": in_force_from}
        _step(act, number, seen_version, "approve", reason=reason, **changes)


def drop(*, actor: Actor, number: int, seen_version: int, reason: str, now: datetime) -> None:
    """A draft that is not wanted any more stays on record as dropped."""
    with perform("engagements.mapping_dropped", actor=actor, now=now, permission=P.ENGAGEMENTS_DRAFT) as act:
        _step(act, number, seen_version, "drop", reason=reason, approval_reason=reason)


def _step(act: Act, number: int, seen_version: int, verb: str, *, reason: str = "", **changes: Any) -> None:
    row = act.claim(EngagementMapping, _pk(number), seen_version=seen_version)
    move = insist(MAPPING.step(state=row.state, verb=verb, permissions=act.actor.permissions, reason=reason))
    act.move(row, state=move.target, **changes)
    act.record(row, verb=move.audit, detail={"number": number})


def _pk(number: int) -> int:
    return EngagementMapping.objects.filter(number=number).values_list("pk", flat=True).first() or 0
