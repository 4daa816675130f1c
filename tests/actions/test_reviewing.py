"""Answering who a report is about: kept, passed on by name, asked of two blind, decided by a third, and learnt from."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

import pytest

from lodestar.actions import people, reviewing
from lodestar.core.access.scope import system_actor
from lodestar.core.identity.reviewing import Said
from lodestar.core.reports.draft import Subject
from lodestar.core.words import Conflict, Refused
from lodestar.store.models import AuditRow, Label, Link, LinkQuestion, Matter, Notice, Obligation, Person, ReviewAnswer
from lodestar.store.queries import identity_models, known_pairs, labels
from lodestar.store.queries import reviewing as queries
from lodestar.store.queries.question_page import question_page
from tests.actions.conftest import HOUR, NOW, Force

AT = NOW + 9 * HOUR
SOON = timedelta(minutes=10)
PHOTO = "A photograph from the school"


def asked(force: Force, *, double: bool = False, at: object = AT) -> tuple[Matter, LinkQuestion, Person]:
    """A report that may be about Mina, whom the force knows; drawn for two or not by the report's own number."""
    known = force.report(external_id="R-1", subject=Subject("Mina", "Marsh", date(2011, 5, 4))).person
    rules = queries.rules(at=AT)
    number = next(f"R-{n}" for n in count(100) if (queries.drawn(f"test|R-{n}", rules=rules)) is double)
    matter = force.report(AT, external_id=number, subject=Subject("Mina", "Marsh"), since_from=AT - HOUR, since_to=AT - HOUR)
    return matter, LinkQuestion.objects.get(report__external_id=number), known


def owed(question: LinkQuestion) -> dict[str, str]:
    rows = Obligation.objects.filter(subject_kind="link_question", subject_id=question.pk, is_open=True).select_related("owed_by")
    return {row.rule: row.owed_by.username for row in rows}


def stood(question: LinkQuestion) -> tuple[str, str]:
    question.refresh_from_db()
    return question.state, question.turn


def test_cannot_tell_is_kept_with_what_would_tell_and_passes_by_name_with_its_time_unmoved(force: Force) -> None:
    matter, question, _ = asked(force)
    assert owed(question) == {"LINK-UNSURE": "holly"}
    due = Obligation.objects.get(rule="LINK-UNSURE").due_at
    force.answer(question, "cannot_tell", at=AT + SOON, would_tell=PHOTO)
    answer = ReviewAnswer.objects.get()
    assert (answer.word, answer.would_tell, answer.by.username, answer.blind) == ("cannot_tell", PHOTO, "holly", True)
    assert owed(question) == {"LINK-UNSURE": "hazel"}, "never the same person again"
    assert Obligation.objects.get(rule="LINK-UNSURE").due_at == due
    assert Notice.objects.filter(kind="identity", user=force.users["hazel"]).count() == 1
    matter.refresh_from_db()
    assert (stood(question), matter.person, matter.is_open) == (("waiting", "first"), question.provisional, True)
    assert Label.objects.count() == 0
    question.refresh_from_db()
    assert question_page(question, actor=force.actor("hazel", AT), at=AT + SOON).would_tell == (PHOTO,), (
        "so that somebody can go and get it"
    )
    force.answer(question, "somebody_new", by="hazel", at=AT + 2 * SOON)
    assert not Label.objects.get().blind, "whoever has read what would tell is not blind"


def test_two_who_cannot_tell_leave_it_to_a_supervisor_with_a_clock_of_their_own(force: Force) -> None:
    _, question, _ = asked(force)
    force.answer(question, "cannot_tell", at=AT + SOON, would_tell=PHOTO)
    force.answer(question, "cannot_tell", by="pine", at=AT + 2 * SOON, would_tell=PHOTO)
    assert stood(question) == ("waiting", "third")
    assert owed(question) == {"LINK-UNSURE": "hazel", "LINK-THIRD": "hazel"}
    assert Obligation.objects.get(rule="LINK-THIRD").due_at == AT + 2 * SOON + HOUR
    force.answer(question, "cannot_tell", by="hazel", at=AT + 3 * SOON, would_tell=PHOTO)
    assert owed(question) == {"LINK-UNSURE": "elm", "LINK-THIRD": "elm"}, "and from there to the inspector"


def test_a_question_drawn_for_two_moves_nothing_until_both_have_said_the_same(force: Force) -> None:
    matter, question, known = asked(force, double=True)
    assert question.double
    force.answer(question, "same", known.pk, at=AT + SOON)
    matter.refresh_from_db()
    assert (stood(question), matter.person) == (("waiting", "second"), question.provisional)
    assert owed(question) == {"LINK-UNSURE": "hazel"}
    force.answer(question, "same", known.pk, by="hazel", at=AT + 2 * SOON, reason="Same school")
    matter.refresh_from_db()
    assert (stood(question), matter.person, owed(question)) == (("settled", "second"), known, {})
    assert list(Label.objects.values_list("person", "same", "blind", "by__username").order_by("pk")) == [
        (known.pk, True, True, "holly"),
        (known.pk, True, True, "hazel"),
    ]
    assert identity_models.labels_here() == 1, "a pair counts once"


