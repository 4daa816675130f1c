"""What a person reads after bringing a file in: what to look at, what could not be read, and that they looked is on record."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lodestar.store.models import AuditRow, BadRow, ImportRun
from tests.actions.conftest import Force

PageOf = Callable[[str], Client]
RETURN = b"CHILD,DOB,MISSING,MIS_START,MIS_END\n4711,06/05/2011,M,04/06/2025,05/06/2025\n"
BAD = "F/2,Kit,Fenn,04/05/2011,31/02/2026 10:00,Lena Dunn,north"


def export(*more: str, heading: str = "") -> bytes:
    """A force's export of one good row and whatever else is given; the heading may name one column more."""
    at = f"{timezone.localtime() - timedelta(hours=1):%d/%m/%Y %H:%M}"
    head = "Report reference,Given name,Surname,Date of birth,Date reported,Reported by,District"
    rows = (head + heading, f"F/1,Mina,Marsh,04/05/2011,{at},Joan Marsh,north", *more)
    return "\r\n".join(rows).encode()


def upload(client: Client, content: bytes, *, kind: str = "missing", source: str = "the force") -> str:
    """Bring a file in and read the page it leads to."""
    file = SimpleUploadedFile("one.csv", content, content_type="text/csv")
    answer = client.post("/files/", {"kind": kind, "source": source, "file": file}, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def last_run() -> ImportRun:
    return ImportRun.objects.latest("pk")


def downloaded(client: Client, run: ImportRun) -> list[dict[str, str]]:
    answer = client.get(reverse("import_errors", args=[run.pk]))
    assert answer.status_code == 200
    body = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def test_the_rules_of_the_return_that_were_not_run_are_named_after_an_upload(page_of: PageOf, force: Force) -> None:
    words = upload(page_of("hazel"), RETURN, kind="ssda903", source="shire")
    assert "Look at this" in words
    assert "Rule 576. Not checked: needs last year&#39;s Missing table." in words
    assert "Not checked: needs the return&#39;s Episodes table." in words


def test_a_column_that_nobody_reads_is_named_and_a_plain_file_says_nothing(page_of: PageOf, force: Force) -> None:
    client = page_of("hazel")
    assert "These columns are kept with each row and not read: “Shoe size”." in upload(client, export(heading=",Shoe size"))
    assert "Look at this" not in upload(client, export())


def test_the_cautions_are_of_that_file_and_stand_by_no_other(page_of: PageOf, force: Force) -> None:
    client = page_of("hazel")
    upload(client, export())
    first = last_run()
    upload(client, export(heading=",Shoe size"))
    assert "Shoe size" in client.get(f"/files/{last_run().pk}/").content.decode()
    assert "Shoe size" not in client.get(f"/files/{first.pk}/").content.decode()


def test_the_same_file_again_shows_and_gives_out_what_could_not_be_read(page_of: PageOf, force: Force) -> None:
    client = page_of("hazel")
    first_words = upload(client, export(BAD))
    first = last_run()
    again_words = upload(client, export(BAD))
    again = last_run()
    assert again.pk != first.pk and BadRow.objects.count() == 1
    assert "Date reported" in first_words and "Date reported" in again_words
    assert "Every row was read" not in again_words
    assert [row["Fault reason"] for row in downloaded(client, again)] == [row["Fault reason"] for row in downloaded(client, first)] != []


def test_another_file_with_a_row_known_already_does_not_say_that_every_row_was_read(page_of: PageOf, force: Force) -> None:
    client = page_of("hazel")
    upload(client, export(BAD))
    words = upload(client, export("", BAD))
    assert last_run().bad == 1
    assert "Every row was read" not in words
    assert "known already from another file" in words


def test_the_same_file_from_another_system_shows_its_own_rows_only(page_of: PageOf, force: Force) -> None:
    client = page_of("hazel")
    for source in ("one system", "another"):
        upload(client, export(BAD), source=source)
        assert len(downloaded(client, last_run())) == 1


def test_opening_a_run_leaves_who_looked_and_at_which(page_of: PageOf, force: Force) -> None:
    client = page_of("hazel")
    upload(client, export(BAD))
    run = last_run()
    before = AuditRow.objects.filter(verb="import.run_seen").count()
    client.get(f"/files/{run.pk}/")
    rows = AuditRow.objects.filter(verb="import.run_seen")
    assert rows.count() == before + 1
    row = rows.latest("pk")
    assert (row.actor_id, row.subject_kind, row.detail["ids"], row.outcome) == (force.users["hazel"].pk, "import_run", [run.pk], "seen")


@pytest.mark.parametrize("who", ["oak", "yew"])
def test_whoever_may_not_bring_files_in_finds_no_run(who: str, page_of: PageOf, force: Force) -> None:
    upload(page_of("hazel"), export(BAD))
    assert page_of(who).get(f"/files/{last_run().pk}/").status_code == 404


def test_where_the_look_cannot_be_written_nothing_is_shown(
    page_of: PageOf, force: Force, broken_audit: Callable[[], AbstractContextManager[None]]
) -> None:
    client = page_of("hazel")
    upload(client, export(BAD))
    run = last_run()
    with broken_audit():
        answer = client.get(f"/files/{run.pk}/")
    assert answer.status_code == 503
    assert b"Date reported" not in answer.content


NOBODY = b"CHILD,DOB,MISSING,MIS_START,MIS_END\n4711,06/05/2011,M,04/06/2025,05/06/2025\n4712,07/05/2011,,,\n"


def test_a_row_that_is_kept_is_not_among_those_that_could_not_be_read(page_of: PageOf, force: Force) -> None:
    client = page_of("hazel")
    words = upload(client, NOBODY, kind="ssda903", source="shire")
    assert BadRow.objects.get().state == "kept"
    assert "Every row was read." in words
    assert "Row 3" not in words
    assert downloaded(client, last_run()) == []
