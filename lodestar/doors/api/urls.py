"""The API: reports in, the board out. OpenAPI 3.1 at /api/v1/openapi.json."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Query, Status

from lodestar.actions import reports
from lodestar.actions.engagements import receiving
from lodestar.actions.perform import AuditUnavailable
from lodestar.actions.reading import note_list
from lodestar.core.access.permissions import Permission
from lodestar.core.engagements.draft import as_kept
from lodestar.core.engagements.reading import read_row
from lodestar.core.words import Allowed, Conflict, NotVisible, Refused
from lodestar.doors.api.keys import ApiKey, actor_of
from lodestar.doors.api.schemas import BoardOut, EngagementIn, EngagementOut, ReceivedOut, RefusedOut, ReportIn
from lodestar.store.queries import mappings, priority

NO_SOURCE = "There is no mapping of this source. Ask whoever keeps the mappings for its code."

api = NinjaAPI(title="Lodestar", version="1", urls_namespace="api", auth=ApiKey(), docs_url=None)


def needs(permission: Permission) -> dict[str, str]:
    """Name the permission a call needs in the API's own description; the role × route matrix is drawn from it."""
    return {"x-permission": permission.value}


def _refused(request: HttpRequest, sentences: list[dict[str, str]], status: int) -> HttpResponse:
    return api.create_response(request, {"refusals": sentences}, status=status)


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """422, with every sentence."""
    return _refused(request, [asdict(refusal) for refusal in error.refusals], 422)


@api.exception_handler(Conflict)
def conflict(request: HttpRequest, error: Conflict) -> HttpResponse:
    """409: somebody was first."""
    return _refused(request, [{"code": "conflict", "sentence": Conflict.sentence}], 409)


@api.exception_handler(NotVisible)
def not_visible(request: HttpRequest, error: NotVisible) -> HttpResponse:
    """404, for what is not there and for what may not be seen."""
    return _refused(request, [{"code": "not_found", "sentence": "There is nothing here that you can open."}], 404)


@api.exception_handler(AuditUnavailable)
def no_audit(request: HttpRequest, error: AuditUnavailable) -> HttpResponse:
    """503: without an audit row nothing happens and nothing is shown."""
    sentence = "The audit could not be written, so nothing was done. Try again in a minute."
    return _refused(request, [{"code": "audit_unavailable", "sentence": sentence}], 503)


@api.post(
    "/reports",
    response={201: ReceivedOut, 200: ReceivedOut, 422: RefusedOut, 404: RefusedOut, 503: RefusedOut},
    operation_id="receive_report",
    openapi_extra=needs(Permission.REPORTS_RECEIVE),
)
def receive_report(request: HttpRequest, body: ReportIn) -> Any:
    """Take in a report. 201 the first time; 200 and the same numbers when it has come in before."""
    naive = body.naive_times()
    if naive:
        sentence = "Give the time with its offset, for example 2026-06-04T09:32:00+01:00."
        return Status(422, {"refusals": [{"code": "time.no_offset", "sentence": sentence, "field": name} for name in naive]})
    now = timezone.now()
    made = reports.receive(actor=actor_of(request), draft=body.draft(now=now), raw=request.body.decode(), now=now)
    return Status(
        200 if made.repeated else 201,
        {
            "report": made.report_id,
            "matter": made.matter_id,
            "repeated": made.repeated,
            "identity_unsure": made.unsure,
            "cautions": [asdict(caution) for caution in made.cautions],
        },
    )


@api.post(
    "/engagements",
    response={201: EngagementOut, 200: EngagementOut, 422: RefusedOut, 404: RefusedOut, 503: RefusedOut},
    operation_id="receive_engagement",
    openapi_extra=needs(Permission.ENGAGEMENTS_RECEIVE),
)
def receive_engagement(request: HttpRequest, body: EngagementIn) -> Any:
    """Take in one row of an agency's, read by its source's mapping. 201 the first time; 200 and the same number after that.

    422 names every fault by its column. The same number with other words is refused: which is right is for a person to say.
    """
    now = timezone.now()
    mapping = mappings.source(code=body.source, at=now)
    if mapping is None:
        return Status(422, {"refusals": [{"code": "engagement.source", "sentence": NO_SOURCE, "field": "source"}]})
    long = body.too_long()
    if long:
        return Status(
            422, {"refusals": [{"code": "engagement.too_long", "sentence": "This is too long.", "field": name[:120]} for name in long]}
        )
    read = read_row(values=body.row, mapping=mapping, now=now)
    if not isinstance(read, Allowed):
        raise Refused(*read)
    made = receiving.receive(actor=actor_of(request), draft=read.step, raw=as_kept(body.row), now=now)
    return Status(
        200 if made.repeated else 201,
        {
            "engagement": made.engagement_id,
            "repeated": made.repeated,
            "people": made.people,
            "identity_unsure": made.unsure,
            "news_on": list(made.news_on),
            "looks": made.looks,
            "matter": made.matter_id,
            "cautions": [asdict(caution) for caution in made.cautions],
        },
    )


@api.get("/matters", response={200: BoardOut, 404: RefusedOut}, operation_id="board", openapi_extra=needs(Permission.MATTERS_READ))
def board(request: HttpRequest, page: int = Query(1, ge=1, le=10_000), tier: int | None = Query(None, ge=1, le=4)) -> Any:
    """The open matters within the caller's reach, in the board's order; who looked is on record."""
    actor, at = actor_of(request), timezone.now()
    if not actor.may(Permission.MATTERS_READ):
        raise NotVisible
    found = priority.board(actor=actor, wanted=priority.BoardFilter(tier=tier), page=page, at=at)
    ids = [row.id for row in found.rows]
    note_list(actor=actor, permission=Permission.MATTERS_READ, verb="board.seen", kind="matter", ids=ids, now=at)
    matters = [{**asdict(row), "matter": row.id, "answers": row.holder} for row in found.rows]
    return {"total": found.total, "late": found.late, "page": found.page, "pages": found.pages, "matters": matters}
