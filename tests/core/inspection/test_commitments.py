"""What the data makes of a statement, whose word closes a finding, and rows of the register."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.inspection.commitments import ABOVE, BELOW, COMMITMENT, Judged, Promised, Reading, Target, judge, overdue
from lodestar.core.inspection.findings import Word, finding_gaps, word_gaps
from lodestar.core.inspection.register import COLUMNS, Known, RegisterRow, cells_of, read_row

OVER_90 = Promised("fact", "M1", Target(ABOVE, 0.9))
TODAY = date(2026, 6, 4)


@pytest.mark.parametrize(
    ("reading", "mark"),
    [
        (Reading(0.95, 0.92, 0.97), "evidenced"),
        (Reading(0.95, 0.88, 0.97), "claimed"),
        (Reading(0.78, 0.74, 0.82), "contradicted"),
        (Reading(0.95), "evidenced"),
        (Reading(0.90), "contradicted"),
        (Reading(None), "claimed"),
        (Reading(2.0, 1.0, 3.0, "contradicted", "Over for the under-tens."), "contradicted"),
        (Reading(2.0, 1.0, 3.0, "not established", "Not for all."), "claimed"),
        (Reading(None, verdict="supported", sentence="Every band."), "evidenced"),
        (None, "claimed"),
    ],
)
def test_a_statement_is_marked_by_what_its_measure_says(reading: Reading | None, mark: str) -> None:
    assert judge(promised=OVER_90, reading=reading).mark == mark


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.sampled_from(["", "supported", "contradicted"]))
def test_without_a_measure_nothing_makes_it_evidenced(value: float, lower: float, upper: float, verdict: str) -> None:
    judged = judge(promised=Promised("promise", "", None), reading=Reading(value, lower, upper, verdict))
    assert judged.mark == "claimed"
    assert "no measure" in judged.why


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0.1, 0.9), st.sampled_from([ABOVE, BELOW]))
def test_an_interval_on_both_sides_settles_nothing_and_turning_the_target_round_turns_the_mark(
    one: float, two: float, three: float, target: float, side: str
) -> None:
    lower, value, upper = sorted((one, two, three))
    mark = judge(promised=Promised("fact", "M1", Target(side, target)), reading=Reading(value, lower, upper)).mark
    assert (mark == "claimed") == (Target(side, target).met_by(lower) != Target(side, target).met_by(upper))
    if target not in (lower, value, upper):
        other = BELOW if side == ABOVE else ABOVE
        turned = judge(promised=Promised("fact", "M1", Target(other, target)), reading=Reading(value, lower, upper)).mark
        assert turned == {"evidenced": "contradicted", "contradicted": "evidenced", "claimed": "claimed"}[mark]


def test_it_is_overdue_once_its_day_has_passed_and_nothing_shows_it() -> None:
    late = Promised("promise", "", None, date(2026, 6, 3))
    assert overdue(promised=late, judged=Judged("claimed", ""), today=TODAY)
    assert not overdue(promised=late, judged=Judged("evidenced", ""), today=TODAY)
    assert not overdue(promised=replace(late, due_on=TODAY), judged=Judged("claimed", ""), today=TODAY)
    assert not overdue(promised=replace(late, state="closed"), judged=Judged("claimed", ""), today=TODAY)


def test_closing_and_withdrawing_are_the_board_s_and_each_step_owes_its_reason() -> None:
    assert {row.who for row in COMMITMENT.rows if row.verb in ("close", "withdraw")} == {"inspection.reply"}
    assert all(row.reason_owed for row in COMMITMENT.rows)
    assert COMMITMENT.row(state="closed", verb="withdraw") is None


WORD = Word("closed", "inspectorate", date(2026, 5, 1), "Letter of 1 May 2026")


def word_codes(word: Word, newest: date | None = None) -> list[str]:
    gaps = word_gaps(word=word, publisher="inspectorate", published_on=date(2025, 1, 1), newest=newest, today=TODAY)
    return [gap.code for gap in gaps if gap]


@pytest.mark.parametrize(
    ("word", "newest", "code"),
    [
        (replace(WORD, body="force"), None, "finding.body"),
        (replace(WORD, document=" "), None, "finding.document"),
        (replace(WORD, said_on=None), None, "finding.said_on"),
        (replace(WORD, said_on=date(2026, 6, 5)), None, "finding.day"),
        (replace(WORD, said_on=date(2024, 12, 31)), None, "finding.day"),
        (WORD, date(2026, 5, 2), "finding.older"),
        (replace(WORD, status="complete"), None, "finding.status"),
    ],
)
def test_only_the_finder_s_own_dated_document_changes_where_a_finding_stands_for_it(word: Word, newest: date | None, code: str) -> None:
    assert word_codes(WORD) == []
    assert code in word_codes(word, newest)


def test_no_action_needs_its_reason() -> None:
    assert [gap.code for gap in finding_gaps(status="no_action", response="") if gap] == ["finding.why_none"]
    assert [gap for gap in finding_gaps(status="no_action", response="The beds are the council's.") if gap] == []


KNOWN = Known(
    bodies={"inspectorate", "chief_officer", "force"}, publishers={"inspectorate", "force"}, measures={"M1"}, accounts={"ada"}, today=TODAY
)
WHOLE = {
    "Report": "R-1", "Report title": "Review", "Report kind": "inspection", "Published by": "inspectorate", "Published on": "2022-12-09",
    "Reply under": "section_55", "Finding": "A-1", "Finding kind": "area_for_improvement", "Finding in our words": "Late.",
    "Addressed to": "chief_officer", "Force status": "in_progress", "Force response": "Working on it.", "Their status": "open",
    "Their day": "09/12/2022", "Their document": "The report", "Commitment": "A-1.1", "Sort": "fact", "Commitment in words": "Over 90%.",
    "Owner": "Head of missing", "Owner account": "ada", "Due on": "2026-12-31", "Measure": "M1", "Side": "above", "Target": "90%",
    "Baseline": "78%",
}  # fmt: skip


def read(**changes: str) -> RegisterRow | tuple[object, ...]:
    cells = WHOLE | {name.replace("_", " "): value for name, value in changes.items()}
    return read_row(cells=lambda name: cells.get(name, ""), known=KNOWN)


def test_a_whole_row_is_read_and_written_as_it_was() -> None:
    row = read()
    assert isinstance(row, RegisterRow)
    assert row.commitment is not None
    assert row.commitment.promised.target == Target(ABOVE, 0.9)
    written = dict(zip(COLUMNS, cells_of(row), strict=True))
    again = read_row(cells=lambda name: written.get(name, ""), known=KNOWN)
    assert again == row


def test_a_finding_may_stand_without_a_commitment() -> None:
    blank = dict.fromkeys(("Commitment", "Commitment in words", "Measure", "Target", "Side"), "")
    row = read(**{name.replace(" ", "_"): value for name, value in blank.items()})
    assert isinstance(row, RegisterRow)
    assert row.commitment is None
    assert len(list(cells_of(row))) == len(COLUMNS)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("Report", "", "register.blank"),
        ("Published by", "chief_officer", "register.choice"),
        ("Published on", "soon", "register.day"),
        ("Published on", "2027-01-01", "register.published"),
        ("Finding kind", "remark", "register.choice"),
        ("Addressed to", "the board", "register.choice"),
        ("Force status", "done", "finding.ours"),
        ("Their document", "", "finding.document"),
        ("Their day", "", "finding.said_on"),
        ("Measure", "M99", "commitment.measure"),
        ("Measure", "", "commitment.no_measure"),
        ("Target", "", "commitment.target"),
        ("Target", "high", "register.number"),
        ("Side", "over", "commitment.side"),
        ("Owner", "", "commitment.owner"),
        ("Owner account", "nobody", "register.account"),
        ("Commitment", "", "register.no_reference"),
    ],
)
def test_a_fault_names_its_column(column: str, value: str, code: str) -> None:
    found = read(**{column.replace(" ", "_"): value})
    assert isinstance(found, tuple)
    assert code in [fault.code for fault in found]
    assert {fault.field for fault in found} <= set(COLUMNS)


def test_every_fault_of_a_row_is_given_and_not_only_the_first() -> None:
    found = read(Report="", Target="high", Owner="")
    assert isinstance(found, tuple)
    assert len(found) >= 3
