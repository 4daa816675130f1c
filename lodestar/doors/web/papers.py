"""Papers that a matter gives: set by the door of papers, whose writers are handed in by ``config.urls``."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from lodestar.actions.matters import papers as actions
from lodestar.core.access.permissions import Permission as P
from lodestar.core.paper import Paper
from lodestar.doors.web.page import actor_of, page

Writer = Callable[[Paper], bytes]
MEDIA = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


@page(P.MATTERS_READ)
@require_GET
def certificate(request: HttpRequest, matter_id: int, deed_id: int, *, ending: str, write: Writer) -> HttpResponse:
    """The certificate for the court, as a file. Its name holds the matter's reference and nothing of the child."""
    reference, body = actions.take_certificate(
        actor=actor_of(request), matter_id=matter_id, deed_id=deed_id, ending=ending, write=write, now=timezone.now()
    )
    response = HttpResponse(body, content_type=MEDIA[ending])
    response["Content-Disposition"] = f'attachment; filename="{reference}-certificate-{deed_id}.{ending}"'
    return response
