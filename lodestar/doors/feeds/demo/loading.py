"""Loads the generated force: everything that happened, as history, and the live day as the rules then say it stands."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256

from django.contrib.auth.hashers import make_password

from lodestar.actions import detectors, history, linking
from lodestar.core.access.scope import Actor
from lodestar.core.people.comparing import compare
from lodestar.core.people.deciding import Candidate, Unsure, decide
from lodestar.core.people.identity import Holder, Identity
from lodestar.core.people.reading import name_key
from lodestar.doors.feeds.demo import names
from lodestar.doors.feeds.demo.demo import Demo
from lodestar.doors.feeds.demo.episode import Episode, Report
from lodestar.doors.feeds.demo.inspecting import load_inspections
from lodestar.doors.feeds.demo.loading_desks import load_desks
from lodestar.doors.feeds.demo.loading_engagements import engage_today, load_engagements
from lodestar.doors.feeds.demo.loading_leads import load_leads
from lodestar.doors.feeds.demo.loading_matters import load_deeds_and_clocks, load_matters
from lodestar.doors.feeds.demo.loading_meetings import load_meetings
from lodestar.doors.feeds.demo.loading_partners import ask_partners
from lodestar.doors.feeds.demo.loading_reviews import ask_today, asked_again, load_past
from lodestar.doors.feeds.demo.received import earlier_counts
from lodestar.doors.feeds.demo.records import Child
from lodestar.doors.feeds.demo.stage import Loading, Row, Say
from lodestar.store.queries import identity
from lodestar.store.queries import reports as report_queries

PASSWORD = "demonstration-only-2026"


def load(*, demo: Demo, actor: Actor, now: datetime, say: Say) -> None:
    """Load the whole force; a progress line for each stage."""
    one = Loading(actor=actor, demo=demo, now=now, say=say)
    for words, stage in (
        ("the force: districts, staff and a year of shifts", _force),
        ("the children", _children),
        ("what was reported", _reports),
        ("a year of what agencies stated", load_engagements),
        ("by what each of them is found", _find),
        ("a year of matters", load_matters),
        ("what was done, and by whom", load_deeds_and_clocks),
        ("the other desks", _desks),
        ("who somebody was, as two answered it", load_past),
        ("today", _today),
        ("a year of meetings", load_meetings),
        ("who is linked to whom", load_leads),
        ("what should have happened and did not", _detect),
        ("what inspectors found, and what was promised", load_inspections),
    ):
        say(f"Loading {words}")
        stage(one)


def _force(one: Loading) -> None:
    demo = one.demo
    authorities = one.take(
        "authority", ({"code": row.code, "name": row.name, "out_of_hours_contact": row.out_of_hours_contact} for row in demo.authorities)
    )
    by_code = dict(zip((row.code for row in demo.authorities), authorities, strict=True))
    made = one.take("district", ({"code": row.code, "name": row.name, "authority_id": by_code[row.authority]} for row in demo.districts))
    one.districts = dict(zip((row.code for row in demo.districts), made, strict=True))
    one.places = dict(zip(_towns(demo), one.take("place", _places(one)), strict=True))
    hashed = make_password(PASSWORD)  # once: two hundred slow hashes of one printed password protect nobody
    staff = [
        {
            "username": row.username,
            "name": row.name,
            "rank": row.rank,
            "agency": row.agency,
            "skills": list(row.skills),
            "sex": "female" if row.name.split(" ")[0] in names.WOMEN else "male",
            "email": row.email,
            "password": hashed,
        }
        for row in demo.staff
    ]
    one.users = dict(zip((row.username for row in demo.staff), one.take("user", staff), strict=True))
    since = min(row.from_at for row in demo.shifts)
    one.take(
        "role",
        ({"user_id": one.users[row.username], "role": row.role, "places": list(row.places), "from_at": since} for row in demo.staff),
    )
    posts = [
        {"code": row.code, "kind": row.kind, "title": row.title, "desk": row.desk, "district_id": one.districts.get(row.district)}
        if row.kind != "children_services"
        else {"code": row.code, "kind": row.kind, "title": row.title, "desk": row.district}
        for row in demo.posts
    ]
    one.posts = dict(zip((row.code for row in demo.posts), one.take("post", posts), strict=True))
    shifts = (
        {
            "post_id": one.posts[row.post],
            "user_id": one.users[row.username],
            "from_at": row.from_at,
            "until_at": row.until_at,
            "lead": row.lead,
        }
        for row in demo.shifts
    )
    one.take("shift", shifts)


def _towns(demo: Demo) -> list[tuple[str, str]]:
    return [(district.code, town) for district in demo.districts for town in district.towns]


def _places(one: Loading) -> list[Row]:
    return [
        {
            "code": f"{district.code}-{number}",
            "name": f"{town} police station" if number == 1 else town,
            "district_id": one.districts[district.code],
            "x_km": district.at[number - 1][0],
            "y_km": district.at[number - 1][1],
            "is_base": number == 1,
        }
        for district in one.demo.districts
        for number, town in enumerate(district.towns, start=1)
    ]


def _children(one: Loading) -> None:
    first = {episode.child: episode.reported_at for episode in sorted(one.demo.episodes, key=lambda item: item.reported_at, reverse=True)}
    rows = [_person(child, first.get(child.key, one.now)) for child in one.demo.children]
    one.people = dict(zip((child.key for child in one.demo.children), one.take("person", rows), strict=True))
    keys = []
    for child in one.demo.children:
        for scheme, value, issuer in (("force_person_id", child.police_id, ""), ("la_child_id", child.local_authority_id, child.authority)):
            if value:
                keys.append(
                    {"person_id": one.people[child.key], "scheme": scheme, "value": value.upper(), "issuer": issuer, "from_at": one.now}
                )
    one.take("key", keys)


def _person(child: Child, created_at: datetime) -> Row:
    return {
        "given_name": child.given_name,
        "family_name": child.family_name,
        "birth_date": child.birth_date,
        "sex": child.sex,
        "ethnicity": child.ethnicity[:40],
        "address": child.address,
        "postcode": child.postcode,
        "phone": child.phone.replace(" ", ""),
        "looked_after": child.looked_after,
        "authority": child.authority,
        "district": child.district,
        "name_key": name_key(given_name=child.given_name, family_name=child.family_name),
        "created_at": created_at,
    }


def _reports(one: Loading) -> None:
    version = report_queries.questions(at=one.now).version
    asked = asked_again(one)
    pairs = [(episode, report) for episode in one.demo.episodes for report in episode.reports]
    made = one.take("report", (_report(one, episode, report) for episode, report in pairs))
    one.reports = dict(zip((report.external_id for _, report in pairs), made, strict=True))
    one.take(
        "risk_fact",
        (
            {
                "report_id": one.reports[report.external_id],
                "code": fact.code,
                "version": version,
                "answer": fact.answer,
                "detail": fact.detail,
                "said_by": fact.said_by,
                "said_at": fact.said_at,
            }
            for _, report in pairs
            for fact in report.risk_facts
        ),
    )
    one.take(
        "alert",
        (
            {
                "report_id": one.reports[report.external_id],
                "kind": alert.kind,
                "what": alert.what,
                "said_by": alert.said_by,
                "said_at": alert.said_at,
            }
            for _, report in pairs
            for alert in report.alerts
        ),
    )
    one.take(
        "link",
        (
            {
                "report_id": one.reports[report.external_id],
                "person_id": one.people[episode.child],
                "number": 1,
                "joined": True,
                "how": "rule",
                "rule": "TAKEN-OVER",
                "rule_version": "1",
                "at": report.recorded_at,
            }
            for episode, report in pairs
            if report.external_id not in asked
        ),
    )


def _report(one: Loading, episode: Episode, report: Report) -> Row:
    subject = report.subject
    stated = {
        "given_name": subject.given_name,
        "family_name": subject.family_name,
        "birth_date": subject.birth_date.isoformat() if subject.birth_date else None,
        "sex": subject.sex,
        "ethnicity": "",
        "address": subject.address,
        "postcode": "",
        "phone": "",
        "looked_after": episode.looked_after,
        "responsible_authority": episode.authority,
        "keys": {"la_child_id": subject.local_authority_id} if subject.local_authority_id else {},
    }
    raw = json.dumps({"number": report.external_id, "subject": stated, "words": report.circumstances}, ensure_ascii=False)
    return {
        "source": report.source,
        "external_id": report.external_id,
        "door": report.door,
        "raw": raw,
        "raw_digest": sha256(raw.encode()).hexdigest(),
        "reporter_name": report.reporter_name,
        "reporter_relationship": report.reporter_relationship,
        "reporter_contact": report.reporter_contact,
        "subject": stated,
        "district": report.district,
        "since_from": report.since_from,
        "since_to": report.since_to,
        "reported_at": report.reported_at,
        "recorded_at": report.recorded_at,
        "circumstances": report.circumstances,
        "received_by_id": one.who(report.received_by),
    }


def _desks(one: Loading) -> None:
    load_desks(one, matters=one.demo.desks, people=one.demo.people, rota=one.demo.rota)
    before = (one.demo.as_of - timedelta(days=364)).date()  # the desk's own cases begin there
    one.take("earlier_count", earlier_counts(seed=one.demo.seed, until=before, scale=one.demo.scale, now=one.now))


def _today(one: Loading) -> None:
    one.take("question", (row for episode in one.demo.live if episode.unsure for row in _question(one, episode)))
    open_now = [one.matters[episode.key] for episode in one.demo.live]
    history.bring_to_life(actor=one.actor, matter_ids=open_now, now=one.now, each=lambda _: None)
    history.continue_news(actor=one.actor, now=one.now)
    ask_partners(one)
    engage_today(one)
    ask_today(one)


def _find(one: Loading) -> None:
    """The blocks of every statement, and how common names are: what live linkage asks."""
    linking.index(actor=one.actor, now=one.now)
    linking.recount(actor=one.actor, now=one.now)


def _detect(one: Loading) -> None:
    """What the minute's sweep would find, found by it: nothing here is written by hand."""
    detectors.look(actor=one.actor, now=one.now)


