"""Who quotes a person: owners of matters, tasks, what is owed, meetings, frozen figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from lodestar.core.measures.catalogue import CATALOGUE
from lodestar.core.people.quoting import Quoted
from lodestar.store.models import (
    CrewMember,
    Evidence,
    Involvement,
    Matter,
    MatterReport,
    MeetingAction,
    MeetingDecision,
    Obligation,
    Task,
)
from lodestar.store.queries import kept


def touched(one: int, other: int, report: int) -> Callable[[], list[Matter]]:
    """Every matter that a part of these two people touches; asked for with what is asked next.

    ``report`` is the one that was taken off: what it opened or made known is touched too.
    """
    return kept.rows_soon(_touched, one, other, report)


def _touched(one: int, other: int, report: int) -> QuerySet[Matter]:
    return Matter.objects.filter(pk__in=_numbers(one, other, report)).order_by("pk")


def _numbers(one: int, other: int, report: int) -> QuerySet[Any, Any]:
    """Several questions in one: asked as "or", PostgreSQL reads every matter there is."""
    people = (one, other)
    about = Matter.objects.filter(person_id__in=people).values("pk")
    opened = MatterReport.objects.filter(report_id=report).values("matter_id")
    named = Involvement.objects.filter(person_id__in=people).values("matter_id")
    made_known = Involvement.objects.filter(report_id=report).values("matter_id")
    return about.union(opened, named, made_known)


def quoting(every: Sequence[Matter], *, one: int, other: int, report: int) -> tuple[tuple[Matter, ...], tuple[Quoted, ...]]:
    """Those of the matters ``touched`` that are open, and everything that somebody holds which quotes any of them; one journey."""
    if not every:
        return (), ()
    open_now = tuple(matter for matter in every if matter.is_open)
    of = (one, other, report)
    tasks, crews, owed = kept.soon(_tasks, *of), kept.soon(_crews, *of), kept.soon(_owed, *of)
    asked, decided = kept.soon(_asked, *of), kept.soon(_decided, *of)
    frozen = kept.soon(_frozen, min(row.reported_at for row in every), max(row.reported_at for row in every))
    now, ever = ({row.pk: row.reference for row in matters} for matters in (open_now, every))
    found = (
        *(Quoted("matter", row.holder_id, row.pk, f"you answer for {row.reference}") for row in open_now),
        *(Quoted("task", user, pk, f"your task on {now[pk]}") for user, pk in (*tasks(), *crews()) if pk in now),
        *(Quoted("obligation", user, pk, f"what you owe on {now[pk]}") for user, pk in owed() if pk in now),
        *(Quoted("task", user, pk, f"what a meeting asked of you on {ever[pk]}") for user, pk in asked() if pk in ever),
        *(
            Quoted("meeting", user, pk, f"the pack of meeting {meeting}, which you chaired, quotes {ever[pk]}")
            for user, meeting, pk in decided()
            if pk in ever  # a matter that came in between the two questions touches nobody yet
        ),
        *(
            Quoted("commitment", owner, None, f"evidence frozen for {reference} counts it, and stays as it was")
            for *figure, owner, reference in frozen()
            if _counts(every, *figure)
        ),
    )
    return open_now, found


def _tasks(one: int, other: int, report: int) -> Any:
    rows = Task.objects.filter(matter__in=_numbers(one, other, report), is_open=True, assignee__isnull=False)
    return rows.values_list("assignee_id", "matter_id")


def _crews(one: int, other: int, report: int) -> Any:
    rows = CrewMember.objects.filter(task__matter__in=_numbers(one, other, report), task__is_open=True, released_at=None)
    return rows.values_list("assignee_id", "task__matter_id")


def _owed(one: int, other: int, report: int) -> Any:
    rows = Obligation.objects.filter(matter__in=_numbers(one, other, report), is_open=True)
    return rows.values_list("owed_by_id", "matter_id").distinct()


def _asked(one: int, other: int, report: int) -> Any:
    """What a meeting asked of somebody and is not done."""
    return MeetingAction.objects.filter(matter__in=_numbers(one, other, report), ended_at=None).values_list("owner_id", "matter_id")


def _decided(one: int, other: int, report: int) -> Any:
    """Meetings that decided something of one of these: their packs quote it."""
    rows = MeetingDecision.objects.filter(matter__in=_numbers(one, other, report))
    return rows.values_list("meeting__chair_id", "meeting_id", "matter_id")


def _frozen(first: datetime, last: datetime) -> Any:
    """Commitments with evidence whose frozen figure is of a time in which one of these was reported: it stays as it was frozen."""
    rows = Evidence.objects.filter(figure__isnull=False, figure__period_from__lte=last, figure__period_until__gt=first)
    return rows.values_list("figure__code", "figure__period_from", "figure__period_until", "commitment__owner_id", "commitment__reference")


def _counts(matters: Iterable[Matter], code: str, period_from: datetime, period_until: datetime) -> bool:
    """True where the figure counts one of these matters."""
    measure = CATALOGUE.get(code)
    return measure is not None and any(measure.desk in ("", one.kind) and period_from <= one.reported_at < period_until for one in matters)
