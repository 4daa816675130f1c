"""Engagements: where they come from, one of them whole, one typed in, and the looks that somebody owes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions.engagements import looks, reading, receiving
from lodestar.actions.reading import note_list
from lodestar.core.access.permissions import Permission as P
from lodestar.core.engagements.draft import said_again
from lodestar.core.words import NotVisible, Refused
from lodestar.doors.web.forms.engagements import EngagementForm, LookForm
from lodestar.doors.web.forms.reports import new_number
from lodestar.doors.web.language import saved
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import engagements as queries
from lodestar.store.queries import identity, mappings, priority


@page(P.ENGAGEMENTS_RECEIVE)
@require_GET
def engagements(request: HttpRequest) -> HttpResponse:
    """The looks that wait, the sources and how each is read, and what has been drafted."""
    actor, at = actor_of(request), timezone.now()
    waiting = queries.looks(actor=actor, permission=P.ENGAGEMENTS_LOOK) if actor.may(P.ENGAGEMENTS_LOOK) else []
    if waiting:
        ids = [row.pk for row, _ in waiting]
        note_list(actor=actor, permission=P.ENGAGEMENTS_LOOK, verb="engagement.looks_seen", kind="engagement_look", ids=ids, now=at)
    context = {
        "waiting": waiting,
        "due": queries.looks_due(),
        "sources": mappings.sources(at=at).values(),
        "kinds": queries.kinds(at=at),
        "counts": queries.counts_by_source(at=at),
        "versions": mappings.versions()[:20],
        "at": at,
    }
    return show(request, "engagements/home.html", context)


@page(P.ENGAGEMENTS_READ)
@require_GET
def engagement(request: HttpRequest, engagement_id: int) -> HttpResponse:
    """One engagement as its source stated it: each person and thing, with nature and grading, and what it changed."""
    actor, at = actor_of(request), timezone.now()
    row = reading.open_engagement(actor=actor, engagement_id=engagement_id, now=at)
    return show(request, "engagements/one.html", {"found": queries.whole(row, actor=actor)})


@page(P.ENGAGEMENTS_RECEIVE)
@require_http_methods(["GET", "POST"])
def engagement_new(request: HttpRequest) -> HttpResponse:
    """Type one in: first its kind, then what it says."""
    at = timezone.now()
    kinds = queries.kinds(at=at)
    kind = kinds.get(request.GET.get("kind", ""))
    if kind is None:
        return show(request, "engagements/kinds.html", {"kinds": kinds.values()})
    form = EngagementForm(request.POST or None, kind=kind, districts=priority.districts())
    number = request.POST.get("number") or new_number()
    if request.method == "POST" and form.is_valid():
        draft = form.draft(number=number)
        try:
            made = receiving.receive(actor=actor_of(request), draft=draft, raw=said_again(draft), now=at)
        except Refused as refused:
            form.refuse(*refused.refusals)
        else:
            saved(request, _became(made), form)
            return redirect("engagement", made.engagement_id)
    context = {"form": form, "kind": kind, "number": number, "errors": form.summary()}
    return show(request, "engagements/new.html", context, status=422 if form.errors else 200)


def _became(made: receiving.Received) -> str:
    """What followed, in a sentence or two."""
    if made.repeated:
        return "This engagement was in already."
    words = ["The engagement is in."]
    if made.matter_id:
        words.append(f"It is on M-{made.matter_id}.")
    if made.news_on:
        words.append(f"It is news on {', '.join(f'M-{pk}' for pk in made.news_on)}.")
    if made.looks:
        words.append("Somebody must look at it: nothing is open about this child.")
    if made.unsure:
        words.append("It is not certain who everybody in it is: somebody will settle that.")
    return " ".join(words)


@page(P.ENGAGEMENTS_LOOK)
@require_http_methods(["GET", "POST"])
def engagement_look(request: HttpRequest, look_id: int) -> HttpResponse:
    """Look at an engagement that means high harm to a child about whom nothing is open, and say what follows."""
    actor, at = actor_of(request), timezone.now()
    row = looks.open_look(actor=actor, look_id=look_id, now=at)
    form = LookForm(request.POST or None, initial={"seen_version": row.version})
    if form.carries_out(lambda: looks.answer_look(actor=actor, look_id=look_id, now=at, **form.cleaned_data)):
        saved(request, "Kept, in your name.", form)
        return redirect("engagements")
    link = identity.current_link(row.stated.report)
    if link is None:
        raise NotVisible
    context = {
        "row": row,
        "person": link.person,
        "found": queries.whole(row.stated.engagement, actor=actor),
        "why": queries.harm_of(row),
        "form": form,
        "errors": form.summary(),
        "desks": reverse("desks"),
    }
    return show(request, "engagements/look.html", context, status=422 if form.errors else 200)
