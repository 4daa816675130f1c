"""The models of linkage: which one weighs, what each showed at the gate, who agreed to it, and the step back."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lodestar.actions import identity_models as actions
from lodestar.core.access.permissions import Permission as P
from lodestar.core.identity.governing import MODEL
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.doors.web.forms.identity_models import RollBackForm, StepForm
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import identity_models as queries

DEMANDS = {
    "precision": "Of what it joins by itself, right (the lower end of what chance allows)",
    "recall": "Of all who are one person, joined by itself",
    "errors of one home": "Of what it joins wrongly, children of one home",
    "twins joined": "Twins joined",
    "recall, worst group to largest": "Recall: the worst group of names against the largest",
    "precision, worst group to largest": "Precision: the worst group of names against the largest",
}


@page(P.IDENTITY_READ)
@require_http_methods(["GET", "POST"])
def models(request: HttpRequest) -> HttpResponse:
    """Which model weighs, every model that was put forward, and which weighed from when."""
    at = timezone.now()
    form = RollBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            number = actions.roll_back(actor=actor_of(request), reason=form.cleaned_data["reason"], now=at)
        except Refused as refused:
            form.refuse(*refused.refusals)
        else:
            messages.success(request, f"{_named(number)} weighs from now on. Nothing that was joined was parted.")
            return redirect("identity_models")
    context = {
        "in_force": queries.model_in_force(at=at),
        "standing": queries.standing(),
        "rules": queries.bands_at(at=at),
        "models": queries.models(),
        "turns": queries.history(),
        "form": form,
        "errors": form.summary(),
        "may_roll_back": actor_of(request).may(P.IDENTITY_ACTIVATE) and queries.weighs_own(at=at),
    }
    return show(request, "identity_models/models.html", context, status=422 if form.errors else 200)


@page(P.IDENTITY_READ)
@require_http_methods(["GET", "POST"])
def model(request: HttpRequest, model_number: int) -> HttpResponse:
    """One model: what it was trained on, what it showed, who agreed, and the next step on it."""
    row = queries.model(number=model_number)
    if row is None:
        raise NotVisible
    at, actor = timezone.now(), actor_of(request)
    form = StepForm(request.POST or None, initial={"seen_version": row.version})
    if request.method == "POST" and form.is_valid():
        try:
            said = _step(request, row.number, form, at)
        except Refused as refused:
            form.refuse(*refused.refusals)
        except Conflict:
            form.add_error(None, Conflict.sentence)
        else:
            messages.success(request, said)
            return redirect("identity_model", row.number)
    agreed = {one.by_id for one in row.approvals.all()}
    context = {
        "row": row,
        "form": form,
        "errors": form.summary(),
        "demands": DEMANDS,
        "in_force": queries.model_in_force(at=at),
        "verbs": MODEL.verbs(state=row.state),
        "may_approve": actor.may(P.IDENTITY_APPROVE) and row.proposed_by_id != actor.id and actor.id not in agreed,
        "may_drop": actor.may(P.IDENTITY_APPROVE),
        "may_activate": actor.may(P.IDENTITY_ACTIVATE) and row.state == "approved",
    }
    return show(request, "identity_models/model.html", context, status=422 if form.errors else 200)


def _step(request: HttpRequest, number: int, form: StepForm, at: datetime) -> str:
    """Take the step that was pressed; returns what to say of it."""
    actor, said = actor_of(request), form.cleaned_data
    match said["verb"]:
        case "approve":
            actions.approve(actor=actor, number=number, seen_version=said["seen_version"], reason=said["reason"], now=at)
            return "Your word is on record."
        case "drop":
            actions.drop(actor=actor, number=number, seen_version=said["seen_version"], reason=said["reason"], now=at)
            return "Dropped. It stays on record."
        case "activate":
            actions.activate(actor=actor, number=number, from_at=said["from_at"] or at, reason=said["reason"], now=at)
            return "Set. What was decided before keeps the model it was decided under."
        case _:
            raise NotVisible


def _named(number: int | None) -> str:
    return f"Model {number}" if number else "The model that Lodestar comes with"
