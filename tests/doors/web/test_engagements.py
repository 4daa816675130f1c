"""The pages of engagements: a sample tried before it is used, one typed in, a look answered, and a mapping approved by a second person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from lodestar.actions.engagements import receiving
from lodestar.core.engagements.draft import EngagementDraft, PersonSaid, canonical
from lodestar.core.reports.draft import Subject
from lodestar.store.models import (
    AuditRow,
    Engagement,
    EngagementLook,
    EngagementMapping,
    ImportRun,
    LinkQuestion,
    Matter,
    News,
    Person,
    Report,
)
from tests.actions.conftest import Force

PageOf = Callable[[str], Client]
MINA = Subject(given_name="Mina", family_name="Marsh", birth_date=date(2011, 5, 4), address="4 Osier Row", postcode="CB1 1ZX")
HEADING = "Attendance ID,Arrival time,Attendance reason,Presenting complaint,Patient forename,Patient surname,Patient DOB,Shoe size"


def sample(*more: str) -> SimpleUploadedFile:
    """A hospital's rows: one about Mina, one bad, one column that nothing reads."""
    at = f"{timezone.localtime() - timedelta(hours=3):%d/%m/%Y %H:%M}"
    rows = (HEADING, f"ED-1,{at},Assault,Cut to the arm,Mina,Marsh,04/05/2011,38", "ED-2,last night,Fell over,,Kit,Fenn,,", *more)
    return SimpleUploadedFile("ed.csv", "\r\n".join(rows).encode(), content_type="text/csv")


def hurt(force: Force, *, kind: str = "hospital", reason: str = "injury", number: str = "ED-9", role: str = "subject") -> int:
    """An engagement that came in a while ago."""
    now = timezone.now()
    draft = EngagementDraft(
        kind=kind,
        source="ENG-TEST",
        source_title="The infirmary",
        mapping_version="1",
        external_id=number,
        happened_at=now - timedelta(hours=5),
        people=(PersonSaid(role, MINA),),
        district="north",
        reason=reason,
        circumstances="Cut to the arm",
    )
    made = receiving.receive(actor=force.actor("holly", now), draft=draft, raw=canonical({"n": number}), now=now)
    return made.engagement_id


def mina_is_missing(force: Force) -> Matter:
    """An open matter about Mina."""
    at = timezone.now() - timedelta(hours=4)
    return force.report(at=at, subject=MINA, since_from=at, since_to=at)


def offered(client: Client, source: str) -> str:
    """The text that a draft of a source begins with."""
    page = unescape(client.get(f"/engagements/sources/draft/?source={source}").content.decode())
    begins = page.index(f'code = "{source}"')
    return page[begins : page.index("</textarea>", begins)]


