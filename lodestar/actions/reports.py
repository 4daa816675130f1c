"""Taking reports in: three doors, one action. Whatever came is kept as it came, and nothing is taken in twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lodestar.actions import clocks, people
from lodestar.actions.matters import opening as matters
from lodestar.actions.matters.deeds import write_down
from lodestar.actions.matters.moving import settle
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor, refuse_unless
from lodestar.core.identity.live import Told
from lodestar.core.matters.kinds import DESKS, desk
from lodestar.core.reports.bad_rows import settle_gaps
from lodestar.core.reports.draft import ReportDraft
from lodestar.core.reports.intake import Examined, examine, live_gaps, raw_digest, tidied
from lodestar.core.reports.rows import row_digest
from lodestar.core.words import Caution, NotVisible, Refusal, insist, require, values_of
from lodestar.store.inserting import insert_together
from lodestar.store.models import Alert, BadRow, ImportRun, Matter, MatterReport, Person, Report, RiskFact
from lodestar.store.queries import identity
from lodestar.store.queries import reports as queries


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a report."""

    report_id: int
    matter_id: int | None
    repeated: bool
    unsure: bool = False
    cautions: tuple[Caution, ...] = ()


def receive(
    *,
    actor: Actor,
    draft: ReportDraft,
    raw: str,
    now: datetime,
    run_id: int | None = None,
    row_number: int | None = None,
    opening: Mapping[str, str] | None = None,
) -> Received:
    """Take a report in, find whom it is about, and open or join the matter, in one transaction. The same id twice is one report.

    ``opening`` answers the questions of the deed that opens a matter on this desk, where the desk has one. Refuses what has
    no source, number, subject or reporter, what is dated in the future, answers to retired questions, and whatever the
    desk's own rules say against opening.
    """
    draft = tidied(draft=draft)
    with perform("report.received", actor=actor, now=now, permission=P.REPORTS_RECEIVE) as act:
        before = queries.already(source=draft.source, external_id=draft.external_id)
        if before is not None:
            return _again(act, before)
        examined = insist(examine(draft=draft, questions=queries.questions(at=now), now=now))
        require(_not_this_desk(actor, draft.kind), *(live_gaps(draft=draft, now=now) if draft.kind in DESKS else ()))
        report = _keep(act, examined, raw, run_id, row_number)
        if draft.kind in DESKS:
            act.rota.ask_ahead(now)  # whoever answers for the matter goes with whom the report may be about
        joins = draft.kind if draft.kind in DESKS and desk(kind=draft.kind).joins else ""
        person, unsure, doubts = people.resolve(act, report=report, subject=draft.subject, joins=joins)
        matter_id = None
        if draft.kind in DESKS:
            matter, _ = matters.join_or_open(act, report=report, person=person, kind=draft.kind)
            matter_id = matter.pk
            _first_deed(act, matter, at=draft.reported_at, said=opening or {})
        act.record(report, detail={"matter": matter_id, "person": person.pk, "door": actor.door})
        return Received(report.pk, matter_id, repeated=False, unsure=unsure, cautions=(*examined.cautions, *doubts))


def _not_this_desk(actor: Actor, kind: str) -> Refusal | None:
    """A report opens a matter only by somebody whose role is about that kind of matter."""
    if kind not in DESKS or any(grant.kinds is None or kind in grant.kinds for grant in actor.grants_with(P.REPORTS_RECEIVE)):
        return None
    return Refusal("report.not_this_desk", f"Your role does not open a matter on this desk: {DESKS[kind].title}. Ask its sergeant.")


def _first_deed(act: Act, matter: Matter, *, at: datetime, said: Mapping[str, str]) -> None:
    code = desk(kind=matter.kind).opening
    if code:
        write_down(act, matter, code, at=at, said=said)
        settle(act, matter)


