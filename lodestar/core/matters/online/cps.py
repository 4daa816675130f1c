"""How long a decision by the CPS has taken: one clock from the first submission, whoever holds the file meanwhile.

Sending a file back and submitting it again does not start the clock again; what it does is say who held it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.core.matters.desk import Done, Story

TO_CPS = ("cps_submitted", "cps_resubmitted")
TO_POLICE = ("cps_rejected", "cps_action_set")
CODES = (*TO_CPS, *TO_POLICE, "cps_decided")
NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Run:
    """From one first submission until its decision, or until now."""

    submitted_at: datetime
    decided_at: datetime | None
    decision: str
    with_cps: timedelta
    with_police: timedelta
    rounds: int  # how many times it was submitted

    @property
    def took(self) -> timedelta:
        """All the time since the first submission, whoever held the file."""
        return self.with_cps + self.with_police


def runs(*, story: Story, now: datetime) -> tuple[Run, ...]:
    """Every run at the CPS, oldest first: a decision ends one, and only a submission after it begins another."""
    return tuple(_run(group, now) for group in _grouped(story, now))


def is_first(*, story: Story, done: Done) -> bool:
    """True where this submission begins a run, so that only it starts the clock."""
    earlier = [other for other in story.all(*CODES) if (other.at, other.id) < (done.at, done.id)]
    return done.code in TO_CPS and (not earlier or earlier[-1].code == "cps_decided")


def actions_open(*, story: Story) -> tuple[Done, ...]:
    """The actions set by the CPS that are not done."""
    answered = {done.said.get("action") for done in story.all("cps_action_done")}
    return tuple(done for done in story.all("cps_action_set") if str(done.id) not in answered)


def with_whom(*, story: Story) -> str:
    """Who holds the file now: cps, police, or nobody."""
    last = story.last(*CODES)
    if last is None or last.code == "cps_decided":
        return ""
    return "cps" if last.code in TO_CPS else "police"


def _grouped(story: Story, now: datetime) -> Iterator[tuple[Done, ...]]:
    group: list[Done] = []
    for done in story.all(*CODES):
        if done.at > now or (not group and done.code not in TO_CPS):
            continue
        group.append(done)
        if done.code == "cps_decided":
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)


def _run(group: tuple[Done, ...], now: datetime) -> Run:
    decided = group[-1] if group[-1].code == "cps_decided" else None
    ends = [*(done.at for done in group[1:]), *(() if decided else (now,))]
    held = {"cps": NO_TIME, "police": NO_TIME}
    for done, until in zip(group, ends, strict=False):
        held["cps" if done.code in TO_CPS else "police"] += until - done.at
    return Run(
        submitted_at=group[0].at,
        decided_at=decided.at if decided else None,
        decision=decided.said.get("decision", "") if decided else "",
        with_cps=held["cps"],
        with_police=held["police"],
        rounds=sum(done.code in TO_CPS for done in group),
    )
