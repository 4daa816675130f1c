"""The measures as they may be published: a page, and the same as CSV or XLSX for those who may take figures out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from lodestar.actions.measures import note_hidden, note_seen
from lodestar.actions.reading import note_export
from lodestar.core.access.permissions import Permission as P
from lodestar.core.book import Book
from lodestar.core.measures.publication import DistrictTable, Quarter, book_of, count_said, hidden_rows, quarters
from lodestar.core.measures.publication import Entry as Publishable
from lodestar.core.reports.intake import raw_digest
from lodestar.doors.web.measures import lately
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import readings

WriteRows = Callable[[Sequence[str], Iterable[Sequence[str]]], bytes]
WriteBook = Callable[[Book], bytes]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(P.MEASURES_READ)
@require_GET
def publication(request: HttpRequest) -> HttpResponse:
    """One whole quarter with its small numbers hidden, as it may leave the force."""
    now = timezone.now()
    quarter, at = _quarter(request, now), lately(now)
    entries, tables = _made(quarter, at)
    note_seen(actor=actor_of(request), days=(quarter.last - quarter.first).days + 1, now=now)
    context = {
        "quarter": quarter,
        "quarters": quarters(at=now),
        "entries": entries,
        "tables": tables,
        "at": at,
        "said": count_said,
        "may_export": actor_of(request).may(P.MEASURES_EXPORT),
    }
    return show(request, "measures/published.html", context)


@page(P.MEASURES_EXPORT)
@require_GET
def publication_csv(request: HttpRequest, write: WriteRows) -> HttpResponse:
    """The quarter as CSV; what left, and its digest, is on record."""
    book = _book(request)
    sheet = book.sheets[0]
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.rows]
    return _sent(request, book, write([column.name for column in sheet.columns], rows), ("csv", "text/csv; charset=utf-8"))


@page(P.MEASURES_EXPORT)
@require_GET
def publication_xlsx(request: HttpRequest, write: WriteBook) -> HttpResponse:
    """The quarter as a workbook with its data dictionary; what left, and its digest, is on record."""
    book = _book(request)
    return _sent(request, book, write(book), ("xlsx", XLSX))


def _quarter(request: HttpRequest, now: datetime) -> Quarter:
    """The quarter chosen, or the last that has ended."""
    known = quarters(at=now)
    return next((one for one in known if one.code == request.GET.get("quarter")), known[0])


def _book(request: HttpRequest) -> Book:
    now = timezone.now()
    quarter, at = _quarter(request, now), lately(now)
    entries, tables = _made(quarter, at)
    note_hidden(actor=actor_of(request), quarter=quarter.code, hidden=tuple(hidden_rows(tables)), now=now)
    return book_of(entries, quarter=quarter, at=at, tables=tables)


@lru_cache(maxsize=16)
def _made(quarter: Quarter, at: datetime) -> tuple[tuple[Publishable, ...], tuple[DistrictTable, ...]]:
    """The publication at an instant: the same for everybody, so made once."""
    entries = readings.publication(quarter=quarter, at=at)
    return entries, readings.published_tables(entries, quarter=quarter, at=at)


def forget_publication() -> None:
    """Make the publication afresh when it is next asked for."""
    _made.cache_clear()


def _sent(request: HttpRequest, book: Book, body: bytes, form: tuple[str, str]) -> HttpResponse:
    now, (ending, media) = timezone.now(), form
    note_export(
        actor=actor_of(request),
        permission=P.MEASURES_EXPORT,
        verb="measures.published_exported",
        kind="figure",
        rows=len(book.sheets[0].rows),
        digest=raw_digest(body),
        now=now,
    )
    response = HttpResponse(body, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="measures-{_quarter(request, now).code}.{ending}"'
    return response
