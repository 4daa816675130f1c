"""What a recorded deed brings about on an online case: the move it makes and the clocks it starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from lodestar.core.matters.deeds import instant
from lodestar.core.matters.desk import Done, Following, Involved, Started, Story
from lodestar.core.matters.online.contact import trigger_start
from lodestar.core.matters.online.cps import is_first
from lodestar.core.matters.online.deeds import PROGRESS
from lodestar.core.matters.online.lifecycle import BEFORE_CHARGE, ONLINE
from lodestar.core.matters.online.moves import verb_of
from lodestar.core.matters.online.referral_deeds import CHILD_ROLES
from lodestar.core.matters.online.risk_deeds import SHARES


def opens(story: Story) -> tuple[Started, ...]:
    """A case is owed research, a grade and progress from the moment the force received it."""
    return (Started("received", story.reported_at), Started("progress_owed", story.reported_at))


def involve(story: Story, row: Involved) -> tuple[Started, ...]:
    """A child linked to a case is a risk known: sharing is owed at once, and a grade made without the child is owed again.

    The clock starts when the link does, but never before the force had the case.
    """
    if row.role not in CHILD_ROLES:
        return ()
    at = max(row.from_at, receipt(story=story))
    again = (Started("regrade_owed", at),) if story.last("graded") is not None else ()
    return (Started("child_risk_known", at, about="involved"), *again)


def receipt(*, story: Story) -> datetime:
    """When the force first had it: the child's clock runs from here, however late it was graded."""
    said = (instant(done.said.get("received_at", "")) for done in story.all("referral_received"))
    return min((story.reported_at, *(at for at in said if at is not None)))


def follow(story: Story, done: Done) -> Following:
    """The move that a deed makes from the present state, and every clock it starts."""
    verb = verb_of(state=story.state, done=done)
    verbs = (verb,) if verb and done.code != "graded" else ()  # a grade makes its own move
    return Following(verbs, tuple(_starts(story, done)))


def _starts(story: Story, done: Done) -> Iterator[Started]:
    if done.code in PROGRESS and _after(story, done) in BEFORE_CHARGE:
        yield Started("progress_owed", done.at)
    make = _STARTS.get(done.code)
    if make is not None:
        yield from make(story, done)


def _after(story: Story, done: Done) -> str:
    """The state that the deed leaves the case in."""
    row = ONLINE.row(state=story.state, verb=verb_of(state=story.state, done=done))
    return row.target if row is not None else story.state


def _received(story: Story, _: Done) -> Iterator[Started]:
    yield Started("received", receipt(story=story))


def _graded(story: Story, done: Done) -> Iterator[Started]:
    """The limit of the level counts from receipt too, so a late grade gains nobody time."""
    level = done.said.get("level", "") or story.level
    yield Started(f"received_{level}", receipt(story=story))


def _regrade(story: Story, done: Done) -> Iterator[Started]:
    if story.last("graded") is not None:
        yield Started("regrade_owed", done.at)


def _child_known(story: Story, done: Done) -> Iterator[Started]:
    """The link began the clock already; a risk that was known sooner than the link says begins it sooner."""
    row = next((one for one in story.involved if str(one.id) == done.said.get("child")), None)
    if row is None or done.at < max(row.from_at, receipt(story=story)):
        yield Started("child_risk_known", done.at, about="involved")
    yield from _regrade(story, done)


def _share_decided(_: Story, done: Done) -> Iterator[Started]:
    yield Started("share_review", done.at, chosen=instant(done.said.get("next_review", "")), about="deed")
    if done.said.get("decision") in SHARES:
        yield Started("share_agreed", done.at, about="involved")


def _contacted(_: Story, done: Done) -> Iterator[Started]:
    yield Started("contacted", done.at)


def _trigger(_: Story, done: Done) -> Iterator[Started]:
    yield trigger_start(done)


def _submitted(story: Story, done: Done) -> Iterator[Started]:
    if is_first(story=story, done=done):
        yield Started("cps_first_submitted", done.at)


def _reopened(_: Story, done: Done) -> Iterator[Started]:
    yield Started("progress_owed", done.at)


def _about_itself(event: str, until: str = "") -> Callable[[Story, Done], Iterator[Started]]:
    def starts(_: Story, done: Done) -> Iterator[Started]:
        yield Started(event, done.at, chosen=instant(done.said.get(until, "")) if until else None, about="deed")

    return starts


_STARTS: Mapping[str, Callable[[Story, Done], Iterator[Started]]] = {
    "referral_received": _received,
    "graded": _graded,
    "child_risk_known": _child_known,
    "intelligence_received": _regrade,
    "kirat_overridden": _regrade,
    "share_decided": _share_decided,
    "immediate_risk_raised": _about_itself("immediate_risk"),
    "waiting_began": _about_itself("waiting", "chase_at"),
    "contact_made": _contacted,
    "interview_invited": _contacted,
    "trigger_date_set": _trigger,
    "device_seized": _about_itself("device_seized"),
    "online_case_reopened": _reopened,
    "cps_submitted": _submitted,
    "cps_resubmitted": _submitted,
    "cps_action_set": _about_itself("cps_action", "due"),
}
