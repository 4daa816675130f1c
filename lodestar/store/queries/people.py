"""What the force already holds about a child, and who a report may be about."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import Max

from lodestar.core.matters.kinds import desk
from lodestar.store.models import Alert, Deed, Link, Matter, News, Person, Report, RiskFact


@dataclass(frozen=True, slots=True)
class Held:
    """One thing the force holds: what kind, in words, from whom and when."""

    kind: str
    words: str
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Holds:
    """Everything held about one child before a grade, with a digest that shows it was this that was read."""

    person_id: int
    episodes: int
    episodes_90_days: int
    episodes_year: int
    items: tuple[Held, ...]
    digest: str


def reports_of(person_id: int) -> list[int]:
    """The reports joined to this person now: for each report, its last link counts."""
    last = (
        Link.objects.filter(report__in=Link.objects.filter(person_id=person_id).values("report_id"))
        .values("report_id")
        .annotate(last=Max("number"))
    )
    lasts = {row["report_id"]: row["last"] for row in last}
    links = Link.objects.filter(report_id__in=lasts, person_id=person_id, joined=True)
    return sorted(link.report_id for link in links if link.number == lasts[link.report_id])


def holds(*, person: Person, since_90: datetime, since_year: datetime) -> Holds:
    """What the force holds about a child, newest first, each with its source: what a grader must have seen."""
    report_ids = reports_of(person.pk)
    matters = list(Matter.objects.filter(person=person).exclude(state="opened_in_error").order_by("-reported_at"))
    items = [*_alerts(report_ids), *_risks(report_ids), *_episodes(matters), *_news(matters), *_interviews(matters)]
    items.sort(key=lambda item: item.at, reverse=True)
    missing = [matter for matter in matters if matter.kind == "missing"]
    body = json.dumps([[item.kind, item.words, item.source, item.at.isoformat()] for item in items])
    return Holds(
        person_id=person.pk,
        episodes=len(missing),
        episodes_90_days=sum(matter.reported_at >= since_90 for matter in missing),
        episodes_year=sum(matter.reported_at >= since_year for matter in missing),
        items=tuple(items),
        digest=sha256(body.encode()).hexdigest(),
    )


def _alerts(report_ids: list[int]) -> list[Held]:
    rows = Alert.objects.filter(report_id__in=report_ids)
    return [Held(f"{row.kind} alert", row.what, row.said_by, row.said_at) for row in rows]


def _risks(report_ids: list[int]) -> list[Held]:
    rows = RiskFact.objects.filter(report_id__in=report_ids, answer="yes")
    return [Held("risk", f"{row.code.replace('_', ' ')}: {row.detail}".rstrip(": "), row.said_by, row.said_at) for row in rows]


def _episodes(matters: list[Matter]) -> list[Held]:
    words = {True: "open now", False: "ended"}
    return [
        Held(
            "missing episode" if row.kind == "missing" else desk(kind=row.kind).noun,
            f"{row.reference}, {row.level.replace('_', ' ') or 'not graded'}, {words[row.is_open]}",
            "Lodestar",
            row.reported_at,
        )
        for row in matters
    ]


def _news(matters: list[Matter]) -> list[Held]:
    rows = News.objects.filter(matter__in=matters)
    return [Held("news", row.text, row.from_whom, row.received_at) for row in rows]


def _interviews(matters: list[Matter]) -> list[Held]:
    rows = Deed.objects.filter(matter__in=matters, code__in=("prevention_interview_recorded", "rhi_held")).select_related("by")
    return [
        Held(
            "interview",
            str(row.detail.get("child_said") or row.detail.get("learnt") or ""),
            row.by.name if row.by else "another system",
            row.at,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One line of a child's timeline."""

    at: datetime
    what: str
    who: str
    matter: str


def person_facts(person: Person) -> dict[str, object]:
    """A person as plain values, for the page and for matching."""
    keys = {key.scheme: key.value for key in person.keys.filter(ended_at=None)}
    return {
        "id": person.pk,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "address": person.address,
        "postcode": person.postcode,
        "phone": person.phone,
        "looked_after": person.looked_after,
        "authority": person.authority,
        "district": person.district,
        "keys": keys,
    }


def last_report(matter: Matter) -> Report | None:
    """The newest report of a matter."""
    joined = matter.matter_reports.select_related("report").order_by("-report__reported_at").first()
    return joined.report if joined else None


def held_as_dicts(holds: Holds) -> list[dict[str, object]]:
    """What is held, as plain values for a page or the API."""
    return [asdict(item) for item in holds.items]
