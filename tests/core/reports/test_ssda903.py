"""The national return's Missing table: its dates, its rules by number, and the reports in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.reports.draft import ReportDraft
from lodestar.core.reports.intake import examine
from lodestar.core.reports.ssda903 import (
    NO_QUESTIONS,
    CareEpisode,
    MissingRow,
    cells_of,
    numbers_of,
    outcome_of,
    read_date,
    read_row,
    report_of,
    write_date,
    year_ending,
)
from lodestar.core.reports.ssda903_rules import RULES, PeriodOfCare, check, periods_of_care
from lodestar.core.words import Allowed, Refusal

NOW = datetime(2026, 4, 20, 9, tzinfo=UTC)
YEAR = year_ending(2026)


def day(text: str) -> date | None:
    read = read_date(text, column="MIS_START")
    assert not isinstance(read, Refusal)
    return read


def row(
    number: int = 2, child: str = "1", born: str = "06/05/2011", kind: str = "M", start: str = "04/06/2025", end: str = ""
) -> MissingRow:
    return MissingRow(number, child, day(born), kind, day(start), day(end))


def placed(began: str, ended: str = "", child: str = "1") -> CareEpisode:
    start = day(began)
    assert start is not None
    return CareEpisode(child, start, day(ended))


def broken(*rows: MissingRow, care: list[CareEpisode] | None = None, last_year: list[MissingRow] | None = None) -> list[tuple[str, int]]:
    checked = check(rows=rows, year=YEAR, care=care, last_year=last_year)
    return [(one.rule.number, one.row) for one in checked.findings]


def test_a_date_is_written_day_month_year_and_nothing_else_is_read() -> None:
    assert day("04/06/2025") == date(2025, 6, 4)
    assert day(" ") is None
    for text in ("2025-06-04", "31/06/2025", "04/06/25", "June", "04/06/2025 10:00"):
        assert isinstance(read_date(text, column="DOB"), Refusal)


@given(st.dates())
def test_a_date_written_and_read_is_the_same(on: date) -> None:
    assert read_date(write_date(on), column="DOB") == on


def test_a_collection_year_runs_from_april_to_march() -> None:
    assert (YEAR.start, YEAR.end) == (date(2025, 4, 1), date(2026, 3, 31))


def test_a_row_without_a_child_or_with_a_wrong_date_is_refused_with_each_column() -> None:
    cells = {"CHILD": "", "DOB": "x", "MISSING": "M", "MIS_START": "04/06/2025", "MIS_END": "99/99/2025"}
    refusals = read_row(number=2, cells=cells)
    assert isinstance(refusals, tuple)
    assert [one.field for one in refusals] == ["DOB", "MIS_END", "CHILD"]


def test_a_childs_number_cannot_begin_a_formula() -> None:
    cells = {"CHILD": "=1+1", "DOB": "", "MISSING": "M", "MIS_START": "", "MIS_END": ""}
    assert isinstance(read_row(number=2, cells=cells), tuple)


@pytest.mark.parametrize(
    ("broken_row", "number"),
    [
        (row(start=""), "564"),
        (row(kind=""), "565"),
        (row(kind="", start="", end="05/06/2025"), "566"),
        (row(end="03/06/2025"), "567"),
        (row(start="01/04/2026"), "570"),
        (row(start="30/03/2025", end="31/03/2025"), "571"),
        (row(start="31/03/2026", end="01/04/2026"), "571"),
        (row(born="05/06/2025"), "586"),
        (row(kind="Q"), "1006"),
    ],
)
def test_a_row_breaks_the_rule_of_its_number_alone(broken_row: MissingRow, number: str) -> None:
    assert broken(broken_row) == [(number, 2)]


@pytest.mark.parametrize(
    "sound",
    [
        row(),
        row(kind="A"),
        row(end="04/06/2025"),
        row(start="01/04/2025", end="31/03/2026"),
        row(start="31/03/2026"),
        row(start="10/02/2025", end="02/04/2025"),
        row(born="04/06/2025"),
        row(born=""),
        row(kind="", start="", end=""),
    ],
)
def test_a_sound_row_breaks_no_rule(sound: MissingRow) -> None:
    assert broken(sound) == []


def test_574_no_period_starts_while_another_is_open_or_overlaps() -> None:
    first, overlapping = row(2, end="06/06/2025"), row(3, start="05/06/2025", end="07/06/2025")
    assert broken(first, overlapping) == [("574", 3)]
    assert broken(overlapping, first) == [("574", 3)], "the order in the file changes nothing"
    assert broken(row(2), row(3, start="09/06/2025", end="10/06/2025")) == [("574", 3)], "the first is still open"
    assert broken(row(2, end="05/06/2025"), row(3, start="05/06/2025")) == [], "one may start on the day another ends"
    assert broken(row(2), row(3, child="2", start="05/06/2025")) == [], "another child"
    assert broken(row(2, kind="A"), row(3, start="09/06/2025")) == [("574", 3)], "away and missing do not overlap either"


def test_574_a_long_period_overlaps_every_later_one_inside_it() -> None:
    long = row(2, end="30/06/2025")
    inside = [row(3, start="05/06/2025", end="06/06/2025"), row(4, start="20/06/2025", end="21/06/2025")]
    assert broken(long, *inside) == [("574", 3), ("574", 4)]


def test_575_an_open_period_ends_with_the_placement_the_child_went_from() -> None:
    care = [placed("01/01/2025", "10/06/2025"), placed("10/06/2025")]
    assert broken(row(), care=care) == [("575", 2)]
    assert broken(row(end="05/06/2025"), care=care) == []
    assert broken(row(start="10/06/2025"), care=care) == [], "gone from the placement that began that day"
    assert broken(row(start="11/06/2025"), care=care) == []


def test_577_an_open_period_ends_when_care_ends() -> None:
    care = [placed("01/01/2025", "01/06/2025"), placed("01/06/2025", "10/06/2025")]
    assert broken(row(), care=care) == [("575", 2), ("577", 2)]
    assert broken(row(), care=[placed("01/01/2025")]) == []


def test_578_no_period_starts_after_care_ended() -> None:
    care = [placed("01/01/2025", "01/06/2025")]
    assert broken(row(end="05/06/2025"), care=care) == [("578", 2)]
    assert broken(row(start="01/06/2025", end="05/06/2025"), care=care) == [], "the day care ended still counts"
    again = [*care, placed("04/06/2025")]
    assert broken(row(end="05/06/2025"), care=again) == [], "care began again"


def test_581_no_period_starts_before_care_began() -> None:
    assert broken(row(end="05/06/2025"), care=[placed("05/06/2025")]) == [("581", 2)]
    assert broken(row(end="05/06/2025"), care=[placed("04/06/2025")]) == []


def test_576_what_was_open_last_year_is_in_this_year() -> None:
    last = [row(2, start="20/03/2025"), row(3, child="2", start="20/03/2025", end="25/03/2025")]
    assert broken(last_year=last) == [("576", 0)]
    assert broken(row(start="20/03/2025", end="02/04/2025"), last_year=last) == []
    assert broken(row(start="21/03/2025", end="02/04/2025"), last_year=last) == [("576", 0)], "the same start"


def test_a_rule_that_needs_another_table_says_that_it_was_not_checked() -> None:
    checked = check(rows=[row()])
    assert [one.number for one in checked.not_checked] == ["570", "571", "575", "577", "578", "581", "576"]
    assert all(one.why.startswith("Not checked") for one in checked.not_checked)
    assert check(rows=[row()], year=YEAR, care=[placed("01/01/2025")], last_year=[]).not_checked == ()


def test_a_child_who_is_not_in_the_episodes_is_said_to_be_unchecked_and_not_found_sound() -> None:
    checked = check(rows=[row()], year=YEAR, care=[placed("01/01/2025", child="2")], last_year=[])
    assert checked.findings == ()
    assert {one.number for one in checked.not_checked} == {"575", "577", "578", "581"}


def test_placements_without_a_gap_are_one_period_of_care() -> None:
    run = periods_of_care([placed("01/03/2025", "01/05/2025"), placed("01/01/2025", "01/03/2025"), placed("02/05/2025")])
    assert run == (PeriodOfCare(date(2025, 1, 1), date(2025, 5, 1)), PeriodOfCare(date(2025, 5, 2), None))


def test_every_rule_that_the_domain_note_names_is_there() -> None:
    named = {"564", "565", "566", "567", "570", "571", "574", "575", "576", "577", "578", "581", "586", "1006"}
    assert set(RULES) == named
    assert all(one.sentence.endswith(".") for one in RULES.values())


def drafted(one: MissingRow) -> ReportDraft | None:
    return report_of(row=one, number="n", authority="ACC", authority_name="Aldermere County Council", now=NOW)


def test_a_missing_row_is_a_report_of_a_day_and_makes_up_no_time() -> None:
    draft = drafted(row())
    assert draft is not None
    assert draft.precision == "date"
    assert draft.date_only == {"reported_at", "since_from", "since_to"}
    assert draft.reported_at == draft.since_to == datetime(2025, 6, 3, 23, tzinfo=UTC), "the day's first instant in London"
    assert (draft.subject.keys, draft.subject.responsible_authority) == ({"la_child_id": "1"}, "ACC")
    assert draft.subject.looked_after is True
    assert [one.code for one in draft.cautions] == ["ssda903.day_only"]
    assert isinstance(examine(draft=draft, questions=NO_QUESTIONS, now=NOW), Allowed)


def test_a_child_away_without_authorisation_is_kept_and_not_as_missing() -> None:
    away = drafted(row(kind="A"))
    assert away is not None
    assert away.kind == "away"
    assert away.circumstances.startswith("Away from placement without authorisation")


def test_a_row_without_a_first_day_is_no_report() -> None:
    assert drafted(row(start="")) is None
    assert drafted(row(kind="")) is None


def test_an_end_is_a_day() -> None:
    outcome = outcome_of(row(end="06/06/2025"))
    assert outcome is not None
    assert outcome.traced_precision == "date"
    assert outcome_of(row()) is None


def test_a_row_keeps_its_number_when_the_file_comes_again_and_when_it_ends() -> None:
    rows = [row(2, end="04/06/2025"), row(3)]
    ended = [row(2, end="04/06/2025"), row(3, end="09/06/2025")]
    assert numbers_of(rows) == numbers_of(ended) == {2: "1:M:2025-06-04:1", 3: "1:M:2025-06-04:2"}
    assert numbers_of(reversed(rows)) == numbers_of(rows), "the order in the file changes nothing"


def test_the_same_row_twice_has_one_number() -> None:
    assert set(numbers_of([row(2, end="05/06/2025"), row(3, end="05/06/2025")]).values()) == {"1:M:2025-06-04:1"}


DAYS = st.none() | st.dates(min_value=date(2024, 1, 1), max_value=date(2027, 1, 1))
ROWS = st.builds(
    MissingRow,
    number=st.integers(min_value=2, max_value=10_000),
    child=st.sampled_from(["1", "2", "A-3"]),
    born=DAYS,
    kind=st.sampled_from(["M", "A", "", "Q"]),
    start=DAYS,
    end=DAYS,
)


@given(st.lists(ROWS, max_size=8, unique_by=lambda one: one.number))
def test_the_rules_never_fail_and_find_the_same_in_any_order(rows: list[MissingRow]) -> None:
    care = [placed("01/01/2024", "01/06/2025"), placed("10/06/2025", child="2")]
    once = check(rows=rows, year=YEAR, care=care, last_year=rows)
    again = check(rows=rows[::-1], year=YEAR, care=care, last_year=rows)
    assert once.findings == again.findings
    assert all(one.row in {row.number for row in rows} | {0} for one in once.findings)


@given(ROWS)
def test_a_row_written_and_read_is_the_same(one: MissingRow) -> None:
    cells = dict(zip(("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"), cells_of(one), strict=True))
    assert read_row(number=one.number, cells=cells) == one


def test_the_report_of_a_day_that_is_still_to_come_is_refused() -> None:
    tomorrow = (NOW + timedelta(days=1)).date()
    draft = drafted(MissingRow(2, "1", None, "M", tomorrow, None))
    assert draft is not None
    assert not isinstance(examine(draft=draft, questions=NO_QUESTIONS, now=NOW), Allowed)
