"""What the pages of linkage need: a model put forward with what it showed, and somebody with work on a matter."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from lodestar.actions import identity_models, tasks
from lodestar.store.guard import writing
from lodestar.store.models import Task, User
from lodestar.store.queries import access
from lodestar.store.queries.identity_models import starting_document
from tests.actions.conftest import Force

SHOWN = {"joined": 4200, "right": 4197, "true": 5600, "precision": 0.9993, "recall": 0.7495, "f1": 0.857}
DEMANDS = ("precision", "recall", "errors of one home", "twins joined")
REPORT = {
    "bands": {"link": SHOWN, "link_and_review": SHOWN},
    "groups": [{"group": group, **SHOWN} for group in ("white British", "Somali")],
    "calibration": [{"from_chance": 0.99, "pairs": 900, "right": 889, "share": 0.9878}],
    "gate": {"passed": True, "demands": [{"demand": name, "met": True, "measured": "0.9991"} for name in DEMANDS]},
}


def put_forward(force: Force, now: datetime) -> int:
    """A model that passed every demand; returns its number."""
    return identity_models.propose(
        actor=force.actor("pine", now), document=starting_document(), report=REPORT, reason="Fitted to this year's answers", now=now
    )


def agreed_by_one(force: Force, now: datetime) -> int:
    """The same, with one person's word for it."""
    number = put_forward(force, now)
    identity_models.approve(actor=force.actor("maple", now), number=number, seen_version=1, reason="Read with the analyst", now=now)
    return number


def in_hand(*, matter: int, who: str) -> int:
    """A task that somebody has in hand; how work comes to somebody has a journey of its own."""
    now = timezone.now()
    asked = {"matter_id": matter, "kind": "premises_search", "detail": "The house", "earliest_at": now, "due_at": now + timedelta(hours=6)}
    sergeant = access.actor_for(user=User.objects.get(username="alder"), at=now, door="test")
    number = int(tasks.ask_for_task(actor=sergeant, now=now, **asked))
    with writing():
        Task.objects.filter(pk=number).update(assignee=User.objects.get(username=who), state="accepted")
    return number
