"""Loads the matters of the desks: the people they are about, the reports that opened them, and what was done."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from lodestar.actions import desk_history, history
from lodestar.core.matters.kinds import desk
from lodestar.core.people.reading import name_key
from lodestar.core.times import age_on
from lodestar.doors.feeds.demo.desks import DeskMatter, Someone, Written
from lodestar.doors.feeds.demo.rota import Rota
from lodestar.doors.feeds.demo.stage import Loading, Row

ADULT = 18


def load_desks(one: Loading, *, matters: Sequence[DeskMatter], people: Sequence[Someone], rota: Rota) -> list[int]:
    """Take the desks' matters over; what is open goes on by the rules. Returns the numbers of the open ones."""
    made = one.take("person", (_person(row, one.now) for row in people))
    one.people |= dict(zip((row.key for row in people), made, strict=True))
    born = {child.key: child.birth_date for child in one.demo.children} | {row.key: row.birth_date for row in people}
    reports = one.take("report", (_report(one, item) for item in matters))
    one.take("link", (_link(one, item, report) for item, report in zip(matters, reports, strict=True)))
    cared = {child.key: child.looked_after for child in one.demo.children} | {row.key: row.looked_after for row in people}
    pasts = [
        _past(one, item, report, _is_child(item, born.get(item.about)), cared.get(item.about))
        for item, report in zip(matters, reports, strict=True)
    ]
    numbers = desk_history.take_over_matters(actor=one.actor, pasts=pasts, answers=_answers(one, rota), now=one.now)
    history.bring_to_life(actor=one.actor, matter_ids=numbers, now=one.now, each=lambda _: None)
    return numbers


def _is_child(item: DeskMatter, born: object) -> bool:
    if born is None:
        return desk(kind=item.kind).about == "child"
    return age_on(born, item.reported_at) < ADULT  # type: ignore[arg-type]


def _answers(one: Loading, rota: Rota) -> desk_history.Answers:
    """Whoever led a kind of post at an instant; the duty inspector where nobody did, and the first of them before the rota began."""
    posts = sorted(rota.begins)
    first = one.users[next(person.username for person in rota.staff if person.role == "duty_inspector")]

    def answer(kind: str, at: datetime) -> int:
        for post in (*(code for code in posts if code.split(".")[0] == kind), "duty_inspector"):
            try:
                return one.users[rota.lead(post, at).username]
            except LookupError:
                continue
        return first

    return answer


def _person(row: Someone, now: datetime) -> Row:
    return {
        "given_name": row.given_name,
        "family_name": row.family_name,
        "birth_date": row.birth_date,
        "sex": row.sex,
        "ethnicity": row.ethnicity,
        "address": row.address,
        "postcode": row.postcode,
        "looked_after": row.looked_after,
        "authority": row.authority,
        "district": row.district,
        "name_key": name_key(given_name=row.given_name, family_name=row.family_name),
        "created_at": now,
    }


def _report(one: Loading, item: DeskMatter) -> Row:
    raw = json.dumps({"reference": item.external_id, "words": item.circumstances}, ensure_ascii=False)
    return {
        "kind": item.kind,
        "source": item.source,
        "external_id": item.external_id,
        "door": "demo",
        "raw": raw,
        "raw_digest": sha256(raw.encode()).hexdigest(),
        "reporter_name": item.reporter,
        "subject": {},
        "district": item.district,
        "reported_at": item.reported_at,
        "recorded_at": item.opened_at,
        "circumstances": item.circumstances,
        "received_by_id": one.who(item.holdings[0][1]),
    }


def _link(one: Loading, item: DeskMatter, report: int) -> Row:
    return {
        "report_id": report,
        "person_id": one.people[item.about],
        "number": 1,
        "joined": True,
        "how": "rule",
        "rule": "TAKEN-OVER",
        "rule_version": "1",
        "at": item.opened_at,
    }


def _past(one: Loading, item: DeskMatter, report: int, is_child: bool, looked_after: bool | None) -> desk_history.PastMatter:
    return desk_history.PastMatter(
        row={
            "kind": item.kind,
            "person_id": one.people[item.about],
            "district": item.district,
            "authority": item.authority,
            "reported_at": item.reported_at,
            "recorded_at": item.opened_at,
            "opened_at": item.opened_at,
            "is_child": is_child,
            "looked_after": looked_after,
        },
        reports=(report,),
        holdings=tuple((at, one.users[who], how) for at, who, how in item.holdings),
        deeds=tuple(
            desk_history.PastDeed(deed.code, deed.at, one.who(deed.by), deed.said, deed.refs, deed.grade, _moves(one, deed))
            for deed in item.deeds
        ),
        involved=tuple(
            {
                "person_id": one.people[named.person],
                "role": named.role,
                "nature": named.nature,
                "source": named.source,
                "from_at": named.from_at,
                "recorded_at": named.from_at,
            }
            for named in item.named
        ),
    )


def _moves(one: Loading, deed: Written) -> tuple[desk_history.PastMove, ...]:
    return tuple(
        desk_history.PastMove(
            move.verb, move.at, one.who(move.by), move.reason, one.who(move.to) if move.to else None, move.outcome, move.evidence
        )
        for move in deed.work
    )
