"""Work that nobody can do and nobody has accepted: since when, why, what would place it, and who may accept it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lodestar.core.access.scope import Actor
from lodestar.core.tasking.decide import ranks_with
from lodestar.core.tasking.formula import Formula
from lodestar.core.tasking.pose import task_id
from lodestar.store.models import Matter, Obligation, Proposal, Task
from lodestar.store.queries.access import in_reach

DEED = "task_resourced"
FEW = 5  # proposals looked through, the newest first, for what each last said of a piece of work


@dataclass(frozen=True, slots=True)
class Nobody:
    """A piece of work that nobody can do."""

    task: Task
    since: datetime
    due_at: datetime  # by when it is to be placed, or accepted by name
    why: str
    change: str  # the cheapest change that would place it
    tier: str
    rank: str  # the lowest that may accept it
    may: bool  # whether the one who looks holds that rank


def unresourced(*, actor: Actor, formula: Formula, rank: str) -> tuple[Nobody, ...]:
    """Each such piece of work within reach, the soonest first."""
    owed = {
        row.subject_id: row for row in Obligation.objects.filter(is_open=True, satisfied_by=DEED, subject_kind="task").order_by("-due_at")
    }
    if not owed:
        return ()
    within = Matter.objects.filter(in_reach(actor=actor, permission="tasking.propose")).values("pk")
    rows = Task.objects.filter(pk__in=owed, is_open=True, matter__in=within).select_related("matter")
    said = _said()
    found = []
    for row in rows:
        line, code = said.get(task_id(row.pk), ({}, ""))
        tier = formula.tiers.get(code) or formula.at(0)  # a tier that the formula has no longer: the highest, as unknown is not low
        clock = owed[row.pk]
        may = ranks_with(rank=rank, owed=tier.risk_rank)
        why, change = line.get("detail", ""), line.get("change", "")
        found.append(Nobody(row, clock.started_at, clock.due_at, why, change, tier.title, tier.risk_rank, may))
    return tuple(sorted(found, key=lambda one: (one.due_at, one.task.pk)))


@dataclass(frozen=True, slots=True)
class Why:
    """What the newest proposal that looked at a piece of work said of why nobody does it."""

    proposal: int
    why: str
    change: str


def why_nobody(task: int) -> Why | None:
    """Nothing where no late proposal looked at it, or where the newest that did placed it."""
    name = task_id(task)
    for row in Proposal.objects.order_by("-pk").values("pk", "body__unplaced", "judged")[:FEW]:
        if name in row["judged"]:
            line = next((line for line in row["body__unplaced"] if line["task"] == name), None)
            return Why(row["pk"], line["detail"], line.get("change", "")) if line else None
    return None


def _said() -> dict[str, tuple[dict[str, Any], str]]:
    """What the newest proposals say of each piece of work they could not place, with its tier."""
    found: dict[str, tuple[dict[str, Any], str]] = {}
    for row in Proposal.objects.order_by("-pk").values("body__unplaced", "judged")[:FEW]:
        for line in row["body__unplaced"]:
            found.setdefault(line["task"], (line, row["judged"][line["task"]]["tier"]))
    return found
