"""Whom a statement may be about, found by what they share: look-ups by index only, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from lodestar.core.identity.blocks import look_ups
from lodestar.core.identity.clusters import Said
from lodestar.core.identity.explaining import HOME
from lodestar.core.identity.live import LiveRules, Told, live_rules
from lodestar.core.identity.packed import mark, pack
from lodestar.core.identity.record import PLACE, Record, Statement, prepare, roots_of
from lodestar.core.identity.relinking import Held
from lodestar.core.identity.vetoes import FLAG
from lodestar.core.identity.weighing import Weigher, fits, kept_apart, near
from lodestar.core.people.deciding import JOINING, Weighed
from lodestar.core.people.identity import Holder, Identity
from lodestar.core.times import comes_of_age, local_date
from lodestar.store.models import EngagementPerson, Involvement, Link, LinkQuestion, Matter, Person, Report
from lodestar.store.playbooks import playbook
from lodestar.store.queries import identity
from lodestar.store.queries import linking_rows as raw
from lodestar.store.queries.identity_models import weigher_at
from lodestar.store.queries.journeys import Put
from lodestar.store.queries.plain_sql import AT_ONCE, among, in_hundreds, listed, put_planned
from lodestar.store.queries.wire import Rows

Shared = tuple[dict[int, list[Record]], int]  # the statements by person, and how many blocks were too full to look through
Beside = Callable[[Collection[int]], Callable[[], Collection[int]]]
_WAITING = f"SELECT provisional_id, candidates FROM {LinkQuestion._meta.db_table} WHERE state = 'waiting' AND provisional_id {{}}"
MOST_AT_HOME = 200
ADULT = 18


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look found: each person weighed, who they are, how many statements were weighed and blocks passed over."""

    weighed: tuple[Weighed, ...]
    holders: tuple[Holder, ...]
    statements: int
    passed_over: int
    beside: Collection[int] = ()  # of these people, those of whom what was asked beside is so

    def counts(self) -> dict[str, int]:
        """The counts, to be kept with the decision."""
        return {"statements": self.statements, "blocks_passed_over": self.passed_over}


def prepared(said: Identity, *, number: str) -> Record:
    """An identity made ready to be compared."""
    return prepare(raw.stated(said, number=number), roots=_roots())


def statement_of(report: Report) -> Record:
    """A report's statement of who somebody is, made ready."""
    return prepared(identity.identity_of(identity.subject_of(report))[0], number=f"r{report.pk}")


def statement_of_person(person: Person) -> Record:
    """What is held of a person, made ready: for somebody whom no report states."""
    return prepared(identity.identity_of_person(person), number=f"p{person.pk}")


def kept_ready(person: Person) -> dict[str, str]:
    """What is compared of somebody whom no report states, as their row keeps it for this version of it."""
    return {"ready": pack(statement_of_person(person)), "ready_of": mark(person.version)}


def rules(*, at: datetime) -> LiveRules:
    """The rules of live linkage in force."""
    return _rules(local_date(at))


def look(record: Record, *, among: Iterable[int], at: datetime, told: Told | None = None, beside: Beside = lambda _: set) -> Looked:
    """Weigh a statement against everybody who shares a block with it, and against ``among``, whom other look-ups found.

    First the statements that share a block, then every live statement of each person who may be the one. What whoever looks asks
    ``beside`` of everybody who may be the one goes with who they are.
    """
    live = rules(at=at)
    shared = sharing(record, most=live.block_most)
    weigher, model = weigher_at(at=at)
    found, passed_over = shared()
    likely = [person for person, _ in near(record, found, weigher=weigher)[: live.shown_most]]
    people = {*among, *likely}
    apart, home = beside(people), _home(record) if people else None
    stated = raw.joined_to(people)
    holders = raw.holders(people)
    carry = would_put(told, holders, at=at) if told else {}
    others = {pk: [one for one in rows if one.id != record.id] for pk, rows in _live(holders, stated).items()}
    weighed = tuple(_weighed(record, others, weigher, home, model=model.digest, flags=carry))  # nothing is weighed against itself
    return Looked(weighed, tuple(holders), sum(map(len, found.values())), passed_over, apart())


