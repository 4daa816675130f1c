"""How an example in a line's playbook runs: a level in, its class and deadline out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lodestar.core.forecast.rules import line_rules
from lodestar.core.playbook import Playbook

Table = Mapping[str, Any]


def run_forecast(book: Playbook, given: Table) -> Table:
    """The class of a level, when somebody trained so does a whole post's work, and the most that a year may grow."""
    rules = line_rules(book, on=given["on"])
    code = rules.class_of(given["level"])
    return {
        "class": code,
        "deadline_days": next(one.deadline_days for one in rules.classes if one.code == code),
        "full_from_month": rules.trained(given["training"]).value[-1][0],
        "most_growth": rules.grown(given["growth"]).value[0][1],
    }
