"""The national return's Missing table, read from a file and written to one."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.reports.ssda903 import COLUMNS, CareEpisode, MissingRow, year_ending
from lodestar.doors.feeds.ssda903 import Authority, ReturnFile, read_missing, write_missing
from lodestar.doors.feeds.writing import write_xlsx
from tests.doors.feeds import examples

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ACC = Authority("ACC", "Aldermere County Council")
HEADING = "CHILD,DOB,MISSING,MIS_START,MIS_END\r\n"


def read(data: bytes, *, care: list[CareEpisode] | None = None) -> ReturnFile:
    found = read_missing(data, file="missing.csv", authority=ACC, now=NOW, year=year_ending(2026), care=care)
    assert isinstance(found, ReturnFile), found
    return found


def test_the_sample_has_reports_a_row_that_is_kept_and_rows_that_break_the_rules() -> None:
    found = read((examples.EXAMPLES / "ssda903-missing.csv").read_bytes())
    assert [row.row.child for row in found.rows] == ["4711", "4711", "4711", "4712", "4713", "4714", "4714"]
    kinds = [row.draft.kind for row in found.rows if row.draft]
    assert kinds == ["missing", "missing", "missing", "away", "missing", "missing", "missing"]
    assert [(one.row.number, [fault.code for fault in one.faults]) for one in found.bad] == [
        (9, ["ssda903.564"]),
        (10, ["ssda903.565"]),
        (11, ["ssda903.567"]),
        (12, ["ssda903.586"]),
        (13, ["ssda903.1006"]),
        (14, ["ssda903.date"]),
    ]
    assert [one.code for one in found.rows[6].cautions] == ["ssda903.574"]
    assert {one.number for one in found.checked.not_checked} == {"575", "576", "577", "578", "581"}


def test_a_sound_table_read_and_written_is_the_same_bytes() -> None:
    data = (HEADING + "4711,06/05/2011,M,04/06/2025,05/06/2025\r\n4712,,A,01/09/2025,\r\n").encode()
    assert write_missing(row.row for row in read(data).rows) == data


def test_the_sample_without_its_bad_rows_is_written_as_it_was() -> None:
    data = (examples.EXAMPLES / "ssda903-missing.csv").read_bytes()
    found = read(data)
    bad = {one.row.number for one in found.bad}
    sound = b"".join(line for number, line in enumerate(data.splitlines(keepends=True), start=1) if number not in bad)
    assert write_missing(row.row for row in found.rows) == sound


def test_a_spreadsheet_of_the_table_is_read_alike() -> None:
    rows = [["4711", "06/05/2011", "M", "04/06/2025", "05/06/2025"]]
    by_xlsx = read(write_xlsx(COLUMNS, rows))
    assert [row.row for row in by_xlsx.rows] == [MissingRow(2, "4711", date(2011, 5, 6), "M", date(2025, 6, 4), date(2025, 6, 5))]


def test_two_absences_that_begin_on_one_day_are_two_reports() -> None:
    data = (HEADING + "4711,,M,04/06/2025,04/06/2025\r\n4711,,M,04/06/2025,06/06/2025\r\n").encode()
    numbers = [row.draft.external_id for row in read(data).rows if row.draft]
    assert numbers == ["4711:M:2025-06-04:1", "4711:M:2025-06-04:2"]


def test_the_same_file_again_gives_the_same_reports() -> None:
    data = (examples.EXAMPLES / "ssda903-missing.csv").read_bytes()
    assert read(data) == read(data)


def test_a_day_still_to_come_is_a_bad_row_in_its_column() -> None:
    found = read((HEADING + "4711,,M,04/06/2027,\r\n").encode())
    assert found.rows == ()
    assert {fault.column for fault in found.bad[0].faults} <= {"MIS_START", ""}
    assert "report.future" in [fault.code for fault in found.bad[0].faults]


def test_a_warning_about_care_keeps_the_report() -> None:
    care = [CareEpisode("4711", date(2025, 1, 1), date(2025, 6, 10))]
    found = read((HEADING + "4711,,M,04/06/2025,\r\n").encode(), care=care)
    assert found.bad == ()
    draft = found.rows[0].draft
    assert draft is not None
    assert [one.code for one in draft.cautions] == ["ssda903.day_only", "ssda903.575", "ssda903.577"]


def test_another_table_of_the_return_is_refused_whole() -> None:
    found = read_missing(b"CHILD,DOB,DECOM,DEC\n1,2,3,4\n", file="f", authority=ACC, now=NOW)
    assert isinstance(found, tuple)
    assert "MIS_START" in found[0].sentence


DAYS = st.none() | st.dates(min_value=date(1990, 1, 1), max_value=date(2026, 3, 31))
CHILD = st.text(alphabet="ABC0123456789", min_size=1, max_size=10)
SOUND = st.builds(MissingRow, number=st.just(0), child=CHILD, born=DAYS, kind=st.sampled_from(["M", "A", "Q", ""]), start=DAYS, end=DAYS)


@given(st.lists(SOUND, min_size=1, max_size=6))
def test_what_is_written_is_read_and_written_again_the_same_and_every_row_comes_out_once(rows: list[MissingRow]) -> None:
    data = write_missing(rows)
    found = read(data)
    assert len(found.rows) + len(found.bad) + found.blank == len(rows)
    sound = [row.row for row in found.rows]
    assert write_missing(sound) == write_missing(rows[row.number - 2] for row in sound)


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=120))
def test_any_text_under_the_heading_never_crashes(text: str) -> None:
    found = read_missing((HEADING + text).encode(), file="f", authority=ACC, now=NOW)
    assert isinstance(found, ReturnFile) or all(one.sentence for one in found)
