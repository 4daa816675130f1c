"""What the demonstration asks of partner agencies today, by the same actions as everybody's."""

from __future__ import annotations

from datetime import timedelta

from lodestar.actions import partners as actions
from lodestar.core.access.scope import Actor
from lodestar.doors.feeds.demo.stage import Loading
from lodestar.store.queries import access, tasks
from lodestar.store.queries import partners as queries


def ask_partners(one: Loading) -> None:
    """Two pieces of work are asked of partner agencies by whoever runs the hub: one waits for its answer, one has its yes."""
    hub = _acting(one, "hub_sergeant")
    waiting = [task for task in tasks.open_tasks(actor=hub) if task.state == "open" and queries.agencies(task, at=one.now)]
    for task, (agency, answered) in zip(waiting, (("youth_justice", False), ("local_authority", True)), strict=False):
        actions.ask_partner(
            actor=hub, task_id=task.pk, seen_version=task.version, agency=agency, reply_by=one.now + timedelta(hours=3), now=one.now,
            needed="Somebody they already trust should speak to them first. Home is safe to visit; ring before.",
            power="Children Act 2004 s.11",
        )  # fmt: skip
        if answered:
            worker = _acting(one, f"{agency}_worker", place=task.matter.authority)
            seen = task.version + 1
            actions.answer_request(
                actor=worker, task_id=task.pk, seen_version=seen, verb="accept", who="The family's own worker", reason="", now=one.now
            )


def _acting(one: Loading, role: str, *, place: str = "") -> Actor:
    """The first of a role, over a place where it has places."""
    username = next(row.username for row in one.demo.staff if row.role == role and place in ("", *row.places))
    user = access.user_named(username=username)
    assert user is not None  # noqa: S101 - just loaded
    return access.actor_for(user=user, at=one.now, door="demo")
