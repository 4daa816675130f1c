"""The measures of the other desks at their edges: nights over a change of the clocks, files sent back, and what was due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from lodestar.core.measures.after_charge import draw as draw_custody
from lodestar.core.measures.after_charge import nights_held
from lodestar.core.measures.charging import submissions
from lodestar.core.measures.drawn import Ask, Drawn
from lodestar.core.measures.episodes import Episode
from lodestar.core.measures.facts import Due, Facts, Interview
from lodestar.core.measures.interviews import DECLINED, GROWN, HELD, returns, waits
from lodestar.core.measures.interviews import draw as draw_interviews
from lodestar.core.measures.recording import draw as draw_recording
from lodestar.core.measures.referrals import draw as draw_referrals
from lodestar.core.measures.repeats import draw as draw_repeats
from lodestar.core.measures.scrutiny import draw as draw_scrutiny
from lodestar.core.words import Period
from tests.core.measures.examples import case
from tests.core.measures.making import definition

START = datetime(2026, 6, 4, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YEAR = Period(datetime(2025, 12, 31, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC))


def ask(code: str, *, as_of: datetime = START + 90 * DAY, only: str = "") -> Ask:
    return Ask(YEAR, as_of, definition(code), only)


def by_line(drawn: tuple[Drawn, ...]) -> dict[str, Drawn]:
    return {one.measure.line: one for one in drawn}


def nights(since: datetime, until: datetime) -> int:
    return nights_held(since=since, until=until, first=time(0), last=time(8), hours=4)


@pytest.mark.parametrize(
    ("since", "until", "held"),
    [
        (datetime(2026, 6, 3, 20, tzinfo=UTC), datetime(2026, 6, 4, 3, tzinfo=UTC), 1),  # midnight to four by London's clock
        (datetime(2026, 6, 3, 20, tzinfo=UTC), datetime(2026, 6, 4, 2, 59, tzinfo=UTC), 0),
        (datetime(2026, 6, 4, 9, tzinfo=UTC), datetime(2026, 6, 4, 20, tzinfo=UTC), 0),
        (datetime(2026, 6, 3, 20, tzinfo=UTC), datetime(2026, 6, 6, 9, tzinfo=UTC), 3),
        # Clocks forward on 29 March: midnight to five on the wall is four hours. Back on 25 October: midnight to three is four.
        (datetime(2026, 3, 29, 0, tzinfo=UTC), datetime(2026, 3, 29, 4, tzinfo=UTC), 1),
        (datetime(2026, 3, 29, 0, tzinfo=UTC), datetime(2026, 3, 29, 3, 59, tzinfo=UTC), 0),
        (datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2026, 10, 25, 3, tzinfo=UTC), 1),
    ],
)
def test_a_night_is_four_elapsed_hours_between_midnight_and_eight(since: datetime, until: datetime, held: int) -> None:
    assert nights(since, until) == held


def kept(number: int, *, moved: bool = False) -> list[list[object]]:
    end = ["child_moved", START + 6 * HOUR, {}] if moved else ["brought_to_court", START + 20 * HOUR, {}]
    asked = [["place_requested", START + 2 * HOUR, {"type": "non_secure"}]] if number < 33 else []
    return [["child_charged", START, {}], ["bail_refused", START + HOUR, {"facts": "said", "grounds": "appear"}], *asked, end]


def test_forty_eight_thirty_three_and_two_with_what_next_year_would_have_to_be() -> None:
    cases = tuple(case("custody", number, START - HOUR, kept(number, moved=number < 2)) for number in range(48))
    found = by_line(draw_custody(Facts(cases=cases), ask("M8")))
    asked, moved = found["d asked"].measure, found["f moved"].measure
    assert (asked.numerator, asked.denominator) == (33, 48)
    assert (moved.numerator, moved.value, moved.interval_method) == (2, 2 / 48, "Clopper-Pearson")
    assert (round(moved.lower or 0, 3), round(moved.upper or 0, 3)) == (0.005, 0.143)
    told = next(str(note) for note in moved.caveats if note.code == "needed_for_change")
    assert "Of 48 next year, 10 would have to be moved" in told and "9 gives p = 0.0505" in told


def test_still_held_at_the_cut_is_held_so_far() -> None:
    cases = (case("custody", 1, START - HOUR, kept(1)),)
    found = by_line(draw_custody(Facts(cases=cases), ask("M8", as_of=START + 5 * HOUR)))
    assert found["b hours"].measure.value == 5.0 and found["b median hours"].measure.numerator == 0
    assert any(note.code == "open" and note.count == 1 for note in found["b hours"].measure.caveats)


def test_a_file_sent_back_counts_from_the_one_that_was_accepted_and_who_held_it_adds_up() -> None:
    deeds = [
        ["cps_submitted", START, {}],
        ["cps_rejected", START + 2 * DAY, {}],
        ["cps_resubmitted", START + 5 * DAY, {}],
        ["cps_action_set", START + 9 * DAY, {}],
        ["cps_resubmitted", START + 10 * DAY, {}],
        ["cps_decided", START + 30 * DAY, {"decision": "charge"}],
        ["cps_submitted", START + 40 * DAY, {}],
    ]
    first, second = submissions([case("online", 1, START - DAY, deeds)], ask("M7"))
    assert (first.accepted_at, first.outcome) == (START + 5 * DAY, "charge")
    assert (first.with_cps, first.with_police) == (26 * DAY, 4 * DAY)
    assert (second.outcome, second.decided, second.id) == ("", False, "1:1")


def missing(number: int, *, back: datetime | None, born: date = date(2012, 1, 1), at: datetime = START) -> Episode:
    return Episode(id=str(number), child=f"child {number % 100}", reported_at=at, returned_at=back, birth_date=born)


def test_what_ends_the_wait_for_an_interview_first_is_its_outcome() -> None:
    back = START + HOUR
    episodes = (
        missing(1, back=back),
        missing(2, back=back),
        missing(3, back=back, born=date(2008, 6, 6)),  # eighteen two days after
        missing(4, back=back),
        missing(104, back=back + 9 * DAY, at=back + 3 * DAY),  # the same child, missing again
    )
    told = (Interview("1", held_at=back + DAY), Interview("2", declined_at=back + DAY, held_at=back + 2 * DAY))
    rows, _ = returns(Facts(episodes=episodes, interviews=told), ask("M4", as_of=START + 5 * DAY))
    ends = {row.id: how for row, how in waits(rows, as_of=START + 5 * DAY)}
    assert ends == {"1": HELD, "2": DECLINED, "3": GROWN, "4": "missing again"}


def test_an_interview_written_down_after_the_cut_of_what_was_done_is_not_yet_held() -> None:
    facts = Facts(episodes=(missing(1, back=START),), interviews=(Interview("1", held_at=START + 2 * DAY),))
    early = by_line(draw_interviews(facts, ask("M4", as_of=START + 3 * DAY)))["held ever"].measure
    late = by_line(draw_interviews(facts, ask("M4", as_of=START + DAY)))["held ever"].measure
    assert (early.numerator, early.denominator) == (1, 1)
    assert (late.numerator, late.denominator) == (0, 0), "and a day after the return it is too soon to say"


def test_two_reviews_of_three_that_were_due_are_two_of_three_however_many_were_recorded() -> None:
    due = [Due(f"{n}:{n}", f"child {n}", "", "MIS-SUPERVISOR-REVIEW", START, START + n * HOUR) for n in range(1, 4)]
    done = [Due(row.id, row.child, "", row.rule, row.started_at, row.due_at, None, row.due_at, row.due_at, True) for row in due[:2]]
    found = by_line(draw_recording(Facts(dues=(*done, due[2])), ask("M9")))
    assert (found["a recorded"].measure.numerator, found["a recorded"].measure.denominator) == (2, 3)
    assert found["a recorded"].measure.value is None, "three children are too few for a share"
    assert found["recorded MIS-SUPERVISOR-REVIEW"].whole == ("1:1", "2:2", "3:3")


def test_a_child_looked_at_by_nobody_is_listed_by_name_of_the_row() -> None:
    rows = (
        Due("1:1", "a", "", "CUS-DAILY-MEETING", START, START + DAY),
        Due("1:2", "a", "", "CUS-TACTICAL-MEETING", START, START + 14 * DAY),
        Due("2:3", "b", "", "CUS-DAILY-MEETING", START, START + DAY, None, START + HOUR, START + HOUR, True),
    )
    found = by_line(draw_scrutiny(Facts(dues=rows), ask("M10")))
    assert found["never seen"].counted == ("1",) and found["never seen"].whole == ("1", "2")
    assert found["daily"].counted == ("2:3",)


def test_the_oldest_referral_not_shared_is_said_however_many_were() -> None:
    known = ["child_risk_known", START, {}]
    cases = (
        case("online", 1, START, [known, ["child_shared", START + HOUR, {}]]),
        case("online", 2, START, [known]),
        case("online", 3, START + 10 * DAY, [["child_risk_known", START + 10 * DAY, {}]]),
    )
    found = by_line(draw_referrals(Facts(cases=cases), ask("M5")))
    assert found["shared oldest waiting"].measure.value == 90.0
    assert found["shared oldest waiting"].counted == ("2", "3")
    assert found["not graded"].measure.numerator == 3


def test_four_numbers_called_repeat_rate_are_four_numbers() -> None:
    episodes = tuple(missing(n, back=START + (n + 1) * DAY, at=START + n * DAY) for n in (1, 101, 201, 2, 102, 3, 4, 5, 6, 7, 8, 9, 10))
    found = by_line(draw_repeats(Facts(episodes=episodes), Ask(YEAR, START + 300 * DAY, definition("M3"))))
    pairs = {line: (found[line].measure.numerator, found[line].measure.denominator) for line in ("R1", "R2", "R3")}
    assert pairs == {"R1": (3, 13), "R2": (5, 13), "R3": (2, 10)}
    assert found["further episodes"].measure.unit == "per_child"
