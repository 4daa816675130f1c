"""The life of a meeting and of its pack: planned before it is due, prepared, held, frozen, published; or not held, and why.

What is frozen is never changed. A correction is another version beside it, with a reason, and readers see both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from lodestar.core.access.permissions import Permission as P
from lodestar.core.lifecycle import Lifecycle, Row
from lodestar.core.times import local_date, say_date
from lodestar.core.words import Refusal

AUTHORITY = "The Commissioner's letter: children kept in custody are looked at daily, fortnightly and quarterly"

MEETING = Lifecycle(
    name="meeting",
    initial="planned",
    final=frozenset({"published"}),
    rows=(
        Row("planned", "prepare", "prepared", P.PACKS_PREPARE, "meeting.prepared"),
        Row("prepared", "prepare", "prepared", P.PACKS_PREPARE, "meeting.prepared"),  # as the hours go by
        Row("prepared", "hold", "held", P.PACKS_HOLD, "meeting.was_held"),
        Row("held", "freeze", "frozen", P.PACKS_HOLD, "pack.frozen"),
        Row("frozen", "correct", "frozen", P.PACKS_HOLD, "pack.corrected", reason_owed=True),
        Row("published", "correct", "frozen", P.PACKS_HOLD, "pack.corrected", reason_owed=True),
        Row("frozen", "publish", "published", P.PACKS_PUBLISH, "pack.published"),
        *(Row(state, "drop", "not_held", P.PACKS_HOLD, "meeting.not_held", reason_owed=True) for state in ("planned", "prepared")),
        Row("not_held", "reinstate", "planned", P.PACKS_HOLD, "meeting.reinstated", reason_owed=True),
    ),
)

ACTION = Lifecycle(
    name="meeting_action",
    initial="open",
    final=frozenset({"done", "dropped"}),
    rows=(
        Row("open", "finish", "done", P.PACKS_ACT, "meeting_action.done", reason_owed=True),
        Row("open", "drop", "dropped", P.PACKS_HOLD, "meeting_action.dropped", reason_owed=True),
    ),
)

TAKEN_PLACE = ("held", "frozen", "published")  # the meeting took place
RECORDING = "held"  # decisions are recorded while it is being held


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a meeting decided about one item, as it was typed."""

    decision: str
    reason: str
    narrative: str = ""  # for those who may not know the child: no name, no place, no date
    action: str = ""
    owner: int | None = None
    due_at: datetime | None = None


def hold_gaps(*, attended: str, due_at: datetime, now: datetime) -> tuple[Refusal, ...]:
    """A meeting is held on its day or after it, and says who was there."""
    return tuple(_hold_gaps(attended, due_at, now))


def decision_gaps(
    *, wanted: Wanted, on_agenda: bool, names: Collection[str], owners: Collection[int], now: datetime
) -> tuple[Refusal, ...]:
    """A decision is about an item of the agenda, says what and why, names nobody for those who may not know the child, and
    its action is whole: what, who, by when.

    ``names`` are the words that would give the child away: names, and the matter's reference.
    """
    return tuple((*_said_gaps(wanted, on_agenda, names), *_action_gaps(wanted, owners, now)))


def freeze_gaps(*, left: int, reason: str) -> tuple[Refusal, ...]:
    """What was due at this meeting and was not discussed is left with a reason: it is still owed."""
    if not left or reason.strip():
        return ()
    what = "One child whose scrutiny was due" if left == 1 else f"{left} children whose scrutiny was due"
    return (Refusal("pack.left", f"{what} here was not discussed. Discuss it, or say why it is left.", AUTHORITY, "reason"),)


def _hold_gaps(attended: str, due_at: datetime, now: datetime) -> Iterator[Refusal]:
    if not attended.strip():
        yield Refusal("meeting.attended", "Say who is here, by name and agency.", AUTHORITY, "attended")
    if local_date(now) < local_date(due_at):
        yield Refusal("meeting.early", f"This meeting is set for {say_date(local_date(due_at))}. It cannot be held before its day.")


def _said_gaps(wanted: Wanted, on_agenda: bool, names: Collection[str]) -> Iterator[Refusal]:
    if not on_agenda:
        yield Refusal("meeting.no_item", "This is not on the agenda of this meeting. Prepare the agenda again.")
    if not wanted.decision.strip():
        yield Refusal("meeting.decision", "Say what was asked and what was decided.", AUTHORITY, "decision")
    if not wanted.reason.strip():
        yield Refusal("meeting.reason", "Say why, in your own words.", AUTHORITY, "reason")
    said = {word.strip(".,;:!?()'’\"“”").casefold() for word in wanted.narrative.split()}
    if any(name.casefold() in said for name in names if name):
        sentence = "The words for the anonymised pack name the child, or the record. Leave names and references out of them."
        yield Refusal("meeting.names", sentence, "Small numbers and names are kept out of what is published", "narrative")


def _action_gaps(wanted: Wanted, owners: Collection[int], now: datetime) -> Iterator[Refusal]:
    if not (wanted.action.strip() or wanted.owner or wanted.due_at):
        return
    if not wanted.action.strip():
        yield Refusal("meeting.action", "Say what is to be done, or leave its owner and time out too.", "", "action")
    if wanted.owner is None or wanted.owner not in owners:
        yield Refusal("meeting.owner", "Choose the one person who is to do it.", "", "owner")
    if wanted.due_at is None or wanted.due_at <= now:
        yield Refusal("meeting.due", "Say by when: a time that is still to come.", "", "due_at")


@dataclass(frozen=True, slots=True)
class CadenceKept:
    """Of the meetings of one kind that were due: how many took place, how many did not with a reason on record, and the rest."""

    title: str
    due: int
    held: int
    not_held: int

    @property
    def unanswered(self) -> int:
        """Due, and nothing on record: neither held nor said why not."""
        return self.due - self.held - self.not_held


def cadence_kept(title: str, states: Sequence[str]) -> CadenceKept:
    """The count for the states of meetings whose time has come. Counted from what was due, so a meeting nobody held is seen."""
    return CadenceKept(title, len(states), sum(state in TAKEN_PLACE for state in states), sum(state == "not_held" for state in states))
