"""Who quotes a person: owners of matters, tasks, what is owed, meetings, frozen figures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from django.db.models import Q

from lodestar.core.measures.catalogue import CATALOGUE
from lodestar.core.people.quoting import Parted, Quoted
from lodestar.store.models import (
    CrewMember,
    Evidence,
    Involvement,
    Link,
    Matter,
    MatterReport,
    MeetingAction,
    MeetingDecision,
    Obligation,
    Task,
)


def quoting(*, people: Collection[int], report: int) -> tuple[tuple[Matter, ...], tuple[Quoted, ...]]:
    """The open matters that a part of these people touches, and everything that somebody holds which quotes them.

    ``report`` is the one that was taken off: what it opened or made known is touched too.
    """
    by_report = MatterReport.objects.filter(report=report).values("matter_id")
    involved = Involvement.objects.filter(Q(person__in=people) | Q(report=report)).values("matter_id")
    every = list(Matter.objects.filter(Q(person__in=people) | Q(pk__in=by_report) | Q(pk__in=involved)).order_by("pk"))
    if not every:
        return (), ()
    open_now = tuple(matter for matter in every if matter.is_open)
    found = [*_holders(open_now), *_tasks(open_now), *_owed(open_now), *_meetings(every), *_figures(every)]
    return open_now, tuple(found)


def parted(link: Link, *, new: int) -> Parted:
    """A link that was undone, as it is told."""
    return Parted(link.report_id, link.person_id, new, link.at, link.by.name if link.by else "Lodestar", link.reason)


def _holders(matters: Iterable[Matter]) -> Iterator[Quoted]:
    yield from (Quoted("matter", row.holder_id, row.pk, f"you answer for {row.reference}") for row in matters)


def _tasks(matters: Sequence[Matter]) -> Iterator[Quoted]:
    references = {row.pk: row.reference for row in matters}
    rows = Task.objects.filter(matter__in=references, is_open=True, assignee__isnull=False).values_list("assignee_id", "matter_id")
    along = CrewMember.objects.filter(task__matter__in=references, task__is_open=True, released_at=None)
    for user, matter in (*rows, *along.values_list("assignee_id", "task__matter_id")):
        yield Quoted("task", user, matter, f"your task on {references[matter]}")


def _owed(matters: Sequence[Matter]) -> Iterator[Quoted]:
    references = {row.pk: row.reference for row in matters}
    rows = Obligation.objects.filter(matter__in=references, is_open=True).values_list("owed_by_id", "matter_id").distinct()
    yield from (Quoted("obligation", user, matter, f"what you owe on {references[matter]}") for user, matter in rows)


def _meetings(matters: Iterable[Matter]) -> Iterator[Quoted]:
    """What a meeting asked of somebody and is not done, and the packs of meetings that decided something of one of these."""
    references = {row.pk: row.reference for row in matters}
    asked = MeetingAction.objects.filter(matter__in=references, ended_at=None).values_list("owner_id", "matter_id")
    yield from (Quoted("task", user, matter, f"what a meeting asked of you on {references[matter]}") for user, matter in asked)
    rows = MeetingDecision.objects.filter(matter__in=references).select_related("meeting", "matter")
    for row in rows:
        if row.matter is not None:
            words = f"the pack of meeting {row.meeting_id}, which you chaired, quotes {row.matter.reference}"
            yield Quoted("meeting", row.meeting.chair_id, row.matter_id, words)


def _figures(matters: Iterable[Matter]) -> Iterator[Quoted]:
    """Commitments with evidence whose frozen figure counts one of these matters: the figure stays as it was frozen."""
    known = list(matters)
    if not known:
        return
    first, last = min(row.reported_at for row in known), max(row.reported_at for row in known)
    rows = Evidence.objects.filter(figure__isnull=False, figure__period_from__lte=last, figure__period_until__gt=first)
    for row in rows.select_related("figure", "commitment"):
        figure, commitment = row.figure, row.commitment
        measure = CATALOGUE.get(figure.code) if figure else None
        if figure is None or measure is None:
            continue
        counts = (one for one in known if measure.desk in ("", one.kind) and figure.period_from <= one.reported_at < figure.period_until)
        if any(counts):
            yield Quoted(
                "commitment", commitment.owner_id, None, f"evidence frozen for {commitment.reference} counts it, and stays as it was"
            )
