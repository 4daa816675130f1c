"""How a source is read: tried on a sample before it is used, drafted as text, approved by a second person from a day.

The reader of files is handed in by ``config.urls``: doors do not know each other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import tomli_w
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lodestar.actions.engagements import mappings as actions
from lodestar.core.access.permissions import Permission as P
from lodestar.core.engagements.mapping import SourceMapping
from lodestar.core.engagements.versions import MAPPING
from lodestar.core.tasking.versions import differences
from lodestar.core.words import Conflict, NotVisible, Refusal, Refused
from lodestar.doors.web.forms.engagements import ApproveMappingForm, DraftMappingForm, MappingStepForm, TryForm, TryVersionForm
from lodestar.doors.web.page import actor_of, page, refusals_of, show
from lodestar.store.queries import mappings as queries
from lodestar.store.queries.engagements import kinds

ReadSample = Callable[..., Any]
SHOWN, LONGEST, LARGEST = 20, 512 * 1024, 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Shown:
    """What a sample would become: the file as read, the rows shown with whom each may be about, and the counts of all."""

    file: Any
    rows: list[tuple[Any, tuple[actions.Who, ...]]]
    counts: Mapping[str, int]


@page(P.REPORTS_IMPORT)
@require_http_methods(["GET", "POST"])
def mapping_try(request: HttpRequest, read_sample: ReadSample) -> HttpResponse:
    """Try a sample with a mapping in force. Nothing is written but who tried what."""
    sources = queries.sources(at=timezone.now())
    offered = {code: one.title for code, one in sources.items()}
    form = TryForm(request.POST or None, request.FILES or None, sources=offered, initial={"source": request.GET.get("source", "")})
    tried = None
    if request.method == "POST" and form.is_valid():
        try:
            tried = _try(request, form.cleaned_data["file"], sources[form.cleaned_data["source"]], read_sample)
        except Refused as refused:
            form.add_error("file", " ".join(one.sentence for one in refused.refusals))
    context = {"form": form, "tried": tried, "errors": form.summary(), "kinds": kinds(at=timezone.now())}
    return show(request, "engagements/try.html", context, status=422 if form.errors else 200)


def _try(request: HttpRequest, upload: Any, mapping: SourceMapping, read_sample: ReadSample, **version: int) -> Shown:
    if upload.size > LARGEST:
        raise Refused(Refusal("mapping.sample", "A sample is at most 5 MB. Take some rows of the file.", "", "file"))
    at = timezone.now()
    found = read_sample(upload.read(), file=upload.name, mapping=mapping, now=at)
    sample = actions.Sample(mapping.code, found.digest, tuple(row.draft for row in found.rows), len(found.bad))
    tried = actions.try_sample(actor=actor_of(request), sample=sample, now=at, **version)
    return Shown(found, list(zip(found.rows[:SHOWN], tried.who[:SHOWN], strict=True)), tried.counts)


@page(P.ENGAGEMENTS_DRAFT)
@require_http_methods(["GET", "POST"])
def mapping_draft(request: HttpRequest) -> HttpResponse:
    """Draft how a source is read: the text of one that is in force, to be changed, or a file."""
    at = timezone.now()
    begin = queries.document_of(code=request.GET.get("source", "ENG-HOSPITAL"), at=at) or {}
    form = DraftMappingForm(request.POST or None, request.FILES or None, initial={"text": tomli_w.dumps(begin)})
    form.fields["text"].required = not request.FILES
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            text = upload.read(LONGEST).decode("utf-8", "replace") if upload else form.cleaned_data["text"]
            number = actions.draft(actor=actor_of(request), document=_read(text), reason=form.cleaned_data["reason"], now=at)
        except Refused as refused:
            form.refuse(*refused.refusals)
        else:
            messages.success(request, "Drafted. Try it on a sample next.")
            return redirect("mapping", number)
    return show(request, "engagements/draft.html", {"form": form, "errors": form.summary()}, status=422 if form.errors else 200)


def _read(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise Refused(Refusal("mapping.text", f"The text cannot be read: {fault}.", "", "text")) from fault


@page(P.ENGAGEMENTS_RECEIVE)
@require_http_methods(["GET", "POST"])
def mapping(request: HttpRequest, mapping_number: int, read_sample: ReadSample) -> HttpResponse:
    """One version: what it changes, a sample tried with it, and the next step on it."""
    actor, at = actor_of(request), timezone.now()
    row = queries.version(number=mapping_number)
    if row is None:
        raise NotVisible
    tries = TryVersionForm(request.POST if request.FILES else None, request.FILES or None, initial={"seen_version": row.version})
    approve = ApproveMappingForm(initial={"seen_version": row.version})
    errors: list[dict[str, str]] = []
    tried = None
    if request.method == "POST":
        try:
            if "try" in request.POST:
                tried = _try_version(request, row, tries, read_sample)
            else:
                messages.success(request, _step(request, mapping_number))
                return redirect("mapping", mapping_number)
        except (Refused, Conflict) as error:
            errors = refusals_of(error)
    row.refresh_from_db()
    context = {
        "row": row,
        "verbs": MAPPING.verbs(state=row.state),
        "differences": differences(old=queries.document_of(code=row.code, at=at) or {}, new=row.document),
        "tries": tries,
        "approve": approve,
        "tried": tried,
        "errors": errors,
        "kinds": kinds(at=at),
        "may_draft": actor.may(P.ENGAGEMENTS_DRAFT) and actor.may(P.REPORTS_IMPORT),
        "may_approve": actor.may(P.ENGAGEMENTS_APPROVE) and row.drafted_by_id != actor.id,
    }
    return show(request, "engagements/mapping.html", context, status=422 if errors else 200)


def _try_version(request: HttpRequest, row: Any, form: TryVersionForm, read_sample: ReadSample) -> Shown:
    if not form.is_valid():
        raise Refused(Refusal("mapping.sample", "Choose a sample file.", "", "file"))
    version = {"number": row.number, "seen_version": form.cleaned_data["seen_version"]}
    return _try(request, form.cleaned_data["file"], queries.as_mapping(row), read_sample, **version)


def _step(request: HttpRequest, number: int) -> str:
    """Take the step that was pressed; returns what to say of it."""
    form = MappingStepForm(request.POST)
    if not form.is_valid():
        if "in_force_from" in form.errors:
            raise Refused(Refusal("mapping.from", str(form.errors["in_force_from"][0]), "", "in_force_from"))
        raise Conflict
    said, actor, at = form.cleaned_data, actor_of(request), timezone.now()
    step = {"actor": actor, "number": number, "seen_version": said["seen_version"], "reason": said["reason"], "now": at}
    match said["verb"]:
        case "approve":
            actions.approve(**step, in_force_from=said["in_force_from"])
            return "Approved in your name."
        case "drop":
            actions.drop(**step)
            return "Dropped. It stays on record."
        case _:
            raise NotVisible
