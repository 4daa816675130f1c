"""Telling everybody who relied on a person that a report had been joined to them wrongly: the outbox, the timeline, every open board."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from lodestar.actions import notices
from lodestar.actions.perform import Act
from lodestar.core.people.quoting import Parted, Quoted, notice, told
from lodestar.store.models import Link, PartingTold, Person, Report
from lodestar.store.queries import quoting


def tell(act: Act, *, link: Link, report: Report, new: Person) -> None:
    """Tell whoever holds something that quotes either person, each once; put it on every open matter, and wake the boards.

    ``link`` is the one that undid the join.
    """
    every = act.answer(quoting.touched, link.person_id, new.pk, report.pk)
    matters, quoted = quoting.quoting(every, one=link.person_id, other=new.pk, report=report.pk)
    held = told(quoted)
    held.pop(act.actor.id or 0, None)  # whoever undoes it knows
    by_number = {matter.pk: matter for matter in matters}
    for user, items in held.items():
        about, text = by_number.get(items[0].matter or 0, report), notice(Parted(report.pk, link.person_id, new.pk), items)
        notices.tell(act, user_id=user, kind="parted", about=about, text=text, key=f"parted:{link.pk}", first=True)
    act.add_soon([PartingTold(link=link, new_person=new, at=act.now, **said) for said in _said(held, by_number)])
    for pk in by_number:
        act.changed(pk, "people.parting_told")
    act.record(report, verb="people.parting_told", detail={"people": len(held), "matters": list(by_number)})


def _said(held: Mapping[int, tuple[Quoted, ...]], matters: Collection[int]) -> Iterator[dict[str, Any]]:
    """What stands on the timelines: of what each was told, and every open matter, held by somebody who was told or not."""
    for user, items in held.items():
        for matter, what in sorted({(item.matter, item.what) for item in items}, key=str):
            yield {"matter_id": matter, "user_id": user, "what": what}
    told_on = {item.matter for items in held.values() for item in items}
    yield from ({"matter_id": matter, "user_id": None, "what": "matter"} for matter in matters if matter not in told_on)
