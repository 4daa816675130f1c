"""What must be handed over before an account closes: nobody leaves with work on their name.

A detective left in April 2019 with cases that nobody then held; they stood still for months (IOPC, March 2021).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lodestar.core.words import Refusal, Refusals, listed

AUTHORITY = "IOPC, online abuse team, March 2021"
MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Carried:
    """What is still on somebody's name. References only: whoever closes accounts sees no child."""

    matters: tuple[str, ...] = ()
    owed: tuple[str, ...] = ()  # what they owe on matters that others hold
    tasks: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()  # hand-overs waiting for their answer, or for the answer to theirs
    hits: tuple[str, ...] = ()  # what the detectors found, and is theirs to see to
    leads: tuple[str, ...] = ()  # wait for their decision
    reports: tuple[str, ...] = ()  # of inspectors, which they answer for
    shifts: int = 0  # still to come


def leaving_gaps(*, carried: Carried, is_self: bool, is_open: bool) -> Refusals:
    """An account closes only with nothing on it; refused with the whole list, so that it can be handed over in one go."""
    return tuple(_gaps(carried, is_self, is_open))


def _gaps(carried: Carried, is_self: bool, is_open: bool) -> Iterator[Refusal]:
    if not is_open:
        yield Refusal("leaving.closed", "This account is closed already.")
    if is_self:
        yield Refusal("leaving.own", "Nobody closes their own account. Ask another administrator.")
    for code, references, words in (
        ("matters", carried.matters, "They answer for {}. Hand each over, and wait until it is accepted."),
        ("owed", carried.owed, "They owe something on {}. It must be done, or fall to somebody else, first."),
        ("tasks", carried.tasks, "Tasks of theirs are open on {}. Finish them, or give them back."),
        ("offers", carried.offers, "A hand-over with them waits on {}. Answer it, or withdraw it."),
        ("hits", carried.hits, "What the detectors found on {} is theirs. See to it, set it aside with a reason, or put somebody on duty."),
        ("leads", carried.leads, "A decision of theirs waits on {}. Accept or dismiss each, or put somebody on duty."),
        ("reports", carried.reports, "They answer for the inspectors' report {}. Hand it on to somebody else."),
    ):
        if references:
            more = len(references) - MOST_NAMED
            named = listed(references[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
            yield Refusal(f"leaving.{code}", words.format(named), AUTHORITY)
    if carried.shifts:
        yield Refusal("leaving.shifts", f"They are on {carried.shifts} shifts still to come. Put somebody else on them.", AUTHORITY)