def sharing(record: Record, *, most: int) -> Callable[[], Shared]:
    """What shares a block with a statement, by the person whose it is now; a block of more than ``most`` is too full to look through.

    It is asked for with what is asked next. Identifiers weigh only where both have one, so a statement without any does not ask for
    other people's.
    """
    blocks, with_keys = look_ups(record), record.values[PLACE["keys"]] is not None
    asked = raw.put_sharing(blocks.numbers, most=most)

    def answer() -> Shared:
        rows, full = asked()
        if narrower := blocks.narrower(full):
            more, fuller = raw.put_sharing(narrower, most=most)()
            rows, full = [*rows, *more], [*full, *fuller]
        return _by_person(raw.records_of(rows, roots=_roots(), with_keys=with_keys).values()), len(full)

    return answer


def live_statements(holders: Iterable[Holder]) -> dict[int, list[Record]]:
    """Every statement that is joined to each of these people now; what is held of those whom no report states."""
    known = list(holders)
    return _live(known, raw.joined_to([one.person for one in known]))


def _live(holders: Iterable[Holder], stated: Iterable[tuple[int, Statement]]) -> dict[int, list[Record]]:
    found = _by_person(_ready(stated))
    for one in holders:
        if one.person not in found:
            found[one.person] = [prepared(one.identity, number=f"p{one.person}")]
    return found


def joined_now(reports: Collection[int] | QuerySet[Any, Any]) -> dict[int, int]:
    """The person to whom each of these reports is joined now."""
    last = Link.objects.filter(report__in=reports).order_by("report_id", "number").values_list("report_id", "person_id", "joined")
    found = {report: (person, joined) for report, person, joined in last}
    return {report: person for report, (person, joined) in found.items() if joined}


def _weighed(
    record: Record,
    people: Mapping[int, Sequence[Record]],
    weigher: Weigher,
    asked: Put | None,
    *,
    model: str,
    flags: Mapping[int, tuple[str, ...]],
) -> Iterator[Weighed]:
    """Each of these people as ``decide`` takes them. Most are kept apart and shown to nobody: nothing is told of them but that."""
    close = {person for person, _ in near(record, people, weigher=weigher)}
    home = _at_home(record, asked.rows()) if asked and close else {}

    def account(person: int) -> Weighed:
        (fit,) = fits(record, {person: people[person]}, weigher=weigher, flags=flags)
        return fit.weighed(model=model, others={name: len(there - {person}) for name, there in home.items()})

    for person, held in people.items():
        if person in close:
            yield account(person)
        elif held:
            yield kept_apart(person, partial(account, person), flags=flags.get(person, ()))


def _home(record: Record) -> Put | None:
    place = record.text("postcode")
    return raw.at_home(place, most=MOST_AT_HOME) if place else None


def _at_home(record: Record, rows: Rows) -> dict[str, set[int]]:
    """Who on record has the postcode of a statement, and who its family name besides."""
    there, surname = {"postcode": {pk for pk, _ in rows}}, record.text("surname")
    return {**there, HOME: {pk for pk, key in rows if key.startswith(f"{surname}|")}} if surname else there


def _by_person(rows: Iterable[tuple[int, Record]]) -> dict[int, list[Record]]:
    found = dict[int, list[Record]]()
    for person, record in rows:
        found.setdefault(person, []).append(record)
    return found


def _ready(rows: Iterable[tuple[int, Statement]]) -> Iterator[tuple[int, Record]]:
    roots = _roots()
    return ((person, prepare(statement, roots=roots)) for person, statement in rows)


def would_put(told: Told, holders: Iterable[Holder], *, at: datetime) -> dict[int, tuple[str, ...]]:
    """For each child what joining a statement that tells this would put on them that they do not carry already."""
    live = rules(at=at)
    if not live.flags(told):
        return {}
    born = {one.person: one.identity.birth_date for one in holders}
    children = {person for person, day in born.items() if day is None or comes_of_age(day, ADULT) > at}
    carried = _carried(children, live)
    would = {pk: live.flags(told, carried=carried.get(pk, set())) for pk in children}
    return {pk: flags for pk, flags in would.items() if flags}


