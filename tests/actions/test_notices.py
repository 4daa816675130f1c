"""Telling people off-screen: written with the deed, sent by a job, a failure in plain sight and tried again, and nothing personal in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail

from lodestar.actions import duty, notices, sweeping, tasking, tasks
from lodestar.actions.matters import closing, news, transfers
from lodestar.actions.perform import AuditUnavailable, perform
from lodestar.core.access.scope import system_actor
from lodestar.core.words import NotVisible, Refused
from lodestar.doors.jobs.mailing import deliver
from lodestar.store.models import AuditRow, Handover, Matter, Notice, Proposal
from lodestar.store.queries import notices as queries
from tests.actions.conftest import HOUR, NOW, Force

SYSTEM = system_actor("test")
MINUTE = timedelta(minutes=1)
PERSONAL = ("Mina", "Marsh", "Joan", "960123", "Tern Street", "school", "aunt", "pills", "brother", "Fenshire", "2011")


def send(to: Callable[[Notice], None] = deliver, at: timedelta = timedelta(0)) -> tuple[int, int]:
    return notices.deliver_waiting(actor=SYSTEM, deliver=to, now=NOW + at)


def broken(notice: Notice) -> None:
    """A mail server that is away, and quotes the address."""
    raise SMTPRecipientsRefused({notice.user.email: (550, b"alder@force.example unknown")})


def told(force: Force) -> Notice:
    """The one notice of a report: its sergeant now answers for it."""
    force.report()
    return Notice.objects.get()


def handed_over(force: Force, matter: Matter) -> int:
    matter.refresh_from_db()
    note = {"open_lines": "Her brother's phone", "family_promises": "A call to Joan Marsh at six", "next_actions": "Visit the aunt"}
    return duty.offer_handover(
        actor=force.actor("alder"),
        matter_id=matter.pk,
        seen_version=matter.version,
        receiver_id=force.users["cedar"].pk,
        note=note,
        now=NOW,
    )


def test_whoever_must_be_told_is_told_in_the_deed_s_own_transaction(force: Force, broken_audit: Callable[[], Any]) -> None:
    with broken_audit(), pytest.raises(AuditUnavailable):
        force.report()
    assert not Notice.objects.exists(), "a deed that did not happen tells nobody"
    notice = told(force)
    matter = Matter.objects.get()
    assert (notice.user, notice.kind, notice.subject_kind, notice.subject_id) == (force.users["alder"], "answers", "matter", matter.pk)
    assert (notice.created_at, notice.next_try_at, notice.delivered_at, notice.tries) == (NOW, NOW, None, 0)


def test_what_waits_is_sent_once_to_the_person_s_own_address(force: Force) -> None:
    notice = told(force)
    assert send() == (1, 0)
    assert send() == (0, 0)
    assert [(one.to, notice.text in one.body) for one in mail.outbox] == [(["alder@force.example"], True)]
    notice.refresh_from_db()
    assert (notice.delivered_at, notice.tries, notice.last_failure) == (NOW, 1, "")
    assert AuditRow.objects.filter(verb="notice.sent", subject_id=str(notice.pk)).count() == 1


def test_a_failure_is_kept_in_plain_sight_with_its_kind_and_not_the_server_s_words(force: Force) -> None:
    notice = told(force)
    assert send(broken) == (0, 1)
    assert [(one.pk, one.last_failure, one.tries) for one in queries.failing()] == [(notice.pk, "SMTPRecipientsRefused", 1)]
    notice.refresh_from_db()
    assert notice.delivered_at is None
    row = AuditRow.objects.get(verb="notice.failed")
    assert (row.subject_kind, row.subject_id, row.detail) == ("notice", str(notice.pk), {"tries": 1})


def test_a_failure_is_tried_again_later_and_later_and_at_least_every_hour(force: Force) -> None:
    notice, at, waits = told(force), timedelta(0), []
    for _ in range(9):
        assert send(broken, at) == (0, 1)
        notice.refresh_from_db()
        wait = notice.next_try_at - (NOW + at)
        assert send(broken, at + wait - MINUTE / 2) == (0, 0), "not before its time"
        waits.append(wait // MINUTE)
        at += wait
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert send(at=at) == (1, 0)
    notice.refresh_from_db()
    assert (notice.delivered_at, notice.tries, notice.last_failure) == (NOW + at, 10, "")
    assert not queries.failing(), "and then it is off the list of failures"


def test_one_that_cannot_be_sent_does_not_hold_up_the_rest(force: Force) -> None:
    handed_over(force, force.report())
    first, second = Notice.objects.order_by("pk")

    def choosy(notice: Notice) -> None:
        if notice.pk == first.pk:
            raise ConnectionRefusedError
        deliver(notice)

    assert send(choosy) == (1, 1)
    second.refresh_from_db()
    assert second.delivered_at == NOW


def test_one_that_is_read_while_it_is_being_sent_does_not_stop_the_job_or_go_twice(force: Force) -> None:
    handed_over(force, force.report())
    first = Notice.objects.order_by("pk")[0]

    def slow(notice: Notice) -> None:
        deliver(notice)
        if notice.pk == first.pk:
            notices.mark_seen(actor=force.actor("alder"), notice_id=first.pk, now=NOW)

    assert send(slow) == (2, 0)
    assert send() == (0, 0)
    assert len(mail.outbox) == 2
    first.refresh_from_db()
    assert (first.delivered_at, first.seen_at) == (NOW, NOW)


def test_the_same_news_is_told_once(force: Force) -> None:
    matter = force.report()
    with perform("test.told", actor=SYSTEM, now=NOW, permission=None) as act:
        told_once = [notices.tell(act, user_id=force.users["elm"].pk, kind="late", about=matter, text="Late.", key="k") for _ in "ab"]
        other = notices.tell(act, user_id=force.users["hazel"].pk, kind="late", about=matter, text="Late.", key="k")
        act.record(matter)
    assert [*told_once, other] == [True, False, True], "once to each person"


def test_nobody_is_told_of_what_they_did_themselves(force: Force) -> None:
    matter = force.report()
    news.add_news(actor=force.actor("alder"), matter_id=matter.pk, from_whom="Her aunt", contact="", text="She is here", now=NOW)
    assert not Notice.objects.filter(kind="news").exists(), "the holder took the call"
    number = handed_over(force, matter)
    assert set(Notice.objects.filter(kind="handover").values_list("user__username", flat=True)) == {"cedar"}
    version = Handover.objects.get(pk=number).version
    duty.answer_handover(actor=force.actor("cedar"), handover_id=number, seen_version=version, verb="accept", reason="", now=NOW)
    told_after = Notice.objects.filter(kind="handover").order_by("pk").values_list("user__username", flat=True)
    assert list(told_after) == ["cedar", "alder"], "the giver hears that it was accepted"


def test_a_notice_is_read_by_whom_it_is_for_and_to_anybody_else_it_is_not_there(force: Force) -> None:
    notice = told(force)
    for who in ("cedar", "hazel", "yew"):
        with pytest.raises((NotVisible, Refused)):
            notices.mark_seen(actor=force.actor(who), notice_id=notice.pk, now=NOW)
    assert queries.unseen(user_id=force.users["alder"].pk) == 1
    notices.mark_seen(actor=force.actor("alder"), notice_id=notice.pk, now=NOW)
    notices.mark_seen(actor=force.actor("alder"), notice_id=notice.pk, now=NOW + HOUR)
    notice.refresh_from_db()
    assert (notice.seen_at, queries.unseen(user_id=force.users["alder"].pk)) == (NOW, 0), "the first look is the one that counts"
    assert AuditRow.objects.filter(verb="notice.seen", outcome="seen").count() == 2


def test_no_notice_says_anything_personal_whatever_happens_to_the_child(force: Force) -> None:
    matter = force.report()
    force.grade(matter)
    number = tasks.ask_for_task(
        actor=force.actor("hazel"), matter_id=matter.pk, kind="premises_search", detail="Mina's aunt in Tern Street",
        earliest_at=NOW, due_at=NOW + 4 * HOUR, now=NOW,
    )  # fmt: skip
    proposal = Proposal.objects.get(pk=tasking.propose(actor=force.actor("hazel"), now=NOW))
    tasking.decide_proposal(
        actor=force.actor("elm"), proposal_id=proposal.pk, seen_version=1, reason="He knows Mina", refused=False, now=NOW,
        wanted={number: (force.users["rowan"].pk, force.users["holly"].pk)},
    )  # fmt: skip
    news.add_news(
        actor=force.actor("ivy"), matter_id=matter.pk, from_whom="Her aunt", contact="01632 960123", text="Mina took pills", now=NOW
    )
    matter.refresh_from_db()
    transfers.offer_transfer(
        actor=force.actor("hazel"), matter_id=matter.pk, seen_version=matter.version, other_force="Fenshire",
        receiver_named="Insp Reed", reason="Mina's aunt lives there", now=NOW,
    )  # fmt: skip
    handed_over(force, matter)
    sweeping.sweep(actor=SYSTEM, now=NOW + 20 * HOUR)
    matter.refresh_from_db()
    closing.void_matter(actor=force.actor("elm"), matter_id=matter.pk, seen_version=matter.version, reason="Mina was at school", now=NOW)
    assert set(Notice.objects.values_list("kind", flat=True)) == {"answers", "task", "news", "handover", "late", "ladder"}
    for notice in Notice.objects.all():
        said = f"{notice.text} {notice.key} {notice.last_failure}"
        assert not [word for word in PERSONAL if word.lower() in said.lower()], said
