"""M8's lines about what is owed on paper: certificates with their reasons, secure requests with their test, proof at court.

A certificate that was made is produced to the first court after it (PACE s.38(7)). That an authority offered nothing for a
place that is not secure is told apart from "impracticable", never folded into it. Source: custody note 2.2 (G5, G9, G11), 2.6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lodestar.core.matters.custody.certificates import ACCEPTED
from lodestar.core.matters.custody.requests import SECURE
from lodestar.core.matters.desk import Done, Story
from lodestar.core.measures.sheet import Marked, Sheet

FAILED: Mapping[str, str] = {"refused": "refused", "no_reply": "no reply"}
FEW_WORDS = 3  # fewer than this is no record of harm; the desk's own rule


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What one child's detention has on record of certificates and secure requests, by the cut."""

    id: str
    child: str
    impracticable: frozenset[str]  # the reasons of each certificate (a)
    serious_harm: bool
    failed: str  # how the authority failed to provide: refused, no_reply, or empty
    produced: bool | None  # whether every certificate was produced to the court; None where none was owed there
    audits: tuple[tuple[str, bool], ...]  # each secure request, and whether its serious-harm record is whole


def on_paper(story: Story, *, row: str, child: str) -> OnPaper:
    """What stands on record of one detention."""
    made = story.all("certified_impracticable")
    certified = made or story.all("certified_serious_harm")
    court = story.last("brought_to_court")
    requests = [done for done in story.all("place_requested") if done.said.get("type") == SECURE]
    return OnPaper(
        id=row,
        child=child,
        impracticable=frozenset(done.said.get("reason", "") for done in made),
        serious_harm=bool(story.all("certified_serious_harm")),
        failed=_failed(story),
        produced=court.said.get("certificate_produced") == "yes" if court is not None and certified else None,
        audits=tuple((f"{row}:{done.id}", _harm_on_record(story, done)) for done in requests),
    )


def draw_certified(sheet: Sheet, rows: Sequence[OnPaper]) -> None:
    """The lines of certificates, failures, secure requests and proof."""
    _count(sheet, "l certificate a", rows, [bool(row.impracticable) for row in rows])
    for code in ACCEPTED:
        _count(sheet, f"l certificate a {code}", rows, [code in row.impracticable for row in rows])
    _count(sheet, "l certificate b", rows, [row.serious_harm for row in rows])
    _count(sheet, "l failed", rows, [bool(row.failed) for row in rows])
    for code in FAILED:
        _count(sheet, f"l failed {code}", rows, [row.failed == code for row in rows])
    sheet.share("m secure without harm", [Marked(made, row.child, not whole) for row in rows for made, whole in row.audits])
    sheet.share("n produced", [Marked(row.id, row.child, row.produced) for row in rows if row.produced is not None])


def _count(sheet: Sheet, line: str, rows: Sequence[OnPaper], hits: Sequence[bool]) -> None:
    sheet.count(line, [Marked(row.id, row.child, hit) for row, hit in zip(rows, hits, strict=True)])


def _failed(story: Story) -> str:
    """The answer to the request that the last recorded failure was about."""
    failure = story.last("failure_to_provide")
    if failure is None:
        return ""
    about = failure.said.get("about", "")
    answers = [done for done in story.all("place_answered", "answer_noted") if done.said.get("about") == about]
    said = answers[-1].said.get("answer", "") if answers else ""
    return "refused" if said == "refused" else "no_reply"


def _harm_on_record(story: Story, request: Done) -> bool:
    """Whether the harm feared and why nothing less is enough were written out, and an inspector had approved the asking."""
    written = all(len(request.said.get(name, "").split()) >= FEW_WORDS for name in ("harm", "not_enough"))
    approved = any((done.at, done.id) <= (request.at, request.id) for done in story.all("secure_approved"))
    return written and approved
