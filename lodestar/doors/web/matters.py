"""One matter's page, and every step that can be taken on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions.matters import closing, deeds, finding, grading, news, opening, transfers
from lodestar.actions.reading import note_held, note_list
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.detectors.hits import STATES
from lodestar.core.matters.deeds import recordable
from lodestar.core.matters.exploitation import disruption
from lodestar.core.matters.kinds import deed_kind, desk
from lodestar.core.matters.news import TAKEN_BACK, WITHDRAWN
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.doors.web.forms import matters as forms
from lodestar.doors.web.forms.deeds import DeedForm
from lodestar.doors.web.forms.fields import VersionedForm
from lodestar.doors.web.language import saved
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import matters as queries
from lodestar.store.queries import stories
from lodestar.store.queries.access import place_of
from lodestar.store.queries.matter_page import matter_page
from lodestar.store.queries.people import for_reader
from lodestar.store.queries.plans import trigger_plans
from lodestar.store.queries.priority import also_open

Do = Callable[[Actor, int, dict[str, Any], datetime], object]


@page(P.MATTERS_READ)
@require_GET
def matter(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Who this is, how pressing, what is owed, who answers, what is missing, and what can be done next."""
    actor, at = actor_of(request), timezone.now()
    row = opening.open_matter_page(actor=actor, matter_id=matter_id, now=at)
    found = matter_page(row, viewer=actor, at=at)
    place = place_of(row)
    by_step = [step for step in STEPS.values() if step.verb == "*" or not found.told.opening]  # elsewhere deeds make the moves
    steps = [step for step in by_step if step.open_to(found.verbs) and actor.may(step.permission, place)]
    asked = [
        kind
        for kind in recordable(deeds=desk(kind=row.kind).deeds, state=row.state, permissions=actor.permissions)
        if actor.may(kind.permission, place)
    ]
    agreed = trigger_plans(row, actor=actor, at=at)
    shown = sorted({plan.record.pk for plan in agreed if plan.record is not None})
    if shown:  # part of another record is on this page: who looked is left there too
        note_list(actor=actor, permission=P.MATTERS_READ, verb="matter.trigger_plan_seen", kind="matter", ids=shown, now=at)
    note_held(actor=actor, ids=found.holds.elsewhere, now=at)
    owed_deeds = {item.satisfied_by for item in found.owed}
    context = {
        "found": found,
        "matter": row,
        "steps": steps,
        "deeds": [kind for kind in asked if kind.code in owed_deeds],
        "other_deeds": [kind for kind in asked if kind.code not in owed_deeds],
        "at": at,
        "may": lambda permission: actor.may(permission, place),
        "hit_titles": STATES,
        "also_open": also_open(row, actor=actor),
        "agreed": agreed,
        "standings": disruption.TITLES,
        "recordable": {kind.code: kind.title for kind in asked},
    }
    return show(request, "matters/matter.html", context)


@dataclass(frozen=True, slots=True)
class Step:
    """One step on a matter: its words, its form, its permission and the action that it calls."""

    slug: str
    title: str
    button: str
    permission: P
    form: type[VersionedForm]
    do: Do
    done: str
    verb: str  # the lifecycle verb; * for what can always be done
    intro: str = ""
    warns: bool = False

    def open_to(self, verbs: tuple[str, ...]) -> bool:
        """True when the matter's state lets this step be taken."""
        return self.verb == "*" or self.verb in verbs


def _seen(data: dict[str, Any]) -> dict[str, Any]:
    return {"seen_version": data["seen_version"], "at": data["at"], "by": data["by"], "where": data["where"]}


