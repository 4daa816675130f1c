"""The door that the server opens.

Pages and the API run on threads; only the push stream, which holds a line open for every page, runs on the event loop.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

from lodestar.config.leftovers import settle
from lodestar.config.threads import Threads

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lodestar.config.settings")
THREADS = 8

_events = get_asgi_application()
_pages = Threads(get_wsgi_application(), threads=THREADS)
import_module(settings.ROOT_URLCONF)  # all that the pages need is read in before the door opens: the first visitor waits for none of it
settle()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Hand each request to the side that serves it."""
    streams = scope["type"] != "http" or scope["path"] == "/events/"
    await (_events if streams else _pages)(scope, receive, send)
