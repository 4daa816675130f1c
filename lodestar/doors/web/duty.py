"""Who is on duty and what each answers for; handing over; and the review ledger."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions import duty as actions
from lodestar.actions.reading import note_list
from lodestar.core.access.permissions import Permission as P
from lodestar.core.words import NotVisible
from lodestar.doors.web.forms.duty import RosterForm
from lodestar.doors.web.forms.matters import AnswerForm, HandoverForm
from lodestar.doors.web.language import saved
from lodestar.doors.web.matters import sighted
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import duty, hits


@page(P.DUTY_READ)
@require_GET
def duty_page(request: HttpRequest) -> HttpResponse:
    """Who is on duty now, what each carries, and what is on offer to or from the viewer."""
    at = timezone.now()
    context = {
        "people": duty.on_duty_now(at=at),
        "to_me": duty.offers_to(user_id=request.user.pk or 0),
        "from_me": duty.offers_from(user_id=request.user.pk or 0),
        "at": at,
        "absent": hits.count_open(actor=actor_of(request)),
        "may_roster": actor_of(request).may(P.DUTY_ROSTER),
    }
    return show(request, "duty/duty.html", context)


@page(P.DUTY_READ)
@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """Every supervisor review that was owed: done, late or missed, each with one person. No child is named here."""
    at = timezone.now()
    text = request.GET.get("days", "7")
    days = min(int(text), 92) if text.isdigit() and len(text) < 4 else 7
    lines = duty.review_ledger(from_at=at - timedelta(days=days), until=at)
    counts = {name: sum(line.outcome == name for line in lines) for name in ("done", "late", "missed", "not owed")}
    context = {"lines": lines, "counts": counts, "days": days, "by_person": duty.missed_by_person(lines)}
    return show(request, "duty/reviews.html", context)


@page(P.DUTY_OFFER)
@require_http_methods(["GET", "POST"])
def handover_offer(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Offer a matter to the next person, with what they must know."""
    actor, at = actor_of(request), timezone.now()
    matter = sighted(request, matter_id)
    people = duty.receivers(at=at, but=actor.id)
    form = HandoverForm(request.POST or None, initial={"seen_version": matter.version}, people=people)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        note = {name: data[name] for name in ("open_lines", "family_promises", "next_actions")}
        offer = {"seen_version": data["seen_version"], "receiver_id": data["receiver"], "note": note}
        if form.carries_out(lambda: actions.offer_handover(actor=actor, matter_id=matter_id, now=at, **offer)):
            saved(request, "Offered. You answer for it until they accept.", form)
            return redirect("matter", matter_id)
    context = {"form": form, "matter": matter, "page_title": "Hand over", "button": "Offer", "errors": form.summary(), "intro": ""}
    return show(request, "matters/step.html", context, status=422 if form.errors else 200)


@page(P.DUTY_ANSWER)
@require_http_methods(["GET", "POST"])
def handover_answer(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Accept, refuse or withdraw an offer."""
    actor = actor_of(request)
    offer = duty.handover(pk=handover_id)
    if offer is None or actor.id not in (offer.giver_id, offer.receiver_id):
        raise NotVisible
    note_list(actor=actor, permission=P.DUTY_ANSWER, verb="duty.offer_seen", kind="matter", ids=[offer.matter_id], now=timezone.now())
    form = AnswerForm(request.POST or None, initial={"seen_version": offer.version})
    if actor.id == offer.giver_id:
        form.fields["verb"].choices = [("withdraw", "Withdraw the offer")]  # type: ignore[attr-defined]
    if form.carries_out(lambda: actions.answer_handover(actor=actor, handover_id=handover_id, now=timezone.now(), **form.cleaned_data)):
        saved(request, "Your answer is recorded.", form)
        return redirect("board")
    context = {"form": form, "offer": offer, "errors": form.summary(), "at": timezone.now()}
    return show(request, "duty/answer.html", context, status=422 if form.errors else 200)


@page(P.DUTY_ROSTER)
@require_http_methods(["GET", "POST"])
def roster(request: HttpRequest) -> HttpResponse:
    """Put somebody on a shift."""
    form = RosterForm(request.POST or None, posts=duty.post_choices(), people=duty.people_choices())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        shift = {"post_id": data["post"], "user_id": data["person"], **{name: data[name] for name in ("from_at", "until_at", "lead")}}
        if form.carries_out(lambda: actions.roster(actor=actor_of(request), now=timezone.now(), **shift)):
            messages.success(request, "They are on the roster.")
            return redirect("duty")
    context = {"form": form, "page_title": "Put somebody on a shift", "button": "Put them on this shift", "errors": form.summary()}
    return show(request, "duty/roster.html", context, status=422 if form.errors else 200)


@page(P.DUTY_ROSTER)
@require_http_methods(["GET", "POST"])
def call_off(request: HttpRequest, user_id: int) -> HttpResponse:
    """Somebody is not there: what they answer for climbs, and their work is in the next proposal."""
    at = timezone.now()
    person = duty.with_a_shift(user_id=user_id, at=at)
    if person is None:
        raise NotVisible
    if request.method == "POST":
        actions.call_off(actor=actor_of(request), user_id=user_id, now=at)
        messages.success(request, f"{person.name} is off the roster for now. Propose again who does their work.")
        return redirect("duty")
    return show(request, "duty/call_off.html", {"person": person, "tasks": duty.work_with(user_id=user_id)})
