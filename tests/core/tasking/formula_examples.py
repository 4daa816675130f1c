"""How the examples in the governed formula's playbook run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lodestar.core.playbook import Playbook
from lodestar.core.tasking.formula import Work, formula_from, judge


def run_tasking_formula(book: Playbook, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """One piece of work, judged by the newest block."""
    formula = formula_from(book.blocks[-1].values)
    work = Work(
        kind=given["kind"],
        purpose=formula.purpose(given["kind"]),
        matter=given["matter"],
        matter_tier=given["matter_tier"],
        owed=formula.statutory.intersection(given["owed"]),
        located=given["located"],
    )
    first = judge(work=work, formula=formula)[0]
    return {"tier": first.tier.code, "rule": first.rule}
