"""The live board and the printable duty list."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.utils import timezone
from django.views.decorators.http import require_GET
from markupsafe import Markup

from lodestar.actions.reading import note_list
from lodestar.core.access.permissions import Permission
from lodestar.core.access.scope import Actor
from lodestar.core.matters.desk import Desk
from lodestar.core.matters.kinds import DESKS
from lodestar.core.priority.tiers import TIER_NAMES
from lodestar.core.times import say_left
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import desks, priority, replanning
from lodestar.store.queries.priority import Board, BoardFilter, BoardRow

ASKED = ("tier", "kind", "district", "state", "mine", "late")


def _stages(actor: Actor) -> list[tuple[Desk, tuple[str, ...]]]:
    """The desks this person sees, each with the stages in which a matter is open."""
    seen = desks.kinds(actor=actor)
    return [(desk, _open_stages(desk)) for kind, desk in DESKS.items() if kind in seen]


def _open_stages(desk: Desk) -> tuple[str, ...]:
    return tuple(state for state in desk.lifecycle.states if state != "closed" and state not in desk.lifecycle.final)


def _filter(request: HttpRequest) -> BoardFilter:
    asked = request.GET
    tier = asked.get("tier", "")
    state = asked.get("state", "")
    return BoardFilter(
        tier=int(tier) if tier.isdigit() else None,
        kind=asked.get("kind", "") if asked.get("kind") in DESKS else "",
        district=asked.get("district", ""),
        state=state if any(state in _open_stages(desk) for desk in DESKS.values()) else "",
        mine=asked.get("mine") == "on",
        late=asked.get("late") == "on",
    )


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isdigit() and len(text) < 6 else 1


def _query(request: HttpRequest, **changes: str) -> str:
    kept = {name: value for name, value in request.GET.items() if value and name in ASKED}
    return urlencode({**kept, **changes})


def _look(request: HttpRequest) -> tuple[Board, BoardFilter]:
    actor, at = actor_of(request), timezone.now()
    wanted = _filter(request)
    found = priority.board(actor=actor, wanted=wanted, page=_page_number(request), at=at)
    ids = [row.id for row in found.rows]
    note_list(actor=actor, permission=Permission.MATTERS_READ, verb="board.seen", kind="matter", ids=ids, now=at)
    return found, wanted


def _lines(found: Board, districts: dict[str, str], *, at: datetime) -> Markup:
    return Markup("").join(_line(row, districts.get(row.district, row.district), *_left(row, at=at)) for row in found.rows)


def _left(row: BoardRow, *, at: datetime) -> tuple[str, bool]:
    due = row.next_due_at
    return ("", False) if due is None else (say_left(due - at), due < at)


@lru_cache(maxsize=4096)
def _line(row: BoardRow, place: str, left: str, late: bool) -> Markup:
    """One line, drawn from these and nothing else, so one kept from before cannot be out of date or say more."""
    return Markup(
        engines["jinja2"].env.get_template("board/row.html").render(row=row, desk=DESKS[row.kind], place=place, left=left, late=late)
    )


@page(Permission.MATTERS_READ)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The board: tier, child, what is owed next and by whom, and the time left, as text."""
    found, wanted = _look(request)
    at, districts = timezone.now(), priority.districts()
    context = {
        "board": found,
        "lines": _lines(found, districts, at=at),
        "wanted": wanted,
        "tiers": TIER_NAMES,
        "stages": _stages(actor_of(request)),
        "districts": districts,
        "query": _query(request),
        "at": at,
        "waiting": replanning.waiting() if actor_of(request).may(Permission.TASKING_DECIDE) else None,
        "filtered": wanted != replace(BoardFilter()),
    }
    fragment = request.headers.get("HX-Request") == "true"
    return show(request, "board/rows.html" if fragment else "board/board.html", context)


@page(Permission.MATTERS_READ)
@require_GET
def duty_list(request: HttpRequest) -> HttpResponse:
    """Everything open, on paper, for when the network is gone."""
    actor, at = actor_of(request), timezone.now()
    rows = priority.duty_list(actor=actor, at=at)
    ids = [row.id for row in rows]
    note_list(actor=actor, permission=Permission.MATTERS_READ, verb="duty_list.printed", kind="matter", ids=ids, now=at)
    context = {"rows": rows, "tiers": TIER_NAMES, "districts": priority.districts(), "desks": DESKS, "at": at}
    return show(request, "board/duty_list.html", context)
