"""Mappings: how the rows of each source are read on a day, and every version that was drafted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import QuerySet

from lodestar.core.engagements.mapping import SourceMapping, mapping_from
from lodestar.core.playbook import NotInForce
from lodestar.core.times import local_date
from lodestar.store.models import EngagementMapping
from lodestar.store.playbooks import all_of
from lodestar.store.queries import kept

NOUN = "engagement_mapping"
HEAD = ("code", "title", "kind")


def sources(*, at: datetime) -> dict[str, SourceMapping]:
    """How each source is read on a day, by code: an approved version where one has come into force, else the playbook's."""
    day = local_date(at)
    approved = EngagementMapping.objects.filter(state="approved", in_force_from__lte=day).order_by("in_force_from", "number")
    found = {**_playbooks_on(day), **{row.code: as_mapping(row) for row in approved}}
    return dict(sorted(found.items(), key=lambda item: item[1].title))


@cache
def _playbooks_on(day: date) -> dict[str, SourceMapping]:
    found = {}
    for book in all_of(NOUN):
        try:
            block = book.in_force(day)
        except NotInForce:
            continue
        kind_of, digest = str(book.body["kind"]), book.content_hash
        found[book.code] = mapping_from(
            block.values, code=book.code, title=book.title, kind=kind_of, content_hash=digest, verified=block.verified
        )
    return found


def source(*, code: str, at: datetime) -> SourceMapping | None:
    """How one source is read on a day: what every row through the API asks."""
    newest = _newest(code, at)
    return as_mapping(newest) if newest is not None else _playbooks_on(local_date(at)).get(code)


def _newest(code: str, at: datetime) -> EngagementMapping | None:
    """The last approved version of a source that has come into force by a day, where there is one."""
    day = local_date(at)
    begun = [row for row in kept.rows_soon(_approved, code)() if row.in_force_from and row.in_force_from <= day]
    return begun[-1] if begun else None


def _approved(code: str) -> QuerySet[EngagementMapping]:
    return EngagementMapping.objects.filter(state="approved", code=code).order_by("in_force_from", "number")


def as_mapping(row: EngagementMapping) -> SourceMapping:
    """A version of the store, as it is followed."""
    block = {key: value for key, value in row.document.items() if key not in HEAD}
    return mapping_from(block, code=row.code, title=row.title, kind=row.document["kind"], content_hash=row.content_hash)


def document_of(*, code: str, at: datetime) -> dict[str, Any] | None:
    """A source's mapping in force as a table that can be written out, changed and drafted."""
    newest = _newest(code, at)
    if newest is not None:
        return dict(newest.document)
    book = next((one for one in all_of(NOUN) if one.code == code), None)
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
