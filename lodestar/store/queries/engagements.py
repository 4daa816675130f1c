"""Engagements: the kinds and mappings in force, what has come in before, and the looks that are owed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from lodestar.core.access.scope import Actor
from lodestar.core.engagements.kinds import Kind, Kinds, kinds_from
from lodestar.core.engagements.mapping import SourceMapping, mapping_from
from lodestar.core.playbook import NotInForce
from lodestar.core.times import local_date
from lodestar.store.models import Engagement, EngagementLook, EngagementMapping, EngagementPerson, Matter, Person
from lodestar.store.playbooks import all_of, playbook
from lodestar.store.queries.access import place_of
from lodestar.store.queries.identity import current_link

KINDS, MAPPING = "ENGAGEMENT-KINDS", "engagement_mapping"
HEAD = ("code", "title", "kind")


def kinds(*, at: datetime) -> Kinds:
    """The kinds of engagement in force."""
    return kinds_from(playbook(KINDS).in_force(at).values)


def kind(*, code: str, at: datetime) -> Kind | None:
    """One kind in force; None for a code that none has."""
    return kinds(at=at).get(code)


def sources(*, at: datetime) -> dict[str, SourceMapping]:
    """How each source is read on a day, by code: an approved version where one has come into force, else the playbook's."""
    day = local_date(at)
    found = {}
    for book in all_of(MAPPING):
        try:
            block = book.in_force(day)
        except NotInForce:
            continue
        found[book.code] = mapping_from(
            block.values,
            code=book.code,
            title=book.title,
            kind=str(book.body["kind"]),
            content_hash=book.content_hash,
            verified=block.verified,
        )
    approved = EngagementMapping.objects.filter(state="approved", in_force_from__lte=day).order_by("in_force_from", "number")
    found |= {row.code: as_mapping(row) for row in approved}
    return dict(sorted(found.items(), key=lambda item: item[1].title))


def source(*, code: str, at: datetime) -> SourceMapping | None:
    """How one source is read on a day."""
    return sources(at=at).get(code)


def as_mapping(row: EngagementMapping) -> SourceMapping:
    """A version of the store, as it is followed."""
    block = {key: value for key, value in row.document.items() if key not in HEAD}
    return mapping_from(block, code=row.code, title=row.title, kind=row.document["kind"], content_hash=row.content_hash)


def document_of(*, code: str, at: datetime) -> dict[str, Any] | None:
    """A source's mapping in force as a table that can be written out, changed and drafted."""
    row = EngagementMapping.objects.filter(state="approved", code=code, in_force_from__lte=local_date(at))
    newest = row.order_by("-in_force_from", "-number").first()
    if newest is not None:
        return dict(newest.document)
    book = next((one for one in all_of(MAPPING) if one.code == code), None)
    if book is None:
        return None
    return {"code": book.code, "title": book.title, "kind": book.body["kind"], **plain(book.in_force(at).values)}


def plain(value: Any) -> Any:
    """A frozen playbook table as one that can be kept and written."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def versions() -> QuerySet[EngagementMapping]:
    """Every version that was drafted, newest first."""
    return EngagementMapping.objects.select_related("drafted_by", "tried_by", "approved_by").order_by("-number")


def version(*, number: int) -> EngagementMapping | None:
    """One version."""
    return versions().filter(number=number).first()


def next_number() -> int:
    """The number of the next draft."""
    return (EngagementMapping.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1


def same_content(*, content_hash: str) -> int | None:
    """The version that says just this, where one does."""
    rows = EngagementMapping.objects.filter(content_hash=content_hash).exclude(state="dropped")
    return rows.values_list("number", flat=True).first()


def days_taken(*, code: str) -> set[date]:
    """The days on which approved versions of a source begin."""
    rows = EngagementMapping.objects.filter(state="approved", code=code, in_force_from__isnull=False)
    return {day for day in rows.values_list("in_force_from", flat=True) if day is not None}


def already(*, source: str, external_id: str) -> Engagement | None:
    """The engagement with this source and number, where it has come in before."""
    return Engagement.objects.filter(source=source, external_id=external_id).first()


def first_report(*, engagement_id: int) -> int | None:
    """The report of the first person an engagement states."""
    rows = EngagementPerson.objects.filter(engagement_id=engagement_id).order_by("number")
    return rows.values_list("report_id", flat=True).first()


def open_matters(person: Person) -> list[Matter]:
    """The matters open about somebody, oldest first."""
    return list(Matter.objects.filter(person=person, is_open=True).order_by("pk"))


def looks(*, actor: Actor, permission: str) -> list[tuple[EngagementLook, Person]]:
    """The looks that wait, within reach, longest waiting first, each with the child it is about as the links now say."""
    rows = EngagementLook.objects.filter(state="waiting").select_related("stated__engagement", "stated__report").order_by("asked_at", "pk")
    found = []
    for row in rows[:200]:
        link = current_link(row.stated.report)
        if link is not None and actor.may(permission, place_of(link.person)):
            found.append((row, link.person))
    return found


def look(*, pk: int) -> EngagementLook | None:
    """One look."""
    return EngagementLook.objects.filter(pk=pk).select_related("stated__engagement", "stated__report", "looked_by").first()
