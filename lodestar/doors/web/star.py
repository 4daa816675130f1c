"""The tables behind the figures, for analysts who work in Power BI: what is in them, and the one file that holds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from lodestar.actions import star as actions
from lodestar.core.access.permissions import Permission as P
from lodestar.core.star import TABLES
from lodestar.core.times import local_date
from lodestar.doors.web.page import actor_of, page, show


@page(P.MEASURES_EXPORT)
@require_GET
def star(request: HttpRequest) -> HttpResponse:
    """What the export holds and leaves out, table by table, and how the tables join."""
    return show(request, "packs/star.html", {"tables": TABLES.values()})


@page(P.MEASURES_EXPORT)
@require_POST
def star_file(request: HttpRequest, *, write: Callable[[Any], dict[str, bytes]], pack: Callable[..., bytes]) -> HttpResponse:
    """The whole export within the reader's reach, in one file."""
    at = timezone.now()
    files, _ = actions.take(actor=actor_of(request), write=write, now=at)
    response = HttpResponse(pack(files, at=at), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="lodestar-star-{local_date(at)}.zip"'
    return response
