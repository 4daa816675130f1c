"""What a recorded deed brings about in custody: the move it makes and the clocks it starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from lodestar.core.matters.custody import hospital, reviews
from lodestar.core.matters.custody.charges import drug_sample_alone
from lodestar.core.matters.custody.court import court_after
from lodestar.core.matters.custody.lifecycle import CUSTODY
from lodestar.core.matters.custody.requests import ANSWERS, OFFERS
from lodestar.core.matters.deeds import instant
from lodestar.core.matters.desk import Done, Following, Started, Story

Starts = Callable[[Story, Done], Iterator[Started]]
VERBS = {
    "authority_pre_alerted": "warn",
    "child_charged": "charge",
    "child_released": "release",
    "bail_refused": "keep",
    "review_after_charge": "review",
    "place_requested": "ask",
    "certified_impracticable": "certify_a",
    "certified_serious_harm": "certify_b",
    "child_moved": "move",
    "child_came_back": "come_back",
    "brought_to_court": "bring_to_court",
    "after_action_recorded": "audit",
    "custody_closed": "close",
    "custody_reopened": "reopen",
    "custody_opened_in_error": "void",
}


def opens(story: Story) -> tuple[Started, ...]:
    """Nothing runs from opening itself: the first deed says when detention was authorised."""
    return (Started("opened", story.reported_at),)


def follow(story: Story, done: Done) -> Following:
    """The move that a deed makes from the present state, where the table has it, and the clocks it starts."""
    verb = "answer" if _answers(story, done) else VERBS.get(done.code, "")
    row = CUSTODY.row(state=story.state, verb=verb) if verb else None
    return Following((verb,) if row is not None else (), tuple(_starts(story, done)))


def _answers(story: Story, done: Done) -> bool:
    """A question back is no answer: the request stands open. Under a certificate only an offer changes where the child stands."""
    if done.code not in ANSWERS:
        return False
    answer = done.said.get("answer")
    return answer in OFFERS if story.state in ("certified_a", "certified_b") else answer != "asks"


def _starts(story: Story, done: Done) -> Iterator[Started]:
    make = _STARTS.get(done.code)
    if make is not None:
        yield from make(story, done)


def _authorised(story: Story, done: Done) -> Iterator[Started]:
    at = reviews.authorised_at(story=story)
    yield Started("detention_authorised", at)
    yield Started("relevant_time", instant(done.said.get("relevant_time", "")) or at)


def _reviewed(story: Story, done: Done) -> Iterator[Started]:
    yield reviews.started(story=story, done=done)


def _officer_told(_: Story, done: Done) -> Iterator[Started]:
    yield Started("court_owed", done.at, chosen=instant(done.said.get("sitting", "")))


def _kept(story: Story, done: Done) -> Iterator[Started]:
    yield Started("bail_refused", done.at)
    if drug_sample_alone(done.said):
        charged = story.last("child_charged")
        yield Started("drug_sample_only", charged.at if charged else done.at)


def _back(story: Story, done: Done) -> Iterator[Started]:
    yield from hospital.court_again(story=story, done=done)
    yield Started("transfer_owed_again", done.at)
    yield reviews.started(story=story, done=done)


def _court_again(story: Story, done: Done) -> Iterator[Started]:
    yield from hospital.court_again(story=story, done=done)


def _about_itself(event: str) -> Starts:
    def starts(_: Story, done: Done) -> Iterator[Started]:
        yield Started(event, done.at, about="deed")

    return starts


def _plain(event: str) -> Starts:
    def starts(_: Story, done: Done) -> Iterator[Started]:
        yield Started(event, done.at)

    return starts


def _ended(_: Story, done: Done) -> Iterator[Started]:
    yield Started("custody_ended", done.at)


def _charged(story: Story, done: Done) -> Iterator[Started]:
    yield reviews.started(story=story, done=done)
    owed = court_after(charged=done)
    yield Started("court_owed", done.at, chosen=owed.due_at)
    if owed.tell_designated_officer:
        yield Started("no_court_sits", done.at)


_STARTS: Mapping[str, Starts] = {
    "detention_authorised": _authorised,
    "review_before_charge": _reviewed,
    "review_after_charge": _reviewed,
    "child_charged": _charged,
    "designated_officer_told": _officer_told,
    "bail_refused": _kept,
    "child_came_back": _back,
    "child_moved": _court_again,
    hospital.BACK: _court_again,
    "place_requested": _about_itself("place_requested"),
    "failure_to_provide": _plain("failed_to_provide"),
    "senior_directed": _plain("senior_directed"),
    "brought_to_court": _ended,
    "child_released": _ended,
}