STEPS: dict[str, Step] = {
    step.slug: step
    for step in (
        Step(
            "start",
            "Enquiries have begun",
            "Start enquiries",
            P.MATTERS_PROGRESS,
            forms.NoQuestions,
            lambda actor, pk, data, now: finding.start_enquiries(actor=actor, matter_id=pk, seen_version=data["seen_version"], now=now),
            "Enquiries are under way.",
            verb="start",
        ),
        Step(
            "locate",
            "The child is located",
            "Record that the child is located",
            P.MATTERS_PROGRESS,
            forms.SeenForm,
            lambda actor, pk, data, now: finding.locate(actor=actor, matter_id=pk, now=now, **_seen(data)),
            "Located. The child is still missing until somebody confirms how they are.",
            verb="locate",
            intro="Whereabouts known and wellbeing confirmed are two facts. This is the first.",
        ),
        Step(
            "wellbeing",
            "The child has been seen",
            "Record how the child is",
            P.MATTERS_PROGRESS,
            forms.SeenForm,
            lambda actor, pk, data, now: finding.confirm_wellbeing(actor=actor, matter_id=pk, now=now, **_seen(data)),
            "Wellbeing is recorded.",
            verb="confirm_wellbeing",
            intro="A police officer or another trusted adult has seen the child and says how they are.",
        ),
        Step(
            "return",
            "The child is back",
            "Record the return",
            P.MATTERS_PROGRESS,
            forms.ReturnForm,
            lambda actor, pk, data, now: finding.record_return(
                actor=actor, matter_id=pk, seen_version=data["seen_version"], at=data["at"], now=now
            ),
            "The return is recorded. The 72 hours for the return home interview run from it.",
            verb="return",
        ),
        Step(
            "close",
            "Close this matter",
            "Close",
            P.MATTERS_CLOSE,
            forms.NoQuestions,
            lambda actor, pk, data, now: closing.close_matter(actor=actor, matter_id=pk, seen_version=data["seen_version"], now=now),
            "Closed.",
            verb="close",
            intro="Everything that closing needs is checked once more.",
        ),
        Step(
            "news",
            "News about this child",
            "Add news",
            P.MATTERS_NEWS,
            forms.NewsForm,
            lambda actor, pk, data, now: news.add_news(
                actor=actor, matter_id=pk, from_whom=data["from_whom"], contact=data["contact"], text=data["text"], now=now
            ),
            "The news is with the person who answers for this child.",
            verb="*",
        ),
        Step(
            "transfer",
            "Offer to another force",
            "Offer to another force",
            P.MATTERS_TRANSFER,
            forms.TransferForm,
            lambda actor, pk, data, now: transfers.offer_transfer(
                actor=actor,
                matter_id=pk,
                seen_version=data["seen_version"],
                other_force=data["other_force"],
                receiver_named=data["receiver_named"],
                reason=data["reason"],
                now=now,
            ),
            "Offered. We answer for this child until they accept.",
            verb="transfer",
        ),
        Step(
            "correct",
            "“Found” was wrong",
            "“Found” was wrong",
            P.MATTERS_PROGRESS,
            forms.ReasonForm,
            lambda actor, pk, data, now: finding.correct_found(
                actor=actor, matter_id=pk, seen_version=data["seen_version"], reason=data["reason"], now=now
            ),
            "The child is missing again, on the original clock.",
            verb="correct",
            warns=True,
        ),
        Step(
            "reopen",
            "Reopen this matter",
            "Reopen",
            P.MATTERS_CLOSE,
            forms.ReasonForm,
            lambda actor, pk, data, now: closing.reopen_matter(
                actor=actor, matter_id=pk, seen_version=data["seen_version"], reason=data["reason"], now=now
            ),
            "Reopened, on the original clock.",
            verb="reopen",
            warns=True,
        ),
        Step(
            "void",
            "Opened in error",
            "Opened in error",
            P.MATTERS_VOID,
            forms.ReasonForm,
            lambda actor, pk, data, now: closing.void_matter(
                actor=actor, matter_id=pk, seen_version=data["seen_version"], reason=data["reason"], now=now
            ),
            "Taken back as opened in error. It is counted as such.",
            verb="void",
            warns=True,
        ),
    )
}


def sighted(request: HttpRequest, matter_id: int) -> Any:
    """The matter behind a form: the form names the child, so opening it leaves who looked; sending it is an action anyway."""
    actor = actor_of(request)
    if request.method == "GET":
        return opening.open_matter_page(actor=actor, matter_id=matter_id, now=timezone.now())
    return queries.in_sight(actor=actor, matter_id=matter_id)


def step_view(slug: str) -> Callable[..., HttpResponse]:
    """The page of one step: a form, then the action; what the action refuses stands beside the question."""
    step = STEPS[slug]

    @page(step.permission)
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, matter_id: int) -> HttpResponse:
        row = sighted(request, matter_id)
        form = step.form(request.POST or None, initial={"seen_version": row.version})
        if request.method == "POST" and form.is_valid():
            try:
                step.do(actor_of(request), matter_id, form.cleaned_data, timezone.now())
            except (Refused, Conflict) as error:
                return ask_again(request, form, error, row, title=step.title, button=step.button, intro=step.intro)
            saved(request, step.done, form)
            return redirect("matter", matter_id)
        return ask(request, form, row, title=step.title, button=step.button, intro=step.intro)

    return view


def ask(request: HttpRequest, form: VersionedForm, row: Any, *, title: str, button: str, intro: str = "", **more: Any) -> HttpResponse:
    context = {"form": form, "matter": row, "page_title": title, "button": button, "intro": intro, "errors": form.summary(), **more}
    return show(request, "matters/step.html", context, status=422 if form.errors else 200)


def ask_again(
    request: HttpRequest, form: VersionedForm, error: Refused | Conflict, row: Any, *, title: str, button: str, intro: str = "", **more: Any
) -> HttpResponse:
    """The same form again, nothing typed lost, with every sentence of what was refused."""
    if isinstance(error, Refused):
        form.refuse(*error.refusals)
        return ask(request, form, row, title=title, button=button, intro=intro, **more)
    form.again(queries.in_sight(actor=actor_of(request), matter_id=row.pk).version)
    response = ask(request, form, row, title=title, button=button, intro=intro, **more)
    response.status_code = 409
    return response


