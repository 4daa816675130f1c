"""Who somebody is, in the demonstration: months of questions that two answered, and today's, asked and answered by the same actions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from lodestar.actions import reports, reviewing
from lodestar.core.access.scope import Actor
from lodestar.core.identity.reviewing import Said, drawn, pairs
from lodestar.core.people.comparing import compare
from lodestar.core.people.deciding import Candidate
from lodestar.core.people.identity import Holder, Identity
from lodestar.core.people.reading import name_key, near_birth_dates
from lodestar.core.reports.draft import ReportDraft, Subject
from lodestar.doors.feeds.demo.episode import Episode
from lodestar.doors.feeds.demo.records import Child
from lodestar.doors.feeds.demo.stage import Loading, Row
from lodestar.store.queries import access, identity
from lodestar.store.queries import reviewing as queries

SOURCE = "Fenshire hospitals"
PAST = timedelta(days=100)
AGAIN, FIRST = 24, 12  # questions of the past about children known before, and about children who were not
SAME = ("The school and the aunt are the same.", "Her social worker knows her.", "The same scar and the same home.")
NEW = ("Another school, and a year older.", "The mother says she has no such child.", "Two brothers of one home.")
CANNOT = Said("cannot_tell", None, "Nobody who was there could be asked again.", "A photograph from the school, or the birth date.")
BECAUSE = "One record may be this person. Compare them, then say which it is or that it is somebody new."
# Today's questions: whether each is asked of two, and what was answered so far.
TODAY: tuple[tuple[bool, tuple[str, ...]], ...] = (
    (False, ()),
    (False, ()),
    (False, ("cannot",)),
    (True, ("same",)),
    (False, ("cannot", "cannot")),
    (True, ("same", "new")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the past: its report, whom it showed, whom it made, and what two and where need be a third answered."""

    report: int
    at: datetime
    shown: int
    made: int
    said: tuple[Said, ...]
    fields: Row


def asked_again(one: Loading) -> frozenset[str]:
    """The reports of the past that were asked about: their first link is not the old system's."""
    return frozenset(episode.reports[0].external_id for episode in (*_again(one), *_first(one)))


def load_past(one: Loading) -> None:
    """Questions that two answered blind, over the last months: most agree, some do not, and a supervisor decided those."""
    children = {child.key: child for child in one.demo.children}
    again, first = _again(one), _first(one)
    made = one.take("person", (_ghost(children[episode.child], episode) for episode in again))
    known = [
        _asked(one, episode, children[episode.child], ghost, _of_one(place))
        for place, (episode, ghost) in enumerate(zip(again, made, strict=True))
    ]
    new = [
        _asked(one, episode, _another(one, children[episode.child]), one.people[episode.child], _of_two(place))
        for place, episode in enumerate(first)
    ]
    asked = [*known, *new]
    questions = one.take("question", (_question(one, row) for row in asked))
    answers = [(question, row, place) for question, row in zip(questions, asked, strict=True) for place in range(len(row.said))]
    numbers = one.take("answer", (_answer(one, *told) for told in answers))
    one.take(
        "label", (label for number, (_, row, place) in zip(numbers, answers, strict=True) for label in _labels(one, number, row, place))
    )
    one.take("link", (link for row in asked for link in _links(one, row)))


def _over(one: Loading, *, known: bool) -> list[Episode]:
    """Episodes of the last months that are over, of children who were known before or of those who were not."""
    seen: set[str] = set()
    found = []
    for episode in sorted(one.demo.episodes, key=lambda item: (item.reported_at, item.key)):
        recent = one.now - PAST < episode.reported_at < one.now - timedelta(days=3)
        if recent and (episode.child in seen) is known and episode.closed_at is not None:
            found.append(episode)
        seen.add(episode.child)
    return found


def _again(one: Loading) -> list[Episode]:
    return _spread(_over(one, known=True), AGAIN)


def _first(one: Loading) -> list[Episode]:
    return _spread(_over(one, known=False), FIRST)


