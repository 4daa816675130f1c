"""Opening a matter for a child, or joining the report to one already open; and opening its page."""

from __future__ import annotations

from datetime import datetime

from lodestar.actions import duty
from lodestar.actions.matters.deeds import start
from lodestar.actions.matters.moving import settle
from lodestar.actions.matters.work import use_trigger_plans
from lodestar.actions.perform import Act
from lodestar.actions.reading import open_row
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.matters.kinds import desk
from lodestar.core.times import age_on, local_date
from lodestar.core.words import NotVisible
from lodestar.store.models import Matter, MatterReport, MatterStep, Person, Report, Transfer
from lodestar.store.queries import matters
from lodestar.store.queries.clocks import times_reported
from lodestar.store.queries.stories import first_story

ADULT = 18


def join_or_open(act: Act, *, report: Report, person: Person, kind: str = "missing") -> tuple[Matter, bool]:
    """A report joins the child's open matter of its kind, or opens one. Returns the matter and whether it is new."""
    already = act.answer(matters.searched_for, person.pk, kind) if desk(kind=kind).joins and not _in_none(act, person) else None
    if already is not None:
        _join(act, already, report)
        return already, False
    return _open(act, report, person, kind), True


def _in_none(act: Act, person: Person) -> bool:
    """Somebody whom this very action made, and before it made any matter, is in none: the database need not be asked."""
    return act.made(person) and not act.made_any(Matter)


def _join(act: Act, matter: Matter, report: Report) -> None:
    act.note(MatterReport(matter=matter, report=report, at=act.now, how="joined"))
    # One absence reported twice is one episode with the earliest report's clock (measures.md 1.2).
    if report.reported_at < matter.reported_at:
        act.move(matter, reported_at=report.reported_at)
    act.record(matter, verb="matter.report_joined", detail={"report": report.pk})
    act.changed(matter.pk, "matter.report_joined")
    use_trigger_plans(act, matter)
    settle(act, matter)


def _open(act: Act, report: Report, person: Person, kind: str) -> Matter:
    told = desk(kind=kind)
    initial = told.lifecycle.initial
    matter = Matter(
        kind=kind,
        person=person,
        state=initial,
        district=report.district or person.district,
        authority=person.authority,
        since_from=report.since_from,
        since_to=report.since_to,
        reported_at=report.reported_at,
        recorded_at=report.recorded_at,
        opened_at=act.now,
        looked_after=person.looked_after,
        is_child=_is_child(person, report.reported_at, unless_known=told.about == "child"),
        next_due_at=act.now,
    )
    holder = duty.first(act, matter)
    matter.holder_id = holder.person
    act.add(matter)
    act.note(MatterReport(matter=matter, report=report, at=act.now, how="opened"))
    act.note(
        MatterStep(
            matter=matter,
            number=1,
            verb="open",
            target=initial,
            at=report.reported_at,
            recorded_at=act.now,
            by_id=act.actor.id,
            detail={"report": report.pk},
        )
    )
    act.record(matter, verb="matter.opened", detail={"report": report.pk})
    act.changed(matter.pk, "matter.opened")
    duty.assign(act, matter, how="opened", person=holder.person, because=holder.because)
    if kind == "missing":
        act.ask_ahead(times_reported, matter.person_id)
        act.ask_ahead(matters.records_of, matter.person_id)
    for started in told.opens(first_story(matter)):
        start(act, matter, started)
    use_trigger_plans(act, matter)
    settle(act, matter)
    return matter


def _is_child(person: Person, at: datetime, *, unless_known: bool) -> bool:
    """A child of unknown age is treated as a child until it is known (APP 2023); an unknown user of an account is not."""
    born = person.birth_date
    if born is None:
        return unless_known
    return born > local_date(at) or age_on(born, at) < ADULT


def open_matter_page(*, actor: Actor, matter_id: int, now: datetime) -> Matter:
    """Open a child's matter, leaving who looked: no audit row, no page. Out of reach and not there look the same."""
    return open_row(actor=actor, model=Matter, pk=matter_id, permission=P.MATTERS_READ, verb="matter.seen", now=now)


def open_incoming(*, actor: Actor, transfer_id: int, now: datetime) -> tuple[Transfer, Report]:
    """Open a child that another force offers, leaving who looked."""
    offer = open_row(actor=actor, model=Transfer, pk=transfer_id, permission=P.MATTERS_TRANSFER, verb="transfer.seen", now=now)
    report = Report.objects.filter(pk=offer.bundle.get("report")).first()
    if offer.direction != "in" or report is None:
        raise NotVisible
    return offer, report