def receive_about(act: Act, *, draft: ReportDraft, raw: str, person: Person, reason: str, opening: Mapping[str, str]) -> Matter:
    """A report that somebody makes from a child's own record: they say by name whom it is about, so no rule is asked.

    Part of another action; refuses whoever may not make such a report, and what any report is refused for.
    """
    draft = tidied(draft=draft)
    require(refuse_unless(actor=act.actor, permission=P.REPORTS_RECEIVE), _not_this_desk(act.actor, draft.kind))
    examined = insist(examine(draft=draft, questions=queries.questions(at=act.now), now=act.now))
    require(*live_gaps(draft=draft, now=act.now))
    report = _keep(act, examined, raw, None, None)
    people.join_by_hand(act, report=report, subject=draft.subject, person=person, reason=reason)
    matter, _ = matters.join_or_open(act, report=report, person=person, kind=draft.kind)
    _first_deed(act, matter, at=draft.reported_at, said=opening)
    act.record(report, verb="report.received", detail={"matter": matter.pk, "person": person.pk, "door": act.actor.door})
    return matter


def keep_report(act: Act, *, draft: ReportDraft, raw: str) -> Report:
    """Keep a report and find its child, inside another action, without opening a matter yet."""
    draft = tidied(draft=draft)
    examined = insist(examine(draft=draft, questions=queries.questions(at=act.now), now=act.now))
    require(*live_gaps(draft=draft, now=act.now))
    report = _keep(act, examined, raw, None, None)
    people.resolve(act, report=report, subject=draft.subject)
    act.record(report, verb="report.kept")
    return report


@dataclass(frozen=True, slots=True)
class Stated:
    """A person whom an engagement states, kept as a report: who they are, and whether a person must still say so."""

    report: Report
    person: Person
    unsure: bool
    cautions: tuple[Caution, ...]


def keep_stated(act: Act, *, draft: ReportDraft, told: Told, raw: str, run_id: int | None, row_number: int | None) -> Stated:
    """Keep what an engagement says of one person, however long ago, and find who they are; it opens no matter."""
    examined = insist(examine(draft=tidied(draft=draft), questions=queries.questions(at=act.now), now=act.now))
    report = _keep(act, examined, raw, run_id, row_number)
    person, unsure, doubts = people.resolve(act, report=report, subject=examined.draft.subject, told=told)
    act.record(report, verb="report.stated")
    return Stated(report, person, unsure, doubts)


def open_for(act: Act, *, report_id: int) -> Matter:
    """Open or join the matter of a report that was kept before."""
    report = Report.objects.get(pk=report_id)
    link = identity.current_link(report)
    if link is None:
        raise NotVisible
    matter, _ = matters.join_or_open(act, report=report, person=link.person, kind=report.kind)
    return matter


def _again(act: Act, before: Report) -> Received:
    act.record(before, verb="report.repeated")
    row = MatterReport.objects.filter(report=before).order_by("-pk").first()
    return Received(before.pk, row.matter_id if row else None, repeated=True)


def _keep(act: Act, examined: Examined, raw: str, run_id: int | None, row_number: int | None) -> Report:
    draft = examined.draft
    subject: dict[str, Any] = {**values_of(draft.subject), "keys": dict(draft.subject.keys)}
    subject["birth_date"] = draft.subject.birth_date.isoformat() if draft.subject.birth_date else None
    report = act.add(
        Report(
            kind=draft.kind,
            source=draft.source,
            external_id=draft.external_id,
            door=act.actor.door,
            import_run_id=run_id,
            row_number=row_number,
            raw=raw,
            raw_digest=raw_digest(raw.encode()),
            reporter_name=draft.reporter_name,
            reporter_relationship=draft.reporter_relationship,
            reporter_contact=draft.reporter_contact,
            subject=subject,
            district=draft.district,
            since_from=draft.since_from,
            since_to=draft.since_to,
            reported_at=draft.reported_at,
            recorded_at=draft.recorded_at,
            circumstances=draft.circumstances,
            cautions=[values_of(caution) for caution in examined.cautions],
            precision=draft.precision,
            received_by_id=act.actor.id,
        )
    )
    facts = [RiskFact(report_id=report.pk, **values_of(fact)) for fact in draft.risk_facts]
    insert_together([*facts, *(Alert(report_id=report.pk, **values_of(alert)) for alert in draft.alerts)])
    return report


