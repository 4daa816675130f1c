"""Closing a child's matter: refused with the whole list of what is missing, and what comes in afterwards is worked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from lodestar.actions import duty, tasks
from lodestar.actions.matters import closing, deeds, finding, news, transfers
from lodestar.core.reports.draft import Subject
from lodestar.core.words import Conflict, Refused
from lodestar.store.models import AuditRow, Handover, LinkQuestion, Matter, MatterStep, News, Notice, Obligation, Task
from tests.actions.conftest import HOUR, NOW, Force

SAID: dict[str, dict[str, str]] = {
    "prevention_interview_recorded": {"where": "At home", "face_to_face": "yes", "child_said": "I was with my brother", "harm": "none"},
    "referral_decided": {"decision": "not made", "reason": "Already known to her social worker"},
    "rhi_requested": {"person_told": "Una Lime, duty worker", "power": "Children Act 2004 s.11"},
    "supervisor_checked": {"checked": "Spoke to the officer and read the notes"},
}
BY = {code: "hazel" if code == "supervisor_checked" else "holly" for code in SAID}
GAPS = {
    "prevention_interview_recorded": "closing.interview",
    "referral_decided": "closing.referral",
    "rhi_requested": "closing.return_interview",
    "supervisor_checked": "closing.check",
}


def back(force: Force) -> Matter:
    """A child graded, found, seen and returned."""
    matter = force.report()
    force.grade(matter)
    force.found(matter)
    return matter


def evidence(force: Force, matter: Matter, without: str = "", by: Mapping[str, str] = BY, after: timedelta = 2 * HOUR) -> None:
    at = NOW + after
    for code, said in SAID.items():
        if code != without:
            deeds.record_deed(actor=force.actor(by[code], at), matter_id=matter.pk, code=code, at=at, said=said, now=at)
    matter.refresh_from_db()


def refused_codes(force: Force, matter: Matter) -> set[str]:
    with pytest.raises(Refused) as refused:
        force.close(matter)
    matter.refresh_from_db()
    assert (matter.is_open, matter.closed_at) == (True, None), "what is refused changes nothing"
    return {item.code for item in refused.value.refusals}


def told(force: Force, matter: Matter, at: timedelta, text: str = "She is at the park again") -> News:
    number = news.add_news(
        actor=force.actor("ivy", NOW + at), matter_id=matter.pk, from_whom="Joan Marsh", contact="01632 960123", text=text, now=NOW + at
    )
    matter.refresh_from_db()
    return News.objects.get(pk=number)


def assessed(force: Force, item: News, at: timedelta, by: str = "hazel") -> None:
    news.assess_news(
        actor=force.actor(by, NOW + at), news_id=item.pk, seen_version=item.version, assessment="She is at home", reply_given="That she is",
        now=NOW + at,
    )  # fmt: skip


def closed(force: Force) -> Matter:
    matter = back(force)
    evidence(force, matter)
    force.close(matter)
    return matter


def test_a_child_only_just_reported_is_not_closed_and_every_gap_is_named_at_once(force: Force) -> None:
    assert refused_codes(force, force.report()) == {
        "closing.not_graded", "closing.located", "closing.wellbeing", "closing.returned",
        "closing.interview", "closing.return_interview", "closing.referral", "closing.check",
    }  # fmt: skip


@pytest.mark.parametrize("without", SAID)
def test_with_one_piece_of_evidence_missing_that_one_is_the_whole_list(force: Force, without: str) -> None:
    matter = back(force)
    evidence(force, matter, without=without)
    assert refused_codes(force, matter) == {GAPS[without]}
    deeds.record_deed(
        actor=force.actor(BY[without], NOW + 2 * HOUR), matter_id=matter.pk, code=without, at=NOW + 2 * HOUR, said=SAID[without],
        now=NOW + 2 * HOUR,
    )  # fmt: skip
    force.close(matter)
    assert matter.state == "closed"


def test_a_matter_found_and_never_graded_is_not_closed(force: Force) -> None:
    matter = force.report()
    force.found(matter)
    evidence(force, matter)
    assert refused_codes(force, matter) == {"closing.not_graded"}


def test_located_without_being_seen_or_back_is_not_enough(force: Force) -> None:
    matter = force.report()
    force.grade(matter)
    finding.locate(
        actor=force.actor("alder"), matter_id=matter.pk, seen_version=matter.version, at=NOW, by="PC Rowan", where="Bus", now=NOW
    )
    missing = refused_codes(force, matter)
    assert {"closing.wellbeing", "closing.returned"} <= missing
    assert "closing.located" not in missing


def test_the_supervisor_s_check_is_not_the_interviewer_s_own(force: Force) -> None:
    matter = back(force)
    evidence(force, matter, by=dict.fromkeys(SAID, "hazel"))
    assert refused_codes(force, matter) == {"closing.check_same_person"}


def test_news_waiting_holds_it_open_until_it_is_assessed(force: Force) -> None:
    matter = back(force)
    evidence(force, matter)
    item = told(force, matter, 2 * HOUR)
    assert refused_codes(force, matter) == {"closing.news"}
    assessed(force, item, 2 * HOUR)
    force.close(matter)
    assert matter.state == "closed"


def test_work_still_open_holds_it_open_until_it_is_finished_or_cancelled(force: Force) -> None:
    matter = back(force)
    evidence(force, matter)
    at = NOW + 2 * HOUR
    number = tasks.ask_for_task(
        actor=force.actor("hazel", at), matter_id=matter.pk, kind="premises_search", detail="", earliest_at=at, due_at=at + HOUR, now=at
    )
    assert refused_codes(force, matter) == {"closing.tasks"}
    version = Task.objects.get(pk=number).version
    tasks.cancel_task(actor=force.actor("hazel", at), task_id=number, seen_version=version, reason="She is back", now=at)
    force.close(matter)
    assert matter.state == "closed"


def test_an_identity_not_settled_holds_it_open_until_a_person_says_who_it_is(force: Force) -> None:
    closed(force)
    later = NOW + 3 * HOUR
    again = force.report(at=later, external_id="R-2", subject=Subject(given_name="Mina", family_name="Marsh"))
    force.grade(again, at=later)
    force.found(again, at=later + HOUR)
    evidence(force, again, after=5 * HOUR)
    with pytest.raises(Refused) as refused:
        force.close(again, at=NOW + 6 * HOUR)
    assert [item.code for item in refused.value.refusals] == ["closing.identity"]
    question = LinkQuestion.objects.get()
    force.answer(question, "somebody_new", at=NOW + 6 * HOUR)
    force.close(again, at=NOW + 6 * HOUR)
    assert again.state == "closed"


def test_an_offer_to_another_force_holds_it_open(force: Force) -> None:
    matter = force.report()
    force.grade(matter)
    transfers.offer_transfer(
        actor=force.actor("hazel"), matter_id=matter.pk, seen_version=matter.version, other_force="Fenshire",
        receiver_named="Insp Reed", reason="She lives there", now=NOW,
    )  # fmt: skip
    force.found(matter)
    evidence(force, matter)
    assert refused_codes(force, matter) == {"closing.transfer"}


def test_with_nothing_missing_it_closes_once_under_the_closer_s_name(force: Force) -> None:
    matter = closed(force)
    assert (matter.state, matter.is_open, matter.outcome, matter.closed_at) == ("closed", False, "found", NOW + 3 * HOUR)
    step = MatterStep.objects.get(matter=matter, verb="close")
    assert (step.by, step.source, step.target) == (force.users["hazel"], "returned", "closed")
    assert (matter.next_due_at, matter.next_owed) == (None, ""), "nothing of it is left on the board"
    with pytest.raises(Refused) as refused:
        force.close(matter)
    assert [item.code for item in refused.value.refusals] == ["missing.no_such_move"]


def test_closing_on_a_page_read_before_the_last_change_is_a_conflict(force: Force) -> None:
    matter = back(force)
    evidence(force, matter)
    with pytest.raises(Conflict):
        closing.close_matter(actor=force.actor("hazel"), matter_id=matter.pk, seen_version=matter.version - 1, now=NOW + 3 * HOUR)
    matter.refresh_from_db()
    assert matter.is_open
    assert AuditRow.objects.filter(verb="matter.closed", outcome="conflict", subject_id=str(matter.pk)).count() == 1


def test_evidence_from_before_a_wrong_found_does_not_close_the_search_that_went_on(force: Force) -> None:
    matter = back(force)
    evidence(force, matter)
    at = NOW + 3 * HOUR
    finding.correct_found(
        actor=force.actor("alder", at), matter_id=matter.pk, seen_version=matter.version, reason="It was her cousin", now=at
    )
    force.found(matter, at=NOW + 4 * HOUR)
    assert refused_codes(force, matter) == set(GAPS.values())


def test_reopening_needs_a_reason(force: Force) -> None:
    matter = closed(force)
    with pytest.raises(Refused) as refused:
        closing.reopen_matter(actor=force.actor("hazel"), matter_id=matter.pk, seen_version=matter.version, reason=" ", now=NOW + 4 * HOUR)
    assert [item.code for item in refused.value.refusals] == ["missing.reason_owed"]
    matter.refresh_from_db()
    assert matter.state == "closed"


def test_news_on_a_closed_matter_is_a_worked_item_with_a_clock_and_a_person(force: Force) -> None:
    matter = closed(force)
    item = told(force, matter, 30 * HOUR)
    assert (item.state, item.matter_state, matter.state) == ("waiting", "closed", "closed")
    clock = Obligation.objects.get(rule="MIS-NEWS-ON-CLOSED")
    assert (clock.subject_kind, clock.subject_id, clock.matter) == ("news", item.pk, matter)
    assert (clock.is_open, clock.due_at, clock.owed_by) == (True, NOW + 31 * HOUR, force.users["alder"])
    assert Notice.objects.filter(kind="news", user=force.users["alder"]).count() == 1


def test_each_piece_of_news_on_a_closed_matter_has_a_clock_of_its_own(force: Force) -> None:
    matter = closed(force)
    first, second = told(force, matter, 30 * HOUR), told(force, matter, 30 * HOUR, text="Her brother has gone too")
    assessed(force, first, 30 * HOUR)
    left = Obligation.objects.get(rule="MIS-NEWS-ON-CLOSED", is_open=True)
    assert left.subject_id == second.pk


def test_news_is_answered_once_with_what_it_means_and_what_the_caller_was_told(force: Force) -> None:
    item = told(force, closed(force), 30 * HOUR)
    at = NOW + 30 * HOUR
    with pytest.raises(Refused) as refused:
        news.assess_news(actor=force.actor("hazel", at), news_id=item.pk, seen_version=1, assessment=" ", reply_given="", now=at)
    assert [one.code for one in refused.value.refusals] == ["news.assessment", "news.reply"]
    assert Obligation.objects.get(rule="MIS-NEWS-ON-CLOSED").is_open
    assessed(force, item, 30 * HOUR)
    clock = Obligation.objects.get(rule="MIS-NEWS-ON-CLOSED")
    assert (clock.is_open, clock.done_at, clock.done_by) == (False, at, force.users["hazel"])
    item.refresh_from_db()
    assert (item.state, item.assessed_by) == ("assessed", force.users["hazel"])
    with pytest.raises(Refused) as again:
        assessed(force, item, 31 * HOUR)
    assert [one.code for one in again.value.refusals] == ["news.answered"]


def test_news_says_who_it_is_from_and_what_they_say(force: Force) -> None:
    matter = closed(force)
    with pytest.raises(Refused) as refused:
        news.add_news(actor=force.actor("ivy"), matter_id=matter.pk, from_whom=" ", contact="", text="", now=NOW)
    assert [item.code for item in refused.value.refusals] == ["news.from_whom", "news.text"]
    assert not News.objects.exists()


def test_news_on_an_open_matter_reaches_the_holder_and_starts_no_clock_of_a_closed_one(force: Force) -> None:
    matter = force.report()
    told(force, matter, HOUR)
    assert not Obligation.objects.filter(rule="MIS-NEWS-ON-CLOSED").exists()
    assert Notice.objects.filter(kind="news", user=matter.holder).count() == 1


def test_a_hand_over_that_waits_lapses_when_the_matter_ends_and_the_receiver_is_told(force: Force) -> None:
    matter = force.report()
    offer = duty.offer_handover(
        actor=force.actor("alder"), matter_id=matter.pk, seen_version=matter.version, receiver_id=force.users["cedar"].pk,
        note={"open_lines": "None", "family_promises": "None", "next_actions": "None"}, now=NOW,
    )  # fmt: skip
    matter.refresh_from_db()
    closing.void_matter(actor=force.actor("elm"), matter_id=matter.pk, seen_version=matter.version, reason="Never missing", now=NOW)
    assert Handover.objects.get(pk=offer).state == "lapsed"
    assert Notice.objects.filter(user=force.users["cedar"], text__contains="no longer yours").exists()
