"""The quarterly pack of a whole force, from reading the record to the digest of its last form, on the demonstration force.

The force is made and loaded in a database of its own by the demonstration's own command. The pack is then frozen again as
corrected versions: figures worked out from what is known, charts drawn, six forms written (PDF, file for a browser and
workbook, each with every child named and with none), hashed and kept. Making it again is what ``lodestar packs rebuild`` does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from typing import Any

from bench.measures.section import Aim, Say, Section
from bench.place import ROOT

KINDS = {"PACK-DAILY": "Daily", "PACK-FORTNIGHTLY": "Fortnightly", "PACK-MONTHLY": "Monthly", "PACK-QUARTERLY": "Quarterly"}
WANTED = 10.0  # seconds
ROUNDS = 3


def packs(quick: bool, say: Say) -> Section:
    """Load the force, and freeze each kind of pack anew: the first in its process, and those after it."""
    with tempfile.TemporaryDirectory(prefix="lodestar-bench-packs-") as folder:
        environment = {**os.environ, "LODESTAR_VAR": folder, "LODESTAR_ENV": "demo"}
        scale = "0.15" if quick else "1"
        for words in (["migrate"], ["demo", "load", "--scale", scale]):
            say(f"lodestar {' '.join(words)}")
            _lodestar(words, environment)
        found = {}
        for code, title in KINDS.items():
            say(f"{title} pack")
            found[code] = _ask(code, environment)
    rows = [
        (
            KINDS[code],
            *(f"{one[name]:.2f} s" for name in ("first", "first_processor", "later", "processor", "again")),
            f"{one['figures']}",
            f"{one['bytes']:,}",
        )
        for code, one in found.items()
    ]
    heads = (
        "Pack",
        "First in its process",
        "Its processor time",
        "Later, the least",
        "Its processor time",
        "Made again",
        "Figures",
        "Bytes frozen",
    )
    notes = (
        "The first in a process loads the drawing library and the typesetter. On a machine that others use, the clock on the wall says how "
        "busy it was; the aim is held against processor time, which is what an idle machine takes. "
        f"The force is the demonstration's at scale {scale}; {found['PACK-QUARTERLY']['episodes']} missing episodes are on record."
    )
    first = found["PACK-QUARTERLY"]["first_processor"]
    aim = Aim("The whole quarterly pack for a force, the first in its process, processor time", WANTED, first, at_most=True, unit=" s")
    return Section("Packs", heads, rows, notes, [aim])


def _lodestar(words: list[str], environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", "from lodestar.doors.cli.main import main; main()", *words]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def _ask(code: str, environment: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.measures.pack", code], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _measure(code: str) -> dict[str, Any]:
    """Inside a process of its own, with Django set up on the loaded database."""
    import django  # noqa: PLC0415 - only in the measuring process

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lodestar.config.settings")
    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from lodestar.actions.packs import freezing  # noqa: PLC0415
    from lodestar.config.writers import WRITERS  # noqa: PLC0415
    from lodestar.store.models import Matter, Meeting, Pack  # noqa: PLC0415
    from lodestar.store.queries import access, packs  # noqa: PLC0415

    row = Meeting.objects.filter(template=code, published_version__gt=0).latest("pk")
    clock, processor, last = [], [], 0
    for _ in range(ROUNDS):
        row.refresh_from_db()
        actor = access.actor_for(user=row.chair, at=timezone.now(), door="bench")
        began, busy = time.perf_counter(), time.process_time()
        last = freezing.correct(
            actor=actor, meeting_id=row.pk, seen_version=row.version, reason="Measured", writers=WRITERS, now=timezone.now()
        )
        clock.append(time.perf_counter() - began)
        processor.append(time.process_time() - busy)
    began = time.perf_counter()
    checked = packs.check(pack_id=last, writers=WRITERS)
    again = time.perf_counter() - began
    if not checked.whole:
        raise SystemExit(f"{code} did not come out again: {checked}")
    return {
        "first": clock[0],
        "first_processor": processor[0],
        "later": min(clock[1:]),
        "processor": min(processor[1:]),
        "again": again,
        "figures": checked.counted,
        "bytes": len(Pack.objects.get(pk=last).content.encode()),
        "episodes": Matter.objects.filter(kind="missing").count(),
    }


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1])))
