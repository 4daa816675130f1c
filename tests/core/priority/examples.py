"""How the examples in the tiers' playbooks run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from lodestar.core.matters.desk import Done, Involved, Story
from lodestar.core.matters.kinds import DESKS
from lodestar.core.playbook import Playbook
from lodestar.core.priority.tiers import RULES, MatterFacts, assess

AT = datetime(2026, 6, 4, 9, tzinfo=UTC)
GIRL_OF_15 = {"state": "active", "is_child": True, "age": 15}


def run_tiers(book: Playbook, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The tier of a child of 15, unless the example says another age, and the reason that decided it."""
    if book.code != "TIERS-MISSING":
        return run_desk_tiers(book, given)
    said = {key: value for key, value in given.items() if key != "missing_hours"}
    facts = MatterFacts(**{**GIRL_OF_15, "missing_since": AT - timedelta(hours=given["missing_hours"]), **said})
    found = assess(facts=facts, rules=book.in_force(AT).values["rules"], at=AT, tests=RULES)
    return {"tier": found.tier, "reason": found.reasons[0].code}


def run_desk_tiers(book: Playbook, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The tier of another desk's matter: its level and state, the deeds done, who is in it, and which clocks stand how."""
    told = next(desk for desk in DESKS.values() if desk.tiers == book.code)
    said = {key: value for key, value in given.items() if key not in ("done", "roles", "late", "soon", "owed")}
    story = Story(
        kind=told.kind,
        **{"state": told.lifecycle.initial, "reported_at": AT - timedelta(hours=1), "opened_at": AT - timedelta(hours=1), **said},
        done=tuple(Done(number, code, AT, AT, 1) for number, code in enumerate(given.get("done", ()), start=1)),
        involved=tuple(
            Involved(id=number, person=number, role=role, nature="fact", from_at=AT)
            for number, role in enumerate(given.get("roles", ()), start=1)
        ),
        **{name: frozenset(given.get(name, ())) for name in ("owed", "late", "soon")},
    )
    found = assess(facts=story, rules=book.in_force(AT).values["rules"], at=AT, tests=told.rules)
    return {"tier": found.tier, "reason": found.reasons[0].code}
