"""People: looking somebody up, their page, and settling who a report is about."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions import people as actions
from lodestar.actions import reading
from lodestar.core.access.permissions import Permission as P
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.doors.web.forms.work import ReasonOnly, SearchForm, SettleForm
from lodestar.doors.web.language import saved
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import identity, person_page, reports


@page(P.PEOPLE_SEARCH)
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Look somebody up by name or date of birth. What was typed is sent in the body, never in the address."""
    actor, at = actor_of(request), timezone.now()
    form = SearchForm(request.POST or None)
    found = []
    if request.method == "POST" and form.is_valid():
        rows = identity.search(name=form.cleaned_data["name"], birth_date=form.cleaned_data["birth_date"])
        found = person_page.within_reach(actor=actor, people=rows)
        reading.note_list(
            actor=actor, permission=P.PEOPLE_SEARCH, verb="people.searched", kind="person", ids=[row.pk for row in found], now=at
        )
    return show(request, "people/search.html", {"form": form, "found": found, "asked": request.method == "POST"})


@page(P.PEOPLE_READ)
@require_GET
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One child: who this is, every matter, every report and how it was joined, and who has looked."""
    actor, at = actor_of(request), timezone.now()
    row = actions.open_person(actor=actor, person_id=person_id, now=at)
    return show(request, "people/person.html", {"person": row, "found": person_page.person_page(row, actor=actor, at=at), "at": at})


@page(P.PEOPLE_LINK)
@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """Reports about which nobody is sure yet."""
    return show(
        request, "people/questions.html", {"questions": person_page.questions_in_reach(actor=actor_of(request)), "at": timezone.now()}
    )


@page(P.PEOPLE_LINK)
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, question_id: int) -> HttpResponse:
    """Candidates side by side, with what agrees and what differs; a person decides."""
    actor, at = actor_of(request), timezone.now()
    row = actions.open_question(actor=actor, question_id=question_id, now=at)
    shown = row.candidates["people"]
    names = person_page.names([item["person"] for item in shown])
    people = tuple((item["person"], f"{names.get(item['person'], '')}, person {item['person']}") for item in shown)
    form = SettleForm(request.POST or None, initial={"seen_version": row.version}, people=people)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.settle_question(
                actor=actor,
                question_id=question_id,
                seen_version=data["seen_version"],
                same_as=data["same_as"] or None,
                reason=data["reason"],
                now=at,
            )
        except Refused as refused:
            form.refuse(*refused.refusals)
        except Conflict:
            form.add_error(None, Conflict.sentence)
        else:
            saved(request, "Settled. It can be undone from the person's page.", form)
            return redirect("questions")
    context = {"row": row, "shown": shown, "names": names, "form": form, "errors": form.summary(), "waiting": row.state == "waiting"}
    return show(request, "people/question.html", context, status=422 if form.errors else 200)


@page(P.PEOPLE_LINK)
@require_http_methods(["GET", "POST"])
def unlink(request: HttpRequest, report_id: int) -> HttpResponse:
    """Take a report off the person it was joined to."""
    actor = actor_of(request)
    report = reports.visible(actor=actor, report_id=report_id)
    link = identity.current_link(report) if report is not None else None
    if report is None or link is None:
        raise NotVisible
    actions.open_joined_report(actor=actor, report_id=report_id, now=timezone.now())
    form = ReasonOnly(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.undo_link(actor=actor, report_id=report_id, reason=form.cleaned_data["reason"], now=timezone.now())
        except Refused as refused:
            form.refuse(*refused.refusals)
        else:
            saved(request, "Undone. The report now has a person of its own; the history is kept.", form)
            return redirect("person", made)
    context = {"form": form, "report": report, "link": link, "errors": form.summary()}
    return show(request, "people/unlink.html", context, status=422 if form.errors else 200)
