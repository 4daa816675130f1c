"""The letter itself as a register: every statement in, every statement out again in the reply, marked; and bad rows by their columns."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from docx.table import Table
from pypdf import PdfReader

from lodestar.actions.inspection import replies
from lodestar.core.inspection.commitments import MARKS
from lodestar.core.inspection.register import COLUMNS
from lodestar.core.inspection.reply import paper_from
from lodestar.core.words import Refused
from lodestar.doors.feeds.register import load_register, write_register
from lodestar.doors.feeds.writing import write_csv
from lodestar.doors.papers.docx import write_docx
from lodestar.doors.papers.pdf import write_pdf
from lodestar.store.models import Commitment, Finding, Inspection, ReplyPaper
from tests.actions.conftest import Force
from tests.actions.year import a_year_of_missing

LETTER = Path(__file__).parents[3] / "docs" / "examples" / "inspection" / "post-inspection-review-2022.csv"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
# A few words of each statement that the letter and its appendix make, in their order.
STATEMENTS = (
    "taken action to improve outcomes for children",
    "continue to take action to improve outcomes for children and keep children safe",
    "three extra posts", "training .* sourced", "searches carried out to safeguard children have widened", "set checklist",
    "Closer working with the local authority", "timely, with tighter joint working", "improvement action plan",
    "tackles the POLIT backlogs",
    "CPS activity is prioritised", "other forces, the NPCC and the College of Policing", "imminent",
    "longer-term and far more coordinated",
    "totality of child protection", "one sergeant, six officers and one young person",
    "clearly governed tasking formula", "Vulnerability Focus Desk", "marked improvements", "full array of force assets",
    "every possible engagement with police and partner agencies", "far greater accountability", "over 90% of under 18s", "under 4 hours",
    "Senior and executive-level engagement", "challenging nationally", "explore all possible options", "senior-level monitoring",
    "diversionary techniques", "holistic care", "remodelled", "Training within the custody officer and staff cohorts",
    "decision to remand a child in custody", "daily management meeting", "fortnightly partnership tactical meeting",
    "Youth Justice Management Board quarterly",
)  # fmt: skip


@pytest.fixture
def loaded(force: Force) -> Force:
    """The letter, loaded by who keeps the register."""
    done = load_register(actor=force.actor("willow", NOW), content=LETTER.read_bytes(), file_name=LETTER.name, now=NOW)
    assert (done.new, done.changed, done.same, done.bad) == (36, 0, 0, ())
    return force


def test_the_letter_s_three_areas_and_every_statement_of_it_are_rows_once(loaded: Force) -> None:
    rows = list(Commitment.objects.order_by("pk"))
    assert len(rows) == len(STATEMENTS)
    for row, words in zip(rows, STATEMENTS, strict=True):
        assert re.search(words, row.words), row.reference
    assert list(Finding.objects.order_by("pk").values_list("reference", flat=True)) == ["NINE", "AREA-1", "AREA-2", "AREA-3"]
    assert {row.owner_role for row in rows} and not any(row.due_on for row in rows), "the letter gives no day"


def test_no_name_of_a_person_is_in_the_letter_s_file() -> None:
    text = LETTER.read_text(encoding="utf-8-sig")
    assert not re.search(r"Darryl|Preston|Cambridgeshire|Peterborough", text)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_taken_out_and_brought_in_again_changes_nothing(loaded: Force, ending: str) -> None:
    actor = loaded.actor("willow", NOW)
    body = write_register(actor=actor, ending=ending, now=NOW)
    done = load_register(actor=actor, content=body, file_name=f"register.{ending}", now=NOW)
    assert (done.new, done.changed, done.same, done.bad) == (0, 0, 36, ())
    assert write_register(actor=actor, ending="csv", now=NOW) == write_register(actor=actor, ending="csv", now=NOW)


def test_a_bad_row_is_named_with_its_columns_and_the_rest_go_in(force: Force) -> None:
    good = dict.fromkeys(COLUMNS, "") | {
        "Report": "R", "Published by": "inspectorate", "Published on": "2025-01-09", "Finding": "F", "Finding kind": "recommendation",
        "Finding in our words": "Late.", "Addressed to": "chief_officer",
    }  # fmt: skip
    bad = good | {"Finding": "G", "Published by": "the press", "Their status": "closed"}
    content = write_csv(COLUMNS, [tuple(row[name] for name in COLUMNS) for row in (good, bad)])
    done = load_register(actor=force.actor("willow", NOW), content=content, file_name="two.csv", now=NOW)
    assert (done.rows, done.new) == (2, 1)
    (item,) = done.bad
    assert item.row.number == 3
    assert {fault.column for fault in item.faults} == {"Published by", "Their day", "Their document"}
    assert Inspection.objects.count() == 1


def test_a_file_that_is_no_register_is_refused_whole(force: Force) -> None:
    with pytest.raises(Refused) as refused:
        load_register(actor=force.actor("willow", NOW), content=b"A,B\r\n1,2\r\n", file_name="x.csv", now=NOW)
    assert refused.value.refusals[0].code == "table.columns_missing"


def test_each_statement_of_the_letter_stands_in_the_reply_with_its_mark_in_both_forms(loaded: Force) -> None:
    a_year_of_missing(now=NOW)
    report = Inspection.objects.get()
    replies.make_reply(actor=loaded.actor("willow", NOW), inspection_id=report.pk, now=NOW)
    paper = paper_from(ReplyPaper.objects.get().body)
    pdf = PdfReader(io.BytesIO(write_pdf(paper)), strict=True)
    metadata = pdf.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    typeset = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    made = docx.Document(io.BytesIO(write_docx(paper)))
    tables = [block for block in made.iter_inner_content() if isinstance(block, Table) and len(block.columns) == 5]
    cells = {row.cells[0].text: row for table in tables for row in table.rows}
    for one in Commitment.objects.all():
        line = cells[one.reference]
        assert one.words in line.cells[1].text
        assert line.cells[4].text.partition(".")[0].partition(":")[0].lower() in MARKS
        assert "".join(one.words.split()) in "".join(typeset.split()), one.reference  # however its lines are broken
    for words in (
        "Dear Home Secretary", "section 55(5) of the Police Act 1996", "Part 1: the local policing body's comments",
        "Part 2: the chief officer's comments", "Part 3: the local policing body's response", "2 February 2023",
        "from the report to the police until the child was found", "Appendix: hashes of the evidence",
    ):  # fmt: skip
        assert words in typeset
    assert cells["AREA-2.11"].cells[4].text.startswith("Claimed. Not established: 85.8%"), "the year of these tests settles it neither way"
    figures = [part for part in paper.parts if part.heading.startswith("Figure behind AREA-2.1")]
    assert [part.heading.partition(":")[0] for part in figures] == ["Figure behind AREA-2.11", "Figure behind AREA-2.12"]
    for part in figures:
        assert {"Of whom", "By which clock", "Definition", "Period"} <= {name for name, _ in part.facts}
        assert part.points, "its caveats"