def words(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_a_sample_is_tried_row_by_row_and_nothing_is_kept_but_who_tried_it(page_of: PageOf, force: Force) -> None:
    mina_is_missing(force)
    held = [model.objects.count() for model in (Engagement, Report, Person, ImportRun, LinkQuestion, News)]
    page = words(page_of("hazel").post("/engagements/try/", {"source": "ENG-HOSPITAL", "file": sample()}))
    assert "subject: family name" in page
    assert "kept, and read by nothing" in page
    assert "Patient: Mina Marsh, born 4 May 2011, fact" in page
    assert "Mina: 1 known who may be: a person decides" in page or "1 child known: joined by rule" in page
    assert "“last night” is not a date as this source writes it" in page
    assert "engagement.unknown_code" in page
    assert [model.objects.count() for model in (Engagement, Report, Person, ImportRun, LinkQuestion, News)] == held
    row = AuditRow.objects.get(verb="engagements.tried")
    assert (row.outcome, row.detail["rows"], row.detail["bad"]) == ("seen", 2, 1)
    assert "Mina" not in str(row.detail)


def test_a_sample_that_is_no_table_says_so(page_of: PageOf) -> None:
    answer = page_of("hazel").post("/engagements/try/", {"source": "ENG-HOSPITAL", "file": SimpleUploadedFile("a.csv", b"Shoe\r\n38\r\n")})
    assert answer.status_code == 422
    assert "“Attendance ID”" in words(answer)


def test_a_file_of_engagements_is_brought_in_on_the_page_of_files(page_of: PageOf, force: Force) -> None:
    client = page_of("hazel")
    answer = client.post("/files/", {"kind": "engagement", "mapping": "ENG-HOSPITAL", "file": sample()}, follow=True)
    assert "2 rows: 1 new, 0 already in, 1 could not be read." in words(answer)
    assert "“Shoe size”" in words(answer)
    answer = client.post("/files/", {"kind": "engagement", "file": sample()})
    assert answer.status_code == 422
    assert "“For engagements: whose are they?” needs an answer." in words(answer)


TYPED = {
    "told_by": "Fen Park School",
    "happened_at": "",
    "district": "north",
    "reason": "injury",
    "circumstances": "Came to school hurt",
    "nature": "opinion",
    "given_name": "Mina",
    "family_name": "Marsh",
    "birth_date": "4/5/2011",
    "postcode": "CB1 1ZX",
    "role": "subject",
    "other_given": "Vic",
    "other_family": "Thorne",
    "other_role": "with",
    "vehicle": "AB12 CDE",
    "number": "F-1",
}


def test_one_typed_in_is_news_on_what_is_open_and_a_double_click_is_one(page_of: PageOf, force: Force) -> None:
    matter = mina_is_missing(force)
    client = page_of("ivy")
    at = f"{timezone.localtime() - timedelta(hours=2):%d/%m/%Y %H:%M}"
    page = words(client.post("/engagements/new/?kind=hospital", {**TYPED, "happened_at": at}, follow=True))
    assert f"It is news on M-{matter.pk}." in page
    assert "Fen Park School" in page
    assert "AB12 CDE" in page
    assert "Vic Thorne" in page
    client.post("/engagements/new/?kind=hospital", {**TYPED, "happened_at": at})
    engagement = Engagement.objects.get()
    assert (engagement.source, engagement.people.count(), engagement.sightings.count()) == ("lodestar-form", 2, 1)
    news = News.objects.get(matter=matter)
    assert news.engagement_id == engagement.pk
    assert f'href="/engagements/{engagement.pk}/"' in words(page_of("alder").get(f"/news/{news.pk}/"))


def test_one_that_names_nobody_and_nothing_is_refused_beside_its_field(page_of: PageOf) -> None:
    at = f"{timezone.localtime() - timedelta(hours=2):%d/%m/%Y %H:%M}"
    said = {"told_by": "School", "happened_at": at, "circumstances": "?", "nature": "fact", "role": "subject"}
    answer = page_of("ivy").post("/engagements/new/?kind=hospital", said)
    assert answer.status_code == 422
    assert "It names nobody and nothing" in words(answer)


def test_the_child_s_page_shows_what_every_source_stated_cut_by_what_the_reader_may_read(page_of: PageOf, force: Force) -> None:
    hurt(force, kind="intelligence", reason="exploitation", number="IN-1", role="victim")
    hurt(force)
    child = Person.objects.get(family_name="Marsh")
    seen = words(page_of("hazel").get(f"/people/{child.pk}/"))
    assert "Hospital attendance: patient" in seen
    assert "Intelligence log: may be harmed" in seen
    assert "more engagement" not in seen
    cut = words(page_of("ivy").get(f"/people/{child.pk}/"))
    assert "Hospital attendance: patient" in cut
    assert "Intelligence log" not in cut
    assert "There is 1 more engagement that your role does not read." in cut


def test_an_engagement_is_opened_by_who_may_read_its_kind_and_who_looked_is_on_record(page_of: PageOf, force: Force) -> None:
    number = hurt(force, kind="intelligence", reason="exploitation", role="victim")
    assert page_of("ivy").get(f"/engagements/{number}/").status_code == 404
    assert page_of("hazel").get(f"/engagements/{number}/").status_code == 200
    assert page_of("birch").get(f"/engagements/{number}/").status_code == 404  # another district's child
    assert AuditRow.objects.filter(verb="engagement.seen", subject_id=str(number), outcome="seen").count() == 1


def test_a_look_waits_on_the_pages_and_is_answered(page_of: PageOf, force: Force) -> None:
    hurt(force)
    look = EngagementLook.objects.get()
    client = page_of("hazel")
    assert "Mina Marsh" in words(client.get("/engagements/"))
    page = words(client.get(f"/engagements/looks/{look.pk}/"))
    assert "A child was hurt or in danger of their life" in page
    said = {"seen_version": look.version, "finding": "Spoke to her mother", "answer": "matter_opened"}
    refused = client.post(f"/engagements/looks/{look.pk}/", said)
    assert refused.status_code == 422
    assert "Open it first" in words(refused)
    answer = client.post(f"/engagements/looks/{look.pk}/", {**said, "answer": "nothing_more"}, follow=True)
    assert "Nothing waits." in words(answer)
    assert "Spoke to her mother" in words(client.get(f"/engagements/looks/{look.pk}/"))


def test_a_mapping_goes_from_draft_to_force_through_two_people(page_of: PageOf, force: Force) -> None:
    pine, elm = page_of("pine"), page_of("elm")
    text = offered(pine, "ENG-HOSPITAL").replace("Attendance ID", "Visit")
    answer = pine.post("/engagements/sources/draft/", {"text": text, "reason": "They renamed a column"})
    assert answer.status_code == 302, words(answer)
    row = EngagementMapping.objects.get()
    address = f"/engagements/sources/{row.number}/"
    assert "Not tried yet" in words(pine.get(address))
    file = SimpleUploadedFile("ed.csv", sample().read().replace(b"Attendance ID", b"Visit"))
    tried = words(pine.post(address, {"try": "1", "seen_version": row.version, "file": file}))
    assert "Patient: Mina Marsh" in tried
    row.refresh_from_db()
    today = f"{timezone.localdate():%d/%m/%Y}"
    said = {"verb": "approve", "seen_version": row.version, "reason": "Saw the sample", "in_force_from": today}
    assert "Approved in your name." in words(elm.post(address, said, follow=True))
    again = SimpleUploadedFile("ed.csv", sample().read().replace(b"Attendance ID", b"Visit"))
    brought = page_of("hazel").post("/files/", {"kind": "engagement", "mapping": "ENG-HOSPITAL", "file": again}, follow=True)
    assert "1 new" in words(brought)
    assert Engagement.objects.get().mapping_version.endswith(f"({row.content_hash[:12]})")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("code = ", "cannot be read"),
        ('code = "X"\ntitle = "X"\nkind = "crime"', "it lacks version"),
        ('kind = "picnic"', "no kind of engagement"),
    ],
)
def test_a_draft_that_cannot_be_followed_is_refused_in_words(page_of: PageOf, text: str, says: str) -> None:
    answer = page_of("pine").post("/engagements/sources/draft/", {"text": text, "reason": "A try"})
    assert answer.status_code == 422
    assert says in words(answer)