@page(P.MATTERS_GRADE)
@require_http_methods(["GET", "POST"])
def grade(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Grade the risk, with what the force already holds on the same page."""
    actor, at = actor_of(request), timezone.now()
    row = opening.open_matter_page(actor=actor, matter_id=matter_id, now=at)
    holds = for_reader(queries.held(row, at=at), matter=row, actor=actor)
    note_held(actor=actor, ids=holds.elsewhere, now=at)
    first = {"seen_version": row.version, "saw": holds.digest}
    form = forms.GradeForm(request.POST or None, initial=first, levels=queries.level_list(kind=row.kind, at=at), is_child=row.is_child)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                at_once = grading.grade_matter(
                    actor=actor, matter_id=matter_id, seen_version=form.cleaned_data["seen_version"], wanted=form.wanted(), now=at
                )
            except Refused as refused:
                form.refuse(*refused.refusals)
            except Conflict:
                form.add_error(None, Conflict.sentence)
            else:
                done = "Graded." if at_once else "Asked for. The grade stays as it is until a second person confirms."
                saved(request, done, form)
                return redirect("matter", matter_id)
        status = 422
        form.data = form.data.copy()
        form.data.update({name: str(value) for name, value in first.items()})
    context = {
        "form": form,
        "matter": row,
        "holds": holds,
        "errors": form.summary(),
        "level_notes": queries.level_notes(kind=row.kind, at=at),
        "suggested": queries.suggested_level(row, at=at),
    }
    return show(request, "matters/grade.html", context, status=status)


@page(P.MATTERS_READ)
@require_http_methods(["GET", "POST"])
def deed(request: HttpRequest, matter_id: int, code: str) -> HttpResponse:
    """Record that something was done; the questions are the deed's own."""
    actor = actor_of(request)
    row = sighted(request, matter_id)
    kind = deed_kind(kind=row.kind, code=code)
    if kind is None or not kind.by_hand or not actor.may(kind.permission, place_of(row)):
        raise NotVisible
    choices = stories.choices(row, kind=kind)
    asked_about = {"about": request.GET["about"]} if request.GET.get("about", "").isdigit() else {}
    form = DeedForm(
        request.POST or None, initial={"seen_version": row.version, **stories.only(choices), **asked_about}, kind=kind, choices=choices
    )
    if request.method == "POST" and form.is_valid():
        try:
            deeds.record_deed(actor=actor, matter_id=matter_id, code=code, at=form.cleaned_data["at"], said=form.said(), now=timezone.now())
        except (Refused, Conflict) as error:
            return ask_again(request, form, error, row, title=kind.title, button="Save", intro=kind.authority)
        saved(request, f"{kind.title}: recorded.", form)
        return redirect("matter", matter_id)
    return ask(request, form, row, title=kind.title, button="Save", intro=kind.authority)


@page(P.MATTERS_NEWS)
@require_http_methods(["GET", "POST"])
def news_assess(request: HttpRequest, news_id: int) -> HttpResponse:
    """Answer news: what it means, and what the caller was told."""
    item = queries.news_in_sight(actor=actor_of(request), news_id=news_id)
    sighted(request, item.matter_id)
    form = forms.AssessNewsForm(request.POST or None, initial={"seen_version": item.version})
    said = TAKEN_BACK if item.state == WITHDRAWN else item.text
    words: dict[str, Any] = {"title": f"News from {item.from_whom}", "button": "Save", "intro": said, "engagement": item.engagement_id}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            news.assess_news(
                actor=actor_of(request),
                news_id=news_id,
                seen_version=data["seen_version"],
                assessment=data["assessment"],
                reply_given=data["reply_given"],
                now=timezone.now(),
            )
        except (Refused, Conflict) as error:
            return ask_again(request, form, error, item.matter, **words)
        saved(request, "The news is assessed.", form)
        return redirect("matter", item.matter_id)
    return ask(request, form, item.matter, **words)


@page(P.MATTERS_CONFIRM_DOWNGRADE)
@require_http_methods(["GET", "POST"])
def downgrade(request: HttpRequest, downgrade_id: int) -> HttpResponse:
    """The second person's answer to a lower grade."""
    actor, at = actor_of(request), timezone.now()
    asked = queries.downgrade_in_sight(actor=actor, downgrade_id=downgrade_id)
    sighted(request, asked.matter_id)
    form = forms.DowngradeAnswerForm(request.POST or None, initial={"seen_version": asked.version})
    title = f"Lower the grade to {asked.wanted['level'].replace('_', ' ')}?"
    intro = f"{asked.asked_by.name} asks: {asked.wanted['reason']} Relied on: {'; '.join(asked.wanted['relied_on'])}."
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if data["verb"] == "confirm":
                grading.confirm_downgrade(actor=actor, downgrade_id=downgrade_id, seen_version=data["seen_version"], now=at)
            else:
                grading.refuse_downgrade(
                    actor=actor, downgrade_id=downgrade_id, seen_version=data["seen_version"], reason=data["reason"], now=at
                )
        except (Refused, Conflict) as error:
            return ask_again(request, form, error, asked.matter, title=title, button="Decide", intro=intro)
        saved(request, "Your decision is recorded.", form)
        return redirect("matter", asked.matter_id)
    return ask(request, form, asked.matter, title=title, button="Decide", intro=intro)
