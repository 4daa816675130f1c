"""The governance of inspections: every finding and promise, what shows it, what the board must decide, and the reply."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lodestar.actions.inspection import register, replies, steps
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.inspection.findings import FINDING_KINDS, OURS, REPORT_KINDS, THEIRS, Word
from lodestar.core.inspection.section55 import REPLY, STEPS, Said, last_day
from lodestar.core.paper import Paper
from lodestar.core.times import local_date, say
from lodestar.core.words import NotVisible, Refused
from lodestar.doors.web.forms.inspection import FindingForm, HandOnForm, RegisterForm, StepForm, WordForm
from lodestar.doors.web.page import actor_of, page, show
from lodestar.doors.web.papers import MEDIA, Writer
from lodestar.store.queries import inspection as queries

Load = Callable[..., Any]
Export = Callable[..., bytes]
TABLES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
WORDS = {"kinds": FINDING_KINDS, "ours": OURS, "theirs": THEIRS, "report_kinds": REPORT_KINDS}


@page(P.INSPECTION_READ)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Every finding on one page: evidenced, claimed, slipping, overdue, and what the board must decide."""
    at = timezone.now()
    context = {**WORDS, "home": queries.home(at=at), "may_keep": actor_of(request).may(P.INSPECTION_KEEP), "last_day": _last_day}
    context["today"] = local_date(at)
    return show(request, "inspection/home.html", context)


@page(P.INSPECTION_KEEP)
@require_http_methods(["GET", "POST"])
def register_file(request: HttpRequest, load: Load) -> HttpResponse:
    """Bring the register in; each row that could not be taken in is named with its column and reason."""
    form, done = RegisterForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            done = load(actor=actor_of(request), content=upload.read(), file_name=upload.name, now=timezone.now())
        except Refused as refused:
            for refusal in refused.refusals:
                form.add_error("file", refusal.sentence)
    return show(
        request,
        "inspection/file.html",
        {"form": form, "done": done, "errors": form.summary()},
        status=422 if form.errors else 200,
    )


@page(P.INSPECTION_READ)
@require_GET
def register_out(request: HttpRequest, *, ending: str, export: Export) -> HttpResponse:
    """The whole register as a file; who took it is on record."""
    body = export(actor=actor_of(request), ending=ending, now=timezone.now())
    response = HttpResponse(body, content_type=TABLES[ending])
    response["Content-Disposition"] = f'attachment; filename="inspection-register.{ending}"'
    return response


@page(P.INSPECTION_READ)
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """One report: its reply under section 55 step by step, what is owed on it, its findings and the replies made."""
    row = queries.inspection(pk=inspection_id)
    if row is None:
        raise NotVisible
    step, papers = queries.next_step(row), queries.papers_of(row)
    choices = [(paper.content_hash, f"Made {say(paper.made_at)}, {paper.content_hash[:12]}") for paper in papers]
    asked = request.POST.get("verb") or (step.verb if step else "")
    form = StepForm(request.POST or None, papers=choices, verb=asked, initial={"seen_version": row.version, "verb": asked})
    if request.method == "POST" and form.is_valid() and _step(request, inspection_id, form):
        return redirect("inspection_report", inspection_id)
    at, actor = timezone.now(), actor_of(request)
    move = REPLY.row(state=row.state, verb=step.verb) if step else None
    context = {
        **WORDS,
        "row": row,
        "form": form,
        "errors": form.summary(),
        "steps": STEPS,
        "taken": {one.verb: one for one in queries.steps_of(row)},
        "owed": queries.owed_of(row),
        "next_step": step,
        "may_step": move is not None and actor.may(move.who),
        "may_keep": actor.may(P.INSPECTION_KEEP),
        "papers": papers,
        "last_day": _last_day(row),
        "late": _last_day(row) < local_date(at) and row.state not in ("replied", "sent"),
        "names": queries.body_names(on=row.published_on),
        "lines": {found.pk: queries.lines(rows=found.commitments.all(), today=local_date(at)) for found in row.findings.all()},
    }
    return show(request, "inspection/report.html", context, status=422 if form.errors else 200)