def test_the_second_sees_neither_the_answer_nor_whose_it_was_and_the_third_sees_what_but_not_whose(force: Force) -> None:
    _, question, known = asked(force, double=True)
    force.answer(question, "same", known.pk, at=AT + SOON, reason="Same mother")
    question.refresh_from_db()
    second = question_page(question, actor=force.actor("hazel", AT), at=AT + SOON)
    assert (second.may_answer, second.earlier, second.would_tell) == (True, (), ())
    first = question_page(question, actor=force.actor("holly", AT), at=AT + SOON)
    assert (first.answered, first.may_answer) == (True, False)
    force.answer(question, "somebody_new", by="pine", at=AT + 2 * SOON)
    question.refresh_from_db()
    officer = question_page(question, actor=force.actor("pine", AT), at=AT + 2 * SOON)
    assert (officer.may_answer, officer.earlier) == (False, ())
    third = question_page(question, actor=force.actor("hazel", AT), at=AT + 2 * SOON)
    assert third.may_answer
    assert [(one.words[:12], one.reason, one.by) for one in third.earlier] == [
        ("The same as ", "Same mother", ""),
        ("Somebody new", "Her mother said so", ""),
    ]


def test_where_two_differ_a_supervisor_decides_and_till_then_the_records_need_attention(force: Force) -> None:
    matter, question, known = asked(force, double=True)
    force.answer(question, "same", known.pk, at=AT + SOON)
    assert labels.contradicted(known.pk) == ()
    force.answer(question, "somebody_new", by="pine", at=AT + 2 * SOON)
    assert stood(question) == ("waiting", "third")
    assert labels.contradicted(known.pk) == labels.contradicted(question.provisional_id) == (question.report_id,)
    with pytest.raises(Refused) as refused:
        force.answer(question, "same", known.pk, by="pine", at=AT + 3 * SOON)
    assert [one.code for one in refused.value.refusals] == ["people.answered_before"]
    force.answer(question, "same", known.pk, by="hazel", at=AT + 3 * SOON)
    matter.refresh_from_db()
    assert (stood(question), matter.person) == (("settled", "third"), known)
    assert labels.contradicted(known.pk) == ()
    assert list(ReviewAnswer.objects.order_by("number").values_list("turn", "blind")) == [
        ("first", True), ("second", True), ("third", False),
    ]  # fmt: skip


def test_an_officer_does_not_decide_between_two(force: Force) -> None:
    _, question, known = asked(force, double=True)
    force.answer(question, "same", known.pk, by="hazel", at=AT + SOON)
    force.answer(question, "somebody_new", by="pine", at=AT + SOON)
    with pytest.raises(Refused) as refused:
        force.answer(question, "same", known.pk, by="holly", at=AT + 2 * SOON)
    assert [one.code for one in refused.value.refusals] == ["people.supervisor_decides"]


def test_a_stale_page_keeps_nothing(force: Force) -> None:
    _, question, known = asked(force)
    seen = question.version
    force.answer(question, "cannot_tell", at=AT + SOON, would_tell=PHOTO)
    with pytest.raises(Conflict):
        reviewing.answer_question(
            actor=force.actor("pine", AT), question_id=question.pk, seen_version=seen, said=Said("same", known.pk, "Sure"), now=AT + SOON
        )
    assert (ReviewAnswer.objects.count(), Label.objects.count()) == (1, 0)
    assert AuditRow.objects.filter(verb="people.answered", outcome="conflict").count() == 1


def test_the_queue_puts_harm_first_says_why_and_shows_whose_it_is(force: Force) -> None:
    matter, question, _ = asked(force)
    force.grade(matter, "high", at=AT)
    other = force.report(AT, external_id="R-50", subject=Subject("Mina", "Marsh"), since_from=AT - HOUR, since_to=AT - HOUR)
    force.found(other, at=AT)
    lines = queries.queue(actor=force.actor("hazel", AT), at=AT)
    assert lines[0].row.pk == question.pk
    assert (lines[0].placed.harm.code, lines[0].owner, lines[0].due_at) == ("HARM-MISSING-HIGH", "PC Ada Holly", AT + HOUR)
    assert {line.placed.harm.code for line in lines[1:]} <= {"HARM-MISSING", "HARM-OPEN", "HARM-MISSING-HIGH"}
    assert queries.queue(actor=force.actor("birch", AT), at=AT) == (), "another district's"
    flow = queries.flow(lines, actor=force.actor("hazel", AT), at=AT)
    assert (flow.came, flow.settled, flow.waiting, flow.days_of_queue) == (2, 0, 2, None)
    force.answer(question, "somebody_new", at=AT + SOON)
    lines = queries.queue(actor=force.actor("hazel", AT), at=AT + SOON)
    flow = queries.flow(lines, actor=force.actor("hazel", AT), at=AT + SOON)
    assert (flow.settled, flow.waiting, flow.days_of_queue) == (1, 1, 28.0)


