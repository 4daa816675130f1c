"""Who a report is about: a person settles what no rule may, every link can be undone, and the matters follow the child."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lodestar.actions import people, reviewing
from lodestar.core.identity.reviewing import Said
from lodestar.core.reports.draft import Subject
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.store.guard import writing
from lodestar.store.models import AuditRow, Link, LinkQuestion, Matter, MatterReport, Obligation, Person, PersonKey, Report
from tests.actions.conftest import HOUR, NOW, Force

BORN = date(2011, 5, 4)
WHY = "Her mother gave the same birth date on the phone"
NUMBER = "9434765919"
SCHOOL = "H801200001001"


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [item.code for item in refused.value.refusals]


def mina(**changes: Any) -> Subject:
    return Subject(**{"given_name": "Mina", "family_name": "Marsh", "birth_date": BORN, "keys": {"nhs_number": NUMBER}, **changes})


def ended(force: Force, at: datetime = NOW, number: str = "R-1") -> Matter:
    """Mina, whom the force knows, with a matter that is over."""
    matter = force.report(at, external_id=number, subject=mina(), since_from=at - HOUR, since_to=at - HOUR)
    force.grade(matter, at=at)
    force.found(matter, at=at + HOUR)
    force.evidence(matter, at=at + 2 * HOUR)
    force.close(matter, at=at + 3 * HOUR)
    return matter


def doubtful(force: Force, at: datetime = NOW + 9 * HOUR, **keys: str) -> tuple[Matter, LinkQuestion]:
    """A report that may be about Mina: her name, and no birth date to compare."""
    subject = Subject(given_name="Mina", family_name="Marsh", keys=keys)
    matter = force.report(at, external_id="R-9", subject=subject, since_from=at - HOUR, since_to=at - HOUR)
    return matter, LinkQuestion.objects.get(report__external_id="R-9")


def settle(force: Force, question: LinkQuestion, same_as: int | None, by: str = "holly", reason: str = WHY) -> None:
    at = NOW + 10 * HOUR
    said = Said("somebody_new" if same_as is None else "same", same_as, reason)
    reviewing.answer_question(actor=force.actor(by, at), question_id=question.pk, seen_version=question.version, said=said, now=at)


def undo(force: Force, report: Report, reason: str = "Another girl of that name") -> Person:
    at = NOW + 10 * HOUR
    return Person.objects.get(pk=people.undo_link(actor=force.actor("holly", at), report_id=report.pk, reason=reason, now=at))


def history(report: Report) -> list[tuple[int, bool, str]]:
    return list(Link.objects.filter(report=report).order_by("number").values_list("person_id", "joined", "how"))


def live_keys(person: Person) -> set[str]:
    return set(PersonKey.objects.filter(person=person, ended_at=None).values_list("value", flat=True))


def test_a_search_never_waits_for_an_identity_and_the_question_is_owed_by_a_named_person(force: Force) -> None:
    known = ended(force).person
    matter, question = doubtful(force)
    assert (matter.state, matter.is_open, matter.person) == ("reported", True, question.provisional)
    assert matter.person != known
    assert [item["person"] for item in question.candidates["people"]] == [known.pk]
    clock = Obligation.objects.get(subject_kind="link_question", subject_id=question.pk)
    assert (clock.rule, clock.due_at, clock.is_open) == ("LINK-UNSURE", NOW + 10 * HOUR, True)
    assert clock.owed_by_id is not None


def test_said_to_be_the_same_the_matter_follows_and_every_earlier_link_stays_on_record(force: Force) -> None:
    known = ended(force).person
    matter, question = doubtful(force, upn=SCHOOL)
    provisional = matter.person
    assert live_keys(provisional) == {SCHOOL}
    settle(force, question, known.pk)
    matter.refresh_from_db()
    question.refresh_from_db()
    assert matter.person == known
    assert history(question.report) == [(provisional.pk, True, "rule"), (provisional.pk, False, "person"), (known.pk, True, "person")]
    said = Link.objects.get(report=question.report, number=3)
    assert (said.by, said.reason, said.at) == (force.users["holly"], WHY, NOW + 10 * HOUR)
    assert (live_keys(known), live_keys(provisional)) == ({NUMBER, SCHOOL}, set()), "what was given with the report is hers"
    assert (question.state, question.settled_by) == ("settled", force.users["holly"])
    assert Obligation.objects.get(rule="LINK-UNSURE").done_at == NOW + 10 * HOUR
    moved = AuditRow.objects.get(verb="matter.person_changed")
    assert (moved.subject_id, moved.detail) == (str(matter.pk), {"from": provisional.pk, "to": known.pk})


def test_said_to_be_somebody_else_the_child_keeps_their_own_record_and_the_answer_is_kept(force: Force) -> None:
    known = ended(force).person
    matter, question = doubtful(force, upn=SCHOOL)
    settle(force, question, None, reason="Her school says that she is nine")
    matter.refresh_from_db()
    assert matter.person == question.provisional
    assert history(question.report)[1:] == [(known.pk, False, "person"), (matter.person_id, True, "person")]
    assert live_keys(matter.person) == {SCHOOL}
    assert not Obligation.objects.filter(rule="LINK-UNSURE", is_open=True).exists()


def test_a_repeat_that_only_a_person_could_see_starts_its_clock_when_they_see_it(force: Force) -> None:
    ended(force, NOW - timedelta(days=6), "R-1")
    known = ended(force, NOW - timedelta(days=3), "R-2").person
    matter, question = doubtful(force)
    assert not Obligation.objects.filter(rule="MIS-REPEAT-90").exists()
    settle(force, question, known.pk)
    assert Obligation.objects.get(rule="MIS-REPEAT-90").matter == matter


def test_an_answer_needs_its_reason_and_one_of_those_who_were_shown(force: Force) -> None:
    ended(force)
    matter, question = doubtful(force)
    stranger = force.report(external_id="R-3", subject=Subject(given_name="Ivo", family_name="Tern", birth_date=BORN)).person
    with pytest.raises(Refused) as refused:
        settle(force, question, stranger.pk, reason=" ")
    assert set(codes(refused)) == {"people.reason_owed", "people.not_offered"}
    matter.refresh_from_db()
    assert matter.person == question.provisional
    assert Link.objects.filter(report=question.report).count() == 1
    assert Obligation.objects.get(rule="LINK-UNSURE").is_open


def test_of_two_people_who_decide_at_once_one_decides_and_the_other_is_told_so(force: Force) -> None:
    known = ended(force).person
    matter, question = doubtful(force)
    settle(force, question, known.pk, by="holly")
    with pytest.raises(Conflict):
        settle(force, question, None, by="hazel", reason="I think not")
    matter.refresh_from_db()
    assert matter.person == known
    assert Link.objects.filter(report=question.report).count() == 3, "the loser's answer joined and parted nobody"
    outcomes = AuditRow.objects.filter(verb="people.answered").order_by("pk").values_list("actor_name", "outcome")
    assert list(outcomes) == [("PC Ada Holly", "done"), ("Sgt Tom Hazel", "conflict")]


def test_what_is_decided_is_not_decided_again_but_undone(force: Force) -> None:
    known = ended(force).person
    matter, question = doubtful(force)
    settle(force, question, known.pk)
    question.refresh_from_db()
    with pytest.raises(Refused) as refused:
        settle(force, question, None)
    assert codes(refused) == ["people.already_settled"]
    person = undo(force, question.report)
    matter.refresh_from_db()
    assert matter.person == person
    assert history(question.report)[-2:] == [(known.pk, False, "person"), (person.pk, True, "person")]


@pytest.mark.parametrize(("who", "code"), [("ivy", "access.not_permitted"), ("birch", "not_visible")])
def test_who_a_child_is_is_settled_only_by_somebody_whose_step_it_is_here(force: Force, who: str, code: str) -> None:
    known = ended(force).person
    matter, question = doubtful(force)
    with pytest.raises((NotVisible, Refused)):
        settle(force, question, known.pk, by=who)
    assert AuditRow.objects.get(verb="people.answered").detail == {"codes": [code]}
    matter.refresh_from_db()
    assert matter.person == question.provisional


def test_a_link_that_a_rule_made_is_undone_by_a_person_with_its_history_intact(force: Force) -> None:
    first = ended(force)
    again = ended(force, NOW + 4 * HOUR, "R-2")
    known, report = first.person, Report.objects.get(external_id="R-2")
    assert again.person == known, "the same national number joins by rule"
    person = undo(force, report)
    again.refresh_from_db()
    first.refresh_from_db()
    assert (again.person, first.person) == (person, known)
    assert (person.given_name, person.family_name, person.birth_date) == ("Mina", "Marsh", BORN), "as the report stated them"
    assert history(report) == [(known.pk, True, "rule"), (known.pk, False, "person"), (person.pk, True, "person")]
    assert Link.objects.get(report=report, number=1).rule == "LINK-NATIONAL-ID"
    row = AuditRow.objects.get(verb="people.unlinked")
    assert (row.subject_id, row.detail) == (str(report.pk), {"from": known.pk, "to": person.pk})


def test_undoing_needs_a_reason(force: Force) -> None:
    matter = ended(force)
    with pytest.raises(Refused) as refused:
        undo(force, Report.objects.get(), reason=" ")
    assert codes(refused) == ["people.reason_owed"]
    matter.refresh_from_db()
    assert (Person.objects.count(), Link.objects.count()) == (1, 1)


def test_a_report_parted_from_a_search_it_had_joined_gets_a_search_of_its_own(force: Force) -> None:
    matter = force.report(subject=mina())
    force.report(NOW + HOUR, external_id="R-2", subject=mina())
    joined = Report.objects.get(external_id="R-2")
    assert list(MatterReport.objects.filter(report=joined).values_list("matter_id", "how")) == [(matter.pk, "joined")]
    person = undo(force, joined)
    own = Matter.objects.get(person=person)
    matter.refresh_from_db()
    assert (own.state, own.is_open, own.reported_at) == ("reported", True, NOW + HOUR)
    assert own.holder is not None
    assert (matter.is_open, matter.person != person) == (True, True), "and the first search goes on"


def test_an_identifier_that_another_of_her_reports_gave_too_stays_hers(force: Force) -> None:
    known = ended(force).person
    both = mina(keys={"nhs_number": NUMBER, "upn": SCHOOL})
    for hours, number in ((5, "R-2"), (6, "R-3")):
        force.report(NOW + hours * HOUR, external_id=number, subject=both)
    person = undo(force, Report.objects.get(external_id="R-2"))
    assert (live_keys(known), live_keys(person)) == ({NUMBER, SCHOOL}, set())


def test_an_identifier_held_before_the_report_came_is_not_taken_away_with_it(force: Force) -> None:
    known = ended(force).person
    with writing():
        PersonKey.objects.create(person=known, scheme="upn", value=SCHOOL, from_at=NOW)  # as another system's records brought it
    force.report(NOW + 5 * HOUR, external_id="R-2", subject=mina(keys={"nhs_number": NUMBER, "upn": SCHOOL}))
    undo(force, Report.objects.get(external_id="R-2"))
    assert live_keys(known) == {NUMBER, SCHOOL}


def test_an_identifier_learnt_from_a_report_leaves_with_it(force: Force) -> None:
    known = ended(force).person
    force.report(NOW + 5 * HOUR, external_id="R-2", subject=mina(keys={"nhs_number": NUMBER, "upn": SCHOOL}))
    assert live_keys(known) == {NUMBER, SCHOOL}
    person = undo(force, Report.objects.get(external_id="R-2"))
    assert (live_keys(known), live_keys(person)) == ({NUMBER}, {SCHOOL}), "the number that her other report gave stays hers"
    next_day = NOW + 30 * HOUR
    later = force.report(next_day, external_id="R-3", subject=mina(keys={"upn": SCHOOL}), since_from=NOW, since_to=NOW)
    assert later.person == person, "the next report with that number finds the right child"
