"""Rows refuse to be written except inside ``actions.perform``.

The permit is a context variable that only ``perform`` sets, so a stray ``save()`` in a page or a script fails at once
instead of writing without an audit row.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

from lodestar.store.queries.journeys import on_postgresql

# SQLite has one writer at a time, and who finds it busy sleeps and asks again, ever longer. Within a process writers queue
# here instead, in order. It decides nothing: who wins a race is still the version that was seen.
_TURN = threading.RLock()
_permitted: ContextVar[bool] = ContextVar("lodestar_writing_permitted", default=False)


class WriteOutsideAction(Exception):  # noqa: N818 - names what happened
    """A row was about to be written outside ``perform``."""


@contextmanager
def writing() -> Iterator[None]:
    """Permit writes in this block. Only ``lodestar.actions.perform`` may call this (a shape test looks)."""
    with _turn():
        token = _permitted.set(True)
        try:
            yield
        finally:
            _permitted.reset(token)


def _turn() -> AbstractContextManager[object]:
    return nullcontext() if on_postgresql() else _TURN


def insist_permitted(what: str) -> None:
    """Stop a write that no action is making."""
    if not _permitted.get():
        raise WriteOutsideAction(f"{what} may only be written inside an action (lodestar.actions)")
