"""How the examples of the kinds of engagement, and of each source's mapping, run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lodestar.core.engagements.draft import EngagementDraft
from lodestar.core.engagements.kinds import kinds_from
from lodestar.core.engagements.mapping import SourceMapping, mapping_from
from lodestar.core.engagements.reading import read_row
from lodestar.core.playbook import Playbook
from lodestar.core.times import local_day_bounds, say
from lodestar.core.words import Allowed

Table = Mapping[str, Any]


def source(book: Playbook, on: Any) -> SourceMapping:
    """A mapping playbook as the mapping in force on a day."""
    block = book.in_force(on)
    return mapping_from(
        block.values, code=book.code, title=book.title, kind=book.body["kind"], content_hash=book.content_hash, verified=block.verified
    )


def run_kinds(book: Playbook, given: Table) -> Table:
    """Whether an engagement means high harm to the one in this role."""
    harm = kinds_from(book.in_force(given["on"]).values)[given["kind"]].harm(role=given["role"], reason=given["reason"])
    return {"harm": harm.because if harm else ""}


def run_mapping(book: Playbook, given: Table) -> Table:
    """One row as it would be understood at the end of the day, or every fault of it by column and code."""
    now = local_day_bounds(given["on"]).until_at
    read = read_row(values=given["row"], mapping=source(book, given["on"]), now=now)
    if not isinstance(read, Allowed):
        return {"faults": tuple(f"{fault.field}: {fault.code}" for fault in read)}
    return _said(read.step)


def _said(draft: EngagementDraft) -> Table:
    known: Any = "date" if draft.precision == "date" else "minute"
    people = tuple(
        f"{one.role}: {one.subject.given_name} {one.subject.family_name}, {_standing(one.nature, one.grading)}" for one in draft.people
    )
    things = tuple(f"{one.kind}: {one.value}, {_standing(one.nature, one.grading)}" for one in draft.things)
    found = {"number": draft.external_id, "at": say(draft.happened_at, known=known), "people": people}
    return {**found, **({"things": things} if things else {})}


def _standing(nature: str, grading: str) -> str:
    return f"{nature}, {grading}" if grading else nature
