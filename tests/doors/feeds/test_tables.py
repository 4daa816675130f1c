"""The one reader of files: what it takes, what it refuses, and that no row is ever lost."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from lodestar.core.words import Caution
from lodestar.doors.feeds.sheet import Limits
from lodestar.doors.feeds.tables import AS_IT_STANDS, Table, letter, plain_heading, read_table
from lodestar.doors.feeds.writing import FORMULA_MARKS, guarded, unguarded, write_csv, write_xlsx


def table(data: bytes, *required: str, limits: Limits | None = None) -> Table:
    read = read_table(data, file="export.csv", required=required, limits=limits)
    assert isinstance(read, Table), read
    return read


def refused(data: bytes, *required: str, limits: Limits | None = None) -> str:
    read = read_table(data, file="export.csv", required=required, limits=limits)
    assert isinstance(read, tuple)
    assert all(one.sentence.endswith(".") for one in read)
    return read[0].code


def cells(read: Table) -> list[list[object]]:
    return [list(row.values.values()) for row in read.rows]


def workbook(*rows: list[object], sheets: int = 1, formats: dict[str, str] | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for place, shown in (formats or {}).items():
        sheet[place].number_format = shown
    for number in range(1, sheets):
        book.create_sheet(f"Other {number}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_rows_carry_their_file_and_number_and_cells_their_column() -> None:
    read = table(b"Name,Age\nAda,15\nIvy,14\n")
    assert [(row.source.file, row.source.number) for row in read.rows] == [("export.csv", 2), ("export.csv", 3)]
    assert read.rows[1].source.raw == {"Name": "Ivy", "Age": "14"}
    assert read.rows[1].text("Age") == "14"
    assert read.rows[1].text("No such column") == ""


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_commas_semicolons_and_tabs_part_columns(mark: str) -> None:
    assert cells(table(f"Name{mark}Age\nAda{mark}15\n".encode())) == [["Ada", "15"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_with_and_without_its_mark(encoding: str) -> None:
    read = table("Name\nSiân Łuczak\n".encode(encoding))
    assert cells(read) == [["Siân Łuczak"]]
    assert read.columns == ("Name",)
    assert read.cautions == ()


def test_windows_text_is_read_and_flagged() -> None:
    read = table("Name\nSiân O’Dowda\n".encode("cp1252"))
    assert cells(read) == [["Siân O’Dowda"]]
    assert [one.code for one in read.cautions] == ["table.encoding"]


def test_a_value_over_several_lines_is_one_cell_and_one_row() -> None:
    read = table(b'Name,Circumstances\r\nAda,"Left at six.\r\nSaid ""back soon"", then went."\r\nIvy,x\r\n')
    assert read.rows[0].values["Circumstances"] == 'Left at six.\r\nSaid "back soon", then went.'
    assert read.rows[1].source.number == 3


def test_a_quotation_mark_that_is_not_closed_costs_one_row_and_not_the_rest_of_the_file() -> None:
    read = table(b'Name,Note\nAda,"unclosed\nIvy,fine\nZofia,"also fine"\n')
    assert cells(read) == [["Ivy", "fine"], ["Zofia", "also fine"]]
    assert [(one.row.number, one.faults[0].code) for one in read.bad] == [(2, "table.quotation_marks")]
    assert read.bad[0].row.raw == {AS_IT_STANDS: 'Ada,"unclosed', "Name": "", "Note": ""}


def test_a_value_under_no_heading_is_a_bad_row_and_a_short_row_is_not() -> None:
    read = table(b"Name,Age,\nAda,15,,\nIvy\nZofia,14,x\nHamza,13,,y\n")
    assert cells(read) == [["Ada", "15"], ["Ivy", ""]]
    assert [(one.row.number, one.faults[0].column) for one in read.bad] == [(4, "column C"), (5, "column D")]
    assert read.bad[1].row.raw == {"Name": "Hamza", "Age": "13", "column D": "y"}


def test_blank_rows_are_passed_over_and_counted() -> None:
    read = table(b"Name,Age\n\nAda,15\n , \n,,\n\n")
    assert len(read.rows) == 1
    assert read.rows[0].source.number == 3, "the row's number is the spreadsheet's"
    assert read.blank == 4


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "table.blank"),
        (b" \r\n \n", "table.blank"),
        (b"Name,Age\n", "table.no_rows"),
        (b"Name,Age\n,\n\n", "table.no_rows"),
        (b",,\nAda,15,x\n", "table.no_heading"),
        (b"Name,name \nAda,Ada\n", "table.heading_twice"),
        (b"Date of birth,DATE_OF_BIRTH\n1,2\n", "table.heading_twice"),
        (b'"Name\nAda\n', "table.heading_unreadable"),
        (b"%PDF-1.7\x00\x01\x02", "table.not_a_table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "table.not_a_table"),
        (b"PK\x03\x04 not a zip", "table.not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 20, "table.old_excel"),
        (b"Name\n\x81\x8d\xff", "table.not_a_table"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_missing_columns_are_named_with_those_that_are_there() -> None:
    read = read_table(b"Name,Age\nAda,15\n", file="f", required=("NAME", "DOB"))
    assert isinstance(read, tuple)
    assert read[0].code == "table.columns_missing"
    assert read[0].sentence == "The file lacks these columns: DOB. It has: Name and Age. Check that it is the right file."


def test_headings_are_known_without_regard_to_case_and_spaces() -> None:
    assert plain_heading("Date Reported ") == plain_heading("date_reported")
    table(b"MIS_START\n1\n", "Mis start")


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    assert refused(b"Name\n" + b"x\n" * 100, limits=Limits(file_bytes=50)) == "table.too_large"


def test_more_rows_or_columns_than_are_read_at_once_are_refused_and_never_cut() -> None:
    data = b"A,B\n" + b"1,2\n" * 4
    assert len(table(data, limits=Limits(rows=4)).rows) == 4
    assert refused(data, limits=Limits(rows=3)) == "table.too_many_rows"
    assert refused(data, limits=Limits(columns=1)) == "table.too_many_columns"
    assert refused(workbook(["A", "B"], [1, 2], [3, 4]), limits=Limits(rows=1)) == "table.too_many_rows"
    assert refused(workbook(["A", "B"], [1, 2]), limits=Limits(columns=1)) == "table.too_many_columns"


def test_one_endless_cell_is_a_bad_row() -> None:
    read = table(b"A,B\n1," + b"x" * 60 + b"\n2,y\n", limits=Limits(cell_characters=50))
    assert [one.faults[0].code for one in read.bad] == ["table.cell_too_long"]
    assert len(read.rows) == 1


def test_columns_are_lettered_as_a_spreadsheet_letters_them() -> None:
    assert [letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_a_spreadsheets_days_are_days_and_its_times_are_times() -> None:
    data = workbook(
        ["Born", "Reported", "Midnight", "Number", "Flag"],
        [date(2011, 5, 6), datetime(2026, 6, 4, 21, 40), datetime(2026, 6, 4), 15.0, True],
        formats={"A2": "dd/mm/yyyy", "B2": "dd/mm/yyyy hh:mm", "C2": "dd/mm/yyyy hh:mm"},
    )
    assert cells(table(data)) == [[date(2011, 5, 6), datetime(2026, 6, 4, 21, 40), datetime(2026, 6, 4), "15", "yes"]]


@pytest.mark.parametrize("shown", ["dd/mm/yyyy", "[$-F800]dddd, mmmm dd, yyyy", 'd "the" mmm yyyy', "[$-x-sysdate]d/m/yy"])
def test_a_day_stays_a_day_whatever_format_shows_it(shown: str) -> None:
    assert cells(table(workbook(["Born"], [datetime(2011, 5, 6)], formats={"A2": shown}))) == [[date(2011, 5, 6)]]


def test_a_formula_is_never_worked_out_and_its_row_is_kept() -> None:
    read = table(workbook(["Name", "Age"], ["Ada", "=2026-2011"], ["Ivy", 14]))
    assert cells(read) == [["Ivy", "14"]]
    assert [(one.row.number, one.faults[0].column, one.faults[0].code) for one in read.bad] == [(2, "Age", "table.formula")]
    assert read.bad[0].row.raw == {"Name": "Ada", "Age": "=2026-2011"}


def test_a_spreadsheets_error_is_a_bad_row() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Name", "Age"])
    sheet.append(["Ada", "#N/A"])
    sheet["B2"].data_type = "e"
    out = io.BytesIO()
    book.save(out)
    assert [one.faults[0].code for one in table(out.getvalue()).bad] == ["table.error_value"]


def test_only_the_first_sheet_is_read_and_that_is_said() -> None:
    read = table(workbook(["Name"], ["Ada"], sheets=2))
    assert [one.code for one in read.cautions] == ["table.other_sheets"]


def test_a_gap_of_blank_rows_in_a_spreadsheet_keeps_the_numbers() -> None:
    read = table(workbook(["Name"], ["Ada"], [None], [], ["Ivy"]))
    assert [row.source.number for row in read.rows] == [2, 5]


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in parts.items():
            pack.writestr(name, content)
    return out.getvalue()


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    assert refused(zipped({"hello.txt": b"hello"})) == "table.not_a_table"


def test_a_zip_that_unpacks_to_far_too_much_is_refused_unopened() -> None:
    bomb = zipped({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b"0" * 3_000_000})
    assert refused(bomb) == "table.unpacks_too_large"
    assert refused(bomb, limits=Limits(unpacked_bytes=1_000_000, unpacked_ratio=10_000)) == "table.unpacks_too_large"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_that_declares_its_own_entities_is_refused(encoding: str) -> None:
    text = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'
    assert refused(zipped({"xl/workbook.xml": text.encode(encoding)})) == "table.not_a_table"


def test_a_damaged_workbook_is_refused() -> None:
    assert refused(zipped({"xl/workbook.xml": b"<workbook", "[Content_Types].xml": b"<Types/>"})) == "table.broken"


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0, max_value=5000), st.binary(min_size=1, max_size=12))
def test_a_workbook_with_any_bytes_changed_never_crashes(place: int, noise: bytes) -> None:
    good = SOUND_BOOK
    place %= len(good)
    read = read_table(good[:place] + noise + good[place + len(noise) :], file="f.xlsx")
    assert isinstance(read, Table) or all(one.sentence for one in read)


SOUND_BOOK = workbook(["Name", "Born"], ["Ada", date(2011, 5, 6)], ["Ivy", date(2011, 5, 6)])


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_refusal(data: bytes) -> None:
    read = read_table(data, file="f")
    assert isinstance(read, Table) or (read and all(one.code and one.sentence for one in read))


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=200))
def test_any_text_under_a_heading_is_read_whole_row_by_row(text: str) -> None:
    """Every line of the file ends up in exactly one good, bad or blank row, and nothing of it is lost."""
    data = f"A,B\n{text}".encode()
    read = read_table(data, file="f")
    if isinstance(read, Table):
        numbers = [row.source.number for row in read.rows] + [one.row.number for one in read.bad]
        assert len(numbers) == len(set(numbers))
        assert max(numbers) <= len(numbers) + read.blank + 1
        said = "".join(value for row in read.rows for value in row.source.raw.values())
        said += "".join(value for one in read.bad for value in one.row.raw.values())
        kept = set(said) | set(' \t\r\n,"\x1a') | {mark for mark in text if mark.isspace()}
        assert set(text) <= kept


SAFE = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=20).map(str.strip)


@given(st.lists(st.lists(SAFE, min_size=2, max_size=2), min_size=1, max_size=6))
def test_every_row_written_is_read_back_good_or_blank(rows: list[list[str]]) -> None:
    read = read_table(write_csv(["A", "B"], rows), file="f")
    filled = [row for row in rows if any(row)]
    if isinstance(read, Table):
        assert cells(read) == filled
        assert len(read.rows) + len(read.bad) + read.blank == len(rows)
    else:
        assert not filled


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(SAFE, min_size=2, max_size=2), min_size=1, max_size=5))
def test_every_row_written_to_a_spreadsheet_is_read_back(rows: list[list[str]]) -> None:
    read = read_table(write_xlsx(["A", "B"], rows), file="f")
    filled = [row for row in rows if any(row)]
    assert (cells(read) if isinstance(read, Table) else []) == filled


@given(st.text(max_size=30))
def test_no_cell_that_is_written_begins_like_a_formula_and_the_guard_comes_off_again(text: str) -> None:
    assert not guarded(text).startswith(FORMULA_MARKS)
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "+44 7700 900123", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_what_a_spreadsheet_would_run_is_disarmed_in_both_kinds_of_file(text: str) -> None:
    written = next(csv.reader(io.StringIO(write_csv(["A"], [[text]]).decode("utf-8-sig").split("\r\n", 1)[1])))
    assert written == ["'" + text]
    assert table(write_csv(["A"], [[text]])).rows[0].values["A"] == text
    assert table(write_xlsx(["A"], [[text.strip()]])).bad == ()


def test_characters_that_a_spreadsheet_cannot_hold_are_written_as_numbers() -> None:
    assert cells(table(write_xlsx(["A"], [["a\x01b"]]))) == [["a\\x01b"]]


def test_reading_the_same_bytes_again_gives_the_same_digest_and_rows() -> None:
    data = b"Name\nAda\n"
    assert table(data) == table(data)
    assert table(data).digest != table(data + b"Ivy\n").digest


def test_cautions_are_cautions() -> None:
    assert all(isinstance(one, Caution) for one in table("Name\né\n".encode("cp1252")).cautions)


def test_an_endless_line_is_a_bad_row_that_says_so() -> None:
    read = table(b"A,B\n" + b"x" * 200_000 + b",1\nfine,2\n")
    assert [one.faults[0].code for one in read.bad] == ["table.cell_too_long"]
    assert cells(read) == [["fine", "2"]]


def test_a_text_that_an_old_system_ended_is_read() -> None:
    assert cells(table(b"Name\nAda\n\x1a")) == [["Ada"]]
