"""Telling everybody who relied on a person that a report had been joined to them wrongly: the outbox, the timeline, every open board."""

from __future__ import annotations

from lodestar.actions import notices
from lodestar.actions.perform import Act
from lodestar.core.people.quoting import notice, told
from lodestar.store.models import Link, Matter, PartingTold, Person, Report
from lodestar.store.queries import quoting


def tell(act: Act, *, link: Link, report: Report, new: Person) -> None:
    """Tell whoever holds something that quotes either person, each once; put it on every open matter, and wake the boards.

    ``link`` is the one that undid the join.
    """
    matters, quoted = quoting.quoting(people=(link.person_id, new.pk), report=report.pk)
    held = told(quoted)
    held.pop(act.actor.id or 0, None)  # whoever undoes it knows
    parted = quoting.parted(link, new=new.pk)
    by_number = {matter.pk: matter for matter in matters}
    for user, items in held.items():
        about = by_number.get(items[0].matter or 0, report)
        text = notice(parted, items)
        notices.tell(act, user_id=user, kind="parted", about=about, text=text, key=f"parted:{link.pk}")
        for matter, what in sorted({(item.matter, item.what) for item in items}, key=str):
            act.add(PartingTold(link=link, new_person=new, matter_id=matter, user_id=user, what=what, at=act.now))
    _write_on(act, link, new, matters, {item.matter for items in held.values() for item in items})
    act.record(report, verb="people.parting_told", detail={"people": len(held), "matters": [matter.pk for matter in matters]})


def _write_on(act: Act, link: Link, new: Person, matters: tuple[Matter, ...], told_on: set[int | None]) -> None:
    """Every open matter says it, held by somebody who was told or not; and every board that shows one reads it again."""
    for matter in matters:
        if matter.pk not in told_on:
            act.add(PartingTold(link=link, new_person=new, matter=matter, user=None, what="matter", at=act.now))
        act.changed(matter.pk, "people.parting_told")
