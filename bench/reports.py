"""A report of an invented child, different each time: what a call handler's system sends."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from lodestar.core.reports.draft import ReportDraft, Subject
from lodestar.core.times import to_local
from lodestar.doors.feeds.demo.names import COMMUNITIES
from lodestar.doors.feeds.demo.places import DISTRICTS

FAMILIES = tuple(name for community in COMMUNITIES for name in community.families)
GIVEN = tuple(name for community in COMMUNITIES for name in (*community.girls, *community.boys))


def _subject(number: str) -> dict[str, Any]:
    throw = sha256(number.encode()).digest()
    place = DISTRICTS[throw[4] % len(DISTRICTS)]
    return {
        "given_name": GIVEN[int.from_bytes(throw[:2]) % len(GIVEN)],
        "family_name": FAMILIES[int.from_bytes(throw[2:4]) % len(FAMILIES)],
        "birth_date": date(2010 + throw[5] % 6, 1 + throw[6] % 12, 1 + throw[7] % 28),
        "responsible_authority": place.authority,
        "district": place.code,
    }


def draft(number: str, *, now: datetime) -> ReportDraft:
    """The report as an action takes it."""
    said = _subject(number)
    district = said.pop("district")
    return ReportDraft(
        source="bench",
        external_id=number,
        reported_at=now,
        recorded_at=now,
        subject=Subject(**said),
        reporter_name="Joan Sample",
        reporter_relationship="mother",
        reporter_contact="01632 960123",
        district=district,
        since_from=now - timedelta(hours=2),
        since_to=now - timedelta(hours=1),
        circumstances="Did not come home from school.",
    )


def body(number: str, *, now: datetime) -> dict[str, Any]:
    """The same report as the API takes it, with two answers about risk and a medical alert."""
    said = _subject(number)
    said["birth_date"] = said["birth_date"].isoformat()
    stamp, since = now.isoformat(), (now - timedelta(hours=1)).isoformat()
    who = {"said_by": "Joan Sample, mother", "said_at": stamp}
    return {
        "source": "bench",
        "external_id": number,
        "reported_at": stamp,
        "reporter_name": "Joan Sample",
        "reporter_relationship": "mother",
        "reporter_contact": "01632 960123",
        "district": said.pop("district"),
        "since_from": since,
        "since_to": since,
        "circumstances": "Did not come home from school.",
        "subject": said,
        "risk_facts": [{"code": code, "version": "2020-1", "answer": "no", **who} for code in ("medication", "weather")],
        "alerts": [{"kind": "medical", "what": "Carries an inhaler", **who}],
    }


def stop_search(number: str, subject: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """A stop and search of somebody as a row of its source, in a street and a vehicle of its own; the number ends in a number."""
    place = int(number.rsplit("-", 1)[1])
    born = date.fromisoformat(subject["birth_date"]) if subject["birth_date"] else None
    row = {
        "Search ref": number,
        "Date and time": f"{to_local(now - timedelta(hours=2)):%d/%m/%Y %H:%M}",
        "Object of search": "Drugs",
        "Grounds": "Smell of cannabis",
        "Outcome": "Nothing found",
        "First name": subject["given_name"],
        "Last name": subject["family_name"],
        "Date of birth": f"{born:%d/%m/%Y}" if born else "",
        "Postcode given": subject["postcode"],
        "Phone given": subject["phone"],
        "Location": f"{number} Sample Street",
        "VRM": f"ZZ{place % 100:02} A{chr(ord('A') + place // 100 % 26)}A",
    }
    return {"source": "ENG-STOP", "row": row}
