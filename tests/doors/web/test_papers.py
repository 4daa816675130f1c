"""The certificate for the court: who may take it, what it says, and what it leaves behind."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import docx
import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from lodestar.core.matters.custody.deeds import DEEDS
from lodestar.store.guard import writing
from lodestar.store.models import AuditRow, Deed, Matter
from tests.actions.conftest import Force

PageOf = Callable[[str], Client]
CHARGE = {
    "court": "Fenmouth Youth Court",
    "charges": "Robbery, Theft Act 1968 s.8\nAffray, Public Order Act 1986 s.3",
    "specified": "yes",
}
REQUEST = {"type": "secure", "authority": "Shire Council"}
CERTIFICATE = {
    "serious_harm": "She named whom she means to stab.",
    "not_adequate": "She left two homes this week to look for him.",
    "test": "She would stab him, as in the robbery charged.",
}


class Detention:
    """One child's detention as its deeds tell it."""

    def __init__(self, force: Force) -> None:
        self.force = force
        at = timezone.now() - timedelta(hours=10)
        self.matter = force.report(external_id="FEN/2026/0311", at=at, since_from=at, since_to=at)
        with writing():
            Matter.objects.filter(pk=self.matter.pk).update(kind="custody")

    def deed(self, hours_ago: float, code: str, **said: str) -> Deed:
        at = timezone.now() - timedelta(hours=hours_ago)
        with writing():
            return Deed.objects.create(matter=self.matter, code=code, at=at, recorded_at=at, by=self.force.users["fir"], detail=said)

    def path(self, deed: Deed, ending: str = "pdf") -> str:
        return f"/matters/{self.matter.pk}/certificate/{deed.pk}.{ending}"


@pytest.fixture
def held(force: Force) -> Detention:
    """Charged six hours ago."""
    found = Detention(force)
    found.deed(6, "child_charged", **CHARGE)
    return found


@pytest.fixture
def certified(held: Detention) -> Deed:
    """A secure place asked for and refused, and then a certificate under limb (b)."""
    asked = held.deed(5, "place_requested", **REQUEST)
    held.deed(4.5, "place_answered", about=str(asked.pk), answer="refused", why="No secure place in the region.")
    return held.deed(4, "certified_serious_harm", **CERTIFICATE)


def text_of(answer: Any) -> str:
    if answer["Content-Type"] == "application/pdf":
        return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())
    made = docx.Document(io.BytesIO(answer.content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join((*(line.text for line in made.paragraphs), *cells)).split())


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_the_custody_officer_takes_the_certificate_and_it_says_what_the_deeds_say(
    ending: str, page_of: PageOf, held: Detention, certified: Deed
) -> None:
    answer = page_of("fir").get(held.path(certified, ending))
    assert answer.status_code == 200
    text = text_of(answer)
    for words in (
        "Name: Mina Marsh",
        "Date of birth: 4 May 2011",
        "Custody record: FEN/2026/0311",
        "Robbery, Theft Act 1968 s.8",
        "Affray, Public Order Act 1986 s.3",
        "Police district: North",
        "She left two homes this week to look for him.",
        "She would stab him, as in the robbery charged.",
        "serious harm means death or serious personal injury",
        "She named whom she means to stab.",
        "No secure place in the region.",
        "Custody officer: Sgt Fir",
        "Court: Fenmouth Youth Court",
        "Not yet recorded when this copy was taken",
    ):
        assert words in text


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_the_certificate_names_the_police_station_where_detention_was_authorised(
    ending: str, page_of: PageOf, held: Detention, certified: Deed
) -> None:
    asked = next(one for one in DEEDS["detention_authorised"].asks if one.name == "station")
    held.deed(9, "detention_authorised", **{asked.name: "Fenmouth custody suite", "age_basis": "confirmed"})
    assert "Police station: Fenmouth custody suite" in text_of(page_of("fir").get(held.path(certified, ending)))


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_its_name_holds_the_matter_s_reference_and_nothing_of_the_child(
    ending: str, page_of: PageOf, held: Detention, certified: Deed
) -> None:
    answer = page_of("fir").get(held.path(certified, ending))
    assert answer["Content-Disposition"] == f'attachment; filename="{held.matter.reference}-certificate-{certified.pk}.{ending}"'
    assert answer["Cache-Control"] == "no-store"


def test_taking_it_leaves_who_took_which_and_the_digest_of_the_file(page_of: PageOf, held: Detention, certified: Deed) -> None:
    answer = page_of("fir").get(held.path(certified))
    row = AuditRow.objects.get(verb="matter.certificate_taken")
    assert (row.actor_name, row.outcome, row.subject_kind, row.subject_id) == ("Sgt Fir", "seen", "matter", str(held.matter.pk))
    assert row.detail == {"deed": str(certified.pk), "form": "pdf", "sha256": sha256(answer.content).hexdigest()}


def test_no_audit_row_no_certificate(page_of: PageOf, held: Detention, certified: Deed, broken_audit: Callable[[], Any]) -> None:
    client = page_of("fir")
    with broken_audit():
        answer = client.get(held.path(certified))
    assert answer.status_code == 503
    assert b"%PDF" not in answer.content


@pytest.mark.parametrize("who", ["birch", "ash", "ivy", "oak", "yew"])
def test_who_may_not_see_the_matter_gets_404(who: str, page_of: PageOf, held: Detention, certified: Deed) -> None:
    answer = page_of(who).get(held.path(certified))
    assert answer.status_code == 404
    assert b"%PDF" not in answer.content


def test_a_deed_that_is_no_certificate_or_another_matter_s_is_not_there(
    page_of: PageOf, force: Force, held: Detention, certified: Deed
) -> None:
    client = page_of("fir")
    charge = held.matter.deeds.get(code="child_charged")
    assert client.get(held.path(charge)).status_code == 404
    assert client.get(f"/matters/{held.matter.pk}/certificate/999999.pdf").status_code == 404
    at = timezone.now()
    other = force.report(external_id="R-2", at=at, since_from=at, since_to=at)
    assert client.get(f"/matters/{other.pk}/certificate/{certified.pk}.pdf").status_code == 404
    assert client.get(held.path(certified, "txt")).status_code == 404


def test_a_certificate_that_lacks_what_the_act_asks_for_is_refused_with_each_sentence(page_of: PageOf, held: Detention) -> None:
    blank = held.deed(4, "certified_impracticable", reason="hospital", circumstances=" ")
    answer = page_of("fir").get(held.path(blank))
    assert answer.status_code == 422
    assert b"Specify the circumstances." in answer.content
    row = AuditRow.objects.get(verb="matter.certificate_taken")
    assert (row.outcome, set(row.detail["codes"])) == ("refused", {"certificate.circumstances"})


def test_it_says_what_was_known_when_it_was_made_and_whether_it_was_produced_since(
    page_of: PageOf, held: Detention, certified: Deed
) -> None:
    late = held.deed(3, "place_requested", type="non_secure", authority="City Council")
    held.deed(2, "answer_noted", about=str(late.pk), answer="refused", why="Nobody to drive.")
    held.deed(1, "brought_to_court", court="Saltby Youth Court", who="PC Sam Rowan", certificate_produced="yes", produced_to="Ana Pine")
    text = text_of(page_of("fir").get(held.path(certified)))
    assert "City Council" not in text
    assert "Court: Saltby Youth Court" in text
    assert "Produced by: PC Sam Rowan Produced to: Ana Pine" in text
