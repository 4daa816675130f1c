"""What is owed: late, within 24 hours, 3 days and 7 days."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions import clocks as actions
from lodestar.actions.reading import note_list
from lodestar.core.access.permissions import Permission as P
from lodestar.core.words import NotVisible
from lodestar.doors.web.forms.work import ReasonOnly
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import clocks as queries

VIEWS = {"late": "Late", "24h": "Next 24 hours", "3d": "Next 3 days", "7d": "Next 7 days"}


@page(P.CLOCKS_READ)
@require_GET
def owed(request: HttpRequest) -> HttpResponse:
    """What is owed, soonest first: the viewer's own, or everybody's within reach where nothing of theirs presses.

    It begins with what they are late with themselves, and where it shows everybody's with what falls due next.
    """
    actor, at = actor_of(request), timezone.now()
    whose, asked = request.GET.get("whose", ""), request.GET.get("view", "")
    own = queries.owed_counts(actor=actor, mine=True, at=at)
    mine = whose == "mine" or (whose != "all" and (bool(own["in_late"] or own["in_24h"]) or asked in VIEWS))
    counts = own if mine else queries.owed_counts(actor=actor, mine=False, at=at)
    view = asked if asked in VIEWS else "late" if mine and counts["in_late"] else "24h"
    rows = queries.owed_within(actor=actor, view=view, mine=mine, at=at)
    ids = sorted({row.matter_id for row in rows if row.matter_id})
    note_list(actor=actor, permission=P.CLOCKS_READ, verb="owed.seen", kind="matter", ids=ids, now=at)
    context = {"rows": rows, "views": VIEWS, "view": view, "counts": counts, "mine": mine, "at": at}
    context |= {"may_pause": actor.may(P.CLOCKS_PAUSE), "may_answer": actor.may(P.PEOPLE_LINK)}
    return show(request, "clocks/owed.html", context)


@page(P.CLOCKS_PAUSE)
@require_http_methods(["GET", "POST"])
def pause(request: HttpRequest, obligation_id: int) -> HttpResponse:
    """Hold a clock with a reason, or let it run on."""
    actor = actor_of(request)
    row = queries.one(actor=actor, obligation_id=obligation_id, at=timezone.now())
    if row is None:
        raise NotVisible
    form = ReasonOnly(request.POST or None)
    if row.running_pause:
        form.fields["reason"].required = False
    if request.method == "POST" and form.is_valid():
        asked = {"actor": actor, "obligation_id": obligation_id, "seen_version": row.version, "now": timezone.now()}
        done = form.carries_out(
            (lambda: actions.resume_clock(**asked))
            if row.running_pause
            else (lambda: actions.pause_clock(reason=form.cleaned_data["reason"], **asked))
        )
        if done:
            return redirect("matter", row.matter_id) if row.matter_id else redirect("owed")
    context = {"row": row, "form": form, "errors": form.summary(), "at": timezone.now()}
    return show(request, "clocks/pause.html", context, status=422 if form.errors else 200)
