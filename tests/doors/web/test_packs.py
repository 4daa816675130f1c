"""The pages of meetings and packs: a meeting run from its agenda, and what each reader sees of the pack."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from lodestar.actions.packs import meetings
from lodestar.core.access.scope import system_actor
from lodestar.core.times import local_date
from lodestar.doors.web.forms.fields import typed
from lodestar.store.models import AuditRow, Matter, Meeting, MeetingAction, Notice, Obligation, Pack
from tests.actions import conftest as small
from tests.actions.conftest import Force
from tests.actions.test_hospital import HOUR, detention, record
from tests.actions.test_packs import CHARGED, KEPT

PageOf = Callable[[str], Client]


@pytest.fixture
def kept(force: Force, monkeypatch: pytest.MonkeyPatch) -> Matter:
    """A child charged and kept earlier today."""
    start = small.NOW
    monkeypatch.setattr("tests.actions.test_hospital.NOW", start)
    row = detention(force)
    record(force, row, "child_charged", start + HOUR, **{**CHARGED, "sitting": (start + 24 * HOUR).isoformat()})
    record(force, row, "bail_refused", start + HOUR, **{**KEPT, "told_at": (start + HOUR).isoformat()})
    row.refresh_from_db()
    return row


@pytest.fixture
def today(force: Force, kept: Matter) -> Meeting:
    """Today's daily meeting, as the jobs planned it yesterday."""
    meetings.plan(actor=system_actor("test"), now=timezone.now() - timedelta(days=1))
    rows = Meeting.objects.filter(template="PACK-DAILY")
    return next(row for row in rows if local_date(row.due_at) == local_date(timezone.now()))


def step(client: Client, row: Meeting, verb: str, **said: str) -> Any:
    row.refresh_from_db()
    return client.post(f"/packs/meetings/{row.pk}/", {"verb": verb, "seen_version": row.version, **said})


DECIDED = {
    "decision": "Why was nobody asked?",
    "reason": "The desk was short",
    "narrative": "A bed was asked for late",
}


def test_a_chair_runs_the_meeting_from_its_agenda_and_each_reader_sees_what_they_may(
    page_of: PageOf, force: Force, today: Meeting, kept: Matter
) -> None:
    elm = page_of("elm")
    listed = elm.get("/packs/").content.decode()
    assert "Daily management meeting" in listed and "Ruth Elm" in listed and f"/packs/meetings/{today.pk}/" in listed
    assert b"has not been prepared" in elm.get(f"/packs/meetings/{today.pk}/").content
    assert step(elm, today, "prepare").status_code == 302
    agenda = elm.get(f"/packs/meetings/{today.pk}/").content.decode()
    assert "Mina Marsh" in agenda and "Theft from a shop" in agenda
    unnamed = step(elm, today, "hold", attended=" ")
    assert unnamed.status_code == 422 and b"Say who is here" in unnamed.content
    assert step(elm, today, "hold", attended="Insp Elm, Sgt Hazel").status_code == 302
    assert b"<strong>1</strong> still to be discussed" in elm.get(f"/packs/meetings/{today.pk}/").content

    address = f"/packs/meetings/{today.pk}/items/1/"
    form = elm.get(address).content.decode()
    assert "What was asked, and what was decided?" in form and "Tom Hazel" in form
    named = elm.post(address, {**DECIDED, "narrative": "Mina waited"})
    assert named.status_code == 422 and b"name the child" in named.content and b"The desk was short" in named.content
    due = typed(timezone.now() + timedelta(days=3))
    saved = elm.post(address, {**DECIDED, "action": "Write the order of calls", "owner": force.users["hazel"].pk, "due_at": due})
    assert saved["Location"] == f"/packs/meetings/{today.pk}/#item-1"
    assert not Obligation.objects.get(matter=kept, rule="CUS-DAILY-MEETING").is_open
    assert step(elm, today, "freeze").status_code == 302
    pack = Pack.objects.get()

    mine = elm.get(f"/packs/{pack.pk}/").content.decode()
    assert "Mina Marsh" in mine and "The desk was short" in mine and pack.sha256 in mine
    assert page_of("oak").get(f"/packs/{pack.pk}/").status_code == 404, "not published yet"
    step(elm, today, "publish")
    theirs = page_of("oak").get(f"/packs/{pack.pk}/").content.decode()
    assert "Child A" in theirs and "A bed was asked for late" in theirs
    assert "Mina" not in theirs and "The desk was short" not in theirs and kept.reference not in theirs
    assert "Mina Marsh" in page_of("lime").get(f"/packs/{pack.pk}/").content.decode(), "their authority answers for her"
    assert page_of("oak").get(f"/packs/meetings/{today.pk}/").status_code == 404
    row = AuditRow.objects.filter(verb="pack.seen", actor_id=force.users["lime"].pk).latest("pk")
    assert row.detail["ids"] == [kept.pk]


