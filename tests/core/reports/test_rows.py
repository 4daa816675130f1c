"""Bad rows, and the report of them to download."""

from __future__ import annotations

from lodestar.core.reports.rows import REPORT_COLUMNS, BadRow, Fault, SourceRow, error_report, row_digest


def bad(number: int, raw: dict[str, str], *faults: Fault) -> BadRow:
    return BadRow(SourceRow("export.csv", number, raw), faults)


def test_the_error_report_has_file_row_column_and_reason_and_then_the_row_as_it_came() -> None:
    columns, rows = error_report([bad(7, {"Sex": "Q", "Name": "Ada"}, Fault("Sex", "code", "Use female or male."))])
    assert columns == (*REPORT_COLUMNS, "Sex", "Name")
    assert rows == (("export.csv", "7", "Sex", "Use female or male.", "Q", "Ada"),)


def test_a_row_with_several_faults_stands_once_with_all_of_them() -> None:
    _, rows = error_report([bad(7, {"Sex": "Q"}, Fault("Sex", "code", "Use female."), Fault("", "short", "Too short."))])
    assert rows == (("export.csv", "7", "Sex; the whole row", "Sex: Use female. the whole row: Too short.", "Q"),)


def test_rows_of_different_shapes_stand_under_all_headings() -> None:
    columns, rows = error_report([bad(2, {"A": "1"}, Fault("A", "x", "No.")), bad(3, {"B": "2"}, Fault("B", "x", "No."))])
    assert columns[4:] == ("A", "B")
    assert [row[4:] for row in rows] == [("1", ""), ("", "2")]


def test_a_mended_report_brought_in_again_does_not_gather_headings() -> None:
    columns, rows = error_report([bad(2, {"A": "1"}, Fault("A", "x", "No."))])
    again = dict(zip(columns, rows[0], strict=True))
    assert error_report([bad(2, again, Fault("A", "x", "Still no."))])[0] == columns


def test_no_bad_rows_make_an_empty_report() -> None:
    assert error_report([]) == (REPORT_COLUMNS, ())


def test_a_rows_digest_is_of_its_cells_and_not_of_their_order_or_place() -> None:
    assert row_digest({"A": "1", "B": "2"}) == row_digest({"B": "2", "A": "1"})
    assert row_digest({"A": "1", "B": "2"}) != row_digest({"A": "2", "B": "1"})
    assert row_digest({"A": '1","B":"2'}) != row_digest({"A": "1", "B": "2"})
