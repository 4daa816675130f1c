"""The life of a task. Nobody has looked, started, blocked and done are kept apart."""

from __future__ import annotations

from lodestar.core.access.permissions import Permission as P
from lodestar.core.lifecycle import Lifecycle, Row

_CANCELS = tuple(
    Row(state, "cancel", "cancelled", P.TASKS_CANCEL, "tasks.cancelled", reason_owed=True)
    for state in ("open", "issued", "acknowledged", "started", "blocked")
)

TASK = Lifecycle(
    name="task",
    initial="open",
    final=frozenset({"done", "not_done", "cancelled"}),
    rows=(
        Row("open", "issue", "issued", P.TASKS_ISSUE, "tasks.issued"),
        Row("issued", "acknowledge", "acknowledged", P.TASKS_WORK, "tasks.acknowledged"),
        Row("issued", "give_back", "open", P.TASKS_WORK, "tasks.given_back", reason_owed=True),
        Row("acknowledged", "give_back", "open", P.TASKS_WORK, "tasks.given_back", reason_owed=True),
        Row("acknowledged", "start", "started", P.TASKS_WORK, "tasks.started"),
        Row("started", "block", "blocked", P.TASKS_WORK, "tasks.blocked", reason_owed=True),
        Row("blocked", "unblock", "started", P.TASKS_WORK, "tasks.unblocked"),
        Row("started", "finish", "done", P.TASKS_WORK, "tasks.done"),
        Row("started", "fail", "not_done", P.TASKS_WORK, "tasks.not_done", reason_owed=True),
        *_CANCELS,
    ),
)

OPEN = frozenset({"open", "issued", "acknowledged", "started", "blocked"})
