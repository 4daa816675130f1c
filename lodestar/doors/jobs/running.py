"""The jobs, by cadence. Each leaves a heartbeat; a page warns when the sweep's is old."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from lodestar.actions import audit, measures, notices, sweeping
from lodestar.core.access.scope import system_actor
from lodestar.core.audit.seal import Broken
from lodestar.store.queries.measures import last_days
from lodestar.store.queries.notices import address_of

LOG = structlog.get_logger("lodestar.jobs")
EVERY = 60.0


def minutely() -> str:
    """Sweep the clocks, send the notices, seal the audit."""
    begun, now, actor = time.monotonic(), timezone.now(), system_actor("jobs")
    swept = sweeping.sweep(actor=actor, now=now)
    sent, failed = notices.deliver_waiting(actor=actor, deliver=deliver, now=timezone.now())
    seal = audit.seal_rows(actor=actor, now=timezone.now())
    if seal is not None:
        anchor(seal.number, seal.digest)
    note = f"{swept.breached} breached, {swept.told} told, {swept.reviews} reviews, {sent} sent, {failed} not sent"
    sweeping.beat(actor=actor, job="sweep", took_ms=int((time.monotonic() - begun) * 1000), note=note, now=timezone.now())
    return note


def nightly() -> str:
    """Verify the audit's chain from the first row; compute and keep the measures."""
    begun, now, actor = time.monotonic(), timezone.now(), system_actor("jobs")
    seals, rows, broken = audit.verify_chain(actor=actor, now=now, anchors=anchors())
    kept = measures.compute(actor=actor, period=last_days(days=365, at=now), now=now)
    note = broken.sentence if isinstance(broken, Broken) else f"{seals} seals over {rows} rows whole; {kept} figures kept"
    sweeping.beat(actor=actor, job="nightly", took_ms=int((time.monotonic() - begun) * 1000), note=note, now=timezone.now())
    return note


def deliver(notice: Any) -> None:
    """Send one notice by mail. It holds no child's name: the reader signs in to see more."""
    address = address_of(notice)
    if address:
        send_mail("Lodestar", f"{notice.text}\n\nSign in to read more.\n", None, [address])


def anchor(number: int, digest: str) -> None:
    """Write a seal's digest outside the database, where a rewritten chain would differ from it."""
    path = Path(settings.AUDIT_ANCHORS)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(f"{number} {digest}\n")


def anchors() -> dict[int, str]:
    """The digests kept outside the database."""
    path = Path(settings.AUDIT_ANCHORS)
    if not path.exists():
        return {}
    lines = (line.split() for line in path.read_text().splitlines() if line.strip())
    return {int(number): digest for number, digest in lines}


def loop() -> None:
    """Run the minute's jobs every minute and the night's once a night, until told to stop."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    last_night = None
    while not stop.is_set():
        begun = time.monotonic()
        close_old_connections()
        try:
            minutely()
            local = timezone.localtime()
            if local.hour >= 3 and last_night != local.date():
                nightly()
                last_night = local.date()
        except OperationalError as error:  # the database is away or busy: the banner shows it, and the next minute tries again
            LOG.error("the minute's jobs did not run", error=type(error).__name__)
        stop.wait(max(1.0, EVERY - (time.monotonic() - begun)))