def test_the_page_says_what_would_move_to_whom(force: Force) -> None:
    matter, question, known = asked(force)
    page = question_page(question, actor=force.actor("hazel", AT), at=AT)
    (beside,) = page.beside
    assert (
        beside.changes[0] == f"{matter.reference} (missing child) would be about Mina Marsh, and no longer about person {matter.person_id}."
    )
    theirs = Matter.objects.get(person=known)
    assert f"{theirs.reference} (missing child), open about them, would be read with it." in beside.changes
    assert page.if_new[0] == f"{matter.reference} stays about person {matter.person_id}, whom the report made."
    assert ("Given name", "Mina") in page.said


def test_the_shell_that_an_answer_emptied_is_never_put_forward_again(force: Force) -> None:
    _, question, known = asked(force)
    force.answer(question, "same", known.pk, at=AT + SOON)
    force.report(AT + HOUR, external_id="R-60", subject=Subject("Mina", "Marsh"), since_from=AT, since_to=AT)
    again = LinkQuestion.objects.get(report__external_id="R-60")
    assert queries.offered(again) == (known.pk,)


def test_an_answer_outranks_every_later_rule_and_can_be_undone(force: Force) -> None:
    matter, question, known = asked(force)
    force.answer(question, "same", known.pk, at=AT + SOON)
    people.undo_link(actor=force.actor("hazel", AT), report_id=question.report_id, reason="A cousin", now=AT + HOUR)
    matter.refresh_from_db()
    assert matter.person not in (known, question.provisional)
    assert [link.how for link in Link.objects.filter(report=question.report).order_by("number")][1:] == ["person"] * 4
    said = Label.objects.filter(person=known).order_by("pk").values_list("same", "turn", "blind", "by__username")
    assert list(said) == [(True, "first", True, "holly"), (False, "undone", False, "hazel")], "the last word is what is learnt"


def test_a_join_by_rule_undone_is_a_label_too(force: Force) -> None:
    force.report(subject=Subject("Mina", "Marsh", date(2011, 5, 4)))
    link = Link.objects.get()
    people.undo_link(actor=force.actor("hazel", AT), report_id=link.report_id, reason="A cousin", now=AT)
    assert [labels.words_of(row)["same"] for row in labels.every()] == ["no"]
    assert Label.objects.get().person == link.person


def test_a_pair_whose_truth_a_number_tells_is_asked_without_it_measures_who_answers_and_moves_nothing(force: Force) -> None:
    number = {"nhs_number": "9434765919"}
    known = force.report(external_id="R-1", subject=Subject("Mina", "Marsh", date(2011, 5, 4), keys=number)).person
    told = force.report(NOW + HOUR, external_id="R-2", subject=Subject("Mina", "Marsh", keys=number), since_from=NOW, since_to=NOW)
    assert told.person == known, "the number joined it"
    _, asked_about, _ = asked(force)
    assert known_pairs.wanted(at=AT) == 1
    assert reviewing.mix_in_known(actor=system_actor("jobs"), now=AT) == 1
    assert reviewing.mix_in_known(actor=system_actor("jobs"), now=AT) == 0
    row = LinkQuestion.objects.exclude(truth=None).get()
    assert (row.report.external_id, row.truth, row.state) == ("R-2", known, "known")
    page = question_page(row, actor=force.actor("hazel", AT), at=AT)
    assert (page.owner, page.due_at, page.may_answer) == ("PC Ada Holly", AT + HOUR, True)
    assert "9434765919" not in str(page.said)
    assert page.beside[0].explanation is not None, "it is weighed like any other, and not against itself"
    assert "identifier" in page.beside[0].unweighed
    assert {line.row.pk for line in queries.queue(actor=force.actor("hazel", AT), at=AT)} == {row.pk, asked_about.pk}
    links, owing = Link.objects.count(), Obligation.objects.count()
    for by in ("holly", "pine") if row.double else ("holly",):
        force.answer(row, "somebody_new", by=by, at=AT + SOON)
    assert stood(row)[0] == "settled"
    assert (Link.objects.count(), Obligation.objects.count(), Label.objects.count()) == (links, owing, 0)
    assert labels.known_answers() == [("somebody_new", False)] * (2 if row.double else 1)
    told.refresh_from_db()
    assert told.person == known
