"""Loads the demonstration's engagements: each row read by the mapping of its source, as a file's would be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from lodestar.actions.engagements import receiving
from lodestar.core.engagements.draft import EngagementDraft, as_kept, digest_of, report_of
from lodestar.core.engagements.mapping import SourceMapping
from lodestar.core.engagements.reading import read_row
from lodestar.core.matters.involved import key_of
from lodestar.core.people.reading import name_key
from lodestar.core.words import Allowed
from lodestar.doors.feeds.demo.engagements import Adult, engagements, of_today
from lodestar.doors.feeds.demo.engagements import Row as Stated
from lodestar.doors.feeds.demo.stage import Loading, Row
from lodestar.store.queries import mappings

DELAY = timedelta(hours=7)  # from an agency's keyboard to ours
Read = tuple[Stated, EngagementDraft, str]


def load_engagements(one: Loading) -> None:
    """A year of what agencies stated, with the adults it names, joined to the children as the rules took them over."""
    adults, rows = _generated(one)
    people = _adults(one, adults)
    read = list(_read(rows, mappings.sources(at=one.now), one.now))
    made = one.take("engagement", (_engagement(one, *item) for item in read))
    pairs = [(number, item, place) for number, item in zip(made, read, strict=True) for place in range(1, len(item[1].people) + 1)]
    reports = one.take("report", (_report(item, place) for _, item, place in pairs))
    one.take("link", (_link(one, item, place, report, people) for report, (_, item, place) in zip(reports, pairs, strict=True)))
    one.take(
        "engagement_person",
        (_person(item, place, number, report) for report, (number, item, place) in zip(reports, pairs, strict=True)),
    )
    _things(one, made, read)


def engage_today(one: Loading) -> None:
    """What came in this night, by the real action: nothing is open about these children, so somebody must look."""
    _, rows = _generated(one)
    known = {episode.child for episode in one.demo.live} | {item.child for item in one.demo.episodes if not item.closed_at}
    quiet = [child for child in one.demo.children if child.key not in known and child.birth_date.year > one.now.year - 17]
    fresh = of_today(rows=rows, children=quiet, as_of=one.now, seed=one.demo.seed)
    for _, draft, raw in _read(fresh, mappings.sources(at=one.now), one.now):
        receiving.receive(actor=one.actor, draft=draft, raw=raw, now=one.now)


def _generated(one: Loading) -> tuple[tuple[Adult, ...], tuple[Stated, ...]]:
    demo = one.demo
    return engagements(seed=demo.seed, children=demo.children, as_of=demo.as_of, scale=demo.scale)


def _read(rows: Iterable[Stated], sources: Mapping[str, SourceMapping], now: datetime) -> Iterator[Read]:
    for row in rows:
        read = read_row(values=row.cells, mapping=sources[row.source], now=now)
        if not isinstance(read, Allowed):
            raise ValueError(f"the demonstration's own row cannot be read: {read}")
        yield row, read.step, as_kept(row.cells)


def _adults(one: Loading, adults: Iterable[Adult]) -> dict[str, int]:
    adults = tuple(adults)
    rows = [_adult(one, adult) for adult in adults]
    made = one.take("person", rows)
    one.take(
        "key",
        (
            {"person_id": number, "scheme": "force_person_id", "value": adult.nominal, "issuer": "", "from_at": one.now}
            for number, adult in zip(made, adults, strict=True)
        ),
    )
    return dict(zip((adult.name for adult in adults), made, strict=True))


def _adult(one: Loading, adult: Adult) -> Row:
    given, family = adult.name.rsplit(" ", 1)
    key = name_key(given_name=given, family_name=family)
    since = one.now - timedelta(days=365)
    return {"given_name": given, "family_name": family, "birth_date": adult.born, "name_key": key, "created_at": since}


def _engagement(one: Loading, stated: Stated, draft: EngagementDraft, raw: str) -> Row:
    return {
        "kind": draft.kind,
        "source": draft.source,
        "mapping_version": draft.mapping_version,
        "external_id": draft.external_id,
        "happened_at": draft.happened_at,
        "precision": draft.precision,
        "received_at": min(stated.happened_at + DELAY, one.now),
        "district": draft.district,
        "grading": draft.grading,
        "reason": draft.reason,
        "circumstances": draft.circumstances,
        "raw": raw,
        "raw_digest": digest_of(raw),
        "door": "file",
    }


def _report(item: Read, place: int) -> Row:
    stated, draft, raw = item
    report = report_of(draft, place, now=stated.happened_at + DELAY, past=draft.ended)
    subject = report.subject
    names = ("given_name", "family_name", "sex", "ethnicity", "address", "postcode", "phone", "looked_after", "responsible_authority")
    said = {name: getattr(subject, name) for name in names}
    return {
        "kind": report.kind,
        "source": report.source,
        "external_id": report.external_id,
        "door": "file",
        "raw": raw,
        "raw_digest": digest_of(raw),
        "reporter_name": report.reporter_name,
        "subject": {**said, "birth_date": subject.birth_date.isoformat() if subject.birth_date else None, "keys": dict(subject.keys)},
        "district": report.district,
        "reported_at": report.reported_at,
        "recorded_at": report.recorded_at,
        "circumstances": report.circumstances,
        "precision": report.precision,
    }


def _link(one: Loading, item: Read, place: int, report: int, adults: Mapping[str, int]) -> Row:
    """The first is the child whom the row is about; whoever else is named is an adult, or another child of the group."""
    stated, draft, _ = item
    subject = draft.people[place - 1].subject
    name = f"{subject.given_name} {subject.family_name}"
    friends = {f"{child.given_name} {child.family_name}": child.key for child in stated.group.children} if stated.group else {}
    number = one.people[stated.child.key] if place == 1 else adults[name] if name in adults else one.people[friends[name]]
    return {
        "report_id": report,
        "person_id": number,
        "number": 1,
        "joined": True,
        "how": "rule",
        "rule": "TAKEN-OVER",
        "rule_version": "1",
        "at": stated.happened_at + DELAY,
    }


def _person(item: Read, place: int, number: int, report: int) -> Row:
    said = item[1].people[place - 1]
    stands = {"said": said.said, "nature": said.nature, "grading": said.grading}
    return {"engagement_id": number, "report_id": report, "number": place, "role": said.role, **stands}


def _things(one: Loading, made: list[int], read: list[Read]) -> None:
    pairs = [(number, draft, thing) for number, (_, draft, _) in zip(made, read, strict=True) for thing in draft.things]
    first = {(thing.kind, key_of(kind=thing.kind, value=thing.value)): thing.value for _, _, thing in reversed(pairs)}
    rows = ({"kind": kind, "key": key, "value": value, "created_at": one.now} for (kind, key), value in first.items())
    numbers = dict(zip(first, one.take("thing", rows), strict=True))
    one.take(
        "sighting",
        (
            {
                "engagement_id": number,
                "thing_id": numbers[thing.kind, key_of(kind=thing.kind, value=thing.value)],
                "said": thing.said,
                "nature": thing.nature,
                "grading": thing.grading,
                "at": draft.happened_at,
            }
            for number, draft, thing in pairs
        ),
    )