def test_files_are_for_their_reader_and_on_record(page_of: PageOf, force: Force, today: Meeting, kept: Matter) -> None:
    elm = page_of("elm")
    step(elm, today, "prepare")
    step(elm, today, "hold", attended="Insp Elm")
    step(elm, today, "freeze", reason="The child was in hospital")
    step(elm, today, "publish")
    pack = Pack.objects.get()
    for who, knows in (("elm", True), ("oak", False)):
        pdf = page_of(who).get(f"/packs/{pack.pk}/pack.pdf")
        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
        assert ("Mina Marsh" in text) is knows
        book = openpyxl.load_workbook(io.BytesIO(page_of(who).get(f"/packs/{pack.pk}/pack.xlsx").content))
        assert book.sheetnames[-1] == "Data dictionary"
        assert any("Mina Marsh" in str(cell) for row in book["Items"].values for cell in row) is knows
        html = page_of(who).get(f"/packs/{pack.pk}/pack.html").content.decode()
        assert ("Mina Marsh" in html) is knows and "<script" not in html
    taken = AuditRow.objects.filter(verb="pack.taken", detail__form="pdf")
    assert {row.detail["sha256"] for row in taken} == {pack.forms["named.pdf"], pack.forms["anonymised.pdf"]}
    assert f"meeting-{today.pk}-version-1.pdf" in page_of("elm").get(f"/packs/{pack.pk}/pack.pdf")["Content-Disposition"]


def test_what_a_meeting_asked_reaches_its_owner_and_ends_with_an_outcome(page_of: PageOf, force: Force, today: Meeting) -> None:
    elm = page_of("elm")
    step(elm, today, "prepare")
    step(elm, today, "hold", attended="Insp Elm")
    due = typed(timezone.now() + timedelta(days=3))
    said = {**DECIDED, "action": "Write the order of calls", "owner": force.users["fir"].pk, "due_at": due, "next": "on"}
    elm.post(f"/packs/meetings/{today.pk}/items/1/", said)
    action = MeetingAction.objects.get()
    fir = page_of("fir")
    notice = Notice.objects.get(user=force.users["fir"], kind="meeting_action")
    assert fir.post(f"/notices/{notice.pk}/")["Location"] == f"/packs/actions/{action.pk}/"
    page = fir.get(f"/packs/actions/{action.pk}/").content.decode()
    assert "Write the order of calls" in page and "It is done" in page
    assert page_of("rowan").get(f"/packs/actions/{action.pk}/").status_code == 404
    empty = fir.post(f"/packs/actions/{action.pk}/", {"verb": "finish", "seen_version": action.version, "words": ""})
    assert empty.status_code == 422
    fir.post(f"/packs/actions/{action.pk}/", {"verb": "finish", "seen_version": action.version, "words": "Written and shown"})
    action.refresh_from_db()
    assert (action.state, action.outcome) == ("done", "Written and shown")
    assert not Obligation.objects.get(subject_kind="meeting_action").is_open


def test_a_meeting_not_held_and_a_correction_both_say_why_on_the_page(page_of: PageOf, today: Meeting) -> None:
    elm = page_of("elm")
    assert step(elm, today, "drop").status_code == 422
    step(elm, today, "drop", reason="Nobody from custody could come")
    listed = elm.get("/packs/").content
    assert b"Nobody from custody could come" in listed
    assert b"Held of those due, last 365 days" in listed
    step(elm, today, "reinstate", reason="It was held at noon")
    step(elm, today, "prepare")
    step(elm, today, "hold", attended="Insp Elm")
    step(elm, today, "freeze", reason="In hospital")
    step(elm, today, "publish")
    step(elm, today, "correct", reason="The court was wrong")
    first, second = Pack.objects.order_by("version")
    assert f'href="/packs/{second.pk}/"'.encode() in elm.get(f"/packs/{first.pk}/").content
    assert b"The court was wrong" in elm.get(f"/packs/{second.pk}/").content
    assert page_of("oak").get(f"/packs/{second.pk}/").status_code == 404, "readers keep the published version until it is published"


def test_the_tables_for_analysts_are_taken_by_those_who_may(page_of: PageOf, kept: Matter) -> None:
    page = page_of("pine").get("/tables/").content.decode()
    assert "fact_detentions" in page and "Take the tables" in page
    answer = page_of("pine").post("/tables/take/")
    assert answer["Content-Type"] == "application/zip" and len(answer.content) > 1000
    assert page_of("holly").get("/tables/").status_code == 404


@pytest.mark.parametrize("line", ["a detentions", "c overnight", "by sex: not recorded", "j none called", "f moved"])
def test_every_kind_of_line_of_children_kept_opens(line: str, kept: Matter, page_of: PageOf) -> None:
    page = page_of("spruce").get("/measures/M8/", {"line": line, "days": "365"})
    assert page.status_code == 200
    assert b"Children kept in police custody after charge" in page.content
