"""Recognising somebody while their report comes in: found by what they share, weighed, explained, and never joined too soon."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lodestar.actions import history, linking, people
from lodestar.actions.perform import AuditUnavailable
from lodestar.core.access.scope import system_actor
from lodestar.core.identity.blocks import block_numbers, look_ups
from lodestar.core.identity.live import Told
from lodestar.core.identity.packed import pack
from lodestar.core.identity.record import Record
from lodestar.core.people.identifiers import Key
from lodestar.core.people.identity import Holder, Identity
from lodestar.core.people.reading import name_key
from lodestar.core.reports.draft import AlertSaid, Subject
from lodestar.store.guard import writing
from lodestar.store.models import AuditRow, BlockingKey, CommonValues, Link, LinkQuestion, Matter, Person, PersonKey, Report
from lodestar.store.queries import linking as queries
from lodestar.store.queries import linking_rows
from lodestar.store.queries.identity import identity_of, identity_of_person
from tests.actions.conftest import HOUR, NOW, Force

SYSTEM = system_actor("test")
BORN = date(2011, 5, 4)
MINA = Subject(given_name="Mina", family_name="Marsh", birth_date=BORN, sex="female", postcode="ZZ1 2AB", phone="07700 900123")
# Statements, the audit and every obligation with them; more is a question asked twice. On PostgreSQL it is journeys that are counted.
MOST_OF_AN_INTAKE = {"sqlite": 36, "postgresql": 12}


def report(force: Force, number: str, subject: Subject = MINA, **changes: Any) -> Matter:
    return force.report(NOW + 2 * HOUR, external_id=number, subject=subject, **changes)


def old_row(given: str) -> dict[str, Any]:
    """Somebody whom another system held, as it is taken over."""
    key = name_key(given_name=given, family_name="Old")
    return {"given_name": given, "family_name": "Old", "birth_date": BORN, "name_key": key, "created_at": NOW}


def link_of(number: str) -> Link:
    return Link.objects.get(report__external_id=number, number=1)


def question_of(number: str) -> LinkQuestion:
    return LinkQuestion.objects.get(report__external_id=number)


def test_a_report_keeps_its_blocks_with_itself_and_both_are_gone_where_the_audit_cannot_be_written(force: Force, broken_audit: Any) -> None:
    report(force, "R-1")
    kept = Report.objects.get(external_id="R-1")
    assert BlockingKey.objects.filter(report=kept).count() == len(block_numbers(queries.statement_of(kept))) > 5
    with broken_audit(), pytest.raises(AuditUnavailable):
        report(force, "R-2", replace(MINA, given_name="Ivy"))
    assert not Report.objects.filter(external_id="R-2").exists()
    assert set(BlockingKey.objects.values_list("report_id", flat=True)) == {kept.pk}


def test_a_name_that_sounds_the_same_is_found_weighed_and_put_before_a_person_with_its_account(force: Force) -> None:
    known = report(force, "R-1").person
    report(force, "R-2", replace(MINA, given_name="Meena", birth_date=date(2011, 4, 5), postcode="", phone=""))
    (shown,) = question_of("R-2").candidates["people"]
    account = shown["explanation"]
    assert (shown["person"], account["band"]) == (known.pk, "review")
    assert account["weight"] == pytest.approx(account["start"] + sum(line["bits"] for line in account["lines"]), abs=1e-6)
    assert len(account["model"]) == 64
    assert any("sound the same" in line["sentence"] for line in account["lines"])
    assert link_of("R-2").evidence["looked"] == {"statements": 1, "blocks_passed_over": 0}


def test_a_join_by_rule_keeps_the_account_and_says_how_many_others_share_the_home(force: Force) -> None:
    known = report(force, "R-1").person
    report(force, "R-sister", replace(MINA, given_name="Tova", birth_date=date(2013, 1, 9)))
    report(force, "R-2")
    link = link_of("R-2")
    assert (link.person, link.rule, link.evidence["explanation"]["band"]) == (known, "LINK-NAME-BIRTH-PLACE", "link")
    home = next(line for line in link.evidence["explanation"]["lines"] if line["field"] == "home")
    assert home["sentence"].endswith("one other on record shares both family name and postcode.")


def test_a_child_who_has_moved_is_joined_by_what_a_later_report_states(force: Force) -> None:
    known = report(force, "R-1", replace(MINA, keys={"nhs_number": "9434765919"})).person
    moved = replace(MINA, postcode="ZZ9 9ZZ", phone="07700 900999")
    report(force, "R-2", replace(moved, keys={"nhs_number": "9434765919"}))
    report(force, "R-3", moved)
    assert (link_of("R-3").person, link_of("R-3").rule) == (known, "LINK-STRICT")


def test_what_would_put_an_exploitation_flag_on_a_child_is_asked_once_and_not_again_where_they_carry_it(force: Force) -> None:
    known = report(force, "R-1").person
    flagged = linking_flags(known, kind="exploitation")
    assert flagged == ("exploitation",)
    with_matter(known)
    assert linking_flags(known, kind="exploitation") == ()
    assert linking_flags(known, kind="stop_search", role="suspect") == ("suspect",)
    assert linking_flags(known, kind="missing") == ()


def linking_flags(person: Person, *, kind: str, role: str = "") -> tuple[str, ...]:
    return queries.would_put(Told(kind, role), linking_rows.holders([person.pk]), at=NOW).get(person.pk, ())


def with_matter(person: Person) -> None:
    times = dict.fromkeys(("since_to", "reported_at", "recorded_at", "opened_at"), NOW)
    row = {"kind": "exploitation", "person_id": person.pk, "state": "open", "district": "north", **times}
    history.take_over(actor=SYSTEM, noun="matter", rows=[row], now=NOW)


def test_people_of_an_old_database_are_indexed_batch_by_batch_and_only_once(force: Force) -> None:
    rows = [old_row(name) for name in ("Una", "Tova", "Bea")]
    old = history.take_over(actor=SYSTEM, noun="person", rows=rows, now=NOW)
    report(force, "R-1")
    assert linking.index(actor=SYSTEM, now=NOW) == 3
    assert linking.index(actor=SYSTEM, now=NOW) == 0
    assert set(BlockingKey.objects.filter(person__isnull=False).values_list("person_id", flat=True)) == set(old)
    assert AuditRow.objects.get(verb="linking.indexed").detail["statements"] == 3
    report(force, "R-2", Subject(given_name="Oona", family_name="Old", birth_date=date(2011, 4, 5)))
    assert {item["person"] for item in question_of("R-2").candidates["people"]} & set(old)


def test_whoever_was_on_record_before_an_upgrade_is_found_by_what_it_finds_people_by(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "block_numbers", lambda record: block_numbers(record)[1:])  # one block fewer, as before the upgrade
    report(force, "R-1")
    monkeypatch.undo()
    before = set(BlockingKey.objects.values_list("pk", flat=True))
    assert linking.index(actor=SYSTEM, now=NOW) == 1
    assert BlockingKey.objects.exclude(pk__in=before).count() == 1
    kept = BlockingKey.objects.values_list("key", flat=True)
    assert sorted(kept) == sorted(block_numbers(queries.statement_of(Report.objects.get(external_id="R-1"))))
    assert linking.index(actor=SYSTEM, now=NOW) == 0


def test_a_block_that_is_too_full_is_passed_over_and_counted(force: Force) -> None:
    report(force, "R-1")
    report(force, "R-2", replace(MINA, given_name="Nell"))
    phone = queries.prepared(Identity(phone=MINA.phone), number="x")
    found, passed_over = queries.sharing(phone, most=2)()
    assert (sum(map(len, found.values())), passed_over) == (2, 0)
    assert queries.sharing(phone, most=1)() == ({}, 1)


def test_who_is_found_by_blocks_is_who_shares_one_that_is_not_too_full_report_by_report(force: Force) -> None:
    names = ("Una", "Tova", "Bea", "Una", "Tova")
    history.take_over(actor=SYSTEM, noun="person", rows=[old_row(name) for name in names], now=NOW)
    linking.index(actor=SYSTEM, now=NOW)
    families = {"Una": "Old", "Oona": "Olde", "Ula": "Oldt"}
    for number, given in enumerate(("Mina", "Nell", "Una", "Mina", "Oona", "Ula")):
        report(force, f"R-{number}", replace(MINA, given_name=given, family_name=families.get(given, "Marsh")))
    people.undo_link(
        actor=force.actor("holly", NOW + 3 * HOUR),
        report_id=Report.objects.get(external_id="R-3").pk,
        reason="Somebody else.",
        now=NOW + 3 * HOUR,
    )
    every = [(person, record, set(block_numbers(record))) for person, record in queries.everything()]
    sizes = Counter(number for _, _, numbers in every for number in numbers)
    narrower_asked: Counter[bool] = Counter()
    for (_, record, numbers), most in product(every, (1, 2, 3, 4, 5, 6, 7, 50)):
        open_to = {number for number in numbers if sizes[number] <= most}
        shares = sorted((person, other.id) for person, other, theirs in every if theirs & open_to)
        found, passed_over = queries.sharing(record, most=most)()
        assert sorted((person, other.id) for person, rows in found.items() for other in rows) == shares
        assert passed_over == len(numbers - open_to)
        assert all(other == next(one for _, one, _ in every if one.id == other.id) for rows in found.values() for other in rows)
        narrower_asked.update(number in open_to for number in look_ups(record).narrower(numbers - open_to))
    assert narrower_asked[True] and narrower_asked[False]  # of blocks within one that is too full: some are too full too, some are not


def test_a_block_within_another_is_asked_only_where_the_wider_one_is_too_full(force: Force) -> None:
    report(force, "R-1")
    report(force, "R-2", replace(MINA, family_name="Marche", postcode="", phone=""))
    family = queries.prepared(Identity("", "Marsh", BORN), number="x")  # in two blocks: family name as written, and as it sounds
    each = 1 if connection.vendor == "postgresql" else 0  # where all blocks together have more than one may, it is asked block by block
    assert who_shares(family, most=2) == ({link_of("R-1").person_id, link_of("R-2").person_id}, 0, 1)
    assert who_shares(family, most=1) == ({link_of("R-1").person_id}, 1, 2 + each)


def who_shares(record: Record, *, most: int) -> tuple[set[int], int, int]:
    """Who is found, how many blocks were passed over, and how many questions that took."""
    with CaptureQueriesContext(connection) as asked:
        found, passed_over = queries.sharing(record, most=most)()
    return set(found), passed_over, len(asked)


def test_names_are_counted_by_night_and_again_only_when_the_index_has_grown(force: Force) -> None:
    assert not linking.recount(actor=SYSTEM, now=NOW)
    report(force, "R-1")
    report(force, "R-2", replace(MINA, given_name="Nell", birth_date=date(2013, 1, 9)))
    assert linking.recount(actor=SYSTEM, now=NOW)
    kept = CommonValues.objects.get()
    assert (kept.size, kept.document["counts"]["surname"]) == (2, {"marsh": 2})
    assert not linking.recount(actor=SYSTEM, now=NOW)
    report(force, "R-3", replace(MINA, given_name="Tova", family_name="Reed", birth_date=date(2009, 3, 1), postcode="", phone=""))
    assert linking.recount(actor=SYSTEM, now=NOW)


def test_the_questions_that_a_look_asks_do_not_grow_with_who_is_found(force: Force) -> None:
    report(force, "R-1")
    few = queries_of_a_look()
    for number in range(5):
        report(force, f"S-{number}", replace(MINA, given_name=f"Mina{number}", birth_date=date(2011, 5, 10 + number)))
    assert queries_of_a_look() == few <= 7


def queries_of_a_look() -> int:
    said = identity_of(MINA)[0]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        queries.look(queries.prepared(said, number="x"), among=(), at=NOW, told=Told("missing"))
    return len(asked)


def test_an_intake_asks_no_more_than_it_needs_and_what_it_says_of_health_costs_nothing_more(force: Force) -> None:
    report(force, "R-1")
    report(force, "R-2", replace(MINA, given_name="Nell"))  # what is read once is read
    few = statements_of_intake(force, "R-3", Subject("Tova", "Reed", date(2009, 3, 1)), facts=1)
    assert few == statements_of_intake(force, "R-4", Subject("Bea", "Quill", date(2014, 9, 20)), facts=9)
    assert few <= MOST_OF_AN_INTAKE[connection.vendor]


def statements_of_intake(force: Force, number: str, subject: Subject, *, facts: int) -> int:
    said = tuple(AlertSaid("medical", f"Carries inhaler {place}", "Joan Sample", NOW) for place in range(facts))
    with CaptureQueriesContext(connection) as asked:
        report(force, number, subject, alerts=said)
    return len([query for query in asked if query["sql"].split()[0] not in ("BEGIN", "SAVEPOINT", "RELEASE")])


def test_what_is_compared_of_whoever_no_report_states_is_kept_ready_and_read_as_it_stands_until_it_is(force: Force) -> None:
    (old,) = history.take_over(actor=SYSTEM, noun="person", rows=[{**old_row("Una"), "postcode": "ZZ1 2AB", "phone": MINA.phone}], now=NOW)
    linking.index(actor=SYSTEM, now=NOW)
    kept = Person.objects.get(pk=old)
    assert kept_of(kept) == (pack(queries.statement_of_person(kept)), "1.1")
    assert found_of_old() == queries.statement_of_person(kept)
    with writing():
        Person.objects.filter(pk=old).update(ready="", ready_of="")  # as before an upgrade
    assert found_of_old() == queries.statement_of_person(kept)
    with writing():
        Person.objects.filter(pk=old).update(ready="[]", ready_of="0.1")  # in the form of an earlier one
    assert found_of_old() == queries.statement_of_person(kept)
    assert linking.index(actor=SYSTEM, now=NOW) == 1
    assert linking.index(actor=SYSTEM, now=NOW) == 0
    assert kept_of(Person.objects.get(pk=old)) == kept_of(kept)
    assert AuditRow.objects.filter(verb="linking.indexed").latest("pk").detail == {"statements": 1, "keys": 0, "ready": 1}


def test_a_person_who_has_changed_is_weighed_as_they_are_now_though_something_else_is_kept_ready(force: Force) -> None:
    (old,) = history.take_over(actor=SYSTEM, noun="person", rows=[old_row("Una")], now=NOW)
    with writing():
        PersonKey.objects.create(person_id=old, scheme="nhs_number", value="9434765919", from_at=NOW)
    linking.index(actor=SYSTEM, now=NOW)
    report(force, "R-1", Subject("Una", "Old", BORN, postcode="ZZ1 2AB", keys={"nhs_number": "9434765919"}))
    assert link_of("R-1").evidence["learnt"] == ["postcode"]
    assert found_of_old().columns["postcode"] == "ZZ1 2AB"
    people.undo_link(
        actor=force.actor("holly", NOW + 3 * HOUR),
        report_id=Report.objects.get(external_id="R-1").pk,
        reason="Somebody else.",
        now=NOW + 3 * HOUR,
    )
    assert found_of_old().columns["postcode"] is None


def test_an_index_that_read_a_person_before_they_changed_keeps_nothing_that_is_read(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    (old,) = history.take_over(actor=SYSTEM, noun="person", rows=[old_row("Una")], now=NOW)

    ready = queries.kept_ready

    def changed_meanwhile(person: Person) -> dict[str, str]:
        Person.objects.filter(pk=person.pk).update(postcode="ZZ1 2AB", version=person.version + 1)
        return ready(person)

    monkeypatch.setattr(queries, "kept_ready", changed_meanwhile)
    assert linking.index(actor=SYSTEM, now=NOW) == 1
    assert Person.objects.get(pk=old).ready_of == "1.1"
    assert found_of_old().columns["postcode"] == "ZZ1 2AB"


def kept_of(person: Person) -> tuple[str, str]:
    return person.ready, person.ready_of


def found_of_old() -> Record:
    """What is weighed of the one person named Old."""
    found, _ = queries.sharing(queries.prepared(Identity("", "Old", BORN), number="x"), most=9)()
    return next(record for rows in found.values() for record in rows if record.id.startswith("p"))


def test_identifiers_that_are_held_and_not_ended_are_weighed_with_whoever_no_report_states(force: Force) -> None:
    (old,) = history.take_over(actor=SYSTEM, noun="person", rows=[old_row("Una")], now=NOW)
    for scheme, value, ended in (("pnc_id", "11/1A", None), ("nhs_number", "9434765919", None), ("custody", "C1", NOW)):
        with writing():
            PersonKey.objects.create(person_id=old, scheme=scheme, value=value, from_at=NOW, ended_at=ended)
    linking.index(actor=SYSTEM, now=NOW)
    said = Identity("Una", "Old", BORN, keys=(Key("custody", "C2"),))
    found, _ = queries.sharing(queries.prepared(said, number="x"), most=9)()
    ((record,),) = found.values()
    person = Person.objects.get(pk=old)
    assert record == queries.statement_of_person(person)
    assert linking_rows.holders([old]) == [Holder(old, identity_of_person(person))]
    assert record.columns["keys"] == ("nhs_number:9434765919", "pnc_id:11/1A")
