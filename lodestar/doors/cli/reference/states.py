"""The page of states: every lifecycle as its table, and as the diagram drawn from it."""

from __future__ import annotations

import sys
from types import ModuleType

from lodestar.core.access.scope import Role
from lodestar.core.detectors import hits
from lodestar.core.duty import handover
from lodestar.core.engagements import versions as mappings
from lodestar.core.identity import governing
from lodestar.core.inspection import commitments, section55
from lodestar.core.lifecycle import Lifecycle
from lodestar.core.matters import transfer
from lodestar.core.matters.kinds import DESKS
from lodestar.core.networks import leads
from lodestar.core.packs import lifecycle as packs
from lodestar.core.tasking import decide, versions
from lodestar.core.tasks import lifecycle as tasks
from lodestar.doors.cli.reference.markdown import code, first_paragraph, page, table

HEADS = ("From", "Verb", "To", "Permission", "Roles that hold it", "Reason owed", "In the audit")
LIFE_OF: tuple[tuple[str, Lifecycle, ModuleType], ...] = (
    *((f"A matter: {desk.noun}", desk.lifecycle, sys.modules[f"lodestar.core.matters.{desk.kind}.lifecycle"]) for desk in DESKS.values()),
    ("A transfer between forces", transfer.TRANSFER, transfer),
    ("A hand-over", handover.HANDOVER, handover),
    ("A proposal", decide.PROPOSAL, decide),
    ("A version of the tasking formula", versions.FORMULA, versions),
    ("How a source's engagements are read", mappings.MAPPING, mappings),
    ("A model of linkage", governing.MODEL, governing),
    ("A task", tasks.TASK, tasks),
    ("What a detector found", hits.HIT, hits),
    ("A lead", leads.LEAD, leads),
    ("A meeting and its pack", packs.MEETING, packs),
    ("What a meeting asked", packs.ACTION, packs),
    ("A reply under section 55", section55.REPLY, section55),
    ("A commitment to an inspectorate", commitments.COMMITMENT, commitments),
)


def states(roles: dict[str, Role]) -> str:
    """Every lifecycle there is."""
    intro = (
        "What can happen next, to what, by whom. A playbook may set periods and texts; it never invents a state. "
        "A role that holds the permission must also reach the matter: see [roles](roles.md)."
    )
    return page("States", intro, *(_life(title, life, module, roles) for title, life, module in LIFE_OF))


def _life(title: str, life: Lifecycle, module: ModuleType, roles: dict[str, Role]) -> str:
    rows = [
        (row.source, row.verb, row.target, code(row.who), holders(roles, row.who), "yes" if row.reason_owed else "", code(row.audit))
        for row in life.rows
    ]
    final = ", ".join(sorted(life.final))
    where = f"`lodestar/{module.__name__.removeprefix('lodestar.').replace('.', '/')}.py`"
    return "\n\n".join(
        (
            f"## {title}",
            first_paragraph(module.__doc__),
            f"Begins as **{life.initial}**. Ends for good as: {final}. The table is in {where}.",
            table(HEADS, rows),
            f"```mermaid\n{life.diagram()}\n```",
        )
    )


def holders(roles: dict[str, Role], permission: str) -> str:
    """The roles that hold a permission, by title."""
    return ", ".join(role.title for role in roles.values() if permission in role.permissions) or "nobody but the system itself"
