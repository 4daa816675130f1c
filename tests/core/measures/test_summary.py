"""What a superintendent reads: a flag becomes a question, a promise a verdict, and too little to say stays unsaid."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lodestar.core.measures.catalogue import Line, entry
from lodestar.core.measures.claim import judge_share
from lodestar.core.measures.drawn import Point
from lodestar.core.measures.episodes import local_period
from lodestar.core.measures.found import lines
from lodestar.core.measures.measure import Measure
from lodestar.core.measures.spans import whole_months
from lodestar.core.measures.spc.xmr import xmr
from lodestar.core.measures.summary import Reading, by_chance, reading, reading_of_events, reading_of_opportunities, say_figure, to_ask
from tests.core.measures.making import CUT, HOUR, JUNE, M1, M2, definition, lasting

STEADY = (0.9, 0.91, 0.89, 0.9, 0.92, 0.9, 0.89, 0.91, 0.9, 0.88, 0.9)


def figure() -> Measure:
    return lines(episodes=[lasting(n, 3 if n < 18 else 40) for n in range(20)], period=JUNE, as_of=CUT, definition=M1)[0]


def points(shares: tuple[float | None, ...], of: int = 100) -> list[Point]:
    periods = whole_months(count=len(shares), at=datetime(2026, 8, 15, tzinfo=UTC))
    return [
        Point(period, None if share is None else round(share * of), of, 50, share) for period, share in zip(periods, shares, strict=True)
    ]


def read(*shares: float | None, line: Line | None = None, **known: bool) -> Reading:
    return reading(line=line or entry("M1").headline, definition=M1, figure=figure(), points=points(shares), **known)


def test_a_month_outside_the_limits_is_asked_about_with_its_limits() -> None:
    one = read(*STEADY, 0.5)
    assert one.flagged
    asked = list(to_ask(one))
    assert asked[0].startswith("Found within 24 hours was 50.0% in July 2026, outside the ")
    assert asked[0].endswith("What happened that month?")


def test_a_run_is_asked_about_from_where_it_began() -> None:
    one = read(0.8, 0.82, 0.79, 0.81, 0.8, 0.9, 0.91, 0.9, 0.92, 0.9, 0.91, 0.9)
    assert one.flagged
    said = next(iter(to_ask(one)))
    assert said.startswith("Found within 24 hours has changed beyond chance since January 2026 (near a limit), and was 90.0% in July 2026.")
    assert said.endswith("What was done differently, and will it be kept?")


def test_nothing_flagged_and_nothing_missed_asks_nothing() -> None:
    line = Line("mature", "Found", "share", "increase", "xmr_share")
    assert list(to_ask(read(*STEADY, line=line, headline=False))) == []


def test_a_promise_that_chance_cannot_meet_is_asked_about() -> None:
    asked = list(to_ask(read(*(share - 0.2 for share in STEADY))))
    assert asked == ["Found within 24 hours: 90.0% is missed whatever chance gives. What in how it is done will change, and by when?"]


def test_months_that_may_not_be_given_are_left_out_and_said() -> None:
    one = read(0.9, None, *STEADY)
    assert one.drawn is not None
    assert one.drawn.title.endswith("; 1 with too few children left out")
    assert len(one.drawn.names) == len(STEADY) + 1


def test_few_months_have_no_chart_and_say_why() -> None:
    one = read(None, 0.9, 0.8, 0.9)
    assert one.control is None
    assert one.no_chart.startswith("No chart yet: 3 months")
    assert list(to_ask(one)) == []


def test_a_line_without_a_chart_of_months_says_so() -> None:
    assert read(*STEADY, line=entry("M1").line("live")).no_chart


def test_months_that_differ_in_size_have_limits_of_their_own() -> None:
    sizes = [60, 200] * 6
    periods = whole_months(count=12, at=datetime(2026, 8, 15, tzinfo=UTC))
    rows = [
        Point(period, round(0.85 * n) + place % 3, n, n, (round(0.85 * n) + place % 3) / n)
        for place, (period, n) in enumerate(zip(periods, sizes, strict=True))
    ]
    one = reading(line=entry("M1").headline, definition=M1, figure=figure(), points=rows)
    assert one.control is not None
    assert one.control.kind == "p-prime"
    assert len({point.limits.lower for point in one.control.points}) == 2


def test_the_last_month_is_provisional_while_it_is_still_being_recorded() -> None:
    one = read(*STEADY)
    assert one.drawn is not None
    assert one.drawn.said_of(len(STEADY) - 1)[-1] == "Provisional"
    assert one.drawn.said_of(len(STEADY) - 2) == ()


def test_a_figure_is_said_with_its_unit() -> None:
    found = figure()
    assert say_figure(found.value, found) == "90.0%"
    assert say_figure(None, found) == "not shown"


@pytest.mark.parametrize(
    ("shares", "hits", "verdict"),
    [
        (STEADY, 300, "not established"),
        (tuple(s + 0.08 for s in STEADY), 392, "supported"),
        (tuple(s - 0.2 for s in STEADY), 280, "contradicted"),
    ],
)
def test_regularly_over_ninety_needs_the_lower_limit_over_it(shares: tuple[float, ...], hits: int, verdict: str) -> None:
    rows = [lasting(n, 3 if n < hits else 40) for n in range(400 if verdict != "not established" else 330)]
    found = lines(episodes=rows, period=JUNE, as_of=CUT, definition=M1)[0]
    claim = judge_share(found, share=0.9, control=xmr(shares, improvement="increase"))
    assert claim.verdict == verdict
    assert claim.sentence.startswith(verdict.capitalize())


def test_the_letters_share_is_the_definition_s() -> None:
    assert M1.claim_share == 0.9
    assert M2.claim_hours == 4


def test_too_few_establish_nothing() -> None:
    found = lines(episodes=[lasting(1, 3)], period=JUNE, as_of=CUT, definition=M1)[0]
    assert judge_share(found, share=0.9).verdict == "not established"


def test_a_promise_without_a_chart_is_not_established() -> None:
    rows = [lasting(n, 3) for n in range(60)]
    found = lines(episodes=rows, period=local_period(first=JUNE.from_at.date(), until=CUT.date()), as_of=CUT + 48 * HOUR, definition=M1)[0]
    claim = judge_share(found, share=0.9)
    assert claim.verdict == "not established"
    assert "no chart of months yet" in claim.sentence


def events(*days: float) -> list[datetime]:
    return [datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=day) for day in days]


DETENTIONS = entry("M8").headline


def test_rare_events_are_charted_by_the_days_between_them() -> None:
    one = reading_of_events(line=DETENTIONS, definition=M1, figure=figure(), events=events(*range(0, 60, 5), 400))
    assert one.control is not None
    assert one.drawn is not None
    assert (one.control.kind, one.drawn.unit, len(one.drawn.names)) == ("t", "days", 12)
    assert one.drawn.flags[0].side == "better"
    assert list(to_ask(one)) == [
        "Children charged and refused bail: 345.0 days passed before 5 February 2027, longer than chance gives. What is behind it?"
    ]


def test_two_events_at_one_minute_are_set_apart_and_break_nothing() -> None:
    one = reading_of_events(line=DETENTIONS, definition=M1, figure=figure(), events=events(0, 3, 3, 7, 9, 14, 15, 20, 24, 30))
    assert one.control is not None
    assert min(point.value for point in one.control.points) > 0


def test_few_events_have_no_chart_and_say_how_many_there_were() -> None:
    one = reading_of_events(line=DETENTIONS, definition=M1, figure=figure(), events=events(0, 30))
    assert one.no_chart == "No chart yet: 2 in two years, and 9 are needed to tell change from chance."


def test_a_record_that_does_not_go_back_far_enough_says_so() -> None:
    one = reading(line=entry("M1").headline, definition=M1, figure=figure(), points=[], cut_short=True)
    assert one.no_chart == "No chart yet: the record goes back far enough for 0 months, and 8 are needed to tell change from chance."


def test_how_many_flags_chance_alone_gives_is_added_up_over_the_charts() -> None:
    one, other = read(*STEADY), reading_of_events(line=DETENTIONS, definition=M1, figure=figure(), events=events(*range(0, 60, 5)))
    assert one.control is not None
    assert by_chance([one, other]) == pytest.approx((one.control.false_flags or 0) + 0.0027)
    assert by_chance([]) == 0


def overnight(pattern: list[bool]) -> Reading:
    line = entry("M8").line("c overnight")
    told = definition("M8")
    figure = Measure(
        code="M8", line=line.code, definition_version="2015-10-26", definition_hash="ab", clock="charged", population="charged",
        unit="count", numerator=sum(pattern), denominator=len(pattern), children=len(pattern), value=float(sum(pattern)), lower=None,
        upper=None, interval_method="none", as_of=CUT,
    )  # fmt: skip
    rows = [(CUT - timedelta(days=len(pattern) - place), event) for place, event in enumerate(pattern)]
    return reading_of_opportunities(line=line, definition=told, figure=figure, rows=rows, among="children charged")


def test_rare_events_among_opportunities_are_charted_by_how_many_passed_between() -> None:
    one = overnight([False, True, False, False, True, True, *[False, True] * 8])
    assert one.control is not None and one.drawn is not None and one.control.kind == "g"
    assert [point.value for point in one.control.points[:3]] == [2, 0, 1], "what came before the first is no gap"
    assert "children charged between one and the next" in one.drawn.title


def test_few_events_among_many_have_no_chart_and_a_long_gap_is_asked_about() -> None:
    assert "No chart yet: 3 in two years" in overnight([True, False, True, False, True]).no_chart
    (words,) = to_ask(overnight([*[True] * 20, *[False, True] * 3, *[False] * 30, True]))
    assert "30 passed before" in words and "more than chance gives" in words
