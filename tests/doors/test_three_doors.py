"""Three doors, one action: a report by the form, by the API and by a file is the same report, and everything it starts is the same."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import ForeignKey, Model
from django.test import Client
from django.utils import timezone

from lodestar.actions import access
from lodestar.core.access.scope import system_actor
from lodestar.core.times import to_local
from lodestar.doors.feeds.bringing import bring_in
from lodestar.store import models
from lodestar.store.models import AuditRow, Matter, Report, User
from lodestar.store.queries import reports as queries
from tests.actions import conftest as small
from tests.actions.conftest import HOUR, NOW, Force

force = small.force
Said = dict[str, str]
SOURCE, NUMBER = "lodestar-form", "F-20260302-1"
WHOLE: Said = {
    "reported_at": "2026-03-02T08:20:00+00:00",
    "reporter_name": "Joan Marsh",
    "reporter_relationship": "mother",
    "reporter_contact": "01632 960123",
    "given_name": "Zoë",
    "family_name": "O'Dowda-Marsh",
    "birth_date": "2012-05-04",
    "sex": "female",
    "ethnicity": "mixed",
    "address": "4 Osier Row, Fenbury",
    "postcode": "CB1 1ZX",
    "phone": "07700 900100",
    "looked_after": "yes",
    "responsible_authority": "shire",
    "la_child_id": "7700",
    "nhs_number": "943 476 5919",
    "district": "north",
    "since_from": "2026-03-02T06:05:00+00:00",
    "since_to": "2026-03-02T07:10:00+00:00",
    "circumstances": "Left after breakfast; said “back by ten”.",
    "medical": "Asthma: inhaler is at home",
    "threat": "Messages from a man she met online",
    "risk_medication": "yes",
    "risk_sexual_exploitation": "unknown",
    "risk_out_of_pattern": "no",
}
OWED: Said = {name: WHOLE[name] for name in ("reported_at", "reporter_name", "family_name", "district", "circumstances")}
LINES = "Left after breakfast.\nHer brother says:\n  she has a new phone"
REPORTS: dict[str, Said] = {
    "with everything": WHOLE,
    "with only what is owed": OWED,
    "with one time last seen": {**WHOLE, "since_from": ""},
    "of a birth in summer and a summer night": {
        **WHOLE,
        "reported_at": "2025-07-14T22:30:00+00:00",
        "since_from": "2025-07-14T20:00:00+00:00",
        "since_to": "2025-07-14T21:45:00+00:00",
        "birth_date": "2013-07-15",
    },
    "in several lines": {**WHOLE, "circumstances": LINES, "medical": "Asthma.\nInhaler at home."},
    "with spaces around every word": {name: value if name in ("reported_at",) else f"  {value} " for name, value in WHOLE.items()},
    "by somebody whose relationship nobody asked": {**WHOLE, "reporter_relationship": ""},
}
TIMES = ("reported_at", "since_from", "since_to")
SUBJECT = (
    "given_name", "family_name", "sex", "ethnicity", "address", "postcode", "phone", "responsible_authority", "la_child_id", "nhs_number",
)  # fmt: skip


def typed(said: Said, name: str) -> str:
    """A time or a date as a person in London types it."""
    text = said.get(name, "").strip()
    if not text:
        return ""
    return f"{to_local(datetime.fromisoformat(text)):%d/%m/%Y %H:%M}" if name in TIMES else "/".join(reversed(text.split("-")))


def by_form(force: Force, said: Said) -> None:
    """As a browser sends it: a line ends with two characters."""
    sent = {**said, **{name: typed(said, name) for name in (*TIMES, "birth_date")}, "number": NUMBER}
    sent = {name: value.replace("\n", "\r\n") for name, value in sent.items()}
    client = Client()
    client.force_login(force.users["hazel"], backend="django.contrib.auth.backends.ModelBackend")
    chosen = ("sex", "ethnicity", "looked_after", "responsible_authority", "district")
    sent |= {name: value.strip() for name, value in sent.items() if name in chosen or name.startswith("risk_")}
    answer = client.post("/reports/new/", sent)
    assert answer.status_code == 302, answer.content.decode()


def by_api(force: Force, said: Said) -> None:
    """As another system sends it."""
    now = timezone.now()
    key = access.add_api_client(
        actor=system_actor("test"), name=f"other {models.ApiClient.objects.count()}", user_id=force.users["hazel"].pk, now=now
    )
    given = {name: value for name, value in said.items() if value.strip()}
    who, version = said["reporter_name"].strip(), queries.questions(at=now).version
    relationship = said.get("reporter_relationship", "").strip()
    spoken = {"said_by": f"{who} ({relationship})" if relationship else who, "said_at": said["reported_at"]}
    subject: dict[str, Any] = {name: given[name] for name in SUBJECT if name in given}
    subject |= {"birth_date": said["birth_date"].strip()} if "birth_date" in said else {}
    subject |= {"looked_after": said["looked_after"].strip() == "yes"} if "looked_after" in said else {}
    body = {
        "source": SOURCE,
        "external_id": NUMBER,
        **{name: given[name].strip() for name in TIMES if name in given},
        **{name: given[name] for name in ("reporter_name", "reporter_relationship", "reporter_contact", "circumstances") if name in given},
        "district": said["district"],
        "subject": subject,
        "risk_facts": [
            {"code": name.removeprefix("risk_"), "version": version, "answer": value.strip(), **spoken}
            for name, value in given.items()
            if name.startswith("risk_")
        ],
        "alerts": [{"kind": kind, "what": given[kind], **spoken} for kind in ("medical", "threat") if kind in given],
    }
    answer = Client().post("/api/v1/reports", json.dumps(body), content_type="application/json", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code in (200, 201), answer.content.decode()


HEADINGS = {
    "reporter_name": "Reported by", "reporter_relationship": "Relationship", "reporter_contact": "Informant telephone",
    "given_name": "Given name", "family_name": "Surname", "sex": "Sex", "ethnicity": "Ethnicity", "address": "Home address",
    "postcode": "Postcode", "phone": "Telephone", "looked_after": "Looked after", "responsible_authority": "Local authority",
    "la_child_id": "Child id", "nhs_number": "NHS number", "district": "District", "circumstances": "Circumstances",
    "medical": "Medical", "threat": "Threat", "reported_at": "Date reported", "since_from": "Last known safe",
    "since_to": "Missing since", "birth_date": "Date of birth", "risk_medication": "Risk medication",
    "risk_sexual_exploitation": "Risk sexual exploitation", "risk_out_of_pattern": "Risk out of pattern",
}  # fmt: skip


def by_file(force: Force, said: Said) -> None:
    """As a force's export holds it: local times, its own headings."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    cells = {**said, **{name: typed(said, name) for name in (*TIMES, "birth_date") if name in said}}
    writer.writerow(["Report reference", *(HEADINGS[name] for name in cells)])
    writer.writerow([NUMBER, *cells.values()])
    brought = bring_in(
        actor=force.actor("hazel", timezone.now()),
        kind="missing",
        source=SOURCE,
        file_name="export.csv",
        content=text.getvalue().encode(),
        now=timezone.now(),
    )
    assert (brought.new + brought.repeated, brought.bad) == (1, 0), brought.unread


