"""The life of a task. Nobody has looked, started, blocked and done are kept apart; so is what a partner agency is asked for."""

from __future__ import annotations

from lodestar.core.access.permissions import Permission as P
from lodestar.core.lifecycle import Lifecycle, Row

WITH_SOMEBODY = ("issued", "acknowledged", "started", "blocked")
OPEN_STATES = ("open", "asked", *WITH_SOMEBODY)

TASK = Lifecycle(
    name="task",
    initial="open",
    final=frozenset({"done", "not_done", "cancelled"}),
    rows=(
        Row("open", "issue", "issued", P.TASKS_ISSUE, "tasks.issued"),
        # A partner agency is asked, never ordered: it is nobody's until somebody there says yes, and a yes is an acknowledgement.
        Row("open", "ask_partner", "asked", P.TASKS_ISSUE, "tasks.partner_asked"),
        Row("asked", "accept", "acknowledged", P.TASKS_ANSWER, "tasks.partner_accepted"),
        Row("asked", "decline", "open", P.TASKS_ANSWER, "tasks.partner_declined", reason_owed=True),
        Row("asked", "withdraw", "open", P.TASKS_ISSUE, "tasks.partner_withdrawn", reason_owed=True),
        Row("issued", "acknowledge", "acknowledged", P.TASKS_WORK, "tasks.acknowledged"),
        Row("acknowledged", "start", "started", P.TASKS_WORK, "tasks.started"),
        Row("started", "block", "blocked", P.TASKS_WORK, "tasks.blocked", reason_owed=True),
        Row("blocked", "unblock", "started", P.TASKS_WORK, "tasks.unblocked"),
        Row("started", "finish", "done", P.TASKS_WORK, "tasks.done"),
        # Why it was not done is the evidence its outcome owes, so no second reason is asked for.
        Row("started", "fail", "not_done", P.TASKS_WORK, "tasks.not_done"),
        # Work somebody cannot go on with, at the end of a shift for one, goes back on the list rather than nowhere.
        *(Row(state, "give_back", "open", P.TASKS_WORK, "tasks.given_back", reason_owed=True) for state in WITH_SOMEBODY),
        # A decider moves work that nobody has begun: for a higher tier, or because somebody is not there.
        *(Row(state, "take_back", "open", P.TASKS_ISSUE, "tasks.taken_back", reason_owed=True) for state in ("issued", "acknowledged")),
        *(Row(state, "cancel", "cancelled", P.TASKS_CANCEL, "tasks.cancelled", reason_owed=True) for state in OPEN_STATES),
    ),
)

OPEN = frozenset(OPEN_STATES)
