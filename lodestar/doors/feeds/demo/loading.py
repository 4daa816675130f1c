"""Loads the generated force: everything that happened, as history, and the live day as the rules then say it stands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth.hashers import make_password

from lodestar.actions import history
from lodestar.core.access.scope import Actor
from lodestar.core.people.comparing import compare
from lodestar.core.people.deciding import Candidate, Unsure, decide
from lodestar.core.people.identity import Holder, Identity
from lodestar.core.people.reading import name_key
from lodestar.core.times import age_on
from lodestar.doors.feeds.demo.demo import Demo
from lodestar.doors.feeds.demo.episode import Episode, Report
from lodestar.doors.feeds.demo.records import Child
from lodestar.store.queries import identity, matters
from lodestar.store.queries import reports as report_queries

PASSWORD = "demonstration-only-2026"
GIVEN_UP = timedelta(days=7)
Say = Callable[[str], None]
Row = dict[str, Any]


@dataclass(slots=True)
class Loading:
    """What has been loaded so far, by the generator's own names."""

    actor: Actor
    demo: Demo
    now: datetime
    say: Say
    users: dict[str, int] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)
    districts: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    reports: dict[str, int] = field(default_factory=dict)
    matters: dict[str, int] = field(default_factory=dict)

    def take(self, noun: str, rows: Iterable[Row]) -> list[int]:
        """Take rows of one noun over."""
        return history.take_over(actor=self.actor, noun=noun, rows=list(rows), now=self.now)

    def who(self, username: str) -> int | None:
        """Somebody's number; nobody where no name is given."""
        return self.users.get(username)


