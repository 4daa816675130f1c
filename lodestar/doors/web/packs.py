"""Meetings and their packs: what is to come and owed by whom, running a meeting from its agenda, and reading what was frozen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions.packs import decisions, freezing, meetings, reading
from lodestar.core.access.permissions import Permission as P
from lodestar.core.packs.content import Content
from lodestar.core.packs.forms import Writers
from lodestar.core.packs.lifecycle import MEETING, RECORDING
from lodestar.core.packs.paper import paper_of
from lodestar.core.packs.reading import Line, Seen, seen
from lodestar.core.times import local_date
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.doors.web.forms.packs import ActionForm, DecisionForm, StepForm
from lodestar.doors.web.page import actor_of, page, refusals_of, show
from lodestar.doors.web.papers import MEDIA
from lodestar.store.queries import packs as queries

FILES = {**MEDIA, "html": "text/html; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
SAID = {
    "prepare": "Prepared. The agenda is as things stand now.",
    "hold": "Begun in your name. Record what is decided, item by item.",
    "freeze": "Frozen. Publish it when it may be read.",
    "correct": "Another version is frozen beside the one before.",
    "publish": "Published to its readers.",
    "drop": "On record as not held. What was due at it stays owed.",
    "reinstate": "To be held after all.",
}


@page(P.PACKS_READ)
@require_GET
def packs(request: HttpRequest) -> HttpResponse:
    """Meetings to come, each with who owes it; those that are over, each with its pack or why it was not held."""
    actor, at = actor_of(request), timezone.now()
    slug = request.GET.get("kind", "")
    kinds = {one.slug: one.title for one in queries.templates(on=local_date(at)) if one.read_by(actor.roles)}
    slug = slug if slug in kinds else ""
    context = {
        "coming": queries.listed(actor=actor, at=at, coming=True, slug=slug),
        "over": queries.listed(actor=actor, at=at, coming=False, slug=slug),
        "mine": queries.my_actions(user_id=actor.id),
        "kept": queries.kept_of_due(actor=actor, at=at),
        "kinds": kinds,
        "slug": slug,
        "at": at,
    }
    return show(request, "packs/packs.html", context)


@page(P.PACKS_READ)
@require_http_methods(["GET", "POST"])
def meeting(request: HttpRequest, meeting_id: int, *, writers: Writers) -> HttpResponse:
    """One meeting: its agenda as the chair runs it, and the next step on it."""
    actor, at = actor_of(request), timezone.now()
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            said = _step(request, meeting_id, writers, at)
        except (Refused, Conflict) as error:
            errors = refusals_of(error)
        else:
            messages.success(request, said)
            return redirect("meeting", meeting_id)
    row, content, view = reading.look_at_agenda(actor=actor, meeting_id=meeting_id, now=at)
    parts = seen(content, view)
    owed = {one["key"] for part in content["sections"] for one in part["items"] if one["owed"]}
    context = {
        "row": row,
        "template": queries.template_of(row),
        "parts": parts,
        "numbers": {line.key: number for number, line in enumerate(_lines(parts), start=1)},
        "owed": owed,
        "undone": [line.key for line in _lines(parts) if line.key in owed and not line.decided],
        "packs": list(row.packs.select_related("frozen_by").order_by("-version")),
        "verbs": _verbs(row.state, actor.permissions),
        "recording": row.state == RECORDING and actor.may(P.PACKS_HOLD),
        "posted": request.POST if errors else {},
        "errors": errors,
        "at": at,
    }
    return show(request, "packs/meeting.html", context, status=422 if errors else 200)


def _verbs(state: str, permissions: frozenset[str]) -> list[str]:
    return [row.verb for row in MEETING.rows if row.source == state and row.who in permissions]


def _lines(parts: tuple[Seen, ...]) -> list[Line]:
    return [line for part in parts for line in part.lines]


def _step(request: HttpRequest, meeting_id: int, writers: Writers, at: datetime) -> str:
    """Take the step that was pressed; returns what to say of it."""
    form = StepForm(request.POST)
    if not form.is_valid():
        raise Conflict
    said = form.cleaned_data
    verb, about = said["verb"], {"actor": actor_of(request), "meeting_id": meeting_id, "seen_version": said["seen_version"], "now": at}
    match verb:
        case "prepare":
            meetings.prepare(**about)
        case "hold":
            meetings.hold(**about, attended=said["attended"])
        case "drop":
            meetings.drop(**about, reason=said["reason"])
        case "reinstate":
            meetings.reinstate(**about, reason=said["reason"])
        case "freeze":
            freezing.freeze(**about, reason=said["reason"], writers=writers)
        case "correct":
            freezing.correct(**about, reason=said["reason"], writers=writers)
        case "publish":
            freezing.publish(**about)
        case _:
            raise NotVisible
    return SAID[verb]


@page(P.PACKS_HOLD)
@require_http_methods(["GET", "POST"])
def meeting_item(request: HttpRequest, meeting_id: int, item: int) -> HttpResponse:
    """One item of the agenda, and the form that records what is decided about it; then the next item."""
    actor, at = actor_of(request), timezone.now()
    row, content, view = reading.look_at_agenda(actor=actor, meeting_id=meeting_id, now=at)
    parts = seen(content, view)
    lines = _lines(parts)
    if not 1 <= item <= len(lines):
        raise NotVisible
    line = lines[item - 1]
    part = next(part for part in parts if line in part.lines)
    form = DecisionForm(request.POST or None, owners=queries.owners(at=at))
    if request.method == "POST" and form.is_valid():
        try:
            decisions.decide(actor=actor, meeting_id=meeting_id, key=line.key, wanted=form.wanted(), now=at)
        except Refused as refused:
            form.refuse(*refused.refusals)
        else:
            messages.success(request, f"Recorded: {line.who}.")
            return redirect(_next(meeting_id, item, len(lines), on="next" in request.POST))
    context = {
        "row": row,
        "template": queries.template_of(row),
        "part": part,
        "line": line,
        "number": item,
        "of": len(lines),
        "matter_id": _matter(content, line.key) if line.known else None,
        "form": form,
        "errors": form.summary(),
        "recording": row.state == RECORDING,
    }
    return show(request, "packs/item.html", context, status=422 if form.errors else 200)


def _next(meeting_id: int, number: int, of: int, *, on: bool) -> str:
    if on and number < of:
        return reverse("meeting_item", args=(meeting_id, number + 1))
    return f"{reverse('meeting', args=(meeting_id,))}#item-{number}"


def _matter(content: Content, key: str) -> Any:
    return next(one["matter"] for part in content["sections"] for one in part["items"] if one["key"] == key)


@page(P.PACKS_READ)
@require_GET
def pack(request: HttpRequest, pack_id: int) -> HttpResponse:
    """One frozen version as this reader may see it, with its digest, its other versions and its files."""
    found = reading.look(actor=actor_of(request), pack_id=pack_id, now=timezone.now())
    row = found.row
    attends = queries.attends(actor=actor_of(request), meeting=row.meeting)
    versions = [one for one in row.meeting.packs.order_by("-version") if attends or one.version <= row.meeting.published_version]
    context = {
        "row": row,
        "paper": paper_of(found.content, found.view),
        "view": found.view,
        "versions": versions,
        "attends": attends,
        "published": row.version <= row.meeting.published_version,
        "newest": versions[0].version,
    }
    return show(request, "packs/pack.html", context)


@page(P.PACKS_READ)
@require_GET
def pack_file(request: HttpRequest, pack_id: int, *, ending: str, writers: Writers) -> HttpResponse:
    """One form of a pack as a file for this reader."""
    name, body = reading.take(actor=actor_of(request), pack_id=pack_id, ending=ending, writers=writers, now=timezone.now())
    response = HttpResponse(body, content_type=FILES[ending])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@page(P.PACKS_ACT)
@require_http_methods(["GET", "POST"])
def meeting_action(request: HttpRequest, action_id: int) -> HttpResponse:
    """What a meeting asked of somebody, and how it ended."""
    actor, at = actor_of(request), timezone.now()
    row = queries.action(actor=actor, action_id=action_id)
    form, errors = ActionForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        about = {"actor": actor, "action_id": action_id, "seen_version": said["seen_version"], "now": at}
        try:
            if said["verb"] == "finish":
                decisions.finish_action(**about, outcome=said["words"])
            else:
                decisions.drop_action(**about, reason=said["words"])
        except (Refused, Conflict) as error:
            errors = refusals_of(error)
        else:
            messages.success(request, "On record.")
            return redirect("meeting_action", action_id)
    attends = actor.may(P.PACKS_READ) and queries.attends(actor=actor, meeting=row.meeting)
    context = {
        "row": row,
        "template": queries.template_of(row.meeting),
        "mine": row.owner_id == actor.id,
        "attends": attends,
        "may_drop": attends and actor.may(P.PACKS_HOLD),
        "posted": request.POST if errors else {},
        "errors": errors,
        "at": at,
    }
    return show(request, "packs/action.html", context, status=422 if errors else 200)
