"""The minute's and the night's jobs leave a heartbeat; a failure shows and is tried again; everybody sees that a sweeper is dead."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from click.testing import CliRunner
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from structlog.testing import capture_logs

from lodestar.actions import sweeping
from lodestar.core.access.scope import system_actor
from lodestar.core.reports.draft import Subject
from lodestar.core.times import say
from lodestar.core.words import Refused
from lodestar.doors.jobs import running
from lodestar.doors.jobs.commands import jobs
from lodestar.store import anchors
from lodestar.store.models import AuditRow, AuditSeal, Breach, Figure, Heartbeat, Notice
from tests.actions import conftest as small
from tests.actions.conftest import Force, make_force

MINUTE = timedelta(minutes=1)
STALE = "nobody is being told"


class Down(BaseEmailBackend):
    """A mail server that answers and refuses, quoting the address as such servers do."""

    def send_messages(self, email_messages: Any) -> int:
        to = email_messages[0].to[0]
        raise SMTPRecipientsRefused({to: (550, f"{to} unknown".encode())})


@pytest.fixture
def force(db: None, monkeypatch: pytest.MonkeyPatch) -> Force:
    """The small force, on duty today: the jobs ask what the time is."""
    monkeypatch.setattr(small, "NOW", timezone.now().replace(second=0, microsecond=0) - timedelta(hours=4))
    return make_force()


@pytest.fixture(autouse=True)
def anchored(settings: Any, tmp_path: Path) -> Path:
    """An anchor file of this test's own, in a folder that is not there yet."""
    settings.AUDIT_ANCHORS = tmp_path / "kept apart" / "anchors.txt"
    return tmp_path / "kept apart" / "anchors.txt"


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Move the clock on, at the edge of the machine: what Django says the time is."""

    began, real = timezone.now(), timezone.now

    def to(after: timedelta) -> None:
        moved = began + after
        monkeypatch.setattr(timezone, "now", lambda: max(moved, real()))

    return to


@contextmanager
def mail_down(settings: Any) -> Iterator[None]:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    yield
    settings.EMAIL_BACKEND = working


def sight(force: Force, who: str, path: str) -> str:
    """A page as somebody sees it."""
    client = Client()
    client.force_login(force.users[who], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_minute_leaves_a_heartbeat_that_says_what_it_did(force: Force) -> None:
    force.report(at=small.NOW)
    before = timezone.now()
    note = running.minutely()
    beat = Heartbeat.objects.get()
    assert (beat.job, beat.note) == ("sweep", note)
    assert before <= beat.at <= timezone.now()
    late = Breach.objects.count()
    assert late > 0
    assert note.startswith(f"{late} breached, ")
    assert f"{Notice.objects.exclude(delivered_at=None).count()} sent, 0 not sent" in note
    assert AuditRow.objects.filter(verb="job.ran", subject_kind="heartbeat", subject_id=str(beat.pk)).count() == 1


def test_one_heartbeat_a_job_always_the_newest(force: Force, pass_time: Callable[[timedelta], None]) -> None:
    running.minutely()
    first = Heartbeat.objects.get().at
    pass_time(MINUTE)
    running.minutely()
    assert Heartbeat.objects.get().at - first > MINUTE / 2
    assert AuditRow.objects.filter(verb="job.ran").count() == 2


def test_the_minute_tells_by_mail_whoever_must_be_told(force: Force) -> None:
    matter = force.report(at=timezone.now(), since_from=None, since_to=None)
    running.minutely()
    assert [(one.to, f"You now answer for {matter.reference}." in one.body) for one in mail.outbox] == [(["alder@force.example"], True)]
    assert Notice.objects.get().delivered_at is not None


def test_a_failing_mail_server_is_a_failure_in_sight_and_stops_nothing_else(force: Force, settings: Any, anchored: Path) -> None:
    force.report(at=timezone.now(), since_from=None, since_to=None)
    with mail_down(settings):
        note = running.minutely()
    assert note.endswith("0 sent, 1 not sent")
    assert Heartbeat.objects.get().note == note
    assert AuditSeal.objects.count() == 1 and anchored.exists(), "what comes after the mail was done all the same"
    row = Notice.objects.get()
    assert f"Notice {row.pk} to Sgt Maud Alder: SMTPRecipientsRefused, 1 tries" in sight(force, "yew", "/access/")
    assert "Could not be sent off-screen (1 tries)" in sight(force, "alder", "/notices/")
    assert f"Notice {row.pk} to Sgt Maud Alder" not in sight(force, "hazel", "/notices/")
    assert "alder@force.example" not in str(list(AuditRow.objects.values())) + row.last_failure, "a complaint may quote an address"


def test_a_failure_is_tried_again_later_and_later_until_it_is_sent_once(
    force: Force, settings: Any, pass_time: Callable[[timedelta], None]
) -> None:
    force.report(at=timezone.now(), since_from=None, since_to=None)
    tries = []
    with mail_down(settings):
        for minute in range(8):
            pass_time(minute * (MINUTE + timedelta(seconds=5)))
            running.minutely()
            tries.append(Notice.objects.get().tries)
    assert tries == [1, 2, 2, 3, 3, 3, 3, 4], "after one minute, two, then four"
    pass_time(timedelta(minutes=30))
    running.minutely()
    row = Notice.objects.get(tries=5)
    assert (row.last_failure, len(mail.outbox)) == ("", 1)
    assert row.delivered_at is not None
    assert f"Notice {row.pk} to" not in sight(force, "yew", "/access/")
    pass_time(timedelta(minutes=60))
    running.minutely()
    assert [one.body for one in mail.outbox].count(mail.outbox[0].body) == 1, "once is enough"


def test_a_person_without_an_address_stops_nobody_else_s_mail(force: Force) -> None:
    type(force.users["alder"]).objects.filter(username="alder").update(email="")
    force.report(at=timezone.now(), since_from=None, since_to=None)
    force.report(at=timezone.now(), since_from=None, since_to=None, external_id="R-2", district="south", subject=other_child())
    assert running.minutely().endswith("1 sent, 1 not sent")
    assert [one.to for one in mail.outbox] == [["birch@force.example"]]
    row = Notice.objects.get(user=force.users["alder"])
    assert (row.delivered_at, row.last_failure) == (None, "NoAddress"), "what was not sent never counts as sent"
    assert f"Notice {row.pk} to Sgt Maud Alder: they have no address; give them one, 1 tries" in sight(force, "yew", "/access/")


@pytest.mark.parametrize("address", ["alder@force.example\nBcc: all@force.example", "älder"])
def test_an_address_that_cannot_be_one_is_a_failure_in_sight_and_stops_nobody_else_s_mail(force: Force, address: str) -> None:
    type(force.users["alder"]).objects.filter(username="alder").update(email=address)
    force.report(at=timezone.now(), since_from=None, since_to=None)
    force.report(at=timezone.now(), since_from=None, since_to=None, external_id="R-2", district="south", subject=other_child())
    assert running.minutely().endswith("1 sent, 1 not sent")
    assert [one.to for one in mail.outbox] == [["birch@force.example"]]
    assert f"Notice {Notice.objects.get(user=force.users['alder']).pk} to Sgt Maud Alder" in sight(force, "yew", "/access/")
    assert AuditSeal.objects.exists() and Heartbeat.objects.exists()


def other_child() -> Subject:
    return Subject(given_name="Kit", family_name="Fenn", birth_date=date(2012, 1, 9), responsible_authority="city")


def test_each_minute_s_seal_is_anchored_outside_the_database(force: Force, anchored: Path, pass_time: Callable[[timedelta], None]) -> None:
    for number in range(2):
        pass_time(number * MINUTE)
        force.report(at=timezone.now(), since_from=None, since_to=None, external_id=f"R-{number}")
        running.minutely()
    seals = dict(AuditSeal.objects.values_list("number", "digest"))
    assert len(seals) == 2
    assert anchored.read_text() == "".join(f"{number} {digest}\n" for number, digest in sorted(seals.items()))
    assert anchors.read() == seals


def test_the_night_verifies_the_audit_and_keeps_the_measures(force: Force) -> None:
    force.report(at=small.NOW)
    running.minutely()
    note = running.nightly()
    beat = Heartbeat.objects.get(job="nightly")
    sealed = AuditSeal.objects.get()
    assert note == beat.note
    assert note.startswith(f"1 seals over {sealed.rows} rows whole; {Figure.objects.count()} figures kept")
    assert Figure.objects.exists()


def test_the_night_says_where_the_audit_is_broken(force: Force, anchored: Path) -> None:
    force.report(at=timezone.now(), since_from=None, since_to=None)
    running.minutely()
    anchored.write_text(f"1 {'0' * 64}\n")
    running.nightly()
    assert Heartbeat.objects.get(job="nightly").note == "Seal 1 differs from its anchor outside the database."


@pytest.mark.parametrize("path", ["/board/", "/notices/", "/duty/"])
def test_a_sweeper_that_has_not_run_raises_the_banner_on_every_page(force: Force, path: str) -> None:
    assert "has not run yet" in sight(force, "hazel", path)
    running.minutely()
    assert STALE not in sight(force, "hazel", path)


def test_a_dead_sweeper_raises_the_banner_with_when_it_last_ran_and_a_new_one_takes_it_down(
    force: Force, pass_time: Callable[[timedelta], None]
) -> None:
    running.minutely()
    last = Heartbeat.objects.get().at
    pass_time(timedelta(minutes=4, seconds=50))
    assert STALE not in sight(force, "hazel", "/board/")
    pass_time(timedelta(minutes=5, seconds=5))
    page = " ".join(sight(force, "hazel", "/board/").split())
    assert f"The minute sweep last ran on {say(last)}, so nobody is being told about late work." in page
    running.minutely()
    assert STALE not in sight(force, "hazel", "/board/")


def test_the_night_s_heartbeat_does_not_stand_in_for_the_sweep(force: Force) -> None:
    running.nightly()
    assert "has not run yet" in sight(force, "hazel", "/board/")


def test_a_monitor_sees_how_long_ago_the_sweep_ran_and_what_was_not_delivered(
    force: Force, settings: Any, pass_time: Callable[[timedelta], None]
) -> None:
    def metrics() -> dict[str, float]:
        lines = Client().get("/metrics").content.decode().splitlines()
        return {name: float(value) for name, value in (line.split() for line in lines if not line.startswith("#"))}

    assert metrics()["lodestar_sweep_age_seconds"] == float("inf")
    force.report(at=timezone.now(), since_from=None, since_to=None)
    with mail_down(settings):
        running.minutely()
    pass_time(timedelta(minutes=10))
    found = metrics()
    assert 590 < found["lodestar_sweep_age_seconds"] < 620
    assert (found["lodestar_undelivered_notices"], found["lodestar_open_matters"]) == (1, 1)


def test_a_minute_that_fails_leaves_no_heartbeat(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(sweeping, "sweep", away)
    with pytest.raises(OperationalError):
        running.minutely()
    assert not Heartbeat.objects.exists(), "or the banner would not be raised"


def test_only_the_system_runs_the_jobs(force: Force) -> None:
    with pytest.raises(Refused):
        sweeping.beat(actor=force.actor("hazel", timezone.now()), job="sweep", took_ms=1, note="", now=timezone.now())
    assert not Heartbeat.objects.exists()
    sweeping.beat(actor=system_actor("jobs"), job="sweep", took_ms=1, note="x" * 500, now=timezone.now())
    assert Heartbeat.objects.get().note == "x" * 240


def test_the_commands_run_each_once_and_say_what_was_done(force: Force) -> None:
    for job, kept in (("minutely", "sweep"), ("nightly", "nightly")):
        result = CliRunner().invoke(jobs, [job])
        assert (result.exit_code, result.output.strip()) == (0, Heartbeat.objects.get(job=kept).note)


@pytest.fixture
def _signals_put_back() -> Iterator[None]:
    kept = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}
    yield
    for name, handler in kept.items():
        signal.signal(name, handler)


@pytest.mark.usefixtures("_signals_put_back")
def test_the_loop_outlives_a_minute_whose_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[str] = []

    def minute() -> str:
        turns.append("minute")
        if len(turns) == 1:
            raise OperationalError("the database system is shutting down")
        signal.raise_signal(signal.SIGTERM)
        return ""

    monkeypatch.setattr(running, "minutely", minute)
    monkeypatch.setattr(running, "nightly", lambda: turns.append("night"))
    monkeypatch.setattr(running, "close_old_connections", lambda: None)
    monkeypatch.setattr(running, "EVERY", 0.0)
    monkeypatch.setattr(running, "make_ready", lambda: 0)
    monkeypatch.setattr(running, "replan", lambda: None)
    monkeypatch.setattr(running, "shadows", lambda: 0)  # it has a thread of its own, and a test of its own
    running.loop()
    assert turns.count("minute") == 2


@pytest.mark.usefixtures("_signals_put_back")
def test_the_loop_outlives_any_fault_of_a_job_and_logs_its_kind_without_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[str] = []

    def minute() -> str:
        turns.append("minute")
        if len(turns) == 1:
            raise KeyError("Mina Marsh")
        signal.raise_signal(signal.SIGTERM)
        return ""

    def night() -> str:
        turns.append("night")
        raise ValueError("Mina Marsh")

    monkeypatch.setattr(running, "minutely", minute)
    monkeypatch.setattr(running, "nightly", night)
    monkeypatch.setattr(running, "close_old_connections", lambda: None)
    monkeypatch.setattr(running, "EVERY", 0.0)
    monkeypatch.setattr(running, "make_ready", lambda: 0)
    monkeypatch.setattr(running, "replan", lambda: None)
    monkeypatch.setattr(running, "shadows", lambda: 0)  # it has a thread of its own, and a test of its own
    monkeypatch.setattr(timezone, "localtime", lambda: datetime(2026, 6, 4, 3, 5, tzinfo=UTC))
    with capture_logs() as lines:
        running.loop()
    assert turns == ["minute", "night", "minute"], "the night is tried again in an hour, not every minute"
    assert [(line["job"], line["error"]) for line in lines] == [("minutely", "KeyError"), ("nightly", "ValueError")]
    assert "Mina" not in str(lines)


def test_a_night_that_did_not_run_is_told_on_every_page_and_to_the_monitor(force: Force, pass_time: Callable[[timedelta], None]) -> None:
    running.minutely()
    running.nightly()
    last = Heartbeat.objects.get(job="nightly").at
    pass_time(timedelta(hours=28))
    running.minutely()
    page = " ".join(sight(force, "hazel", "/board/").split())
    assert STALE not in page, "the sweep runs"
    assert f"The night's jobs last ran to their end on {say(last)}" in page
    lines = Client().get("/metrics").content.decode().splitlines()
    assert 100_000 < next(float(line.split()[1]) for line in lines if line.startswith("lodestar_nightly_age_seconds")) < 101_000
    running.nightly()
    assert "The night's jobs last ran" not in sight(force, "hazel", "/board/")