@page(P.INSPECTION_KEEP)
@require_http_methods(["GET", "POST"])
def hand_on(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Somebody else answers for the report from now on."""
    row = queries.inspection(pk=inspection_id)
    if row is None:
        raise NotVisible
    people = [(user.pk, user.name) for user in queries.keepers() if user.pk != row.accountable_id]
    form = HandOnForm(request.POST or None, people=people, initial={"seen_version": row.version})
    if request.method == "POST" and form.is_valid():
        asked: dict[str, Any] = {"actor": actor_of(request), "inspection_id": inspection_id, "now": timezone.now(), **form.cleaned_data}
        if form.carries_out(lambda: register.hand_on(**asked)):
            messages.success(request, "Handed on. Both of them are told.")
            return redirect("inspection_report", inspection_id)
    context = {"row": row, "form": form, "errors": form.summary()}
    return show(request, "inspection/hand_on.html", context, status=422 if form.errors else 200)


def _last_day(row: Any) -> Any:
    return last_day(published=row.published_on)


def _step(request: HttpRequest, inspection_id: int, form: StepForm) -> bool:
    said = form.cleaned_data
    asked: dict[str, Any] = {
        "actor": actor_of(request),
        "inspection_id": inspection_id,
        "seen_version": said["seen_version"],
        "verb": said["verb"],
        "said": Said(said["on"], said["document"], said.get("answer_by"), said.get("chief_officer", ""), said.get("paper", "")),
        "now": timezone.now(),
    }
    taken = form.carries_out(lambda: steps.take_step(**asked))
    if taken:
        messages.success(request, "Recorded in your name.")
    return taken


@page(P.INSPECTION_KEEP)
@require_POST
def make_reply(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Make the reply from the register as it stands: the evidence is frozen with it."""
    replies.make_reply(actor=actor_of(request), inspection_id=inspection_id, now=timezone.now())
    messages.success(request, "Made. Take it below, as Word to be edited or as PDF.")
    return redirect("inspection_report", inspection_id)


@page(P.INSPECTION_READ)
@require_GET
def reply_paper(request: HttpRequest, paper_id: int, *, ending: str, write: Writer) -> HttpResponse:
    """A reply that was made, as a file."""
    reference, body = take(actor=actor_of(request), paper_id=paper_id, ending=ending, write=write, now=timezone.now())
    response = HttpResponse(body, content_type=MEDIA[ending])
    response["Content-Disposition"] = f'attachment; filename="{reference}-reply-{paper_id}.{ending}"'
    return response


def take(*, actor: Actor, paper_id: int, ending: str, write: Callable[[Paper], bytes], now: datetime) -> tuple[str, bytes]:
    """The reply's reference, made fit for a file's name, and its bytes."""
    reference, body = replies.take_reply(actor=actor, paper_id=paper_id, ending=ending, write=write, now=now)
    return "".join(mark if mark.isalnum() or mark in "-_" else "-" for mark in reference), body


@page(P.INSPECTION_READ)
@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, finding_id: int) -> HttpResponse:
    """One finding: the force's answer, the finder's own word and every word before it, and its commitments."""
    row = queries.finding(pk=finding_id)
    if row is None:
        raise NotVisible
    first = {"seen_version": row.version, "status": row.status, "response": row.response, "their_status": row.their_status}
    pressed = request.POST.get("form", "")
    ours = FindingForm(request.POST if pressed == "ours" else None, initial=first)
    theirs = WordForm(request.POST if pressed == "theirs" else None, initial=first)
    used: FindingForm | WordForm = theirs if pressed == "theirs" else ours
    if request.method == "POST":
        if not actor_of(request).may(P.INSPECTION_KEEP):
            raise NotVisible
        if used.is_valid() and _say(request, row, used):
            return redirect("inspection_finding", finding_id)
    names = queries.body_names(on=row.inspection.published_on)
    context = {
        **WORDS,
        "row": row,
        "ours_form": ours,
        "theirs_form": theirs,
        "errors": used.summary(),
        "said": queries.words_of(row),
        "changes": row.changes.select_related("by").order_by("-pk"),
        "lines": queries.lines(rows=row.commitments.select_related("owner").order_by("pk"), today=local_date(timezone.now())),
        "publisher": names[row.inspection.body].title,
        "may_keep": actor_of(request).may(P.INSPECTION_KEEP),
    }
    return show(request, "inspection/finding.html", context, status=422 if used.errors else 200)


def _say(request: HttpRequest, row: Any, form: FindingForm | WordForm) -> bool:
    said = form.cleaned_data
    asked: dict[str, Any] = {
        "actor": actor_of(request),
        "finding_id": row.pk,
        "seen_version": said["seen_version"],
        "now": timezone.now(),
    }
    if isinstance(form, WordForm):
        word = Word(said["their_status"], row.inspection.body, said["said_on"], said["document"])
        done = form.carries_out(lambda: register.add_word(word=word, **asked))
    else:
        done = form.carries_out(lambda: register.say_of_finding(status=said["status"], response=said["response"], **asked))
    if done:
        messages.success(request, "Recorded. What stood here before is kept.")
    return done