def test_a_draft_may_come_as_a_file_and_be_dropped(page_of: PageOf) -> None:
    pine = page_of("pine")
    text = offered(pine, "ENG-STOP").replace("Stop and search records", "Stops")
    pine.post("/engagements/sources/draft/", {"file": SimpleUploadedFile("stop.toml", text.encode()), "reason": "Renamed", "text": ""})
    row = EngagementMapping.objects.get()
    assert row.title == "Stops"
    pine.post(f"/engagements/sources/{row.number}/", {"verb": "drop", "seen_version": row.version, "reason": "Not wanted"})
    row.refresh_from_db()
    assert row.state == "dropped"


def test_a_day_alone_is_shown_as_that_day_in_london_in_summer_too(page_of: PageOf, force: Force) -> None:
    row = "UPN,Start date,Category,Pupil forename,Pupil surname,Pupil DOB\r\nZ1,05/06/2026,SUSP,Mina,Marsh,04/05/2011\r\n"
    client = page_of("hazel")
    file = SimpleUploadedFile("out.csv", row.encode())
    assert "5 June 2026, suspension" in words(client.post("/engagements/try/", {"source": "ENG-EXCLUSION", "file": file}))
    client.post("/files/", {"kind": "engagement", "mapping": "ENG-EXCLUSION", "file": SimpleUploadedFile("out.csv", row.encode())})
    engagement = Engagement.objects.get()
    assert "5 June 2026<" in words(client.get(f"/engagements/{engagement.pk}/"))
    child = Person.objects.get()
    assert "5 June 2026</time>" in words(client.get(f"/people/{child.pk}/"))
