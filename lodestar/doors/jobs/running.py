"""The jobs, by cadence. Each leaves a heartbeat; a page warns when the sweep's is old."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable

import structlog
from django.db import close_old_connections, connections
from django.utils import timezone

from lodestar.actions import audit, forecast, formulas, leads, linking, measures, notices, replanning, reviewing, sweeping
from lodestar.actions.inspection import commitments, evidence
from lodestar.actions.packs import meetings
from lodestar.core.access.scope import system_actor
from lodestar.core.audit.seal import Broken
from lodestar.core.tasking.ready import make_ready
from lodestar.core.times import local_date
from lodestar.doors.jobs.mailing import deliver
from lodestar.store import anchors
from lodestar.store.queries import forecast as forecasts
from lodestar.store.queries.measures import last_days

LOG = structlog.get_logger("lodestar.jobs")
EVERY = 60.0
HOUR = 3600.0  # a night that failed is tried again each hour: it reads the whole audit
RETOLD_ON = 6  # Sunday: the engine is told again from the past once a week


def minutely() -> str:
    """Sweep the clocks, send the notices, seal the audit."""
    begun, now, actor = time.monotonic(), timezone.now(), system_actor("jobs")
    swept = sweeping.sweep(actor=actor, now=now)
    leads.follow_duty(actor=actor, now=now)
    meetings.plan(actor=actor, now=now)
    meetings.name_chairs(actor=actor, now=now)
    sent, failed = notices.deliver_waiting(actor=actor, deliver=deliver, now=timezone.now())
    seal = audit.seal_rows(actor=actor, now=timezone.now())
    if seal is not None:
        anchors.write(seal.number, seal.digest)
    done = f"{swept.breached} breached, {swept.told} told, {swept.reviews} reviews, {swept.hits} found or ended"
    note = f"{done}, {sent} sent, {failed} not sent"
    sweeping.beat(actor=actor, job="sweep", took_ms=int((time.monotonic() - begun) * 1000), note=note, now=timezone.now())
    return note


def nightly() -> str:
    """Verify the audit's chain from the first row; keep the measures; open again what has slipped; count names; tell what is coming."""
    begun, now, actor = time.monotonic(), timezone.now(), system_actor("jobs")
    seals, rows, broken = audit.verify_chain(actor=actor, now=now, anchors=anchors.read())
    kept = measures.compute(actor=actor, period=last_days(days=365, at=now), now=now)
    again = commitments.reopen_slipped(actor=actor, now=now)
    frozen = evidence.refresh(actor=actor, now=now)
    linking.recount(actor=actor, now=now)
    reviewing.mix_in_known(actor=actor, now=now)
    looked = leads.look(actor=actor, now=now)
    for line in forecasts.lines(at=now):
        forecast.foretell(actor=actor, line=line.code, now=now, clock=time.monotonic)
        if local_date(now).weekday() == RETOLD_ON:
            forecast.retell(actor=actor, line=line.code, now=now, clock=time.monotonic)
    done = f"{kept} figures kept, {frozen} frozen as evidence, {again} commitments open again, {looked} leads raised or changed"
    note = broken.sentence if isinstance(broken, Broken) else f"{seals} seals over {rows} rows whole; {done}"
    sweeping.beat(actor=actor, job="nightly", took_ms=int((time.monotonic() - begun) * 1000), note=note, now=timezone.now())
    return note


def shadows() -> int:
    """Run every version of the formula that waits for its shadow run: it may take minutes, so the sweep does not wait for it."""
    try:
        return formulas.run_shadows(actor=system_actor("jobs"), now=timezone.now())
    finally:
        connections.close_all()  # it has a thread, and so a connection, of its own


def replan() -> int | None:
    """Propose again where something that matters happened; a plan may take seconds, so the sweep does not wait for it either."""
    try:
        return replanning.replan(actor=system_actor("jobs"), now=timezone.now())
    finally:
        connections.close_all()


def loop() -> None:
    """Run the minute's jobs every minute and the night's once a night, until told to stop. No job's failure ends the loop."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    threading.Thread(target=_run, args=("compile", make_ready), daemon=True).start()  # before anybody waits for a proposal
    last_night, again = None, 0.0
    aside = {"shadows": (shadows, threading.Thread()), "replan": (replan, threading.Thread())}
    while not stop.is_set():
        begun = time.monotonic()
        close_old_connections()
        _run("minutely", minutely)
        for name, (work, running) in aside.items():
            if not running.is_alive():
                aside[name] = (work, threading.Thread(target=_run, args=(name, work), daemon=True))
                aside[name][1].start()
        local = timezone.localtime()
        if local.hour >= 3 and last_night != local.date() and begun >= again:
            last_night, again = (local.date(), 0.0) if _run("nightly", nightly) else (last_night, begun + HOUR)
        stop.wait(max(1.0, EVERY - (time.monotonic() - begun)))


def _run(job: str, work: Callable[[], object]) -> bool:
    """True where a job ran to its end. What failed is logged by the job's name and the fault's kind: its text may name a child."""
    try:
        work()
    except Exception as error:  # whatever it is, the other job and the next minute go on; the missing heartbeat raises the banner
        LOG.error("a job did not run to its end", job=job, error=type(error).__name__)
        return False
    return True
