"""Children passed between forces: our offers and theirs, and the answers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions.matters import opening, transfers
from lodestar.core.access.permissions import Permission as P
from lodestar.core.words import Conflict, Refused
from lodestar.doors.web.forms import matters as forms
from lodestar.doors.web.language import saved
from lodestar.doors.web.matters import ask, ask_again, sighted
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import matters as queries


@page(P.MATTERS_TRANSFER)
@require_http_methods(["GET", "POST"])
def transfer_answer(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Record the other force's answer."""
    offer = queries.transfer_in_sight(actor=actor_of(request), transfer_id=transfer_id)
    sighted(request, offer.matter_id)
    form = forms.TransferAnswerForm(request.POST or None, initial={"seen_version": offer.version}, verbs=queries.transfer_verbs(offer))
    title = f"{offer.other_force}: the answer"
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            transfers.answer_transfer(actor=actor_of(request), transfer_id=transfer_id, now=timezone.now(), **data)
        except (Refused, Conflict) as error:
            return ask_again(request, form, error, offer.matter, title=title, button="Record the answer")
        saved(request, "The answer is recorded.", form)
        return redirect("matter", offer.matter_id)
    return ask(request, form, offer.matter, title=title, button="Record the answer")


@page(P.MATTERS_TRANSFER)
@require_GET
def transfer_list(request: HttpRequest) -> HttpResponse:
    """Children on offer to or from another force, and not yet answered for by the receiver."""
    return show(request, "matters/transfers.html", {"offers": queries.open_transfers(actor=actor_of(request)), "at": timezone.now()})


@page(P.MATTERS_TRANSFER)
@require_http_methods(["GET", "POST"])
def transfer_in(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """Accept, dispute or refuse a child that another force offers."""
    actor, now = actor_of(request), timezone.now()
    offer, report = opening.open_incoming(actor=actor, transfer_id=transfer_id, now=now)
    form = forms.IncomingForm(request.POST or None, initial={"seen_version": offer.version}, verbs=queries.transfer_verbs(offer))
    if request.method == "POST" and form.is_valid():
        try:
            made = transfers.answer_incoming(actor=actor, transfer_id=transfer_id, now=now, **form.cleaned_data)
        except Refused as refused:
            form.refuse(*refused.refusals)
        except Conflict:
            form.add_error(None, Conflict.sentence)
        else:
            saved(request, "Your answer is recorded.", form)
            return redirect("matter", made) if made else redirect("transfers")
    context = {"form": form, "offer": offer, "report": report, "errors": form.summary()}
    return show(request, "matters/transfer_in.html", context, status=422 if form.errors else 200)
