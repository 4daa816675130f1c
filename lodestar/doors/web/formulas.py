"""The tasking formula, governed: which version is in force, what a draft would change, who approved it, and its public record."""

from __future__ import annotations

import tomllib
from typing import Any

import tomli_w
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions import formulas as actions
from lodestar.core.access.permissions import Permission as P
from lodestar.core.tasking.formula import formula_from
from lodestar.core.tasking.shadow import CHANGES
from lodestar.core.tasking.versions import FORMULA, differences
from lodestar.core.words import Conflict, NotVisible, Refusal, Refused
from lodestar.doors.web.forms.formulas import ApproveForm, DraftForm, StepForm
from lodestar.doors.web.page import actor_of, page, refusals_of, show
from lodestar.store.queries import formulas as queries

BAD_TEXT = "formula.text"


@page(P.FORMULAS_READ)
@require_GET
def formulas(request: HttpRequest) -> HttpResponse:
    """The formula in force, and every version there has been."""
    at = timezone.now()
    context = {
        "in_force": queries.in_force(at=at),
        "versions": queries.versions(),
        "standings": queries.standings(at=at),
        "may_draft": _may(request, P.FORMULAS_DRAFT),
    }
    return show(request, "formulas/formulas.html", context)


@page(P.FORMULAS_DRAFT)
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """Draft a version: the formula in force as text, to be changed."""
    at = timezone.now()
    text = tomli_w.dumps(queries.to_change(at=at))
    form = DraftForm(request.POST or None, initial={"text": text})
    if request.method == "POST" and form.is_valid():
        try:
            number = actions.draft(
                actor=actor_of(request), document=_read(form.cleaned_data["text"]), reason=form.cleaned_data["reason"], now=at
            )
        except Refused as refused:
            form.refuse(*refused.refusals)
        else:
            messages.success(request, "Drafted. Ask for its shadow run next.")
            return redirect("formula", number)
    return show(request, "formulas/draft.html", {"form": form, "errors": form.summary()}, status=422 if form.errors else 200)


@page(P.FORMULAS_READ)
@require_http_methods(["GET", "POST"])
def formula(request: HttpRequest, number: int) -> HttpResponse:
    """One version: what it changes, what its shadow run found, and the next step on it."""
    row = queries.version(number=number)
    if row is None:
        raise NotVisible
    errors: list[dict[str, str]] = []
    form = ApproveForm(request.POST or None, initial={"seen_version": row.version})
    if request.method == "POST":
        try:
            said = _step(request, number, form)
        except (Refused, Conflict) as error:
            errors = refusals_of(error)
        else:
            messages.success(request, said)
            return redirect("formula", number)
    at = timezone.now()
    now = queries.in_force(at=at)
    context = {
        "row": row,
        "standing": queries.standings(at=at).get(number, row.state),
        "form": form,
        "errors": errors,
        "verbs": [verb for verb in FORMULA.verbs(state=row.state) if verb != "shadow"],
        "may_draft": _may(request, P.FORMULAS_DRAFT),
        "may_approve": _may(request, P.FORMULAS_APPROVE) and row.drafted_by_id != actor_of(request).id,
        "differences": differences(old=now.document, new=row.document),
        "in_force": now,
        "formula": formula_from(row.document),
        "changes": CHANGES,
    }
    return show(request, "formulas/formula.html", context, status=422 if errors else 200)


@page(P.FORMULAS_READ)
@require_GET
def record(request: HttpRequest) -> HttpResponse:
    """The algorithmic transparency record of the formula in force, written from it."""
    return show(request, "formulas/record.html", {"in_force": queries.in_force(at=timezone.now())})


def _may(request: HttpRequest, permission: P) -> bool:
    return actor_of(request).may(permission)


def _read(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise Refused(Refusal(BAD_TEXT, f"The text cannot be read: {fault}.", "", "text")) from fault


def _step(request: HttpRequest, number: int, form: ApproveForm) -> str:
    """Take the step that was pressed; returns what to say of it."""
    actor, at = actor_of(request), timezone.now()
    step = StepForm(request.POST)
    if not step.is_valid():
        raise Conflict
    seen, reason = step.cleaned_data["seen_version"], step.cleaned_data["reason"]
    match step.cleaned_data["verb"]:
        case "ask_shadow":
            actions.ask_for_shadow_run(actor=actor, number=number, seen_version=seen, now=at)
            return "Asked for. The run takes a minute or two; this page shows what it found."
        case "drop":
            actions.drop(actor=actor, number=number, seen_version=seen, reason=reason, now=at)
            return "Dropped. It stays on record."
        case "approve":
            day = form.cleaned_data.get("in_force_from") if form.is_valid() else None
            actions.approve(actor=actor, number=number, seen_version=seen, reason=reason, in_force_from=day, now=at)
            return "Approved in your name."
        case _:
            raise NotVisible
