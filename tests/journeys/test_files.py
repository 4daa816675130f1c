"""A file with a bad row: the good rows are in, the bad one is mended by a person, and the same file again changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.journeys.conftest import Person

pytestmark = pytest.mark.journey

Somebody = Callable[..., Person]
HEAD = "Report reference,Given name,Surname,Date of birth,Date reported,Reported by,Relationship,District,Circumstances"


def a_file(*, bad: str) -> bytes:
    """Three rows; the second has a time that cannot be read."""
    at = f"{timezone.localtime() - timedelta(hours=3):%d/%m/%Y %H:%M}"
    rows = (
        f"J/1,Ines,Bray,06/05/2011,{at},Mara Bray,mother,north,Did not come home",
        f"J/2,Kofi,Dunn,14/02/2012,{bad},Lena Dunn,aunt,north,Left after a quarrel",
        f"J/3,Alma,Frith,30/11/2010,{at},Owen Frith,father,north,Not at school",
    )
    return "\r\n".join((HEAD, *rows, "")).encode()


def when_the_file_is_brought_in(hazel: Person, content: bytes) -> None:
    hazel.opens("/files/")
    hazel.ticks("Missing children from the force's system")
    hazel.fills({"Which system is it from?": "journey export"})
    hazel.page.get_by_label("File", exact=True).set_input_files([{"name": "export.csv", "mimeType": "text/csv", "buffer": content}])
    hazel.presses("Bring it in")


def then_the_bad_row_can_be_downloaded_with_its_reason(hazel: Person) -> None:
    with hazel.page.expect_download() as coming:
        hazel.follows("Download what could not be read")
    words = coming.value.path().read_text(encoding="utf-8-sig")
    assert "Date reported" in words
    assert "Kofi" in words
    assert "Ines" not in words
    assert len(words.strip().splitlines()) == 2


def when_the_row_is_mended_in_the_queue(hazel: Person) -> None:
    hazel.opens("/rows/")
    hazel.follows("export.csv, row")
    hazel.takes_a_picture("row-to-mend", whole=True)
    hazel.presses("Take in the mended row")
    hazel.reads("There is a problem")
    hazel.fills({"Date reported": f"{timezone.localtime() - timedelta(hours=2):%d/%m/%Y %H:%M}"})
    hazel.presses("Take in the mended row")
    hazel.reads("Mended and taken in.")


def test_a_row_that_could_not_be_read_is_mended(somebody: Somebody) -> None:
    hazel, content = somebody("hazel"), a_file(bad="31/02/2026 10:00")
    when_the_file_is_brought_in(hazel, content)
    hazel.reads("3 rows: 2 new, 0 already in, 1 could not be read.", "Date reported")
    hazel.takes_a_picture("file-brought-in")
    then_the_bad_row_can_be_downloaded_with_its_reason(hazel)
    hazel.opens("/board/")
    hazel.reads("Ines Bray", "Alma Frith")
    hazel.does_not_read("Kofi Dunn")
    when_the_row_is_mended_in_the_queue(hazel)
    hazel.opens("/board/")
    hazel.reads("Kofi Dunn")
    open_before = hazel.page.locator("#board-count strong").first.inner_text()
    when_the_file_is_brought_in(hazel, content)
    hazel.reads("3 rows: 0 new")
    hazel.opens("/rows/")
    hazel.does_not_read("export.csv")
    hazel.opens("/board/")
    assert hazel.page.locator("#board-count strong").first.inner_text() == open_before
