"""Handing over: offered, then accepted or refused, and the giver answers until then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lodestar.core.access.permissions import Permission as P
from lodestar.core.clocks.due import Due, due_at
from lodestar.core.clocks.standing import ladder_due
from lodestar.core.duty.handover import HANDOVER, answer_gaps, offer_gaps, roster_gaps
from lodestar.core.words import Allowed
from lodestar.store.playbooks import calendars, clock_rules

GIVER, RECEIVER, OTHER = 1, 2, 3
OFFERED = datetime(2026, 6, 4, 21, 50, tzinfo=UTC)
NOTE = {"open_lines": "Phone, CCTV at the bus station", "family_promises": "Call at 11pm", "next_actions": "Visit the friend"}
ANSWER = frozenset({P.DUTY_ANSWER})


def codes(verdict: object) -> list[str]:
    assert isinstance(verdict, tuple)
    return [refusal.code for refusal in verdict]


def offered(*, giver: int = GIVER, receiver: int = RECEIVER, open_offers: int = 0, note: dict[str, str] = NOTE) -> list[str]:
    return codes(offer_gaps(giver=giver, holder=GIVER, receiver=receiver, open_offers=open_offers, note=note))


def test_a_whole_offer_to_somebody_else_may_be_made() -> None:
    assert offered() == []


def test_only_the_holder_offers_to_somebody_else_and_one_offer_at_a_time() -> None:
    assert offered(giver=OTHER) == ["handover.not_holder"]
    assert offered(receiver=GIVER) == ["handover.to_self"]
    assert offered(open_offers=1) == ["handover.already_offered"]


@pytest.mark.parametrize("name", sorted(NOTE))
def test_the_note_says_what_is_open_what_was_promised_and_what_comes_next(name: str) -> None:
    assert offered(note=NOTE | {name: "  "}) == [f"handover.{name}"]
    assert len(offered(note={})) == 3


def test_only_the_receiver_answers_and_only_the_giver_withdraws() -> None:
    for verb, may in (("accept", RECEIVER), ("refuse", RECEIVER), ("withdraw", GIVER)):
        for actor in (GIVER, RECEIVER, OTHER):
            gaps = answer_gaps(verb=verb, actor=actor, giver=GIVER, receiver=RECEIVER)
            assert bool(gaps) == (actor != may)


def test_refusing_needs_a_reason_and_accepting_does_not() -> None:
    assert codes(HANDOVER.step(state="offered", verb="refuse", permissions=ANSWER, reason=" ")) == ["handover.reason_owed"]
    assert isinstance(HANDOVER.step(state="offered", verb="refuse", permissions=ANSWER, reason="I am at court"), Allowed)
    assert isinstance(HANDOVER.step(state="offered", verb="accept", permissions=ANSWER), Allowed)


def test_an_answered_offer_stays_answered() -> None:
    assert HANDOVER.unreachable() == frozenset()
    assert {"accepted", "refused", "withdrawn", "lapsed"} == HANDOVER.final
    for state in HANDOVER.final:
        assert HANDOVER.verbs(state=state) == ()


def test_an_offer_lapses_with_the_matter_and_not_by_the_answer_of_anybody() -> None:
    assert codes(HANDOVER.step(state="offered", verb="lapse", permissions=ANSWER)) == ["handover.not_permitted"]
    assert isinstance(HANDOVER.step(state="offered", verb="lapse", permissions={P.MATTERS_READ}), Allowed)


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (30, []),
        (30.1, ["holder"]),
        (45, ["holder", "duty_inspector"]),
        (89, ["holder", "duty_inspector"]),
        (90, ["holder", "duty_inspector", "hub_sergeant"]),
        (6000, ["holder", "duty_inspector", "hub_sergeant"]),
    ],
)
def test_an_offer_nobody_answers_climbs_by_the_clock(minutes: float, told: list[str]) -> None:
    rule = clock_rules(date(2026, 6, 4))["MIS-HANDOVER-ACK"]
    due: Due = due_at(rule=rule, started_at=OFFERED, calendars=calendars(date(2026, 6, 4)))
    steps = ladder_due(rule=rule, due=due, now=OFFERED + timedelta(minutes=minutes))
    assert [step.tell for step in steps] == told


def test_an_answered_offer_climbs_no_further() -> None:
    rule = clock_rules(date(2026, 6, 4))["MIS-HANDOVER-ACK"]
    due = due_at(rule=rule, started_at=OFFERED, calendars=calendars(date(2026, 6, 4)))
    answered = OFFERED + timedelta(minutes=31)
    steps = ladder_due(rule=rule, due=due, now=OFFERED + timedelta(hours=9), done_at=answered)
    assert [step.tell for step in steps] == ["holder"]


def test_a_shift_ends_after_it_starts_and_nobody_is_on_two_at_once() -> None:
    later = OFFERED + timedelta(hours=8)
    assert roster_gaps(from_at=OFFERED, until_at=later, overlaps=False) == ()
    assert codes(roster_gaps(from_at=later, until_at=OFFERED, overlaps=True)) == ["shift.backwards", "shift.overlaps"]
    assert codes(roster_gaps(from_at=OFFERED, until_at=OFFERED, overlaps=False)) == ["shift.backwards"]