def _spread(found: list[Episode], most: int) -> list[Episode]:
    """At most so many, from the whole of the time."""
    return [found[place * len(found) // most] for place in range(most)] if len(found) > most else found


def _another(one: Loading, child: Child) -> Child:
    """Another child of nearly that name or age, for whom they might be taken."""
    others = [other for other in one.demo.children if other.key != child.key]
    apart = [((other.family_name != child.family_name, abs((other.birth_date - child.birth_date).days)), other) for other in others]
    return min(apart, key=lambda one: (one[0], one[1].key))[1]


def _ghost(child: Child, episode: Episode) -> Row:
    """The person that the report made, until it was said whose it was."""
    subject = episode.reports[0].subject
    return {
        "given_name": subject.given_name,
        "family_name": subject.family_name,
        "birth_date": subject.birth_date,
        "sex": subject.sex,
        "address": subject.address,
        "authority": child.authority,
        "district": episode.reports[0].district,
        "name_key": name_key(given_name=subject.given_name, family_name=subject.family_name),
        "created_at": episode.reports[0].recorded_at,
    }


def _asked(one: Loading, episode: Episode, shown: Child, made: int, said: tuple[Said, ...]) -> Asked:
    report, known = episode.reports[0], one.people[shown.key]
    subject = report.subject
    stated = Identity(subject.given_name, subject.family_name, subject.birth_date, subject.sex)
    held = Identity(shown.given_name, shown.family_name, shown.birth_date, shown.sex, postcode=shown.postcode, phone=shown.phone)
    fields = compare(subject=stated, holder=Holder(known, held), rules=identity.rules(at=one.now))
    beside = asdict(Candidate(known, ("put forward by a person",), fields, ()))
    named = tuple(replace(word, person=known) if word.word == "same" else word for word in said)
    return Asked(one.reports[report.external_id], report.recorded_at, known, made, named, beside)


def _of_one(place: int) -> tuple[Said, ...]:
    """What was answered where it was the child: one in nine one of two took them for another, one in twelve one could not tell."""
    same = Said("same", None, SAME[place % len(SAME)])
    if place % 9 == 4:
        return (same, Said("somebody_new", None, NEW[place % len(NEW)]), same)
    return (CANNOT, same, same) if place % 12 == 7 else (same, same)


def _of_two(place: int) -> tuple[Said, ...]:
    """What was answered where it was not: now and then one of two took them for the one shown."""
    new = Said("somebody_new", None, NEW[place % len(NEW)])
    return (Said("same", None, SAME[place % len(SAME)]), new, new) if place % 7 == 3 else (new, new)


def _question(one: Loading, row: Asked) -> Row:
    three = len(row.said) > 2
    return {
        "report_id": row.report,
        "provisional_id": row.made,
        "candidates": {"because": BECAUSE, "people": [row.fields]},
        "asked_at": row.at,
        "state": "settled",
        "double": True,
        "turn": "third" if three else "second",
        "settled_at": row.at + _after(len(row.said) - 1),
        "settled_by_id": _by(one, row, len(row.said) - 1),
    }


def _answer(one: Loading, question: int, row: Asked, place: int) -> Row:
    said = row.said[place]
    about = {"word": said.word, "person_id": said.person, "reason": said.reason, "would_tell": said.would_tell}
    return {"question_id": question, "number": place + 1, **about, **_when(one, row, place)}


def _labels(one: Loading, answer: int, row: Asked, place: int) -> Iterator[Row]:
    for pair in pairs(row.said[place], offered=(row.shown,)):
        yield {"answer_id": answer, "report_id": row.report, "person_id": pair.person, "same": pair.same, **_when(one, row, place)}


def _when(one: Loading, row: Asked, place: int) -> Row:
    turn = ("first", "second", "third")[place]
    return {"turn": turn, "blind": turn != "third", "at": row.at + _after(place), "by_id": _by(one, row, place)}


def _links(one: Loading, row: Asked) -> Iterator[Row]:
    """As the questions' own actions would have written them: made, then said to be the one or not."""
    about = {"report_id": row.report, "how": "person", "at": row.at + _after(len(row.said) - 1), "by_id": _by(one, row, len(row.said) - 1)}
    last = row.said[-1]
    yield {**about, "person_id": row.made, "number": 1, "joined": True, "how": "rule", "rule": "LINK-ASK", "at": row.at, "by_id": None}
    yield {**about, "person_id": row.made if last.word == "same" else row.shown, "number": 2, "joined": False, "reason": last.reason}
    yield {**about, "person_id": row.shown if last.word == "same" else row.made, "number": 3, "joined": True, "reason": last.reason}


def _after(place: int) -> timedelta:
    return timedelta(minutes=14 + 19 * place)


def _by(one: Loading, row: Asked, place: int) -> int:
    """Two officers of the hub, and its sergeant."""
    officers = [staff.username for staff in one.demo.staff if staff.role == "hub_officer"]
    sergeant = next(staff.username for staff in one.demo.staff if staff.role == "hub_sergeant")
    return one.users[sergeant if place == 2 else officers[(row.at.minute + place) % len(officers)]]


def ask_today(one: Loading) -> None:
    """Today's: one of each kind, received and answered by the actions that everybody's go through."""
    hub = [_acting(one, staff.username) for staff in one.demo.staff if staff.role == "hub_officer"]
    known = [child for child in one.demo.children if child.postcode]
    for place, (double, words) in enumerate(TODAY):
        child = known[place * len(known) // len(TODAY)]
        _receive(one, hub[0], _stated(child, place), child.district, number := _number(one, place, double=double))
        question = queries.asked_about(source=SOURCE, external_id=number)
        if question is None:  # a rule was sure of it
            continue
        for word, actor in zip(words, hub, strict=False):
            _answer_today(one, actor, question, word, one.people[child.key])


def _stated(child: Child, place: int) -> Subject:
    """What a hospital was told, each time with something else amiss: no birth date, a slip in it, or a brother's or sister's name."""
    whole = Subject(child.given_name, child.family_name, child.birth_date, child.sex, postcode=child.postcode)
    slip = next(day for day in near_birth_dates(child.birth_date) if day.year == child.birth_date.year)
    changes: tuple[dict[str, Any], ...] = (
        {"birth_date": None},
        {"given_name": "Robin" if child.given_name != "Robin" else "Jude"},
        {"birth_date": slip},
        {"birth_date": None, "postcode": ""},
        {"birth_date": slip, "postcode": ""},
        {"given_name": child.given_name[:1]},
    )
    return replace(whole, **changes[place % len(changes)])


def _number(one: Loading, place: int, *, double: bool) -> str:
    """The first number of the hospital's, from a thousand a question on, that the lot draws or does not."""
    rules = queries.rules(at=one.now)
    return next(text for number in count(1000 * (place + 1)) if drawn(f"{SOURCE}|{(text := f'ED-{number}')}", rules=rules) is double)


def _receive(one: Loading, actor: Actor, subject: Subject, district: str, number: str) -> None:
    draft = ReportDraft(
        source=SOURCE,
        external_id=number,
        reported_at=one.now,
        recorded_at=one.now,
        subject=subject,
        kind="hospital",
        reporter_name="Emergency department",
        reporter_relationship="hospital",
        district=district,
        circumstances="Brought in by friends, left before being seen.",
    )
    reports.receive(actor=actor, draft=draft, raw=f"{SOURCE} {number}", now=one.now)


def _answer_today(one: Loading, actor: Actor, question: int, word: str, person: int) -> None:
    said = {"same": Said("same", person, SAME[0]), "new": Said("somebody_new", None, NEW[0]), "cannot": CANNOT}[word]
    seen = queries.version_of(question)
    reviewing.answer_question(actor=actor, question_id=question, seen_version=seen, said=said, now=one.now)


def _acting(one: Loading, username: str) -> Actor:
    user = access.user_named(username=username)
    assert user is not None  # noqa: S101 - just loaded
    return access.actor_for(user=user, at=one.now, door="demo")
