"""How the examples in the tiers' playbook run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from lodestar.core.playbook import Playbook
from lodestar.core.priority.tiers import RULES, MatterFacts, assess

AT = datetime(2026, 6, 4, 9, tzinfo=UTC)
GIRL_OF_15 = {"state": "active", "is_child": True, "age": 15}


def run_tiers(book: Playbook, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The tier of a child of 15, unless the example says another age, and the reason that decided it."""
    said = {key: value for key, value in given.items() if key != "missing_hours"}
    facts = MatterFacts(**{**GIRL_OF_15, "missing_since": AT - timedelta(hours=given["missing_hours"]), **said})
    found = assess(facts=facts, rules=book.in_force(AT).values["rules"], at=AT, tests=RULES)
    return {"tier": found.tier, "reason": found.reasons[0].code}
