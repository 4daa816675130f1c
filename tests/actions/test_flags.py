"""What would put a flag on a child is never joined by a rule, whichever way it comes: a person says who it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from lodestar.actions import people, reports
from lodestar.actions.engagements import mappings, receiving
from lodestar.core.engagements.draft import EngagementDraft, PersonSaid, canonical
from lodestar.core.identity.live import Told
from lodestar.core.identity.vetoes import FLAG
from lodestar.core.reports.draft import Subject
from lodestar.store.guard import writing
from lodestar.store.models import Involvement, Link, LinkQuestion, Matter, Person
from lodestar.store.queries import linking, linking_rows, reviewing
from tests.actions.conftest import HOUR, NOW, Force

SINCE = datetime(2026, 11, 30, 12, tzinfo=UTC)  # the rule of 29 November 2026 is in force
MINA = Subject(given_name="Mina", family_name="Marsh", birth_date=date(2011, 5, 4), postcode="CB1 1ZX", keys={"nhs_number": "9434765919"})
DETAINED = {"kind": "custody_record", "source": "ENG-CUSTODY", "source_title": "The custody system", "reason": "theft"}


def engagement(number: str, role: str = "subject", at: datetime = SINCE, **changes: Any) -> EngagementDraft:
    whole = EngagementDraft(
        **DETAINED, mapping_version="1", external_id=number, happened_at=at - HOUR, people=(PersonSaid(role, MINA),), district="north"
    )
    return replace(whole, **changes)


def take(force: Force, draft: EngagementDraft, at: datetime = SINCE) -> receiving.Received:
    return receiving.receive(actor=force.actor("holly", at), draft=draft, raw=canonical({"n": draft.external_id}), now=at)


def known(force: Force) -> Person:
    return force.report(SINCE - 3 * HOUR, subject=MINA).person


def person_of(number: str) -> Person:
    return Link.objects.filter(report__external_id=f"{number}/1").latest("number").person


def detain(force: Force, number: str, at: datetime) -> Matter:
    said = {"age_basis": "stated", "arrested_for": "Theft", "exploitation": "no"}
    said |= dict.fromkeys(("authorised_at", "relevant_time"), at.isoformat())
    draft = force.draft(kind="custody", source="Custody", external_id=number, subject=MINA, reported_at=at, recorded_at=at)
    still = replace(draft, since_from=None, since_to=None)
    made = reports.receive(actor=force.actor("fir", at), draft=still, raw="raw", now=at, opening=said)
    return Matter.objects.get(pk=made.matter_id)


def test_a_custody_record_is_asked_of_a_person_though_every_rule_fits_and_comes_early_in_the_queue(force: Force) -> None:
    child = known(force)
    made = take(force, engagement("CU-1"))
    assert (made.unsure, person_of("CU-1") == child) == (1, False)
    question = LinkQuestion.objects.get(report__external_id="CU-1/1")
    (shown,) = question.candidates["people"]
    assert (shown["person"], "LINK-NATIONAL-ID" in shown["found_by"]) == (child.pk, True)
    assert [veto["sentence"] for veto in shown["vetoes"] if veto["code"] == FLAG] == [
        "Joining them would put on a child what they do not carry yet: custody. A person decides that."
    ]
    with writing():
        Matter.objects.update(returned_at=SINCE)
    assert reviewing.place_in_queue(question, at=SINCE).harm.code == "HARM-FLAG"


def test_what_else_comes_in_about_the_child_is_joined_and_told_while_the_question_waits(force: Force) -> None:
    child = known(force)
    take(force, engagement("CU-1"))
    made = take(force, engagement("ED-1", kind="hospital", reason="injury"))
    assert (made.unsure, person_of("ED-1"), len(made.news_on)) == (0, child, 1)
    again = take(force, engagement("CU-2"))
    shown = LinkQuestion.objects.get(report__external_id="CU-2/1").candidates["people"]
    assert (again.unsure, [one["person"] for one in shown]) == (1, [child.pk])
    twin = replace(MINA, given_name="Tova", keys={})
    take(force, engagement("CU-3", people=(PersonSaid("subject", twin),)))  # asked for another reason too
    assert linking.set_aside(set(Person.objects.values_list("pk", flat=True)))() == {person_of("CU-1").pk, person_of("CU-2").pk}


def test_before_the_rule_was_in_force_the_same_was_joined(force: Force) -> None:
    child = force.report(subject=MINA).person
    take(force, engagement("CU-1", at=NOW), NOW)
    assert person_of("CU-1") == child


def test_a_record_of_the_custody_desk_is_asked_and_the_desk_works_on_meanwhile(force: Force) -> None:
    child = known(force)
    matter = detain(force, "CR-1", SINCE)
    assert matter.is_open
    assert matter.person != child
    assert LinkQuestion.objects.get(report__external_id="CR-1").provisional == matter.person


def test_the_try_of_a_file_says_what_would_be_asked_of_a_person(force: Force) -> None:
    known(force)
    drafts = (engagement("E-1"), engagement("E-2", "carer"))
    found = mappings.try_sample(actor=force.actor("holly", SINCE), sample=mappings.Sample("ENG-CUSTODY", "0" * 64, drafts, 0), now=SINCE)
    assert [one.verdict for (one,) in found.who] == ["unsure", "sure"]


def would_put(told: Told, person: Person) -> dict[int, tuple[str, ...]]:
    return linking.would_put(told, linking_rows.holders([person.pk]), at=SINCE)


def test_who_carries_it_already_by_an_engagement_or_a_matter_is_joined_and_an_undone_join_carries_nothing(force: Force) -> None:
    child = known(force)
    told = Told("custody_record", "subject")
    assert would_put(told, child) == {child.pk: ("custody",)}
    detained = take(force, engagement("CU-1", at=NOW), NOW)  # joined by the rule of that day
    assert person_of("CU-1") == child
    assert would_put(told, child) == {}
    assert would_put(Told("custody"), child) == {}
    people.undo_link(actor=force.actor("holly", SINCE), report_id=detained.report_id or 0, reason="Another child", now=SINCE)
    assert would_put(told, child) == {child.pk: ("custody",)}
    with writing():
        Matter.objects.filter(person=child).update(kind="custody")
        assert would_put(told, child) == {}
        Matter.objects.filter(person=child).update(state="opened_in_error")
    assert would_put(told, child) == {child.pk: ("custody",)}


def test_the_appropriate_adult_of_a_custody_record_does_not_carry_custody_and_a_suspect_carries_that_alone(force: Force) -> None:
    child = known(force)
    carer = take(force, engagement("CU-1", "carer"))
    assert (carer.unsure, person_of("CU-1")) == (0, child)
    assert would_put(Told("custody"), child) == {child.pk: ("custody",)}
    row = {"nature": "fact", "source": "PC Elm", "from_at": SINCE, "recorded_at": SINCE}
    with writing():
        Involvement.objects.create(matter=Matter.objects.get(person=child), person=child, role="suspect", **row)
    assert would_put(Told("crime", "suspect"), child) == {}
    assert would_put(Told("custody"), child) == {child.pk: ("custody",)}


def test_an_adult_is_no_child_and_nothing_is_put_on_a_child(force: Force) -> None:
    adult = force.report(SINCE - 3 * HOUR, subject=replace(MINA, birth_date=date(1990, 1, 2))).person
    assert would_put(Told("custody_record", "subject"), adult) == {}
