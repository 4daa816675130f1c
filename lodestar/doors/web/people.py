"""People: looking somebody up, their page, and taking a report off somebody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions import people as actions
from lodestar.actions import reading
from lodestar.core.access.permissions import Permission as P
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.doors.web.forms.matters import ReasonForm
from lodestar.doors.web.forms.work import SearchForm
from lodestar.doors.web.language import saved
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import identity, labels, person_page, reports
from lodestar.store.queries.whereabouts import whereabouts


@page(P.PEOPLE_SEARCH)
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Look somebody up by name or date of birth. What was typed is sent in the body, never in the address."""
    actor, at = actor_of(request), timezone.now()
    form = SearchForm(request.POST or None)
    found = []
    if request.method == "POST" and form.is_valid():
        found = identity.search(actor=actor, name=form.cleaned_data["name"], birth_date=form.cleaned_data["birth_date"])
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
    context = {"person": row, "found": person_page.person_page(row, actor=actor, at=at), "at": at}
    return show(
        request, "people/person.html", {**context, "contradicted": labels.contradicted(row.pk), "moved": whereabouts(person_id=row.pk)}
    )


@page(P.PEOPLE_LINK)
@require_http_methods(["GET", "POST"])
def unlink(request: HttpRequest, report_id: int) -> HttpResponse:
    """Take a report off the person it was joined to."""
    actor = actor_of(request)
    report = reports.visible(actor=actor, report_id=report_id)
    link = identity.current_link(report) if report is not None else None
    if report is None or link is None:
        raise NotVisible
    form, status = ReasonForm(request.POST or None, initial={"seen_version": link.number}), 422
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.undo_link(actor=actor, report_id=report_id, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.refuse(*refused.refusals)
        except Conflict:
            link, status = identity.current_link(report) or link, 409
            form.again(link.number)
        else:
            saved(request, "Undone. The report now has a person of its own; the history is kept.", form)
            return redirect("person", made)
    at = timezone.now()
    actions.open_join(actor=actor, report_id=report_id, person_id=link.person_id, now=at)
    name = f"{link.person.given_name} {link.person.family_name}".strip() or f"person {link.person_id}"
    context = {"form": form, "report": report, "link": link, "name": name, "errors": form.summary()}
    fields = identity.beside(report, link.person, at=at)
    return show(request, "people/unlink.html", {**context, "fields": fields}, status=status if form.errors else 200)
