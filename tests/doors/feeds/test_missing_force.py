"""A force's export from file to reports: every row comes out once, and the same file again says the same."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from lodestar.core.reports.force_mapping import force_mapping
from lodestar.core.reports.rows import error_report
from lodestar.doors.feeds.missing_force import ForceFile, read_force_export
from lodestar.doors.feeds.writing import write_csv
from lodestar.store.playbooks import playbook
from tests.doors.feeds import examples

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MAPPING = force_mapping(playbook("FORCE-EXPORT"), on=NOW.date())
HEADINGS = ("Report reference", "Given name", "Surname", "Date reported", "Reported by", "Sex")


def read(data: bytes) -> ForceFile:
    found = read_force_export(data, file="export", source="force", mapping=MAPPING, questions=playbook("RISK-QUESTIONS"), now=NOW)
    assert isinstance(found, ForceFile), found
    return found


def test_the_sample_has_twenty_good_rows_three_flagged_and_six_bad() -> None:
    found = read((examples.EXAMPLES / "missing-force-export.csv").read_bytes())
    assert (len(found.rows), len(found.bad), found.blank) == (23, 6, 0)
    assert [(one.row.number, one.faults[0].column, one.faults[0].code) for one in found.bad] == [
        (25, "Date reported", "time.unreadable"),
        (26, "Date reported", "export.no_reported_at"),
        (27, "Sex", "export.unknown_code"),
        (28, "Reported by", "report.no_reporter"),
        (29, "Date of birth", "report.unborn"),
        (30, "Report reference", "export.number_twice"),
    ]
    flagged = [{one.code for one in row.draft.cautions} for row in found.rows[20:]]
    assert flagged == [{"time.nonexistent"}, {"time.ambiguous"}, {"time.day_only"}]
    assert [one.code for one in found.cautions] == ["export.columns_unread"]


def test_the_spreadsheet_says_the_same_and_its_formula_is_a_bad_row() -> None:
    by_csv = read((examples.EXAMPLES / "missing-force-export.csv").read_bytes())
    by_xlsx = read((examples.EXAMPLES / "missing-force-export.xlsx").read_bytes())
    assert [row.draft for row in by_xlsx.rows] == [row.draft for row in by_csv.rows]
    assert [row.outcome for row in by_xlsx.rows] == [row.outcome for row in by_csv.rows]
    assert [one.faults[0].code for one in by_xlsx.bad[:-1]] == [one.faults[0].code for one in by_csv.bad]
    assert by_xlsx.bad[-1].faults[0].code == "table.formula"


def test_the_sample_files_are_what_their_script_makes() -> None:
    for name in ("missing-force-export.csv", "ssda903-missing.csv"):
        assert (examples.EXAMPLES / name).read_bytes() == examples.FILES[name]()
    kept, made = ((examples.EXAMPLES / "missing-force-export.xlsx").read_bytes(), examples.force_xlsx())
    assert values(kept) == values(made), "a spreadsheet carries the time it was made, so its cells are compared"


def values(data: bytes) -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True))


def test_the_error_report_mended_and_brought_in_again_is_all_good() -> None:
    bad = read(write_csv(HEADINGS, [["1", "Ada", "Marlowe", "04/06/2026 10:00", "Mara", "Q"]]))
    columns, rows = error_report(bad.bad)
    mended = [[cell if cell != "Q" else "F" for cell in row] for row in rows]
    again = read(write_csv(columns, mended))
    assert again.bad == ()
    assert again.rows[0].draft.subject.sex == "female"


def test_the_same_row_twice_is_read_twice_and_the_same_number_with_other_values_is_bad() -> None:
    row = ["1", "Ada", "Marlowe", "04/06/2026 10:00", "Mara", "F"]
    found = read(write_csv(HEADINGS, [row, row, [*row[:5], "M"]]))
    assert len(found.rows) == 2
    assert [(one.row.number, one.faults[0].code) for one in found.bad] == [(4, "export.number_twice")]


def test_a_number_whose_first_row_was_bad_is_free_for_the_next() -> None:
    row = ["1", "Ada", "Marlowe", "04/06/2026 10:00", "Mara", "F"]
    found = read(write_csv(HEADINGS, [[*row[:5], "Q"], row]))
    assert (len(found.rows), len(found.bad)) == (1, 1)


def test_a_file_of_another_kind_is_refused_whole() -> None:
    found = read_force_export(b"CHILD,DOB\n1,2\n", file="f", source="force", mapping=MAPPING, questions=playbook("RISK-QUESTIONS"), now=NOW)
    assert isinstance(found, tuple)
    assert [one.code for one in found] == ["export.columns_missing"]


CELL = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=12),
    st.sampled_from(["", "1", "F", "04/06/2026 10:00", "Mara"]),
)
ROW = st.lists(CELL, min_size=len(HEADINGS), max_size=len(HEADINGS))


@given(st.lists(ROW, min_size=1, max_size=8))
def test_every_row_in_is_a_good_row_a_bad_row_or_a_blank_one_and_again_the_same(rows: list[list[str]]) -> None:
    data = write_csv(HEADINGS, rows)
    found = read_force_export(data, file="f", source="force", mapping=MAPPING, questions=playbook("RISK-QUESTIONS"), now=NOW)
    if isinstance(found, tuple):
        assert [one.code for one in found] == ["table.no_rows"]
        assert not any("".join(row).strip() for row in rows)
        return
    assert len(found.rows) + len(found.bad) + found.blank == len(rows)
    numbers = sorted([row.source.number for row in found.rows] + [one.row.number for one in found.bad])
    assert len(set(numbers)) == len(numbers)
    assert all(one.faults and all(fault.reason for fault in one.faults) for one in found.bad)
    assert read(data) == read(data)


def test_a_mended_row_keeps_the_whole_of_what_came() -> None:
    found = read(write_csv((*HEADINGS, "Shoe size"), [["1", "Ada", "Marlowe", "04/06/2026 10:00", "Mara", "Q", "5"]]))
    assert dict(found.bad[0].row.raw)["Shoe size"] == "5"
