"""The register of inspections as people work it: idempotent rows, the finder's own word, evidence, closing and reopening, the steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from pypdf import PdfReader

from lodestar.actions import notices
from lodestar.actions.inspection import commitments, evidence, register, replies, steps
from lodestar.actions.perform import perform
from lodestar.core.access.leaving import leaving_gaps
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import system_actor
from lodestar.core.inspection.findings import Word
from lodestar.core.inspection.section55 import STEPS, Said, last_minute
from lodestar.core.times import local_date
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.doors.jobs.mailing import deliver
from lodestar.store.guard import writing
from lodestar.store.models import (
    AuditRow,
    Commitment,
    CommitmentStep,
    Evidence,
    Finding,
    FindingWord,
    Inspection,
    Notice,
    Obligation,
    ReplyPaper,
)
from lodestar.store.queries import inspection as queries
from lodestar.store.queries.access import carried
from lodestar.store.queries.measures import rebuild
from tests.actions.conftest import NOW, Force
from tests.actions.inspecting import row, take
from tests.actions.year import a_year_of_missing

SYSTEM = system_actor("test")


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.refusals]


def test_the_same_row_again_changes_nothing_and_a_changed_one_changes_that(force: Force) -> None:
    assert take(force, NOW).became == "new"
    before = CommitmentStep.objects.count()
    assert take(force, NOW).became == "same"
    assert (Inspection.objects.count(), Finding.objects.count(), Commitment.objects.count()) == (1, 1, 1)
    assert CommitmentStep.objects.count() == before
    assert FindingWord.objects.count() == 1
    whole = row(NOW)
    assert whole.commitment is not None
    later = replace(whole, commitment=replace(whole.commitment, words="More than 70% within a day, in every month."))
    assert register.take_row(actor=force.actor("willow"), row=later, now=NOW).became == "changed"
    amended = CommitmentStep.objects.get(verb="amended")
    assert amended.detail["before"] == {"words": "More than 70% of children are found within a day."}


def test_a_new_owner_owes_what_the_old_one_did(force: Force) -> None:
    made = take(force, NOW)
    whole = row(NOW)
    assert whole.commitment is not None
    later = replace(whole, commitment=replace(whole.commitment, account="elm"))
    register.take_row(actor=force.actor("willow"), row=later, now=NOW)
    owed = Obligation.objects.get(rule="INS-COMMITMENT", subject_id=made.commitment_id)
    assert (owed.owed_by, owed.because) == (force.users["elm"], "The commitment is theirs now.")


def test_a_report_is_handed_on_with_what_is_owed_and_promised_and_both_are_told(force: Force) -> None:
    made, last = take(force, NOW), take(force, NOW, measured=False)
    row = Inspection.objects.get(pk=made.inspection_id)
    willow, elm = force.users["willow"], force.users["elm"]
    with writing():
        Commitment.objects.filter(pk=last.commitment_id).update(owner=willow)
    due = set(Obligation.objects.filter(is_open=True).values_list("pk", "due_at"))
    asked = {"inspection_id": row.pk, "now": NOW + timedelta(days=1)}
    for name, code in (("willow", "answers_already"), ("hazel", "no_keeper"), ("beech", "no_keeper")):
        with pytest.raises(Refused) as refused:
            register.hand_on(actor=force.actor("willow"), seen_version=row.version, to=force.users[name].pk, **asked)
        assert codes(refused) == [f"register.{code}"]
    register.hand_on(actor=force.actor("willow"), seen_version=row.version, to=elm.pk, **asked)
    with pytest.raises(Conflict):
        register.hand_on(actor=force.actor("willow"), seen_version=row.version, to=willow.pk, **asked)
    row.refresh_from_db()
    assert row.accountable == elm
    assert {found.accountable for found in row.findings.all()} == {elm}
    assert Commitment.objects.get(pk=last.commitment_id).owner == elm
    assert CommitmentStep.objects.filter(commitment=last.commitment_id).latest("number").detail["before"] == {"owner_id": willow.pk}
    owed = Obligation.objects.filter(is_open=True, subject_kind="inspection", subject_id=row.pk)
    assert owed
    assert {one.owed_by for one in owed} == {elm}
    assert set(Obligation.objects.filter(is_open=True).values_list("pk", "due_at")) == due
    assert Notice.objects.filter(kind="inspection", user=elm, text__contains="You answer for report REV-1").exists()
    assert AuditRow.objects.get(verb="inspection.handed_on", outcome="done").detail == {"from": willow.pk, "to": elm.pk}


def test_nobody_leaves_who_answers_for_a_report(force: Force) -> None:
    take(force, NOW)
    found = carried(user_id=force.users["willow"].pk, at=NOW)
    assert found.reports == ("REV-1",)
    assert "leaving.reports" in [one.code for one in leaving_gaps(carried=found, is_self=False, is_open=True)]


def test_a_report_keeps_its_publisher_and_its_day(force: Force) -> None:
    take(force, NOW)
    whole = row(NOW)
    other = replace(whole, report=replace(whole.report, published_on=date(2020, 1, 1)))
    with pytest.raises(Refused) as refused:
        register.take_row(actor=force.actor("willow"), row=other, now=NOW)
    assert codes(refused) == ["register.other_report"]


@pytest.mark.parametrize("name", ["oak", "hazel", "beech", "alder", "yew"])
def test_only_who_keeps_the_register_writes_in_it(force: Force, name: str) -> None:
    with pytest.raises(Refused):
        take(force, NOW, by=name)
    assert Inspection.objects.count() == 0


def test_what_the_finder_says_changes_by_its_own_newer_document_alone(force: Force) -> None:
    made = take(force, NOW)
    actor, today = force.actor("willow"), local_date(NOW)
    found = Finding.objects.get(pk=made.finding_id)
    assert found.their_status == "open"
    register.say_of_finding(actor=actor, finding_id=found.pk, seen_version=found.version, status="complete", response="Done.", now=NOW)
    found.refresh_from_db()
    assert (found.status, found.their_status) == ("complete", "open"), "the force's own word closes nothing"
    for word in (Word("closed", "force", today, "Our letter"), Word("closed", "inspectorate", today, "")):
        with pytest.raises(Refused):
            register.add_word(actor=actor, finding_id=found.pk, seen_version=found.version, word=word, now=NOW)
    word = Word("closed", "inspectorate", today, "Letter of today")
    register.add_word(actor=actor, finding_id=found.pk, seen_version=found.version, word=word, now=NOW)
    found.refresh_from_db()
    assert found.their_status == "closed"
    older = Word("open", "inspectorate", today - timedelta(days=1), "An older letter")
    with pytest.raises(Refused) as refused:
        register.add_word(actor=actor, finding_id=found.pk, seen_version=found.version, word=older, now=NOW)
    assert codes(refused) == ["finding.older"]
    assert take(force, NOW).became == "changed", "the file's own answer of the force comes back"
    found.refresh_from_db()
    assert found.their_status == "closed", "and its older word does not"


def test_without_a_measure_nothing_is_frozen_and_nothing_closes(force: Force) -> None:
    made = take(force, NOW, measured=False)
    assert made.commitment_id is not None
    with pytest.raises(Refused) as refused:
        evidence.freeze(actor=force.actor("willow"), commitment_id=made.commitment_id, now=NOW)
    assert codes(refused) == ["evidence.no_measure"]
    with pytest.raises(Refused) as refused:
        commitments.close(actor=force.actor("beech"), commitment_id=made.commitment_id, seen_version=1, reason="We say so", now=NOW)
    assert codes(refused) == ["closing.no_measure"]
    assert [line.judged.mark for line in queries.lines(rows=Commitment.objects.all(), today=local_date(NOW))] == ["claimed"]


def test_evidence_is_a_kept_figure_with_its_hash_that_can_be_worked_out_again(force: Force) -> None:
    a_year_of_missing(now=NOW)
    made = take(force, NOW)
    assert made.commitment_id is not None
    evidence.freeze(actor=force.actor("willow"), commitment_id=made.commitment_id, now=NOW)
    kept = Evidence.objects.get()
    assert kept.figure is not None
    assert (kept.mark, kept.body["figures"]) == ("evidenced", [kept.figure.content_hash])
    assert len(kept.content_hash) == 64
    assert rebuild(kept.figure).same
    assert evidence.refresh(actor=SYSTEM, now=NOW + timedelta(days=1)) == 0, "the mark is the same and the evidence fresh"
    assert evidence.refresh(actor=SYSTEM, now=NOW + timedelta(days=29)) == 1


@pytest.fixture
def closed(force: Force) -> Commitment:
    """A commitment closed by the board while its measure was steady, a month before the month that went wrong was over."""
    a_year_of_missing(now=NOW)
    then = datetime(NOW.year, NOW.month - 1, 1, 9, tzinfo=NOW.tzinfo)
    made = take(force, then)
    assert made.commitment_id is not None
    commitments.close(
        actor=force.actor("beech", then), commitment_id=made.commitment_id, seen_version=1, reason="Six months beyond the target", now=then
    )
    return Commitment.objects.get(pk=made.commitment_id)


def test_a_closed_commitment_opens_again_by_itself_and_its_owner_is_told(force: Force, closed: Commitment) -> None:
    assert closed.state == "closed"
    assert not Obligation.objects.get(rule="INS-COMMITMENT", subject_id=closed.pk).is_open
    assert commitments.reopen_slipped(actor=SYSTEM, now=NOW) == 1
    closed.refresh_from_db()
    assert (closed.state, closed.reopened_after) == ("reopened", date(2026, 2, 1))
    step = CommitmentStep.objects.get(commitment=closed, verb="reopen")
    assert step.by is None, "nobody asked"
    assert step.detail["points"][-1]["first_day"] == "2026-02-01", "the chart as it stood is kept with it"
    owed = Obligation.objects.get(rule="INS-REOPENED", subject_id=closed.pk)
    assert owed.owed_by == force.users["hazel"]
    told = Notice.objects.filter(kind="reopened", subject_kind="commitment", subject_id=closed.pk)
    assert {notice.user for notice in told} == {force.users["hazel"], force.users["willow"]}
    assert "opened again" in told[0].text
    assert Evidence.objects.filter(commitment=closed).latest("pk").content_hash == step.detail["evidence"]
    assert commitments.reopen_slipped(actor=SYSTEM, now=NOW) == 0, "once"


def test_the_chart_goes_with_the_word_that_a_commitment_opened_again(force: Force, closed: Commitment) -> None:
    commitments.reopen_slipped(actor=SYSTEM, now=NOW)
    assert notices.deliver_waiting(actor=SYSTEM, deliver=deliver, now=NOW + timedelta(days=3)) == (Notice.objects.count(), 0)
    letters = {letter.to[0]: letter for letter in mail.outbox if "opened again" in letter.body}
    assert set(letters) == {"hazel@force.example", "willow@force.example"}
    assert {letter.body.splitlines()[0] for letter in letters.values()} == {Notice.objects.filter(kind="reopened")[0].text}
    assert len({letter.attachments[0] for letter in letters.values()}) == 1, "the same bytes for each"
    name, body, kind = letters["hazel@force.example"].attachments[0]
    assert (name, kind) == ("chart.pdf", "application/pdf")
    said = " ".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)
    step = CommitmentStep.objects.get(commitment=closed, verb="reopen")
    words = " ".join(said.split())
    assert closed.words in words and step.reason in words
    assert "February 2026" in words and "Target" in words, "the months stand in words beneath the chart"


def test_a_chart_that_cannot_be_drawn_keeps_nobody_from_the_word_itself(force: Force, closed: Commitment, settings: Any) -> None:
    commitments.reopen_slipped(actor=SYSTEM, now=NOW)
    settings.PACK_WRITERS = "lodestar.config.writers.NOBODY"
    assert notices.deliver_waiting(actor=SYSTEM, deliver=deliver, now=NOW) == (Notice.objects.count(), 0)
    assert [letter.attachments for letter in mail.outbox if "opened again" in letter.body] == [[], []]


def test_what_opened_again_is_answered_and_needs_its_run_of_months_afresh(force: Force, closed: Commitment) -> None:
    commitments.reopen_slipped(actor=SYSTEM, now=NOW)
    closed.refresh_from_db()
    commitments.answer(
        actor=force.actor("willow"), commitment_id=closed.pk, seen_version=closed.version, reason="Two shifts had no lead", now=NOW
    )
    assert not Obligation.objects.get(rule="INS-REOPENED").is_open
    closed.refresh_from_db()
    with pytest.raises(Refused) as refused:
        commitments.close(actor=force.actor("beech"), commitment_id=closed.pk, seen_version=closed.version, reason="Now", now=NOW)
    assert codes(refused) == ["closing.too_few"]


def test_closing_and_withdrawing_are_the_board_s_with_a_reason_and_one_winner(force: Force) -> None:
    made = take(force, NOW, measured=False)
    assert made.commitment_id is not None
    asked = {"commitment_id": made.commitment_id, "seen_version": 1, "now": NOW}
    with pytest.raises(Refused):
        commitments.withdraw(actor=force.actor("willow"), reason="Not ours", **asked)
    with pytest.raises(Refused) as refused:
        commitments.withdraw(actor=force.actor("beech"), reason=" ", **asked)
    assert codes(refused) == ["commitment.reason_owed"]
    commitments.withdraw(actor=force.actor("beech"), reason="The posts were not funded", **asked)
    with pytest.raises(Conflict):
        commitments.withdraw(actor=force.actor("beech"), reason="Again", **asked)
    owed = Obligation.objects.get(rule="INS-COMMITMENT", subject_id=made.commitment_id)
    assert owed.cancelled_reason == "The commitment was withdrawn."


def test_the_history_of_a_commitment_cannot_be_rewritten(force: Force) -> None:
    take(force, NOW)
    with perform("test", actor=SYSTEM, now=NOW, permission=P.JOBS_RUN) as act:
        step = CommitmentStep.objects.get()
        step.reason = "Something else"
        with pytest.raises(TypeError):
            step.save()
        act.record(step)
    for table in ("commitmentstep", "findingword", "inspectionstep", "evidence", "replypaper", "casegrade"):
        assert f"store_{table}_" in " ".join(triggers())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE store_commitmentstep SET reason = 'other'")


def triggers() -> list[str]:
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT trigger_name FROM information_schema.triggers",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        return [name for (name,) in cursor.fetchall()]


def test_a_reply_is_owed_from_the_day_of_the_report_each_step_by_one_person(force: Force) -> None:
    made = take(force, NOW)
    owed = {one.rule: one for one in Obligation.objects.filter(subject_kind="inspection", subject_id=made.inspection_id)}
    assert owed.keys() == {step.clock for step in STEPS if step.clock}
    assert {one.owed_by for one in owed.values()} == {force.users["willow"]}
    published = local_date(NOW) - timedelta(days=20)
    assert owed["INS-S55-PUBLISH"].due_at == last_minute(published=published)
    assert take(force, NOW).became == "same"
    assert Obligation.objects.filter(subject_kind="inspection").count() == len(owed)


def test_a_reply_long_past_its_last_day_starts_no_clocks(force: Force) -> None:
    take(force, NOW, days_ago=400)
    assert not Obligation.objects.filter(subject_kind="inspection").exists()


def said(now: datetime, **more: str) -> Said:
    return Said(on=local_date(now), document="Letter 4", answer_by=local_date(now) + timedelta(days=7), chief_officer="received", **more)


def test_the_seven_steps_are_taken_in_order_and_none_can_be_left_out(force: Force) -> None:
    made = take(force, NOW)
    report = Inspection.objects.get(pk=made.inspection_id)
    replies.make_reply(actor=force.actor("willow"), inspection_id=report.pk, now=NOW)
    paper = ReplyPaper.objects.get().content_hash
    who = {"note_published": "willow", "note_copies": "willow"}
    for place, step in enumerate(STEPS):
        report.refresh_from_db()
        for later in STEPS[place + 1 :]:
            with pytest.raises(Refused) as refused:
                press(force, report, later.verb, paper, "beech")
            assert codes(refused) == ["section_55.no_such_move"]
        press(force, report, step.verb, paper, who.get(step.verb, "beech"))
    report.refresh_from_db()
    assert (report.state, report.steps.count()) == ("sent", 7)
    assert not Obligation.objects.filter(subject_kind="inspection", is_open=True).exists()
    with pytest.raises(Conflict):
        press(force, replace_version(report, 1), "send", paper, "beech")


def press(force: Force, report: Inspection, verb: str, paper: str, by: str) -> None:
    steps.take_step(
        actor=force.actor(by), inspection_id=report.pk, seen_version=report.version, verb=verb, said=said(NOW, paper=paper), now=NOW
    )


def replace_version(report: Inspection, version: int) -> Inspection:
    report.version = version
    return report


def test_the_board_s_steps_are_not_the_force_s(force: Force) -> None:
    made = take(force, NOW)
    report = Inspection.objects.get(pk=made.inspection_id)
    for verb in ("note_published", "note_copies"):
        press(force, report, verb, "", "willow")
        report.refresh_from_db()
    with pytest.raises(Refused) as refused:
        press(force, report, "invite", "", "willow")
    assert codes(refused) == ["section_55.not_permitted"]


def test_a_reply_is_kept_whole_taken_to_the_same_bytes_and_on_record(force: Force) -> None:
    a_year_of_missing(now=NOW)
    take(force, NOW, measured=False)
    made = take(force, NOW)
    number = replies.make_reply(actor=force.actor("willow"), inspection_id=made.inspection_id, now=NOW)
    asked = {"paper_id": number, "ending": "pdf", "write": lambda paper: "\n".join(paper.lines()).encode(), "now": NOW}
    reference, first = replies.take_reply(actor=force.actor("oak"), **asked)
    assert (reference, first) == replies.take_reply(actor=force.actor("beech"), **asked)
    text = first.decode()
    for words in ("Training is being sourced.", "Claimed. It has no measure", "Evidenced. The figure", "More than 70%", "SHA-256"):
        assert words in text
    assert Evidence.objects.count() == 1
    rows = AuditRow.objects.filter(verb="inspection.reply_taken", outcome="seen")
    assert {one.actor_name for one in rows} == {"Gil Oak", "Noor Beech"}
    with pytest.raises(Refused):
        replies.take_reply(actor=force.actor("ivy"), **asked)
    with pytest.raises(NotVisible):
        replies.take_reply(actor=force.actor("oak"), **(asked | {"paper_id": 999}))
