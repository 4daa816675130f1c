"""The pages for what goes wrong. They show no detail of the fault."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not there, and may not be seen: the same page."""
    return render(request, "404.html", {"actor": None}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A form that was too old, or came from elsewhere."""
    return render(request, "403.html", {"actor": None}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was too old, or came from elsewhere."""
    return forbidden(request)


def went_wrong(request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    return render(request, "500.html", {"actor": None}, status=500)
