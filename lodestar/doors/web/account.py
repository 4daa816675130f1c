"""One's own notices and account; what is recorded; and where each role begins."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lodestar.actions import access as access_actions
from lodestar.actions import notices as actions
from lodestar.core.access.permissions import Permission as P
from lodestar.doors.web.forms.partners import SexForm
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import access, notices

# Where somebody begins, by the first permission they hold.
FIRST = (
    (P.MATTERS_READ, "board"),
    (P.INSPECTION_KEEP, "inspection"),
    (P.INSPECTION_REPLY, "inspection"),
    (P.TASKS_ANSWER, "requests"),
    (P.MEASURES_READ, "measures"),
    (P.ACCESS_MANAGE, "access"),
)
SUBJECTS = {
    "lead": "lead",
    "matter": "matter",
    "handover": "handover_answer",
    "task": "task",
    "link_question": "question",
    "meeting": "meeting",
    "meeting_action": "meeting_action",
    "commitment": "commitment",
    "inspection": "inspection_report",
    "case_audit": "case_audit",
}


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first page for one's role."""
    actor = actor_of(request)
    return redirect(next((name for permission, name in FIRST if actor.may(permission)), "account"))


@page(P.NOTICES_READ)
@require_GET
def notices_page(request: HttpRequest) -> HttpResponse:
    """What one has been told."""
    rows = list(notices.mine(user_id=actor_of(request).id or 0))
    return show(request, "notices/notices.html", {"rows": rows})


@page(P.NOTICES_READ)
@require_POST
def notice_seen(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark a notice as read, and go to what it is about."""
    notice = actions.mark_seen(actor=actor_of(request), notice_id=notice_id, now=timezone.now())
    kind, number = notices.thing_behind(notice)
    if kind in SUBJECTS:
        return redirect(SUBJECTS[kind], number)
    matter = notices.matter_behind(notice)
    return redirect("matter", matter) if matter else redirect("notices")


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Who one is to Lodestar: roles, reach, how one signs in, and what one says of oneself."""
    may_say = actor_of(request).may(P.NOTICES_READ)
    form = SexForm(request.POST or None, initial={"sex": request.user.sex or "unsaid"})  # type: ignore[union-attr]
    if request.method == "POST" and may_say and form.is_valid():
        access_actions.say_sex(actor=actor_of(request), sex=form.said(), now=timezone.now())
        messages.success(request, "Recorded.")
        return redirect("account")
    roles = access.roles(timezone.now())
    held = [(roles[grant.role], sorted(grant.places)) for grant in actor_of(request).grants if grant.role in roles]
    return show(request, "account/account.html", {"held": held, "oidc": settings.OIDC_ON, "form": form, "may_say": may_say})


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """What is recorded about those who use Lodestar, and why."""
    return show(request, "account/privacy.html")