DOORS: dict[str, Callable[[Force, Said], None]] = {"form": by_form, "API": by_api, "file": by_file}
# What a door must leave different: which door it was, what came in at it letter for letter, and the numbers of rows.
ITS_OWN = {"id", "door", "raw", "raw_digest", "row_number", "key", "subject_id", "detail", "because"}
NOT_OF_THE_REPORT = {
    "ApiClient",
    "AuditRow",
    "AuditSeal",
    "Authority",
    "Change",
    "District",
    "ImportRun",
    "Post",
    "RoleGrant",
    "SealedRow",
} | {
    "Shift",
    "User",
}
OF_THE_REPORT: list[type[Model]] = [getattr(models, name) for name in models.__all__ if name not in NOT_OF_THE_REPORT]


def kept(row: Model) -> dict[str, Any]:
    """A stored row without what is the door's own; of other rows only people count, by name."""
    found: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.name)
        if isinstance(field, ForeignKey):
            if issubclass(field.related_model, User):  # type: ignore[arg-type]
                found[field.name] = value and value.username
        elif field.name not in ITS_OWN:
            found[field.name] = (
                str(value).replace(f"M-{Matter.objects.values_list('pk', flat=True).first()}", "M") if field.name == "text" else value
            )
    return found


def stored() -> dict[str, list[dict[str, Any]]]:
    """Everything that the report left behind."""
    rows = {model.__name__: [kept(row) for row in model._default_manager.all()] for model in OF_THE_REPORT}
    rows["audited"] = [
        {"verb": row.verb, "outcome": row.outcome, "who": row.actor_name, "kind": row.subject_kind}
        for row in AuditRow.objects.filter(subject_kind__in=("report", "matter", "person"), outcome="done")
    ]
    return {name: sorted(found, key=str) for name, found in rows.items() if found}


@contextmanager
def taken_back() -> Iterator[None]:
    """What happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def _stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def given_by(door: str, force: Force, said: Said) -> dict[str, list[dict[str, Any]]]:
    with taken_back():
        DOORS[door](force, said)
        return stored()


@pytest.mark.usefixtures("_stopped_clock")
@pytest.mark.parametrize("which", REPORTS)
def test_a_report_leaves_the_same_rows_by_whichever_door_it_comes(force: Force, which: str) -> None:
    said = REPORTS[which]
    form, api, file = (given_by(door, force, said) for door in DOORS)
    assert api == form
    assert file == form


@pytest.mark.usefixtures("_stopped_clock")
def test_what_is_compared_is_the_whole_of_what_was_said_and_started(force: Force) -> None:
    form = given_by("form", force, WHOLE)
    assert {"Report", "RiskFact", "Alert", "Person", "PersonKey", "Link", "Matter", "MatterStep", "Obligation", "Assessment"} <= set(form)
    assert {"Holding", "Notice", "MatterReport", "audited"} <= set(form)
    assert (len(form["RiskFact"]), len(form["Alert"]), len(form["PersonKey"])) == (3, 2, 2)
    (report,) = form["Report"]
    assert report["subject"]["given_name"] == "Zoë" and report["received_by"] == "hazel"
    assert report["since_from"] == NOW - 3 * HOUR + timedelta(minutes=5)
    assert len(form["Obligation"]) > 3


@pytest.mark.usefixtures("_stopped_clock")
@pytest.mark.parametrize("second", DOORS)
@pytest.mark.parametrize("first", DOORS)
def test_a_report_that_comes_by_two_doors_is_one_report(force: Force, first: str, second: str) -> None:
    DOORS[first](force, WHOLE)
    before = stored()
    DOORS[second](force, WHOLE)
    assert Report.objects.count() == Matter.objects.count() == 1
    after = stored()
    again = [row for row in after["audited"] if row not in before["audited"]]
    assert {**after, "audited": before["audited"]} == before
    assert [row["verb"] for row in again] == ["report.repeated"]
