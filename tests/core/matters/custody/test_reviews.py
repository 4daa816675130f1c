"""When each review of detention falls due, in elapsed hours whatever the clocks on the wall do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.access.permissions import Permission as P
from lodestar.core.clocks.rules import clock_rule
from lodestar.core.matters.custody import reviews
from lodestar.core.matters.custody.deeds import DEEDS
from lodestar.core.matters.desk import Attempt, Done, Started, Story
from lodestar.store.playbooks import playbook

HOUR = timedelta(hours=1)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))


def told(authorised: datetime, *done: tuple[datetime, str, bool]) -> Story:
    first = Done(1, "detention_authorised", authorised, authorised, 2, {"authorised_at": authorised.isoformat()})
    rest = [
        Done(number, code, at, at, 1, {"postponed": "yes" if postponed else "no", "postponed_why": "Interview"})
        for number, (at, code, postponed) in enumerate(done, start=2)
    ]
    return Story("custody", "detained", authorised, authorised, done=(first, *rest))


@given(TIMES)
def test_the_first_is_due_six_elapsed_hours_after_detention_was_authorised(authorised: datetime) -> None:
    assert reviews.due(story=told(authorised)) - authorised == 6 * HOUR


@given(TIMES, st.lists(st.integers(1, 9 * 60), max_size=6))
def test_each_done_in_time_is_followed_within_nine_hours_of_when_it_was_done(authorised: datetime, gaps: list[int]) -> None:
    minutes = list(accumulate(gaps, initial=0))[1:]
    done = [(authorised + timedelta(minutes=minute), "review_before_charge", False) for minute in minutes]
    expected = done[-1][0] + 9 * HOUR if done else authorised + 6 * HOUR
    assert reviews.due(story=told(authorised, *done)) == expected


@given(TIMES, st.integers(0, 12 * 60))
def test_postponing_never_puts_the_next_review_off(authorised: datetime, late: int) -> None:
    due = authorised + 6 * HOUR
    story = told(authorised, (due + timedelta(minutes=late), "review_before_charge", True))
    assert reviews.due(story=story) == due + 9 * HOUR


def test_one_called_postponed_but_done_in_time_counts_from_when_it_was_done() -> None:
    authorised = datetime(2026, 6, 4, 8, tzinfo=UTC)
    story = told(authorised, (authorised + 5 * HOUR, "review_before_charge", True))
    assert reviews.due(story=story) == authorised + 14 * HOUR


def test_back_in_the_cells_the_nine_hours_run_from_then_and_a_review_within_them_is_not_late() -> None:
    authorised = datetime(2026, 6, 4, 8, tzinfo=UTC)
    back = authorised + 20 * HOUR
    story = told(authorised, (authorised + 5 * HOUR, "review_before_charge", False), (back, "child_came_back", False))
    assert reviews.due(story=story) == back + 9 * HOUR
    in_time = Attempt(story, "review_before_charge", {"postponed": "no"}, back + 8 * HOUR, 1, back + 8 * HOUR)
    assert reviews.refuse_review(in_time) == ()


@given(TIMES, st.integers(-60, 60))
def test_a_review_is_late_only_after_its_minute(authorised: datetime, minutes: int) -> None:
    at = authorised + 6 * HOUR + timedelta(minutes=minutes)
    refused = reviews.refuse_review(Attempt(told(authorised), "review_before_charge", {"postponed": "no"}, at, 1, at))
    assert bool(refused) is (minutes > 0)


def test_before_charge_a_review_is_the_inspectors_and_after_it_the_custody_officers() -> None:
    owed_by = {code: clock_rule(playbook(code), on=date(2026, 6, 4)).owed_by for code in reviews.CLOCKS}
    assert owed_by == {
        "CUS-REVIEW-FIRST": "duty_inspector",
        "CUS-REVIEW-NEXT": "duty_inspector",
        "CUS-REVIEW-FIRST-CHARGED": "custody_officer",
        "CUS-REVIEW-CHARGED": "custody_officer",
    }
    assert DEEDS["review_before_charge"].permission == P.CUSTODY_APPROVE


def test_charged_before_any_review_the_first_passes_to_the_custody_officer_by_the_same_time() -> None:
    authorised = datetime(2026, 6, 4, 8, tzinfo=UTC)
    story = told(authorised, (authorised + 5 * HOUR, "child_charged", False))
    assert reviews.started(story=story, done=story.done[-1]) == Started("charged_unreviewed", authorised)


@given(TIMES, st.integers(1, 359), st.integers(0, 500))
def test_charged_after_a_review_the_next_passes_to_the_custody_officer_by_the_same_time(
    authorised: datetime, first: int, later: int
) -> None:
    reviewed = authorised + timedelta(minutes=first)
    story = told(authorised, (reviewed, "review_before_charge", False), (reviewed + timedelta(minutes=later), "child_charged", False))
    assert reviews.started(story=story, done=story.done[-1]) == Started("review_charged", reviewed)
