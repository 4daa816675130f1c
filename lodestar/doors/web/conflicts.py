"""Conflicts of interest: saying that somebody may not be given work about a person, and that it stands no longer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from lodestar.actions import conflicts as actions
from lodestar.core.access.permissions import Permission as P
from lodestar.core.words import Refused
from lodestar.doors.web.forms.partners import ConflictForm
from lodestar.doors.web.matters import sighted
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import conflicts, duty


@page(P.MATTERS_READ)
@require_http_methods(["GET", "POST"])
def declare(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Say that oneself, or for whoever decides tasking somebody else, may not be given work about whom a matter is about."""
    actor, at = actor_of(request), timezone.now()
    matter = sighted(request, matter_id)
    decides = actor.may(P.TASKING_DECIDE)
    own = (actor.id or 0, f"{actor.name} (you)")
    others = tuple(choice for choice in duty.people_choices() if choice[0] != actor.id) if decides else ()
    form = ConflictForm(request.POST or None, initial={"user": own[0]}, people=(own, *others))
    if request.method == "POST" and form.is_valid():
        try:
            actions.declare(actor=actor, matter_id=matter_id, user_id=form.cleaned_data["user"], now=at)
        except Refused as refused:
            form.refuse(*refused.refusals)
        else:
            messages.success(request, "Recorded. No proposal gives them work about this person, and work not begun is back on the list.")
            return redirect("conflict", matter_id)
    context = {
        "form": form,
        "matter": matter,
        "standing": conflicts.standing(person_id=matter.person_id, viewer=actor.id or 0, all_of_them=decides),
        "errors": form.summary(),
    }
    return show(request, "matters/conflict.html", context, status=422 if form.errors else 200)


@page(P.MATTERS_READ)
@require_POST
def end(request: HttpRequest, matter_id: int, conflict_id: int) -> HttpResponse:
    """A conflict stands no longer."""
    actions.end(actor=actor_of(request), matter_id=matter_id, conflict_id=conflict_id, now=timezone.now())
    messages.success(request, "Recorded. That it stood stays on record.")
    return redirect("conflict", matter_id)
