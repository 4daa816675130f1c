"""Measures: what is true, of whom, how sure, under which definition."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from lodestar.actions.measures import note_seen
from lodestar.core.access.permissions import Permission as P
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import measures, priority

PERIODS = {30: "Last 30 days", 91: "Last quarter", 365: "Last year"}


@page(P.MEASURES_READ)
@require_GET
def measures_page(request: HttpRequest) -> HttpResponse:
    """M1 and M2, each with its clock, numbers, interval, definition and caveats."""
    at = timezone.now()
    text = request.GET.get("days", "365")
    days = int(text) if text.isdigit() and int(text) in PERIODS else 365
    districts = priority.districts()
    district = request.GET.get("district", "")
    district = district if district in districts else ""
    period = measures.last_days(days=days, at=at)
    note_seen(actor=actor_of(request), days=days, now=at)
    context = {
        "found": measures.found_within(period=period, at=at, district=district),
        "times": measures.missing_time(period=period, at=at, district=district),
        "m1": measures.definition("M1", at=at),
        "m2": measures.definition("M2", at=at),
        "period": period,
        "periods": PERIODS,
        "days": days,
        "districts": districts,
        "district": district,
        "at": at,
    }
    return show(request, "measures/measures.html", context)
