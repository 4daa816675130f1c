"""The audit: who did, saw or was refused what; and whether the chain is whole."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from lodestar.actions import audit as actions
from lodestar.core.access.permissions import Permission as P
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store import anchors
from lodestar.store.queries import audit as queries


@page(P.AUDIT_READ)
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """The newest audit rows. No child is named in them."""
    asked = {name: request.GET.get(name, "")[:60] for name in ("verb", "who", "outcome")}
    actions.note_read(actor=actor_of(request), now=timezone.now())
    return show(request, "audit/audit.html", {"looks": queries.recent(**asked), "asked": asked})


@page(P.AUDIT_VERIFY)
@require_GET
def verify(request: HttpRequest) -> HttpResponse:
    """Check every seal from the first and name the first broken row."""
    seals, rows, broken = actions.verify_chain(actor=actor_of(request), now=timezone.now(), anchors=anchors.read())
    return show(request, "audit/verify.html", {"seals": seals, "rows": rows, "broken": broken})