def load(*, demo: Demo, actor: Actor, now: datetime, say: Say) -> None:
    """Load the whole force; a progress line for each stage."""
    one = Loading(actor=actor, demo=demo, now=now, say=say)
    for words, stage in (
        ("the force: districts, staff and a year of shifts", _force),
        ("the children", _children),
        ("what was reported", _reports),
        ("a year of matters", _matters),
        ("what was done, and by whom", _deeds_and_clocks),
        ("today", _today),
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
    hashed = make_password(PASSWORD)  # once: two hundred slow hashes of one printed password protect nobody
    staff = [
        {
            "username": row.username,
            "name": row.name,
            "rank": row.rank,
            "agency": row.agency,
            "skills": list(row.skills),
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


def _matters(one: Loading) -> None:
    born = {child.key: child.birth_date for child in one.demo.children}
    made = one.take("matter", (_matter(one, episode, born[episode.child]) for episode in one.demo.episodes))
    one.matters = dict(zip((episode.key for episode in one.demo.episodes), made, strict=True))
    episodes = one.demo.episodes
    one.take(
        "matter_report",
        (
            {
                "matter_id": one.matters[episode.key],
                "report_id": one.reports[report.external_id],
                "at": report.recorded_at,
                "how": "joined" if place else "opened",
            }
            for episode in episodes
            for place, report in enumerate(episode.reports)
        ),
    )
    one.take("step", (row for episode in episodes for row in _steps(one, episode)))
    levels = matters.levels()
    one.take(
        "grade",
        (
            {
                "matter_id": one.matters[episode.key],
                "number": place,
                "level": grade.level,
                "list_code": levels.code,
                "list_hash": levels.content_hash,
                "at": grade.at,
                "by_id": one.who(grade.by),
                "rationale": grade.rationale,
                "relied_on": list(grade.relied_on),
                "steps_agreed": grade.steps_agreed,
                "review_at": grade.review_at,
                "reason": grade.reason,
                "second_person_id": one.who(grade.second_person),
            }
            for episode in episodes
            for place, grade in enumerate(episode.grades, start=1)
        ),
    )
    one.take(
        "holding",
        (
            {
                "matter_id": one.matters[episode.key],
                "number": place,
                "user_id": one.users[holding.username],
                "post_id": one.posts.get(holding.post),
                "from_at": holding.from_at,
                "how": holding.how,
                "because": holding.because[:240],
            }
            for episode in episodes
            for place, holding in enumerate(episode.holdings, start=1)
        ),
    )
    one.take(
        "handover",
        (
            {
                "matter_id": one.matters[episode.key],
                "giver_id": one.users[offer.giver],
                "receiver_id": one.users[offer.receiver],
                "offered_at": offer.offered_at,
                "note": _note(dict(offer.note)),
                "state": offer.state,
                "answered_at": offer.answered_at,
            }
            for episode in episodes
            for offer in episode.handovers
        ),
    )


def _note(said: Mapping[str, str]) -> dict[str, str]:
    words = {name.replace(" ", "_"): text for name, text in said.items()}
    return {name: words.get(name, "Nothing to add.") for name in ("open_lines", "family_promises", "next_actions")}


def _matter(one: Loading, episode: Episode, born: date) -> Row:
    is_open = episode.is_open
    last = episode.grades[-1].level if episode.grades else ""
    return {
        "kind": "missing",
        "person_id": one.people[episode.child],
        "state": episode.state,
        "version": 1 + len(episode.steps),
        "district": episode.district,
        "authority": episode.authority,
        "since_from": episode.since_from,
        "since_to": episode.since_to,
        "reported_at": episode.reported_at,
        "recorded_at": episode.recorded_at,
        "opened_at": episode.recorded_at,
        "looked_after": episode.looked_after,
        "is_child": age_on(born, episode.reported_at) < 18 if born <= episode.reported_at.date() else True,
        "located_at": episode.located.at if episode.located else None,
        "located_by": episode.located.by if episode.located else "",
        "located_where": episode.located.where if episode.located else "",
        "located_from": episode.located_from,
        "located_to": episode.located_to,
        "wellbeing_at": episode.wellbeing.at if episode.wellbeing else None,
        "wellbeing_by": episode.wellbeing.by if episode.wellbeing else "",
        "wellbeing_where": episode.wellbeing.where if episode.wellbeing else "",
        "returned_at": episode.returned_at,
        "closed_at": episode.closed_at or _passed_on(episode),
        "outcome": episode.outcome,
        "is_open": is_open,
        "level": last,
        "first_level": episode.grades[0].level if episode.grades else "",
        "holder_id": one.users[episode.holdings[-1].username],
        "tier": 1 if is_open else 4,
        "next_due_at": episode.recorded_at if is_open else None,
    }


def _passed_on(episode: Episode) -> datetime | None:
    """When another force took the matter: from then on it is censored."""
    return next((offer.answered_at for offer in episode.transfers if offer.state == "accepted"), None)


def _steps(one: Loading, episode: Episode) -> Iterable[Row]:
    first = {
        "verb": "open",
        "source": "",
        "target": "reported",
        "at": episode.reported_at,
        "recorded_at": episode.recorded_at,
        "by_id": one.who(episode.reports[0].received_by),
        "reason": "",
    }
    rest = (
        {
            "verb": s.verb,
            "source": s.source,
            "target": s.target,
            "at": s.at,
            "recorded_at": s.recorded_at,
            "by_id": one.who(s.by),
            "reason": s.reason,
        }
        for s in episode.steps
    )
    for number, row in enumerate((first, *rest), start=1):
        yield {"matter_id": one.matters[episode.key], "number": number, **row}


def _deeds_and_clocks(one: Loading) -> None:
    pairs = [(episode, deed) for episode in one.demo.episodes for deed in episode.deeds]
    numbers = one.take(
        "deed",
        (
            {
                "matter_id": one.matters[episode.key],
                "code": deed.code,
                "at": deed.at,
                "recorded_at": deed.recorded_at,
                "by_id": one.who(deed.by),
                "detail": dict(deed.detail),
            }
            for episode, deed in pairs
        ),
    )
    made: dict[str, list[tuple[str, datetime, int, int | None]]] = {}
    for (episode, deed), number in zip(pairs, numbers, strict=True):
        made.setdefault(episode.key, []).append((deed.code, deed.at, number, one.who(deed.by)))
    workers = {row.places[0]: one.users[row.username] for row in one.demo.staff if row.role == "local_authority_worker" and row.places}
    born = {child.key: child.birth_date for child in one.demo.children}
    pasts = [_past(one, episode, made.get(episode.key, []), workers, born[episode.child]) for episode in one.demo.episodes]
    for start in range(0, len(pasts), 500):
        history.owe(actor=one.actor, pasts=pasts[start : start + 500], now=one.now)
    one.take("news", (row for episode in one.demo.episodes for row in _news(one, episode)))
    one.take("transfer", (row for episode in one.demo.episodes for row in _transfers(one, episode)))
    one.take("task", (row for episode in one.demo.episodes for row in _tasks(one, episode)))


def _past(
    one: Loading, episode: Episode, deeds: list[tuple[str, datetime, int, int | None]], workers: Mapping[str, int], born: date
) -> history.Past:
    happened = [history.Happened("reported", episode.reported_at)]
    before = ""
    for grade in episode.grades:
        happened.append(history.Happened("graded", grade.at, grade.level, before, grade.review_at))
        before = grade.level
    if episode.located is not None:
        happened.append(history.Happened("located", episode.located.at, before, before))
    if episode.returned_at is not None:
        happened.append(history.Happened("returned", episode.returned_at, before, before))
    # Grading, finding and returning satisfy and end clocks too; they have no number of their own among the deeds.
    marks = [("graded", grade.at) for grade in episode.grades] + ([("returned", episode.returned_at)] if episode.returned_at else [])
    by_time = sorted([*deeds, *((code, at, None, None) for code, at in marks)], key=lambda item: item[1])
    reviews = {
        review.done_at: number
        for code, at, number, _ in deeds
        if code == "review_recorded"
        for review in episode.reviews
        if review.done_at == at
    }
    level = {grade.at: grade.level for grade in episode.grades}
    return history.Past(
        matter=one.matters[episode.key],
        is_child=age_on(born, episode.reported_at) < 18 if born <= episode.reported_at.date() else True,
        opened_at=episode.recorded_at,
        ended_at=episode.returned_at or episode.closed_at,
        happened=tuple(happened),
        deeds=tuple(by_time),  # type: ignore[arg-type]
        reviews=tuple(
            history.Reviewed(
                started_at=review.shift_from,
                due_at=review.due_at,
                level=next((level[at] for at in sorted(level, reverse=True) if at <= review.shift_from), before),
                owed_by=one.users[review.owed_by],
                deed=reviews.get(review.done_at),
                done_at=review.done_at,
                done_by=one.who(review.done_by or ""),
            )
            for review in episode.reviews
        ),
        holders=tuple((holding.from_at, one.users[holding.username]) for holding in episode.holdings),
        answers={"children_services": workers[episode.authority]} if episode.authority in workers else {},
        given_up_after=GIVEN_UP,
    )


def _news(one: Loading, episode: Episode) -> Iterable[Row]:
    for item in episode.news:
        yield {
            "matter_id": one.matters[episode.key],
            "received_at": item.received_at,
            "by_id": one.who(item.by),
            "from_whom": item.from_whom,
            "contact": item.contact,
            "text": item.text,
            "matter_state": episode.state,
            "state": "assessed" if item.assessed_at else "waiting",
            "assessed_at": item.assessed_at,
            "assessed_by_id": one.who(item.assessed_by or ""),
            "assessment": item.assessment or "",
            "reply_given": item.reply_given or "",
        }


def _transfers(one: Loading, episode: Episode) -> Iterable[Row]:
    for offer in episode.transfers:
        yield {
            "matter_id": one.matters[episode.key],
            "direction": offer.direction,
            "other_force": offer.other_force,
            "receiver_named": offer.receiver_named,
            "state": offer.state,
            "offered_at": offer.offered_at,
            "offered_by_id": one.who(offer.offered_by),
            "reason": offer.reason,
            "answered_at": offer.answered_at,
            "answered_by": offer.answered_by or "",
            "answer_reason": offer.answer_reason or "",
        }


def _tasks(one: Loading, episode: Episode) -> Iterable[Row]:
    for task in episode.tasks:
        yield {
            "matter_id": one.matters[episode.key],
            "kind": task.kind,
            "title": task.title,
            "detail": task.detail,
            "state": task.state,
            "minutes": task.minutes,
            "skills": list(task.skills),
            "earliest_at": task.earliest_at,
            "due_at": task.due_at,
            "created_at": task.created_at,
            "created_by_id": one.who(task.created_by),
            "assignee_id": one.who(task.assignee or ""),
            "issued_at": task.issued_at,
            "planned_start": task.issued_at,
            "blocked_by": task.blocked_by or "",
            "done_at": task.done_at,
            "outcome": task.outcome or "",
            "is_open": task.state not in ("done", "not_done", "cancelled"),
        }


def _today(one: Loading) -> None:
    one.take("question", (row for episode in one.demo.live if episode.unsure for row in _question(one, episode)))
    open_now = [one.matters[episode.key] for episode in one.demo.live]
    history.bring_to_life(actor=one.actor, matter_ids=open_now, now=one.now, each=lambda _: None)
    history.continue_news(actor=one.actor, now=one.now)


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
