"""What has been loaded so far, shared by the stages of loading."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lodestar.actions import history
from lodestar.core.access.scope import Actor
from lodestar.doors.feeds.demo.demo import Demo

Say = Callable[[str], None]
Row = dict[str, Any]


@dataclass(slots=True)
class Loading:
    """What has been loaded so far, by the generator's own names."""

    actor: Actor
    demo: Demo
    now: datetime
    say: Say
    users: dict[str, int] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)
    districts: dict[str, int] = field(default_factory=dict)
    places: dict[tuple[str, str], int] = field(default_factory=dict)  # by district and town
    people: dict[str, int] = field(default_factory=dict)
    reports: dict[str, int] = field(default_factory=dict)
    matters: dict[str, int] = field(default_factory=dict)

    def take(self, noun: str, rows: Iterable[Row]) -> list[int]:
        """Take rows of one noun over."""
        return history.take_over(actor=self.actor, noun=noun, rows=list(rows), now=self.now)

    def who(self, username: str) -> int | None:
        """Somebody's number; nobody where no name is given."""
        return self.users.get(username)
