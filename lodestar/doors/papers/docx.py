"""A paper as a Word document: the same words under the same headings, in British English, for those who work in Word."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from docx import Document
from docx.document import Document as Made
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from lodestar.core.paper import Grid, Paper, Part
from lodestar.core.times import to_utc
from lodestar.doors.papers.letters import printable

LANGUAGE = "en-GB"
TYPEFACE = "Arial"
STYLES = {"Normal": 11.5, "Title": 20, "Heading 1": 13.5, "Heading 2": 11.5, "List Number": 11.5}
INK = RGBColor(0x26, 0x26, 0x26)
TEXT_WIDTH = 16.2  # centimetres: A4 less its margins
FIRST_ZIP_YEAR = 1980
MOST_LETTERS = 255  # what the library lets a property of the document hold


def write_docx(paper: Paper) -> bytes:
    """The paper as DOCX, the same bytes for the same paper: headings are headings, and a grid's first row repeats."""
    made = Document()
    _plain(made)
    _about(made, paper)
    _edges(made, paper)
    made.add_paragraph(printable(paper.title), style="Title")
    made.add_paragraph(printable(paper.under))
    for part in paper.parts:
        _part(made, part)
    out = io.BytesIO()
    made.save(out)
    return _dated(out.getvalue(), paper)


def _plain(made: Made) -> None:
    """One typeface, one ink, the language, and no picture: the library's own template brings a thumbnail."""
    for name, size in STYLES.items():
        style = made.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = TYPEFACE, Pt(size), INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    defaults = made.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = defaults.find(qn("w:lang"))
    language.set(qn("w:val"), LANGUAGE)
    relations = made.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[key]


def _about(made: Made, paper: Paper) -> None:
    about, at = made.core_properties, to_utc(paper.at).replace(tzinfo=None, microsecond=0)
    author = printable(paper.author)[:MOST_LETTERS]
    about.title, about.author, about.last_modified_by = printable(paper.title)[:MOST_LETTERS], author, author
    about.subject, about.language, about.comments, about.keywords = printable(paper.under)[:MOST_LETTERS], LANGUAGE, "", ""
    about.created = about.modified = at


def _edges(made: Made, paper: Paper) -> None:
    """The marking at the head of every page, the reference and the page's number at its foot."""
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.4)
    head = page.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.add_run(printable(paper.marking)).bold = True
    foot = page.footer.paragraphs[0]
    foot.add_run(f"{printable(paper.reference)}    Page ")
    _field(foot, "PAGE")
    foot.add_run(" of ")
    _field(foot, "NUMPAGES")


def _part(made: Made, part: Part) -> None:
    made.add_heading(printable(part.heading), level=part.level)
    for words in part.paragraphs:
        made.add_paragraph(printable(words))
    for name, value in part.facts:
        line = made.add_paragraph()
        line.add_run(f"{printable(name)}:").bold = True
        line.add_run(f" {printable(value)}")
    _points(made, part)
    for picture in part.pictures:  # Word takes no SVG from the library: the words of the picture stand for it
        made.add_paragraph(printable(f"{picture.caption}. {picture.alt}" if picture.caption else picture.alt))
    if part.grid is not None:
        _grid(made, part.grid)


def _points(made: Made, part: Part) -> None:
    """A numbered list that begins at one: left to itself, Word numbers on from the list before."""
    if not part.points:
        return
    numbering = made.part.numbering_part.element
    kept = made.styles["List Number"].element.pPr.numPr.numId.val
    found = numbering.add_num(numbering.num_having_numId(kept).abstractNumId.val)
    found.add_lvlOverride(ilvl=0).add_startOverride(1)
    for words in part.points:
        line = made.add_paragraph(printable(words), style="List Number")
        numbered = line._p.get_or_add_pPr().get_or_add_numPr()
        numbered.get_or_add_ilvl().val, numbered.get_or_add_numId().val = 0, found.numId


def _grid(made: Made, grid: Grid) -> None:
    table = made.add_table(rows=1, cols=len(grid.heading), style="Table Grid")
    for cell, words in zip(table.rows[0].cells, grid.heading, strict=True):
        cell.paragraphs[0].add_run(printable(words)).bold = True
    first = table.rows[0]._tr.get_or_add_trPr()
    first.append(OxmlElement("w:cantSplit"))
    first.append(OxmlElement("w:tblHeader"))
    for row in grid.rows:
        added = table.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # a row that runs over a page is read twice
        for cell, words in zip(added.cells, row, strict=True):
            cell.text = printable(words)
    _widths(table, grid)
    made.add_paragraph()


def _widths(table: Any, grid: Grid) -> None:
    """The columns by their shares of the page, where the paper gives them; Word wants the width on every cell."""
    if not grid.widths:
        return
    table.autofit = False
    for column, share in zip(table.columns, grid.widths, strict=True):
        column.width = wide = Cm(TEXT_WIDTH * share / sum(grid.widths))
        for cell in column.cells:
            cell.width = wide


def _field(line: Any, name: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    line._p.append(field)


def _dated(made: bytes, paper: Paper) -> bytes:
    """The same package with every entry dated as the paper is: the library dates them when it writes."""
    at = to_utc(paper.at)
    stamp = (max(at.year, FIRST_ZIP_YEAR), at.month, at.day, at.hour, at.minute, at.second)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            kept = zipfile.ZipInfo(entry.filename, stamp)
            kept.compress_type, kept.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            after.writestr(kept, before.read(entry))
    return out.getvalue()
