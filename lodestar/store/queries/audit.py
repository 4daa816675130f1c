"""Reading the audit: rows not yet sealed, seals in order, and who has looked at a child."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q

from lodestar.core.audit.seal import Entry, Seal, SealedEntry
from lodestar.store.models import AuditRow, AuditSeal, SealedRow


def entry(row: AuditRow) -> Entry:
    """A stored row as the fact that is hashed."""
    return Entry(
        id=row.pk,
        at=row.at,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        roles=row.roles,
        door=row.door,
        request_id=row.request_id,
        verb=row.verb,
        outcome=row.outcome,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        detail=row.detail,
    )


LATE = 10_000  # how far behind the newest sealed row a late-committing row may lie


def unsealed(*, most: int) -> list[AuditRow]:
    """Rows under no seal yet, oldest first. Late-committing rows simply fall into the next seal."""
    newest: int = SealedRow.objects.aggregate(newest=Max("row_id"))["newest"] or 0
    sealed = SealedRow.objects.filter(row_id=OuterRef("pk"))
    rows = AuditRow.objects.filter(pk__gt=newest - LATE).exclude(Exists(sealed)).order_by("pk")
    found = list(rows[:most])
    # A seal's own row waits for company, or every quiet minute would seal the minute before.
    return [] if all(row.verb == "audit.sealed" for row in found) else found


def never_sealed() -> int | None:
    """The first row that the minute job has passed by: a row slipped in behind the seals."""
    newest: int = SealedRow.objects.aggregate(newest=Max("row_id"))["newest"] or 0
    sealed = SealedRow.objects.filter(row_id=OuterRef("pk"))
    row = AuditRow.objects.filter(pk__lte=newest - LATE).exclude(Exists(sealed)).order_by("pk").first()
    return row.pk if row else None


def last_seal() -> AuditSeal | None:
    """The newest seal."""
    return AuditSeal.objects.order_by("-number").first()


def seals() -> Iterator[tuple[Seal, list[SealedEntry], dict[int, Entry]]]:
    """Every seal in order, with its rows' places and the rows themselves as they are now."""
    for stored in AuditSeal.objects.order_by("number").iterator():
        places = [SealedEntry(row.row_id, row.position, row.row_hash) for row in SealedRow.objects.filter(seal=stored).order_by("position")]
        rows = _rows([place.entry_id for place in places])
        yield Seal(stored.number, stored.previous, stored.digest, stored.rows), places, rows


def _rows(ids: Sequence[int], size: int = 500) -> dict[int, Entry]:
    found: dict[int, Entry] = {}
    for start in range(0, len(ids), size):
        chunk = AuditRow.objects.filter(pk__in=ids[start : start + size])
        found |= {row.pk: entry(row) for row in chunk}
    return found


@dataclass(frozen=True, slots=True)
class Look:
    """One audit row as people read it."""

    at: datetime
    who: str
    roles: str
    verb: str
    outcome: str
    door: str
    subject: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LastLook:
    """The last time that somebody did one thing."""

    at: datetime
    who: str
    verb: str


def last_looks(*, child: int, matters: Iterable[int], most: int) -> tuple[LastLook, ...]:
    """Who did, saw or was refused what about a child, or opened a matter about the child: each person's last of each, newest first.

    The database finds each one's last, so that somebody who looks all day hides nobody.
    """
    opened = Q(subject_kind="matter", subject_id__in=[str(pk) for pk in matters], outcome="seen")
    rows = AuditRow.objects.filter(Q(subject_kind="person", subject_id=str(child)) | opened).values_list("actor_name", "verb")
    return tuple(LastLook(at, who, verb) for who, verb, at in rows.annotate(last=Max("at")).order_by("-last")[:most])


def recent(*, verb: str = "", who: str = "", outcome: str = "", most: int = 200) -> list[Look]:
    """The newest audit rows, filtered."""
    condition = Q()
    if verb:
        condition &= Q(verb__startswith=verb)
    if who:
        condition &= Q(actor_name__icontains=who)
    if outcome:
        condition &= Q(outcome=outcome)
    return [_look(row) for row in AuditRow.objects.filter(condition).order_by("-pk")[:most]]


def _look(row: AuditRow) -> Look:
    subject = f"{row.subject_kind} {row.subject_id}".strip()
    return Look(row.at, row.actor_name, row.roles, row.verb, row.outcome, row.door, subject, row.detail)
