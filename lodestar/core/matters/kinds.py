"""The four kinds of matter and the lifecycle each lives by. A new desk adds a line here, never a copy of the machinery."""

from __future__ import annotations

from lodestar.core.lifecycle import Lifecycle
from lodestar.core.matters.missing import MISSING

LIFECYCLES: dict[str, Lifecycle] = {"missing": MISSING}

ENDED = frozenset({"closed", "transferred", "opened_in_error"})


def lifecycle(*, kind: str) -> Lifecycle:
    """The lifecycle of this kind of matter; an unknown kind is a fault in our code."""
    return LIFECYCLES[kind]


def is_open(*, state: str) -> bool:
    """A matter is open until it has ended in any of the ways there are."""
    return state not in ENDED