def _question(one: Loading, episode: Episode) -> Iterable[Row]:
    """Put the two it may be before a person, compared by the same rules as any report."""
    assert episode.unsure is not None  # noqa: S101 - the caller has looked
    held = {child.key: child for child in one.demo.children}
    report = (
        next(item for item in episode.reports if item.external_id == episode.unsure.report)
        if isinstance(episode.unsure.report, str)
        else episode.reports[0]
    )
    said = Identity(
        given_name=report.subject.given_name,
        family_name=report.subject.family_name,
        birth_date=report.subject.birth_date,
        sex=report.subject.sex,
    )
    holders = [Holder(one.people[key], _identity(held[key])) for key in episode.unsure.candidates]
    verdict = decide(subject=said, holders=holders, rules=identity.rules(at=one.now))
    if isinstance(verdict, Unsure):
        shown = [asdict(candidate) for candidate in verdict.candidates]
        because = verdict.sentence
    else:
        shown, because = _beside(said, holders, one.now), f"What agrees: {episode.unsure.agrees}. What differs: {episode.unsure.differs}."
    yield {
        "report_id": one.reports[report.external_id],
        "provisional_id": one.people[episode.child],
        "candidates": {"because": because, "people": shown},
        "asked_at": episode.recorded_at,
    }


def _identity(child: Child) -> Identity:
    return Identity(
        given_name=child.given_name,
        family_name=child.family_name,
        birth_date=child.birth_date,
        sex=child.sex,
        postcode=child.postcode,
        phone=child.phone,
    )


def _beside(said: Identity, holders: list[Holder], now: datetime) -> list[Row]:
    """Side by side, for a person to look at, where no rule would have put them forward."""
    rules = identity.rules(at=now)
    return [
        asdict(Candidate(holder.person, ("put forward by a person",), compare(subject=said, holder=holder, rules=rules), ()))
        for holder in holders
    ]
