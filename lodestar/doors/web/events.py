"""Push: every open page hears of a change within a moment, and asks again for what it may see.

Nothing about a child travels on this channel: only "something changed" and, to each person, how many notices wait.
One watcher a process reads the change cursor a few times a second, however many pages are open.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connections
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, StreamingHttpResponse
from django.utils import timezone

from lodestar.store.queries import notices

EVERY = 0.25  # seconds between looks at the cursor
LATE = timedelta(seconds=5)  # how long a commit may lag behind its number
QUIET = 15.0  # seconds after which a quiet line says it is alive


@dataclass(slots=True)
class Watcher:
    """Reads the cursor for every page of this process."""

    listeners: dict[asyncio.Queue[int], int] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    cursor: int = 0
    task: asyncio.Task[None] | None = None

    def join(self, user_id: int) -> asyncio.Queue[int]:
        """A page starts to listen; the first one starts the watch."""
        queue: asyncio.Queue[int] = asyncio.Queue(maxsize=1)
        self.listeners[queue] = user_id
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self._watch())
        return queue

    def leave(self, queue: asyncio.Queue[int]) -> None:
        """A page is gone; the last one stops the watch."""
        self.listeners.pop(queue, None)

    async def _watch(self) -> None:
        self.cursor = await _cursor()
        while self.listeners:
            await asyncio.sleep(EVERY)
            if new := self._unseen(await _changes(self.cursor)):
                self.cursor = max(self.cursor, *new)
                for queue in self.listeners:
                    with suppress(asyncio.QueueFull):  # a page with one waiting will read everything anyway
                        queue.put_nowait(self.cursor)

    def _unseen(self, numbers: list[int]) -> list[int]:
        """A late commit may show up behind the cursor, so numbers are remembered for a while."""
        new = [number for number in numbers if number not in self.seen]
        self.seen = set(numbers)
        return new


@contextmanager
def _briefly() -> Iterator[None]:
    """Ask the database and give the connection back: with a pool, a page that only listens must not keep one."""
    close_old_connections()
    try:
        yield
    finally:
        close_old_connections()


@sync_to_async(thread_sensitive=False)
def _cursor() -> int:
    with _briefly():
        return notices.cursor()


@sync_to_async(thread_sensitive=False)
def _changes(cursor: int) -> list[int]:
    with _briefly():
        return notices.changes_since(cursor=cursor, floor=timezone.now() - LATE)


@sync_to_async(thread_sensitive=False)
def _unread(user_id: int) -> int:
    with _briefly():
        return notices.unseen(user_id=user_id)


WATCHER = Watcher()


async def events(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The stream of one open page. Signed-in people only; closes with the page."""
    user = await request.auser()
    if not user.is_authenticated:
        return HttpResponseForbidden()
    response = StreamingHttpResponse(_stream(user.pk), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def _stream(user_id: int) -> AsyncIterator[str]:
    # The session was read on a thread of this request's own, which lasts as long as the stream does.
    await sync_to_async(connections.close_all)()
    queue = WATCHER.join(user_id)
    try:
        yield f"retry: 2000\nevent: notices\ndata: {await _unread(user_id)}\n\n"
        while True:
            try:
                cursor = await asyncio.wait_for(queue.get(), timeout=QUIET)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            yield f"event: changed\ndata: {cursor}\n\n"
            yield f"event: notices\ndata: {await _unread(user_id)}\n\n"
    finally:
        WATCHER.leave(queue)
