"""For any instant exactly one person answers, and exactly one person owes each thing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.clocks.rules import POST_KINDS
from lodestar.core.duty.facts import BrokenChain, Holding, Post, Shift, answerable
from lodestar.core.duty.owing import NobodyOnRota, Owed, chains_from, on_duty, person_owing
from lodestar.store.playbooks import playbook

START = datetime(2026, 6, 4, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHAINS = chains_from(playbook("DUTY-POSTS").blocks[-1].values["chains"])
POSTS = (
    Post("sgt.north", "duty_sergeant", district="north"),
    Post("sgt.south", "duty_sergeant", district="south"),
    Post("insp.south", "duty_inspector", district="south"),
    Post("hub", "hub_sergeant"),
)


def shift(post: str, person: int, *, start: float = 0, end: float = 8, lead: bool = False) -> Shift:
    return Shift(post, person, START + start * HOUR, START + end * HOUR, lead)


def owed(shifts: list[Shift], *, kind: str = "duty_sergeant", district: str = "north", holder: int | None = 99, after: float = 1) -> Owed:
    return person_owing(
        shifts=shifts, posts=POSTS, chains=CHAINS, post_kind=kind, district=district, at=START + after * HOUR, holder=holder
    )


@st.composite
def histories(draw: st.DrawFn) -> tuple[Holding, ...]:
    gaps = draw(st.lists(st.integers(0, 600), min_size=0, max_size=12))
    instants = [START]
    for gap in gaps:
        instants.append(instants[-1] + timedelta(minutes=gap))
    return tuple(Holding(number, draw(st.integers(1, 5)), "", at, "handed_over") for number, at in enumerate(instants, start=1))


@given(histories(), st.integers(-600, 8000))
def test_exactly_one_person_answers_at_every_instant_from_the_opening_on(chain: tuple[Holding, ...], minutes: int) -> None:
    at = START + timedelta(minutes=minutes)
    ends = [holding.from_at for holding in chain[1:]] + [datetime.max.replace(tzinfo=UTC)]
    covering = [holding for holding, end in zip(chain, ends, strict=True) if holding.from_at <= at < end]
    found = answerable(holdings=chain, at=at)
    assert ([] if found is None else [found]) == covering
    assert len(covering) == (0 if at < START else 1)


def test_the_giver_answers_until_the_instant_of_acceptance_and_the_receiver_from_it() -> None:
    chain = (Holding(1, 7, "", START, "opened"), Holding(2, 8, "", START + HOUR, "handed_over"))
    before, after = (answerable(holdings=chain, at=START + HOUR - timedelta(seconds=late)) for late in (1, 0))
    assert before is not None and after is not None and (before.person, after.person) == (7, 8)


@pytest.mark.parametrize(
    "chain",
    [
        (),
        (Holding(2, 7, "", START, "opened"),),
        (Holding(1, 7, "", START, "opened"), Holding(3, 8, "", START + HOUR, "handed_over")),
        (Holding(1, 7, "", START, "opened"), Holding(2, 8, "", START - HOUR, "handed_over")),
        (Holding(1, 7, "", START, "opened"), Holding(1, 8, "", START + HOUR, "handed_over")),
    ],
)
def test_a_chain_that_is_empty_skips_or_goes_backwards_is_refused(chain: tuple[Holding, ...]) -> None:
    with pytest.raises(BrokenChain):
        answerable(holdings=chain, at=START + 2 * HOUR)


def test_of_several_sergeants_the_lead_owes_it_and_it_says_so() -> None:
    found = owed([shift("sgt.north", 1), shift("sgt.north", 2, lead=True), shift("sgt.north", 3)])
    assert found == Owed(2, "sgt.north", "They lead this shift as duty sergeant (3 are on).")


def test_with_no_lead_it_is_the_first_to_come_on_then_the_lowest_number() -> None:
    assert owed([shift("sgt.north", 1, start=0.5), shift("sgt.north", 5), shift("sgt.north", 3)]).person == 3


def test_another_district_s_sergeant_does_not_owe_it() -> None:
    found = owed([shift("sgt.south", 1, lead=True), shift("insp.south", 2)])
    assert (found.person, found.because) == (2, "No duty sergeant was on duty, so it climbed to the duty inspector.")


def test_where_the_district_is_not_known_any_district_s_sergeant_owes_it() -> None:
    assert owed([shift("sgt.south", 1, lead=True), shift("insp.south", 2)], district="").person == 1


def test_with_nobody_on_the_chain_it_stays_with_whoever_answers_for_the_matter() -> None:
    because = "No duty sergeant was on duty, so it stays with the one who answers for the matter."
    assert owed([shift("sgt.south", 1)]) == Owed(99, "", because)


def test_with_nobody_at_all_it_is_the_next_inspector_to_come_on_and_never_nobody() -> None:
    found = owed([shift("sgt.south", 1, start=2), shift("insp.south", 2, start=3)], holder=None)
    assert (found.person, found.because) == (2, "Nobody was on duty; they are the next to come on.")


def test_a_rota_with_nobody_on_it_now_or_next_is_refused() -> None:
    with pytest.raises(NobodyOnRota):
        owed([shift("sgt.north", 1, start=-8, end=0)], holder=None)


def test_a_shift_covers_its_start_and_not_its_end() -> None:
    early, late = shift("sgt.north", 1, lead=True), shift("sgt.north", 2, start=8, end=16, lead=True)
    assert [owed([early, late], after=hours).person for hours in (0, 7.99, 8)] == [1, 1, 2]


def test_the_hub_s_work_falls_to_the_inspector_when_the_hub_is_empty() -> None:
    assert owed([shift("insp.south", 2), shift("sgt.north", 1)], kind="hub_officer").person == 2


@given(
    st.lists(
        st.builds(
            shift,
            st.sampled_from([post.code for post in POSTS]),
            st.integers(1, 6),
            start=st.integers(-4, 4),
            end=st.integers(5, 12),
            lead=st.booleans(),
        ),
        max_size=8,
    ),
    st.sampled_from(sorted(CHAINS)),
    st.sampled_from(["north", "south", ""]),
    st.randoms(use_true_random=False),
)
def test_whoever_is_on_exactly_one_person_owes_it_however_the_rota_is_ordered(
    shifts: list[Shift], kind: str, district: str, order: object
) -> None:
    found = owed(shifts, kind=kind, district=district)
    turned = list(shifts)
    order.shuffle(turned)  # type: ignore[attr-defined]
    again = owed(turned, kind=kind, district=district)
    assert (found.person, found.because) == (again.person, again.because)
    assert found.because
    assert found.person == 99 or any(turn.person == found.person and turn.covers(START + HOUR) for turn in shifts)


def test_on_duty_lists_the_lead_first() -> None:
    table = {post.code: post for post in POSTS}
    shifts = [shift("sgt.north", 1), shift("sgt.north", 2, lead=True), shift("sgt.south", 3)]
    found = on_duty(shifts=shifts, posts=table, kind="duty_sergeant", district="north", anywhere=False, at=START)
    assert [turn.person for turn in found] == [2, 1]
    anywhere = on_duty(shifts=shifts, posts=table, kind="duty_sergeant", district="north", anywhere=True, at=START)
    assert [turn.person for turn in anywhere] == [2, 1, 3]


def test_every_post_that_can_owe_something_has_a_chain_that_ends_with_an_inspector() -> None:
    assert CHAINS.keys() == POST_KINDS - {"holder", "receiver", "assignee", "accountable"}
    for kind, rungs in CHAINS.items():
        assert rungs[0].kind == kind
        assert (rungs[-1].kind, rungs[-1].anywhere) == ("duty_inspector", True)


def test_a_chain_with_no_rungs_and_a_post_with_no_chain_are_refused() -> None:
    with pytest.raises(ValueError, match="chain of nobody is empty"):
        chains_from({"nobody": {"title": "Nobody", "chain": ()}})
    with pytest.raises(KeyError):
        owed([], kind="astronaut")
