"""The application as it is served, with the time each answer took put in its header.

The time runs from the request reaching the application to its answer beginning, so waiting for a free thread is in it.
"""

from __future__ import annotations

import time
from typing import Any

from lodestar.config.asgi import application as lodestar

HEADER = b"x-bench-ms"


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Pass the request on; say how long it took."""
    begun = time.perf_counter()

    async def timed(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            took = f"{(time.perf_counter() - begun) * 1000:.3f}".encode()
            message["headers"] = [*message.get("headers", []), (HEADER, took)]
        await send(message)

    await lodestar(scope, receive, timed)
