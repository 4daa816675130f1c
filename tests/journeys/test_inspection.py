"""The letter is loaded, the board reads what the data makes of it, and the reply is made, step by step, with none left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader

from tests.journeys.conftest import Person
from tests.journeys.world import World

pytestmark = pytest.mark.journey

LETTER = Path(__file__).parents[2] / "docs" / "examples" / "inspection" / "post-inspection-review-2022.csv"


def test_the_letter_becomes_commitments_and_the_commitments_a_reply(world: World, somebody: Callable[..., Person], tmp_path: Path) -> None:
    world.do("year_of_missing")
    willow, beech = somebody("willow"), somebody("beech")
    # The inspection lead brings the letter in, and nothing it says is lost.
    willow.opens("/inspection/file/")
    willow.page.get_by_label("The register, CSV or XLSX").set_input_files(LETTER)
    willow.presses("Bring it in")
    willow.reads("36 rows: 36 new, 0 changed, 0 the same, 0 not taken in")
    # A training that is being sourced has no measure: claimed, and nothing makes it more.
    willow.opens("/inspection/")
    willow.reads("For the board to decide", "Child missing times regularly show that over 90% of under 18s are found within 24 hours.")
    willow.follows("AREA-1.2", exact=True)
    willow.reads("It has no measure. It is claimed", "No day was given")
    # The headline figure is judged live, under its own population and clock, with its chart.
    willow.opens("/inspection/")
    willow.follows("AREA-2.11", exact=True)
    willow.reads("missing episodes, under 18 at the start", "Month by month", "Target")
    willow.presses("Freeze what the measure says now")
    willow.reads("Recorded in your name.", "Frozen as evidence")
    # The force cannot close a finding for its inspectors.
    willow.opens("/inspection/")
    willow.follows("AREA-3", exact=True)
    willow.page.get_by_text("Record its word").first.click()
    willow.page.get_by_label("What does the body itself say?").select_option(label="Closed")
    willow.page.get_by_role("button", name="Record its word").click()
    willow.reads("Name the document that says so", "Give the day the document bears")
    # The reply is made, in Word and as PDF.
    willow.opens("/inspection/")
    willow.follows("National Child Protection Inspection Post-Inspection Review")
    willow.reads("2 February 2023", "which has passed")
    willow.presses("Make the reply from the register")
    taken = {}
    for form, ending in (("Word", "docx"), ("PDF", "pdf")):
        with willow.page.expect_download() as got:
            willow.page.get_by_role("link", name=form).first.click()
        taken[ending] = tmp_path / got.value.suggested_filename
        got.value.save_as(taken[ending])
    assert "Dear Home Secretary" in [line.text for line in Document(str(taken["docx"])).paragraphs]
    assert "Appendix: hashes of the evidence" in " ".join(page.extract_text() for page in PdfReader(taken["pdf"]).pages)
    # Two steps are the force's to note; the rest are the board's, and only the next is offered.
    for _ in range(2):
        step(willow, "9/12/2022", "HMICFRS, the report")
    willow.does_not_read("Record this step in my name")
    beech.opens(willow.page.url.removeprefix(world.url))
    beech.fills({"By when is the chief officer to comment?": "6/1/2023"})
    step(beech, "12/12/2022", "Letter of invitation")
    beech.ticks("were received")
    step(beech, "9/1/2023", "The chief officer's letter")
    step(beech, "16/1/2023", "Draft of that day")
    step(beech, "1/2/2023", "On the website")
    beech.reads("Choose which of the replies made here was published")
    beech.page.get_by_label("Which of the replies made here was published?").select_option(index=1)
    beech.presses("Record this step in my name")
    beech.reads("Recorded in your name.")
    step(beech, "1/2/2023", "Covering letter")
    beech.does_not_read("Record this step in my name", "Not yet.")
    # Who answers for it leaves: somebody else answers from now on.
    willow.opens(beech.page.url.removeprefix(world.url))
    hand_on(willow, "Insp Ruth Elm")


def step(person: Person, day: str, document: str) -> None:
    """Record the next step of the reply."""
    person.fills({"On which day was it done?": day, "In which document?": document})
    person.presses("Record this step in my name")


def hand_on(person: Person, name: str) -> None:
    """Hand the report on to somebody, whom it asks to be named."""
    person.follows("Hand it on to somebody else")
    person.presses("Hand it on")
    person.reads("There is a problem")
    person.page.get_by_label("Who answers for it from now on?").select_option(label=name)
    person.presses("Hand it on")
    person.reads("Handed on. Both of them are told.", f"{name} answers for the reply here.")
