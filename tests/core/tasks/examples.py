"""How the examples in the playbook of kinds of work run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lodestar.core.playbook import Playbook
from lodestar.core.tasks.lifecycle import TASK
from lodestar.core.tasks.outcomes import finish, kind_from
from lodestar.core.words import Allowed

AT = datetime(2026, 6, 4, 9, tzinfo=UTC)


def run_task_kinds(book: Playbook, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whether a task may end so, the state it ends in, and the deed it amounts to."""
    kind = kind_from(given["kind"], book.in_force(AT).values["kinds"][given["kind"]])
    verdict = finish(kind=kind, outcome=given["outcome"], evidence=given["evidence"], done_at=AT, issued_at=AT, now=AT)
    if not isinstance(verdict, Allowed):
        return {"allowed": False, "refused": verdict[0].code}
    row = TASK.row(state="started", verb=verdict.step.verb)
    return {"allowed": True, "state": row.target if row else "", "deed": kind.deed(verdict.step)}
