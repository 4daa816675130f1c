"""What the journeys do outside the server: filling the database, moving the clock on, looking at what was kept.

Run as ``python -m tests.journeys.outside WHAT JSON``; the last line printed is the answer as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lodestar.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - Django must be set up first
from django.utils import timezone  # noqa: E402

from lodestar.actions import access, audit, sweeping, tasks  # noqa: E402
from lodestar.actions.matters import grading  # noqa: E402
from lodestar.core.access.scope import system_actor  # noqa: E402
from lodestar.doors.jobs import running  # noqa: E402
from lodestar.store.models import AuditRow, Matter, Report, User  # noqa: E402
from tests.actions import conftest as small  # noqa: E402


def _force() -> small.Force:
    return small.Force({user.username: user for user in User.objects.all()})


def fill() -> dict[str, str]:
    """Migrate, write the small force's people and shifts around today, and make a machine's key."""
    call_command("migrate", verbosity=0)
    small.NOW = timezone.now().replace(second=0, microsecond=0)
    force = small.make_force()
    now = timezone.now()
    key = access.add_api_client(actor=force.actor("yew", now), name="test machine", user_id=force.users["ivy"].pk, now=now)
    return {"test machine": key}


def report(*, given: str, family: str, hours_ago: float = 1, level: str = "", **changes: Any) -> int:
    """A report that came in some hours ago, graded where a level is given; returns its matter."""
    force, at = _force(), timezone.now() - timedelta(hours=hours_ago)
    born = datetime.strptime(changes.pop("born", "2012-04-03"), "%Y-%m-%d").date()
    subject = small.Subject(given_name=given, family_name=family, birth_date=born, responsible_authority="shire")
    number = changes.pop("number", f"T-{given}-{family}")
    matter = force.report(at=at, external_id=number, subject=subject, since_from=at, since_to=at, **changes)
    if level:
        force.grade(matter, level, at=at)
    return int(matter.pk)


def ask_task(*, matter: int, kind: str = "premises_search", detail: str = "The house and the garden") -> int:
    """A task asked for by the sergeant."""
    now = timezone.now()
    asked = {"matter_id": matter, "kind": kind, "detail": detail, "earliest_at": now, "due_at": now + timedelta(hours=6)}
    return int(tasks.ask_for_task(actor=_force().actor("alder", now), now=now, **asked))


def ask_lower(*, matter: int) -> int:
    """The sergeant asks for a lower grade, which waits for a second person."""
    force, now = _force(), timezone.now()
    row = Matter.objects.get(pk=matter)
    wanted = force.wanted(row, "low", now, reason="Her aunt says she is on the way")
    grading.grade_matter(actor=force.actor("alder", now), matter_id=matter, seen_version=row.version, wanted=wanted, now=now)
    return int(row.downgrades.get().pk)


def sweep(*, minutes_later: int) -> dict[str, int]:
    """The minute's sweep, as it will run some minutes from now."""
    swept = sweeping.sweep(actor=system_actor("jobs"), now=timezone.now() + timedelta(minutes=minutes_later))
    return {"told": swept.told, "failed": swept.failed}


def minutely() -> str:
    """The minute's jobs, now."""
    return running.minutely()


def kept(*, source: str) -> dict[str, Any]:
    """Every report of a source with its matter and its audit rows, and whether the audit's chain is whole."""
    reports = list(Report.objects.filter(source=source).order_by("pk"))
    noted = set(AuditRow.objects.filter(verb="report.received").values_list("subject_id", flat=True))
    now = timezone.now()
    audit.seal_rows(actor=system_actor("jobs"), now=now)
    seals, rows, broken = audit.verify_chain(actor=system_actor("jobs"), now=now, anchors={})
    return {
        "reports": {row.external_id: [row.pk, row.matter_id, str(row.pk) in {str(pk) for pk in noted}] for row in reports},
        "seals": seals,
        "rows": rows,
        "broken": getattr(broken, "sentence", ""),
    }


WHAT = {do.__name__: do for do in (fill, report, ask_task, ask_lower, sweep, minutely, kept)}

if __name__ == "__main__":
    print(json.dumps(WHAT[sys.argv[1]](**json.loads(sys.argv[2]))))
