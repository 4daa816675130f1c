"""Pages and the API on threads that live as long as the server, each keeping its database connection and its warm cache.

An answer that is whole when it is made, as every page is, is handed back to the loop in one turn of both threads. Handed over
as it was written, head, body and end, each had to wait for the other three times, which took longer than an empty page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from a2wsgi.wsgi import Body, build_environ

Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
Tell = Callable[[Message], None]


class Threads:
    """The pages of a WSGI application, as the server asks for them."""

    def __init__(self, pages: Callable[..., Iterable[bytes]], *, threads: int) -> None:
        self.pages = pages
        self.threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="pages")

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        """Answer one request."""
        loop = asyncio.get_running_loop()
        environ = build_environ(scope, Body(loop, receive))

        def tell(message: Message) -> None:
            asyncio.run_coroutine_threadsafe(send(message), loop).result()

        for message in await loop.run_in_executor(self.threads, copy_context().run, self._answer, environ, tell):
            await send(message)

    def _answer(self, environ: Any, tell: Tell) -> tuple[Message, ...]:
        """What is left to send of an answer: all of one that is whole. A stream is told part by part, on the thread that it began on."""
        head: Message = {"type": "http.response.start"}

        def start(status: str, headers: Iterable[tuple[str, str]], exc_info: object = None) -> None:
            del exc_info  # Django answers for what went wrong itself
            head["status"] = int(status.split(" ", 1)[0])
            head["headers"] = [(name.lower().encode("latin1"), value.strip().encode("latin1")) for name, value in headers]

        answer: Any = self.pages(environ, start)
        try:
            if not getattr(answer, "streaming", True):
                return head, _body(b"".join(answer))
            tell(head)
            for part in answer:
                tell({**_body(part), "more_body": True})
            return (_body(b""),)
        finally:
            answer.close()


def _body(content: bytes) -> Message:
    return {"type": "http.response.body", "body": content}