def _carried(people: Collection[int], live: LiveRules) -> dict[int, set[str]]:
    """The flags that each of these people carries already: by a matter, by a role in one, by an engagement that is joined to them."""
    found: dict[int, set[str]] = {}
    matters = Matter.objects.filter(person__in=people).exclude(state="opened_in_error").values_list("person_id", "kind")
    roles = Involvement.objects.filter(person__in=people).values_list("person_id", "role")
    stated = EngagementPerson.objects.filter(report__links__person__in=people).distinct()
    engaged = list(stated.values_list("report_id", "engagement__kind", "role", "engagement__reason"))
    joined = joined_now({report for report, *_ in engaged})
    told = [
        *((person, Told(kind)) for person, kind in matters),
        *((person, Told("", role)) for person, role in roles),
        *((joined[report], Told(*words)) for report, *words in engaged if report in joined),
    ]
    for person, one in told:
        found.setdefault(person, set()).update(live.flags(one))
    return found


def set_aside(people: Collection[int]) -> Callable[[], set[int]]:
    """Who stands by themselves only while somebody is asked about a flag: every rule says that they are whoever it was asked about.

    Two records would otherwise fit whatever else comes in about the child, and no rule would join it until the question is settled.
    Asked for with what is asked next.
    """
    asked = put_planned("asked_about", _WAITING.format(among()), [listed(people)])
    return lambda: {person for person, told in asked.rows() if _only_for_a_flag(json.loads(told)["people"])}


def _only_for_a_flag(shown: Sequence[Mapping[str, Any]]) -> bool:
    joining = {code for codes in JOINING for code in codes}
    return len(shown) == 1 and bool(joining & set(shown[0]["found_by"])) and {veto["code"] for veto in shown[0]["vetoes"]} == {FLAG}


@cache
def _roots() -> Mapping[str, str]:
    return roots_of(playbook("PEOPLE-LINKING").blocks[-1].values["variants"])


@cache
def _rules(on: date) -> LiveRules:
    return live_rules(playbook("IDENTITY-LIVE"), on=on)


def everything() -> Iterator[tuple[int, Record]]:
    """Every statement that is joined to somebody now, with the person; and what is held of those whom no report states."""
    for reports in _numbers(Report.objects.all()):
        yield from _ready(raw.of_reports(reports))
    for people in _numbers(Person.objects.filter(~Exists(Link.objects.filter(person=OuterRef("pk"))))):
        yield from ((one.person, prepared(one.identity, number=f"p{one.person}")) for one in raw.holders(people))


def with_several() -> Iterator[Held]:
    """How everybody stands to whom two reports or more are joined now, some hundreds at a time."""
    for people in _numbers(Person.objects.all()):
        found = _by_person(_ready(raw.joined_to(people)))
        if several := {person: records for person, records in found.items() if len(records) > 1}:
            yield _held(several)


def held(people: Collection[int]) -> Held:
    """How these people stand."""
    found: dict[int, list[Record]] = {}
    for some in in_hundreds(people):
        found |= live_statements(raw.holders(some))
    return _held(found)


def _held(people: Mapping[int, Sequence[Record]]) -> Held:
    """The person of each statement, and what was said, statement by statement.

    "Not the same" of a report and a person is said of the report and everything else that is joined to that person.
    """
    person = {record.id: number for number, records in people.items() for record in records}
    told = Link.objects.filter(how="person").order_by("number").values_list("report_id", "person_id", "joined")
    last = {(f"r{report}", number): joined for some in in_hundreds(people) for report, number, joined in told.filter(person__in=some)}
    said = tuple(
        Said(statement, other.id, same=joined)
        for (statement, number), joined in last.items()
        if statement in person
        for other in people[number]
        if other.id != statement
    )
    return Held(person, {record.id: record for records in people.values() for record in records}, said)


def _numbers(rows: QuerySet[Any, Any]) -> Iterator[list[int]]:
    """The numbers of all these rows, some hundreds at a time."""
    last = 0
    while numbers := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        yield numbers
        last = numbers[-1]
