"""Bringing in a file, what became of it, and the queue of rows that could not be read.

The reader of files is handed in by ``config.urls``: doors do not know each other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions import reports as actions
from lodestar.actions.reading import note_export, note_list
from lodestar.core.access.permissions import Permission as P
from lodestar.core.reports.intake import raw_digest
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.doors.web.forms.work import ReasonOnly, UploadForm
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import reports as queries
from lodestar.store.queries.mappings import sources

BringIn = Callable[..., Any]
MOST = 20 * 1024 * 1024
CAUTIONS = "import_cautions"  # of the last file that this person brought in, until the next


@page(P.REPORTS_IMPORT)
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest, bring_in: BringIn) -> HttpResponse:
    """Bring in a file; the files brought in before, and how many rows wait for a person."""
    mappings = {code: one.title for code, one in sources(at=timezone.now()).items()}
    form = UploadForm(request.POST or None, request.FILES or None, mappings=mappings)
    if request.method == "POST" and form.is_valid():
        made = _bring(request, form, bring_in)
        if made is not None:
            return redirect("import_run", made)
    context = {"form": form, "runs": queries.runs(), "waiting": queries.waiting_count(), "errors": form.summary()}
    return show(request, "imports/imports.html", context, status=422 if form.errors else 200)


def _bring(request: HttpRequest, form: UploadForm, bring_in: BringIn) -> int | None:
    upload = form.cleaned_data["file"]
    if upload.size > MOST:
        form.add_error("file", "The file is larger than 20 MB. Split it and bring in the parts.")
        return None
    try:
        done = bring_in(
            actor=actor_of(request),
            kind=form.cleaned_data["kind"],
            source=form.cleaned_data["source"],
            file_name=upload.name,
            content=upload.read(),
            now=timezone.now(),
        )
    except Refused as refused:
        for refusal in refused.refusals:
            form.add_error("file", refusal.sentence)
        return None
    messages.success(request, f"{done.rows} rows: {done.new} new, {done.repeated} already in, {done.bad} could not be read.")
    run_id: int = done.run_id
    request.session[CAUTIONS] = {"run": run_id, "sentences": [caution.sentence for caution in done.cautions]}
    return run_id


@page(P.REPORTS_IMPORT)
@require_GET
def import_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """What became of one file, and what to look at in it; its rows may name children, so who looked is on record."""
    run = queries.run(pk=run_id)
    if run is None:
        raise NotVisible
    actor = actor_of(request)
    note_list(actor=actor, permission=P.REPORTS_IMPORT, verb="import.run_seen", kind="import_run", ids=[run_id], now=timezone.now())
    last = request.session.get(CAUTIONS, {})
    cautions = last["sentences"] if last.get("run") == run_id else []
    return show(request, "imports/run.html", {"run": run, "rows": queries.rows_of(run_id=run_id), "cautions": cautions})


@page(P.REPORTS_IMPORT)
@require_GET
def import_errors(request: HttpRequest, run_id: int, error_file: Callable[[int], bytes]) -> HttpResponse:
    """The rows that could not be read, as a file: file, row, column, reason and the row itself."""
    run = queries.run(pk=run_id)
    if run is None:
        raise NotVisible
    body = error_file(run_id)
    note_export(
        actor=actor_of(request),
        permission=P.REPORTS_IMPORT,
        verb="import.errors_exported",
        kind="import_run",
        rows=run.bad,
        digest=raw_digest(body),
        now=timezone.now(),
    )
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{run.pk}-errors.csv"'
    return response


@page(P.REPORTS_SETTLE)
@require_GET
def bad_rows(request: HttpRequest) -> HttpResponse:
    """Every row that waits for a person, oldest first."""
    rows = list(queries.bad_rows())
    note_list(
        actor=actor_of(request),
        permission=P.REPORTS_SETTLE,
        verb="import.queue_seen",
        kind="bad_row",
        ids=[row.pk for row in rows],
        now=timezone.now(),
    )
    return show(request, "imports/queue.html", {"rows": rows})


@page(P.REPORTS_SETTLE)
@require_http_methods(["GET", "POST"])
def bad_row(request: HttpRequest, row_id: int, mend: BringIn) -> HttpResponse:
    """Mend a row and take it in, or set it aside with a reason. The row as it came stays as it came."""
    actor = actor_of(request)
    row = queries.bad_row(pk=row_id)
    if row is None:
        raise NotVisible
    note_list(actor=actor, permission=P.REPORTS_SETTLE, verb="import.row_seen", kind="bad_row", ids=[row.pk], now=timezone.now())
    values = {name: request.POST.get(f"cell_{at}", value) for at, (name, value) in enumerate(row.raw.items())}
    aside = ReasonOnly(request.POST if "aside" in request.POST else None)
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            if "aside" not in request.POST:
                mend(actor=actor, row=row, values=values, now=timezone.now())
                messages.success(request, "Mended and taken in.")
                return redirect("bad_rows")
            if aside.is_valid():
                actions.settle_bad_row(
                    actor=actor,
                    row_id=row_id,
                    seen_version=row.version,
                    report_id=None,
                    reason=aside.cleaned_data["reason"],
                    now=timezone.now(),
                )
                messages.success(request, "Set aside, with your reason.")
                return redirect("bad_rows")
            errors = aside.summary()
        except Refused as refused:
            errors = [{"text": f"{refusal.field}: {refusal.sentence}".lstrip(": "), "href": "#mend"} for refusal in refused.refusals]
        except Conflict:
            errors = [{"text": Conflict.sentence, "href": "#main-content"}]
    faults = {fault.get("column", ""): fault.get("reason", "") for fault in row.faults}
    cells = [(at, name, values[name], faults.get(name, "")) for at, name in enumerate(row.raw)]
    context = {
        "row": row,
        "cells": cells,
        "aside": aside,
        "errors": errors,
        "others": [reason for column, reason in faults.items() if column not in row.raw],
    }
    return show(request, "imports/row.html", context, status=422 if errors else 200)
