"""One of several who take the same step at the same instant: ``python -m tests.journeys.racing WHAT ROW VERSION START``."""

from __future__ import annotations

import sys
import time

# isort: off
from tests.journeys.outside import User  # sets Django up, so it comes first

from django.utils import timezone

from lodestar.actions import detectors, duty, people
from lodestar.actions.matters import closing
from lodestar.core.access.scope import system_actor
from lodestar.core.words import Conflict
from lodestar.store.queries.access import actor_for
# isort: on


def close(row: int, version: int) -> None:
    """Close a matter."""
    now = timezone.now()
    hazel = actor_for(user=User.objects.get(username="hazel"), at=now, door="test")
    closing.close_matter(actor=hazel, matter_id=row, seen_version=version, now=now)


def accept(row: int, version: int) -> None:
    """Accept a hand-over."""
    now = timezone.now()
    cedar = actor_for(user=User.objects.get(username="cedar"), at=now, door="test")
    duty.answer_handover(actor=cedar, handover_id=row, seen_version=version, verb="accept", reason="", now=now)


def part(row: int, version: int) -> None:
    """Take a report off whom it was joined to."""
    now = timezone.now()
    hazel = actor_for(user=User.objects.get(username="hazel"), at=now, door="test")
    people.undo_link(actor=hazel, report_id=row, seen_version=version, reason="A cousin", now=now)


def look(_row: int, _version: int) -> None:
    """Look for what should have happened; whoever finds nothing new has been beaten to it."""
    if not detectors.look(actor=system_actor("test"), now=timezone.now()):
        raise Conflict


if __name__ == "__main__":
    what, row, version, start = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    step = {"close": close, "accept": accept, "look": look, "part": part}[what]
    time.sleep(max(0.0, start - time.time()))
    try:
        step(row, version)
    except Conflict:
        print("conflict")
    else:
        print("won")
