"""A paper as PDF and in Word: both say the same, a screen reader can read both, and the same paper is the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table
from pypdf import PdfReader

from lodestar.core.paper import Grid, Paper, Part
from lodestar.core.words import Refused
from lodestar.doors.papers.docx import write_docx
from lodestar.doors.papers.pdf import write_pdf

AT = datetime(2026, 7, 6, 18, 15, 30, 250_000, tzinfo=UTC)
DATED = AT.replace(microsecond=0)
PAPER = Paper(
    title="Certificate about a child",
    under="Made under section 38(6)(a) of the Act.",
    author="Sgt Ivo Birch",
    marking="OFFICIAL-SENSITIVE: about a child.",
    reference="Custody record FEN/2026/0311",
    at=AT,
    parts=(
        Part("The child", facts=(("Name", "Zoë Łukasz-Nguyễn"), ("Station", "Fenmouth"))),
        Part("What is certified", ("It is *not* #markup, $x$ or <b>.", "“It’s as far as 5 – 6 miles”, she said."), points=("One.", "Two.")),
        Part("Again", points=("A list of its own.",)),
        Part("Asked", grid=Grid(("When", "Answer"), (("1 May 2026", "Refused"), ("2 May 2026", "No answer")))),
    ),
)


def reader(paper: Paper = PAPER) -> PdfReader:
    return PdfReader(io.BytesIO(write_pdf(paper)), strict=True)


def pdf_text(paper: Paper) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader(paper).pages).split())


def tags(node: Any) -> Iterator[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from tags(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"])
        yield from tags(node.get("/K"))


def word(paper: Paper = PAPER) -> Document:
    return docx.Document(io.BytesIO(write_docx(paper)))


def word_lines(made: Document) -> list[str]:
    found: list[str] = []
    for block in made.iter_inner_content():
        if isinstance(block, Table):
            found += [cell.text for row in block.rows for cell in row.cells]
        elif block.text:
            found.append(block.text)
    return found


def test_the_pdf_opens_and_says_everything_in_reading_order() -> None:
    text, place = pdf_text(PAPER), 0
    for line in PAPER.lines():
        assert line in text[place:], line
        place = text.index(line, place)


def test_the_pdf_declares_pdf_ua_1_and_is_tagged() -> None:
    found = reader()
    root: Any = found.trailer["/Root"]
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>", xmp)
    assert root["/MarkInfo"]["/Marked"].value
    assert not root["/MarkInfo"]["/Suspects"].value
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value


def test_the_pdf_has_a_title_headings_lists_and_a_table_with_its_head_as_tags() -> None:
    root: Any = reader().trailer["/Root"]
    found = list(tags(root["/StructTreeRoot"]))
    assert found.count("/Title") == 1
    assert found.count("/H1") == len(PAPER.parts)
    assert (found.count("/L"), found.count("/LI")) == (2, 3)
    assert (found.count("/Table"), found.count("/THead"), found.count("/TH"), found.count("/TD")) == (1, 1, 2, 4)
    assert "/Figure" not in found


def test_the_pdf_s_own_facts_come_from_the_paper() -> None:
    about: Any = reader().metadata
    assert (about.title, about.author) == (PAPER.title, PAPER.author)
    assert about.creation_date == about.modification_date == DATED


def test_every_page_of_the_pdf_bears_the_marking_the_reference_and_its_number() -> None:
    long = replace(PAPER, parts=(Part("Much", tuple(f"Paragraph {number}." for number in range(120))),))
    found = [" ".join(page.extract_text().split()) for page in reader(long).pages]
    assert len(found) > 2
    for number, text in enumerate(found, start=1):
        assert PAPER.marking in text
        assert PAPER.reference in text
        assert f"Page {number} of {len(found)}" in text


def test_the_same_paper_is_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = write_pdf(PAPER), write_docx(PAPER)
    later = datetime(2031, 1, 1).timetuple()
    monkeypatch.setattr("time.localtime", lambda *_: later)  # what the zip's entries would be dated by
    assert (write_pdf(PAPER), write_docx(PAPER)) == first
    other = replace(PAPER, at=AT + timedelta(days=1))
    assert write_pdf(other) != first[0]
    assert write_docx(other) != first[1]


@pytest.mark.parametrize("letters", ["李明", "😀", "ابن\u06de\ufdfd"])
def test_a_letter_the_typeface_lacks_refuses_the_pdf_and_names_nobody(letters: str) -> None:
    paper = replace(PAPER, parts=(Part("The child", facts=(("Name", letters),)),))
    with pytest.raises(Refused) as refused:
        write_pdf(paper)
    assert [refusal.code for refusal in refused.value.refusals] == ["paper.letters"]
    assert letters not in str(refused.value) and refused.value.__suppress_context__
    assert f"Name: {letters}" in word_lines(word(paper))


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\ud800", "\ufffe"])
def test_a_sign_that_no_document_can_hold_is_left_out_of_both(sign: str) -> None:
    paper = replace(PAPER, parts=(Part("The child", (f"Mina{sign} Marsh",)),))
    assert "Mina Marsh" in pdf_text(paper)
    assert "Mina Marsh" in word_lines(word(paper))


def test_word_says_everything_in_the_same_order() -> None:
    assert word_lines(word()) == list(PAPER.lines())


def test_words_headings_are_headings_its_lists_begin_at_one_and_its_table_has_a_head() -> None:
    made = word()
    styles = [line.style.name for line in made.paragraphs if line.style is not None]
    assert styles[0] == "Title"
    assert styles.count("Heading 1") == len(PAPER.parts)
    lists = [line._p.pPr.numPr.numId.val for line in made.paragraphs if line.style is not None and line.style.name == "List Number"]
    assert lists[0] == lists[1] != lists[2]
    assert made.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_word_is_in_british_english_with_the_paper_s_own_facts_and_no_picture() -> None:
    whole = write_docx(PAPER)
    made = docx.Document(io.BytesIO(whole))
    about = made.core_properties
    assert (about.title, about.author, about.language, about.comments) == (PAPER.title, PAPER.author, "en-GB", "")
    assert about.created == about.modified == DATED
    assert 'w:lang w:val="en-GB"' in made.styles.element.xml
    names = zipfile.ZipFile(io.BytesIO(whole)).namelist()
    assert [name for name in names if name.lower().endswith((".jpeg", ".jpg", ".png", ".emf", ".wmf"))] == []
    page = made.sections[0]
    assert page.header.paragraphs[0].text == PAPER.marking
    assert PAPER.reference in page.footer.paragraphs[0].text


def test_a_grid_with_a_row_too_short_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError):
        Grid(("When", "Answer"), (("1 May 2026",),))
