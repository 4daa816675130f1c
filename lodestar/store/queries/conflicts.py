"""Who may not be given a piece of work: a conflict of interest, or a child who asked for a woman or a man."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from lodestar.store.models import ConflictOfInterest, Involvement, Task, User


def barred(rows: Iterable[Task], *, at: datetime) -> defaultdict[int, frozenset[int]]:
    """For each task the people who may not have it. Whose sex is not known is not sent where one was asked for."""
    tasks = list(rows)
    declared, others = _declared(tasks, at), _of_another_sex(tasks)
    found: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    for row in tasks:
        found[row.pk] = frozenset(declared[row.matter_id]) | others.get(row.officer_sex, frozenset())
    return found


def _declared(rows: Iterable[Task], at: datetime) -> dict[int, set[int]]:
    """Who may not be given work on each matter: they know its child, or somebody else it concerns."""
    matters = {row.matter_id: row.matter.person_id for row in rows}
    concerned: dict[int, set[int]] = defaultdict(set)
    for matter, person in matters.items():
        concerned[person].add(matter)
    also = Involvement.objects.filter(matter_id__in=matters).filter(Q(until_at=None) | Q(until_at__gt=at))
    for matter, person in also.values_list("matter_id", "person_id"):
        concerned[person].add(matter)
    found: dict[int, set[int]] = defaultdict(set)
    declared = ConflictOfInterest.objects.filter(person_id__in=concerned, ended_at=None)
    for person, user in declared.values_list("person_id", "user_id"):
        for matter in concerned[person]:
            found[matter].add(user)
    return found


def _of_another_sex(rows: Iterable[Task]) -> dict[str, frozenset[int]]:
    asked = {row.officer_sex for row in rows} - {""}
    others = User.objects.filter(is_active=True)
    return {sex: frozenset(others.exclude(sex=sex).values_list("pk", flat=True)) for sex in asked}


def standing(*, person_id: int, viewer: int, all_of_them: bool) -> QuerySet[ConflictOfInterest]:
    """The conflicts that stand about a person: one's own, or everybody's for whoever gives out work."""
    rows = ConflictOfInterest.objects.filter(person_id=person_id, ended_at=None).select_related("user", "declared_by").order_by("pk")
    return rows if all_of_them else rows.filter(user_id=viewer)


def conflict(*, pk: int) -> ConflictOfInterest | None:
    """One conflict that stands."""
    return ConflictOfInterest.objects.filter(pk=pk, ended_at=None).select_related("user").first()
