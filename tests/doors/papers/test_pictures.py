"""A paper with a drawing: the PDF still declares PDF/UA-1, the drawing has its words, and every form is the same bytes each time."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from lodestar.core.measures.chart import Chart, Series
from lodestar.core.paper import Grid, Paper, Part, Picture
from lodestar.doors.papers.charts import write_svg
from lodestar.doors.papers.docx import write_docx
from lodestar.doors.papers.html import write_html
from lodestar.doors.papers.pdf import write_pdf
from tests.doors.papers.test_papers import docx, tags, word_lines

AT = datetime(2026, 7, 6, 18, 15, tzinfo=UTC)
SHARES = (0.71, 0.74, 0.69, 0.78)
CHART = Chart(
    kind="xmr",
    code="m1-control",
    title="Found within 24 hours",
    sentence="4 points, April to July. The latest is 78.0%.",
    x_title="Month",
    y_title="Share",
    unit="share",
    xs=(0.0, 1.0, 2.0, 3.0),
    names=("April", "May", "June", "July"),
    series=(Series("Share", "measured", SHARES), Series("Centre", "centre", (0.73,) * 4)),
)
PICTURE = Picture(write_svg(CHART).decode(), CHART.sentence, CHART.title)
PAPER = Paper(
    title="A pack",
    under="Held on 6 July 2026",
    author="Insp Ruth Elm",
    marking="OFFICIAL-SENSITIVE",
    reference="Meeting 7, version 1",
    at=AT,
    parts=(
        Part("Figures", ("What has changed?",), grid=Grid(("Measure", "Figure"), (("M1", "78.0%"),))),
        Part("Found within 24 hours", pictures=(PICTURE,), grid=CHART.table(), level=2),
        Part("The child & <others>", facts=(("Said", "“<b>No</b>” & yes"),)),
    ),
)


def test_the_pdf_is_pdf_ua_with_a_figure_that_has_its_words_and_headings_of_two_levels() -> None:
    found = PdfReader(io.BytesIO(write_pdf(PAPER)), strict=True)
    root: Any = found.trailer["/Root"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    names = list(tags(root["/StructTreeRoot"]))
    assert (names.count("/Figure"), names.count("/H1"), names.count("/H2")) == (1, 2, 1)
    assert CHART.sentence in str(alternatives(root["/StructTreeRoot"]))


def alternatives(node: Any) -> list[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [words for child in node for words in alternatives(child)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/Alt"])] if "/Alt" in node else []
    return own + alternatives(node.get("/K"))


def test_the_words_of_the_drawing_are_text_in_the_pdf_and_its_table_stands_beneath() -> None:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(write_pdf(PAPER))).pages)
    for words in ("April", "78.0%", "Centre", "Found within 24 hours"):
        assert words in text


def test_a_picture_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its words"):
        Picture("<svg/>", " ")
    with pytest.raises(ValueError, match="first level or the second"):
        Part("x", level=3)


def test_the_same_paper_is_the_same_bytes_in_every_form() -> None:
    for write in (write_pdf, write_html, write_docx):
        assert write(PAPER) == write(PAPER)
        assert write(replace(PAPER, title="Another")) != write(PAPER)


def test_the_file_for_a_browser_runs_nothing_fetches_nothing_and_reads_no_markup_from_words() -> None:
    text = write_html(PAPER).decode()
    assert "<script" not in text and "http-equiv" not in text and 'src="' not in text
    assert "&lt;b&gt;No&lt;/b&gt;" in text and "The child &amp; &lt;others&gt;" in text
    assert text.count("<h1>") == 1 and "<h2>Figures</h2>" in text and "<h3>Found within 24 hours</h3>" in text
    assert f'<title id="m1-control-title">{CHART.title}</title>' in text
    assert '<th scope="col">Month</th>' in text and '<th scope="row">April</th>' in text


def test_word_says_the_picture_in_words() -> None:
    lines = word_lines(docx.Document(io.BytesIO(write_docx(PAPER))))
    assert f"{CHART.title}. {CHART.sentence}" in lines
