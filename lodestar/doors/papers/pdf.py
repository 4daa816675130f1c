"""A paper as PDF: tagged, titled, in British English, and declared PDF/UA-1, which the typesetter itself holds it to."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import typst

from lodestar.core.paper import Paper
from lodestar.core.times import to_utc
from lodestar.core.words import Refusal, Refused
from lodestar.doors.papers.letters import printable

TEMPLATE = Path(__file__).with_name("paper.typ")
STANDARD = "ua-1"
NO_LETTER = "could not be displayed"


def write_pdf(paper: Paper) -> bytes:
    """The paper as PDF/UA-1, the same bytes for the same paper; refused where a letter in it has no shape in the typeface.

    PDF/UA forbids a box in place of a letter: somebody who listens to the document would hear nothing there.
    """
    try:
        made = typst.compile(
            str(TEMPLATE),
            root=str(TEMPLATE.parent),
            sys_inputs={"paper": json.dumps(_words(paper), ensure_ascii=False)},
            pdf_standards=STANDARD,
            ignore_system_fonts=True,  # the typeface of the wheel, whatever the machine has
            format="pdf",
            timestamp=to_utc(paper.at).replace(microsecond=0),
        )
    except typst.TypstError as error:
        if NO_LETTER not in error.message:
            raise _Unset from None
        # Its own message repeats the letters, which may be a child's name.
        raise Refused(
            Refusal(
                "paper.letters",
                "This paper holds letters or signs that the PDF's typeface has no shape for. Take the Word document, which has "
                "every letter, or write the words in Latin letters.",
                "PDF/UA-1 (ISO 14289-1)",
            )
        ) from None
    if not isinstance(made, bytes):
        raise _Unset
    return made


class _Unset(RuntimeError):
    """The typesetter failed for a reason of ours. Its message is left out: it may repeat what the paper says."""


def _words(paper: Paper) -> dict[str, object]:
    at = to_utc(paper.at)
    words = asdict(paper)
    words["at"] = {name: getattr(at, name) for name in ("year", "month", "day", "hour", "minute", "second")}
    return {name: printable(value) for name, value in words.items()}