def begin_import(*, actor: Actor, kind: str, source: str, file_name: str, digest: str, now: datetime) -> int:
    """A file is being brought in: who, which file by its digest, when."""
    with perform("import.begun", actor=actor, now=now, permission=P.REPORTS_IMPORT) as act:
        run = act.add(ImportRun(kind=kind, source=source, file_name=file_name[:200], file_digest=digest, at=now, by_id=actor.id))
        act.record(run, detail={"digest": digest})
        return int(run.pk)


def end_import(*, actor: Actor, run_id: int, rows: int, new: int, repeated: int, bad: int, now: datetime) -> None:
    """A file has been brought in: every row is new, repeated or bad, and the three add up to the rows."""
    with perform("import.ended", actor=actor, now=now, permission=P.REPORTS_IMPORT) as act:
        run = act.claim(ImportRun, run_id)
        run.rows, run.new, run.repeated, run.bad = rows, new, repeated, bad
        run.save()
        act.record(run, detail={"rows": rows, "new": new, "repeated": repeated, "bad": bad})


def park_bad_row(
    *, actor: Actor, run_id: int, source: str, row_number: int, raw: Mapping[str, str], faults: Sequence[Mapping[str, str]], now: datetime
) -> bool:
    """A row that cannot be read is kept word for word in a worked queue with a clock; False when it is there already."""
    digest = row_digest(raw)
    with perform("import.row_parked", actor=actor, now=now, permission=P.REPORTS_IMPORT) as act:
        known = BadRow.objects.filter(source=source, raw_digest=digest).first()
        if known is not None:
            act.record(known, verb="import.row_known")
            return False
        row = act.add(
            BadRow(
                import_run_id=run_id,
                source=source,
                row_number=row_number,
                raw=dict(raw),
                raw_digest=digest,
                faults=[dict(fault) for fault in faults],
            )
        )
        act.record(row, detail={"run": run_id, "codes": [str(fault.get("code", "")) for fault in faults]})
        clocks.begin(act, None, "bad_row", at=now, about=row)
        return True


def keep_row(*, actor: Actor, run_id: int, source: str, row_number: int, raw: Mapping[str, str], now: datetime) -> bool:
    """A row that is understood and is no report (away without authorisation, place known) is kept as it came; once."""
    digest = row_digest(raw)
    with perform("import.row_kept", actor=actor, now=now, permission=P.REPORTS_IMPORT) as act:
        known = BadRow.objects.filter(source=source, raw_digest=digest).first()
        row = known or act.add(
            BadRow(
                import_run_id=run_id,
                source=source,
                row_number=row_number,
                raw=dict(raw),
                raw_digest=digest,
                faults=[],
                state="kept",
            )
        )
        act.record(row)
        return known is None


def settle_bad_row(
    *, actor: Actor, row_id: int, seen_version: int, report_id: int | None, reason: str, now: datetime, mended: bool = False
) -> None:
    """A parked row ends taken in (``mended``, mostly as a report) or is set aside with a reason; it never disappears."""
    mended = mended or report_id is not None
    with perform("import.row_settled", actor=actor, now=now, permission=P.REPORTS_SETTLE) as act:
        row = act.claim(BadRow, row_id, seen_version=seen_version)
        require(*settle_gaps(state=row.state, mended=mended, reason=reason))
        state = "mended" if mended else "set_aside"
        act.move(row, state=state, settled_by_id=actor.id, settled_at=now, settled_reason=reason, report_id=report_id)
        act.record(row, detail={"state": state, "report": report_id})
        clocks.settle_about(act, row, code="bad_row_settled")
