"""``python -m bench.identity.live [--people 100000,1000000] [--write]``: one new report against everybody, on the same PostgreSQL.

Ours, the pattern of the Ministry of Justice (blocks in PostgreSQL, weights by Splink's ``compare_records`` with its SQL kept)
and Splink's own incremental call, one after the other on the same people and the same statements; and the whole way through
the API, with authorisation, transaction, audit and the account that is kept. Goals L1 to L3 of domain/linkage.md section 6.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.place import Place, answer, place
from bench.reports import body

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "benchmarks-identity-live.md"
ASKED, ASKED_OF_SPLINK = 400, 60
HEAD = ("People", "Who", "Asked", "p50, ms", "p95", "p99", "p50 beside ours")
INSIDE = "bench.identity.inside"


def measured(made: Place, people: int) -> list[list[str]]:
    """The rows of one size. The index is filled up to it, so sizes go upwards only on a new database."""
    _say(f"filling up to {people:,}")
    filled = inside(made, "fill", people=people)
    _say(f"{filled['keys']:,} blocks in {filled['seconds']} s; asking")
    ours = inside(made, "ours", people=people, asked=ASKED)
    theirs = inside(made, "same_blocks", people=people, asked=ASKED_OF_SPLINK)
    _say("through the API")
    api = whole_way(made, people)
    _say("Splink's incremental call")
    own = inside(made, "incremental", people=people, asked=ASKED_OF_SPLINK // 3)
    base = statistics.median(ours["alone"])
    rows = [
        ("ours: blocks and scorer", ours["alone"]),
        ("ours: the whole look of intake", ours["whole"]),
        ("the same blocks, Splink's compare_records", theirs["ms"]),
        ("Splink's predict_between", own["ms"]),
        ("ours through the API, on the server", api["server"]),
        ("ours through the API, at the client", api["wall"]),
    ]
    counted = sorted(ours["candidates"])
    _say(f"candidates: median {statistics.median(counted):.0f}, 99th {counted[int(0.99 * (len(counted) - 1))]}, most {counted[-1]}")
    return [[f"{people:,}", name, str(len(found)), *cuts(found), f"{statistics.median(found) / base:.1f}"] for name, found in rows]


def whole_way(made: Place, people: int) -> dict[str, list[float]]:
    """Reports about people on record through the API, one after another: milliseconds on the server and at the client."""
    said = inside(made, "subjects", people=people, asked=ASKED)
    found: dict[str, list[float]] = {"server": [], "wall": []}
    with made.served():
        line = http.client.HTTPConnection("127.0.0.1", made.port, timeout=60)
        for number, subject in enumerate(said):
            begun = time.perf_counter()
            served = _post(line, made.key, f"live-{people}-{number}", subject)
            if number >= ASKED // 10:  # the first open the connection and warm what is read once
                found["server"].append(served)
                found["wall"].append((time.perf_counter() - begun) * 1000)
    return found


def _post(line: http.client.HTTPConnection, key: str, number: str, subject: dict[str, Any]) -> float:
    report = body(number, now=datetime.now(UTC))  # noqa: TID251 - a client's own clock
    report["subject"] = {**report["subject"], **subject}
    line.request("POST", "/api/v1/reports", json.dumps(report), {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
    said = line.getresponse()
    text = said.read()
    if said.status != 201:
        raise SystemExit(f"A new report was answered {said.status}: {text[:300]!r}")
    return float(said.headers["x-bench-ms"])


def inside(made: Place, what: str, **given: Any) -> Any:
    """One part, in a process with Django on this database."""
    return answer(made.begin(INSIDE, what, given))


def cuts(found: Sequence[float]) -> tuple[str, str, str]:
    """Median, 95th and 99th in milliseconds."""
    ranked = sorted(found)
    return f"{statistics.median(ranked):.1f}", *(f"{ranked[int(part * (len(ranked) - 1))]:.1f}" for part in (0.95, 0.99))  # type: ignore[return-value]


def page(rows: Sequence[Sequence[str]], load: float) -> str:
    """What was measured, on what, and when."""
    now = datetime.now(UTC)  # noqa: TID251 - the day of the measurement
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, PostgreSQL from a wheel"
    table = "\n".join("| " + " | ".join(row) + " |" for row in (HEAD, ["---"] * len(HEAD), *rows))
    return "\n\n".join(
        (
            "# Benchmarks of live linkage",
            f"Measured by `python -m bench.identity.live` on {now:%-d %B %Y}: {machine};"
            f" a load of {load:.1f} when it began and {os.getloadavg()[0]:.1f} when it ended.",
            "A new statement with slips and gaps of somebody on record, against everybody. All in one run, on the same people, the same"
            " statements and the same PostgreSQL; Splink has a table of DuckDB's own, terms supplied and its SQL kept. Through the API"
            " there are authorisation, transaction, audit, the matter opened, its clocks and the account of the linkage that is kept.",
            table,
            "Goals of domain/linkage.md: L1, blocks and scorer at least 50 times faster than the same blocks with Splink's compare_records;"
            " L2, the whole way no slower than that and ten times faster than Splink's own call; L3, no more than 2.5 times slower at ten"
            " times the people. Each is read off the table.\n",
        )
    )


def _say(what: str) -> None:
    print(f"  {what}", file=sys.stderr, flush=True)


def main() -> int:
    """Measure each size on a database of its own, and print the page."""
    words = argparse.ArgumentParser(prog="python -m bench.identity.live", description="Measure live linkage on this machine.")
    words.add_argument("--people", default="100000,1000000")
    words.add_argument("--write", action="store_true", help=f"write {PAGE.name} too")
    asked, load, rows = words.parse_args(), os.getloadavg()[0], []
    for people in sorted(int(size) for size in asked.people.split(",")):
        with place("PostgreSQL", workers=1) as made:
            rows.extend(measured(made, people))
    text = page(rows, load)
    print(text)
    if asked.write:
        PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
