"""For machines: alive, ready, and counts without personal data."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from lodestar.store.queries import health


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, so pages can be shown."""
    try:
        health.touch()
    except DatabaseError:
        return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts for a monitor: open, late, unsealed, undelivered, age of the last sweep. No names, no ids."""
    registry = CollectorRegistry()
    for name, (words, value) in health.counts(at=timezone.now()).items():
        Gauge(f"lodestar_{name}", words, registry=registry).set(value)
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4")
