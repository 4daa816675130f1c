"""How the examples in the set checklist's playbook run, and the stories that the online desk's tests tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from lodestar.core.matters.desk import Done, Involved, Story, check_items
from lodestar.core.matters.online.checklist import checklist
from lodestar.core.playbook import Playbook
from lodestar.store.playbooks import playbook

AT = datetime(2026, 6, 4, 9, tzinfo=UTC)


def items_on(day: date) -> tuple[Any, ...]:
    """The items of the set checklist in force on a day."""
    return check_items(playbook("CHECKLIST-ONLINE").in_force(day).values)


ITEMS = items_on(date(2026, 6, 4))


def told(**changes: Any) -> Story:
    """A case received on the morning of 4 June 2026, and whatever the test says of it."""
    story = {"kind": "online", "state": "referred", "reported_at": AT, "opened_at": AT, "checklist": ITEMS, **changes}
    return Story(**story)


def link(number: int, role: str = "child_at_risk", *, person: int | None = None, from_at: datetime = AT) -> Involved:
    """A child linked to the case."""
    return Involved(id=number, person=number if person is None else person, role=role, nature="fact", from_at=from_at)


def run_checklist(book: Playbook, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """How the items that an example names stand."""
    done = tuple(
        Done(number, row["code"], row["at"], row["at"], row.get("by"), dict(row.get("said", {})))
        for number, row in enumerate(given.get("done", ()), start=1)
    )
    story = told(
        reported_at=given["reported_at"],
        opened_at=given["reported_at"],
        checklist=check_items(book.in_force(given["reported_at"]).values),
        done=done,
        involved=tuple(link(number, "child_in_household", from_at=given["reported_at"]) for number in given.get("children", ())),
    )
    return {item.code: item.standing for item in checklist(story, given["at"]) if item.code in given["items"]}
