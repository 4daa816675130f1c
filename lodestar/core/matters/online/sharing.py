"""What has been decided about each child, and which children still have no outcome.

A risk to a child is shared as soon as it is known (HMICFRS Cambridgeshire, December 2021: six months passed with nothing
done). Every child ever linked to a case needs an outcome of their own before the case can end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lodestar.core.matters.deeds import instant
from lodestar.core.matters.desk import Attempt, Done, Involved, Story
from lodestar.core.matters.online.referral_deeds import CHILD_ROLES
from lodestar.core.matters.online.risk_deeds import SHARES
from lodestar.core.words import Refusal, Refusals

AUTHORITY = "HMICFRS Cambridgeshire, December 2021 and post-inspection review, 2022"


@dataclass(frozen=True, slots=True)
class Child:
    """One child linked to a case, in however many roles, and what has been decided about them."""

    person: int
    rows: tuple[Involved, ...]
    known: Done | None  # the first record that a risk to them was known
    decision: Done | None  # the newest
    shared: Done | None  # the newest telling with a receipt, since that decision
    mistaken: bool

    @property
    def linked_at(self) -> datetime:
        """When the child is first said to be part of it."""
        return min(row.from_at for row in self.rows)

    @property
    def decided(self) -> bool:
        """True where somebody has decided about this child."""
        return self.mistaken or self.decision is not None

    @property
    def settled(self) -> bool:
        """True where the child has an outcome: told with a receipt, a reasoned no, or linked by mistake."""
        if self.mistaken or self.decision is None:
            return self.mistaken
        return self.decision.said.get("decision") not in SHARES or self.shared is not None


def children(*, story: Story) -> tuple[Child, ...]:
    """Every child ever linked, whether or not the link has ended since: ending a link settles nothing."""
    rows: dict[int, list[Involved]] = {}
    for row in story.involved:
        if row.role in CHILD_ROLES:
            rows.setdefault(row.person, []).append(row)
    return tuple(_child(story, person, tuple(found)) for person, found in rows.items())


def undecided(*, story: Story) -> tuple[Child, ...]:
    """The children about whom nobody has decided."""
    return tuple(child for child in children(story=story) if not child.decided)


def unsettled(*, story: Story) -> tuple[Child, ...]:
    """The children without an outcome."""
    return tuple(child for child in children(story=story) if not child.settled)


def outcome_gaps(*, story: Story) -> Refusals:
    """No case ends while a linked child has no outcome; each child is named by the number of the link."""
    return tuple(_gap(child) for child in unsettled(story=story))


def refuse_share(attempt: Attempt) -> Refusals:
    """A decision has a review ahead of it; what is recorded as shared was first decided to be."""
    return tuple(_decision_gaps(attempt) if attempt.code == "share_decided" else _shared_gaps(attempt))


def _decision_gaps(attempt: Attempt) -> Iterator[Refusal]:
    review = instant(attempt.said.get("next_review", ""))
    if review is not None and review <= attempt.now:
        yield Refusal("online.share_review", "Choose a time still to come for looking at this again.", AUTHORITY, "next_review")


def _shared_gaps(attempt: Attempt) -> Iterator[Refusal]:
    row = attempt.said.get("child", "")
    child = next((one for one in children(story=attempt.story) if any(str(item.id) == row for item in one.rows)), None)
    if child is None:
        yield Refusal("online.child", "Choose a child who is linked to this case.", AUTHORITY, "child")
    elif child.decision is None or child.decision.said.get("decision") not in SHARES:
        yield Refusal(
            "online.share_first", "Decide first that this child's risk is shared, and why; then record the receipt.", AUTHORITY, "child"
        )


def _child(story: Story, person: int, rows: tuple[Involved, ...]) -> Child:
    ids = {str(row.id) for row in rows}
    about = [done for done in story.done if done.said.get("child") in ids]
    of = {code: [done for done in about if done.code == code] for code in ("child_risk_known", "share_decided", "child_shared")}
    decision = of["share_decided"][-1] if of["share_decided"] else None
    told = [done for done in of["child_shared"] if decision is None or done.recorded_at >= _first_yes(of["share_decided"])]
    return Child(
        person=person,
        rows=rows,
        known=of["child_risk_known"][0] if of["child_risk_known"] else None,
        decision=decision,
        shared=told[-1] if told else None,
        mistaken=any(done.code == "child_link_mistaken" for done in about),
    )


def _first_yes(decisions: list[Done]) -> datetime:
    """Since when sharing has been the decision, without a no in between."""
    since = decisions[-1].recorded_at
    for done in reversed(decisions):
        if done.said.get("decision") not in SHARES:
            break
        since = done.recorded_at
    return since


def _gap(child: Child) -> Refusal:
    row = child.rows[-1]
    wanted = (
        "Decide whether what is known is shared, and with whom"
        if not child.decided
        else "Record who received what was decided to be shared, and their receipt"
    )
    return Refusal(
        "online.child_outcome", f"A linked child ({row.role.replace('_', ' ')}, link {row.id}) has no outcome. {wanted}.", AUTHORITY
    )
