"""Reporting a missing child: whole on one page, or one thing a page."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions import people, reports
from lodestar.actions.matters import transfers
from lodestar.core.access.permissions import Permission as P
from lodestar.core.reports.draft import ReportDraft
from lodestar.core.words import NotVisible, Refused
from lodestar.doors.web.forms.fields import SayErrors
from lodestar.doors.web.forms.reports import PARTS, draft_of, new_number
from lodestar.doors.web.language import saved
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import duty, priority
from lodestar.store.queries import reports as queries

ORDER = tuple(PARTS)


def _form(part: str, data: Any = None) -> SayErrors:
    now = timezone.now()
    extra: dict[str, dict[str, Any]] = {
        "child": {"districts": priority.districts(), "authorities": duty.authorities()},
        "risk": {"questions": queries.question_words(at=now)},
    }
    return PARTS[part](data, **extra.get(part, {}))


@page(P.REPORTS_RECEIVE)
@require_http_methods(["GET", "POST"])
def report_new(request: HttpRequest) -> HttpResponse:
    """The whole report on one page, for somebody who takes many."""
    forms = [_form(part, request.POST or None) for part in ORDER]
    number = request.POST.get("number") or new_number()
    if request.method == "POST" and all([form.is_valid() for form in forms]):  # noqa: C419 - every form says what is wrong
        data = {name: value for form in forms for name, value in form.cleaned_data.items()}
        made = _receive(request, data, number, forms)
        if made is not None:
            return made
    errors = [line for form in forms for line in form.summary()]
    context = {"forms": forms, "number": number, "errors": errors}
    return show(request, "reports/whole.html", context, status=422 if errors else 200)


@page(P.REPORTS_RECEIVE)
@require_http_methods(["GET", "POST"])
def report_part(request: HttpRequest, part: str) -> HttpResponse:
    """One thing a page; what was typed is kept on the server until the last page is sent."""
    kept: dict[str, Any] = request.session.setdefault("report", {"number": new_number()})
    stored = kept.get(part)
    form = _form(part, request.POST or stored)
    if request.method == "POST" and form.is_valid():
        kept[part] = request.POST.dict()
        request.session.modified = True
        coming = ORDER.index(part) + 1
        if coming < len(ORDER):
            return redirect("report_part", ORDER[coming])
        return _finish(request, kept)
    errors = form.summary() if request.method == "POST" else []
    context = {"form": form, "part": part, "place": ORDER.index(part) + 1, "parts": len(ORDER), "errors": errors}
    return show(request, "reports/part.html", context, status=422 if errors else 200)


@page(P.REPORTS_RECEIVE)
@require_GET
def report_about(request: HttpRequest, person_id: int) -> HttpResponse:
    """The whole report with what is held of a child filled in, for the caller to confirm or correct; opening it is on record."""
    if not actor_of(request).may(P.PEOPLE_READ):
        raise NotVisible
    child = people.open_person(actor=actor_of(request), person_id=person_id, now=timezone.now())
    forms = [_form(part) for part in ORDER]
    forms[ORDER.index("child")].initial = queries.held_of(child)
    return show(request, "reports/whole.html", {"forms": forms, "number": new_number(), "errors": [], "about": child})


def _finish(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    forms = {part: _form(part, kept.get(part, {})) for part in ORDER}
    for part, form in forms.items():
        if not form.is_valid():
            return redirect("report_part", part)
    data = {name: value for form in forms.values() for name, value in form.cleaned_data.items()}
    made = _receive(request, data, kept["number"], list(forms.values()))
    if made is not None:
        del request.session["report"]
        return made
    wrong = next(part for part, form in forms.items() if form.errors)
    context = {"form": forms[wrong], "part": wrong, "place": ORDER.index(wrong) + 1, "parts": len(ORDER), "errors": forms[wrong].summary()}
    return show(request, "reports/part.html", context, status=422)


def _receive(request: HttpRequest, data: dict[str, Any], number: str, forms: list[SayErrors]) -> HttpResponse | None:
    now = timezone.now()
    draft = draft_of(data, version=queries.questions(at=now).version, external_id=number, now=now)
    raw = json.dumps({name: str(value) for name, value in data.items()}, ensure_ascii=False, sort_keys=True)
    try:
        if data.get("other_force"):
            return _offered(request, draft, raw, forms)
        made = reports.receive(actor=actor_of(request), draft=draft, raw=raw, now=now)
    except Refused as refused:
        for refusal in refused.refusals:
            home = next((form for form in forms if refusal.field in form.fields), forms[0])
            home.refuse(refusal)
        return None
    words = "This report was already in." if made.repeated else "The report is in."
    if made.unsure:
        words += " It is not certain who this child is: somebody will settle that. The search does not wait."
    saved(request, words, *forms)
    return redirect("matter", made.matter_id)


def _offered(request: HttpRequest, draft: ReportDraft, raw: str, forms: list[SayErrors]) -> HttpResponse:
    """Another force offers us the child: they answer until we accept."""
    data = {name: value for form in forms for name, value in form.cleaned_data.items()}
    words = {name: str(data.get(name) or "") for name in ("other_force", "offered_by")}
    transfers.note_incoming(
        actor=actor_of(request), draft=draft, raw=raw, reason=str(data.get("transfer_reason") or ""), now=draft.recorded_at, **words
    )
    saved(request, f"Noted. {words['other_force']} answers for this child until we accept.", *forms)
    return redirect("transfers")
