"""The reply to an inspection report under section 55 of the Police Act 1996: seven steps, in order, none left out.

The local policing body publishes its comments, the chief officer's and its response to those before the end of 56 days
beginning with the day the report was published: the last day is publication plus 55 days. The Act's sixth step, explaining
each recommendation, comes here before its fifth, publishing, because what is published must hold the explanation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lodestar.core.access.permissions import Permission as P
from lodestar.core.lifecycle import Lifecycle, Row
from lodestar.core.times import at_wall, say_date
from lodestar.core.words import Refusal

ACT = "Police Act 1996 s.55"
DAYS = 56  # beginning with the day of publication
INSPECTORATE, BODY, CHIEF = "inspectorate", "local_policing_body", "chief_officer"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the duty: what it is, who takes it, and what waits for it."""

    verb: str
    title: str
    who: str  # the role of the body
    clock: str = ""  # the rule of the clock that waits for it, where the force or its local policing body owes it
    deed: str = ""


STEPS: tuple[Step, ...] = (
    Step("note_published", "The inspectors publish the report", INSPECTORATE),
    Step("note_copies", "The inspectors send copies to all who are to have one", INSPECTORATE),
    Step("invite", "Invite the chief officer's comments by a day that is set", BODY, "INS-S55-INVITE", "s55_invited"),
    Step("prepare", "Prepare comments, with the chief officer's before one", BODY, "INS-S55-PREPARE", "s55_prepared"),
    Step("explain", "Explain each recommendation: the action, or why none", BODY, "INS-S55-EXPLAIN", "s55_explained"),
    Step("publish", "Publish the comments, the chief officer's, and the response", BODY, "INS-S55-PUBLISH", "s55_published"),
    Step("send", "Send what was published to the inspectors and the Secretary of State", BODY, "INS-S55-SEND", "s55_sent"),
)  # fmt: skip
STEP = {step.verb: step for step in STEPS}

REPLY = Lifecycle(
    name="section_55",
    initial="announced",
    final=frozenset({"sent"}),
    rows=(
        Row("announced", "note_published", "published", P.INSPECTION_KEEP, "inspection.publication_noted"),
        Row("published", "note_copies", "copied", P.INSPECTION_KEEP, "inspection.copies_noted"),
        Row("copied", "invite", "invited", P.INSPECTION_REPLY, "inspection.comments_invited"),
        Row("invited", "prepare", "prepared", P.INSPECTION_REPLY, "inspection.comments_prepared"),
        Row("prepared", "explain", "explained", P.INSPECTION_REPLY, "inspection.recommendations_explained"),
        Row("explained", "publish", "replied", P.INSPECTION_REPLY, "inspection.reply_published"),
        Row("replied", "send", "sent", P.INSPECTION_REPLY, "inspection.reply_sent"),
    ),
)


def last_day(*, published: date) -> date:
    """The last day for publishing the reply: publication plus 55 days, since the day of publication is the first of 56."""
    return published + timedelta(days=DAYS - 1)


def last_minute(*, published: date) -> datetime:
    """The last minute of that day in London, as an instant."""
    return at_wall(on=last_day(published=published), clock=time(23, 59))


@dataclass(frozen=True, slots=True)
class Said:
    """What was said when a step was taken: on which day it happened, in which document, and what that step asks besides."""

    on: date | None
    document: str = ""
    answer_by: date | None = None  # of the invitation: the day set for the chief officer
    chief_officer: str = ""  # of the comments: received, none_by_then
    paper: str = ""  # of the publication: the hash of the reply that was published


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a reply stands when a step is asked for."""

    published_on: date
    last_step_on: date | None
    answer_by: date | None
    unexplained: Sequence[str]  # the findings without an action or a reason for none
    papers: Sequence[str]  # the hashes of the replies that were made


def step_gaps(*, verb: str, said: Said, standing: Standing, today: date) -> Iterator[Refusal]:
    """What a step lacks: a day that can be true, a document, and what the section asks of that step. The order is the table's."""
    if said.on is None:
        yield _no("on", "Give the day this was done.", "on")
    elif not (standing.last_step_on or standing.published_on) <= said.on <= today:
        yield _no("day", "The day lies before the step before it, or after today.", "on")
    if not said.document.strip():
        yield _no("document", "Name the document: its title, its number or where it is.", "document")
    yield from _GATES.get(verb, _nothing)(said, standing)


def _invite(said: Said, standing: Standing) -> Iterator[Refusal]:
    last = last_day(published=standing.published_on)
    if said.answer_by is None or (said.on is not None and said.answer_by < said.on) or said.answer_by > last:
        yield _no("answer_by", f"Set the day by which the chief officer is to comment: from that day to {say_date(last)}.", "answer_by")


def _prepare(said: Said, standing: Standing) -> Iterator[Refusal]:
    if said.chief_officer not in ("received", "none_by_then"):
        yield _no("chief_officer", "Say whether the chief officer's comments were received.", "chief_officer")
    early = standing.answer_by is not None and said.on is not None and said.on < standing.answer_by
    if said.chief_officer == "none_by_then" and early:
        yield _no("too_early", "The chief officer has until the day that was set.", "chief_officer")


def _explain(said: Said, standing: Standing) -> Iterator[Refusal]:  # noqa: ARG001 - every gate is asked the same
    for reference in standing.unexplained:
        yield _no("unexplained", f"{reference}: say what is done or proposed, or why nothing is.", "document")


def _publish(said: Said, standing: Standing) -> Iterator[Refusal]:
    if not standing.papers:
        yield _no("no_reply", "Make the reply first: what is published is one that can be made again.", "paper")
    elif said.paper not in standing.papers:
        yield _no("paper", "Choose which of the replies made here was published.", "paper")


def _nothing(said: Said, standing: Standing) -> Iterator[Refusal]:  # noqa: ARG001
    return iter(())


_GATES = {"invite": _invite, "prepare": _prepare, "explain": _explain, "publish": _publish}


def _no(code: str, sentence: str, field: str) -> Refusal:
    return Refusal(f"section_55.{code}", sentence, ACT, field)


def timetable(*, published: date, names: Mapping[str, str]) -> tuple[tuple[int, str, str, str], ...]:
    """Each step with its number, title, who takes it (``names`` by role), and by when."""
    last = last_day(published=published)
    return tuple(
        (number, step.title, names.get(step.who, step.who), _by(step, published, last)) for number, step in enumerate(STEPS, start=1)
    )


def _by(step: Step, published: date, last: date) -> str:
    if step.who == INSPECTORATE:
        return f"on {say_date(published)}"
    return f"by {say_date(last)}" if step.verb in ("prepare", "explain", "publish") else f"in time for {say_date(last)}"
