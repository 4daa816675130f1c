"""A model of linkage for the pages: put forward by the analyst, with what it showed."""

from __future__ import annotations

from datetime import datetime

from lodestar.actions import identity_models
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
