"""``python -m bench``: fill, serve, drive, and print one table."""

from __future__ import annotations

import argparse
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from bench.driving import Times, asking_board, closed_loop, push, sending_reports
from scripts.postgres import postgres

ROOT = Path(__file__).resolve().parents[1]
ROLES = {"sergeant0": "one district", "wide": "whole force, three roles"}


def note(words: str) -> None:
    """Progress, beside the table."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def free_port() -> int:
    """A port nobody has."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(environment: dict[str, str], workers: int) -> Iterator[int]:
    """A real server, ready to answer."""
    port = free_port()
    words = [sys.executable, "-m", "uvicorn", "lodestar.config.asgi:application", "--port", str(port), "--log-level", "error"]
    running = subprocess.Popen([*words, "--workers", str(workers)], env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2).read()
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise SystemExit("the server did not start")
        yield port
    finally:
        running.terminate()
        running.wait(20)


def measured(database: str, size: int, options: argparse.Namespace) -> Iterator[list[str]]:
    """Every row of the table for one database and one size."""
    with tempfile.TemporaryDirectory() as var, postgres(durable=True) if database == "PostgreSQL" else nullcontext("") as address:
        environment = {**os.environ, "LODESTAR_VAR": var, "LODESTAR_ENV": "demo", "LODESTAR_DATABASE_URL": address}
        note(f"{database}: filling {size:,} matters")
        begun = time.perf_counter()
        out = subprocess.run([sys.executable, "-m", "bench.filling", str(size)], env=environment, cwd=ROOT, check=True, capture_output=True)
        filled = json.loads(out.stdout.splitlines()[-1])
        note(f"{database}: filled in {time.perf_counter() - begun:.0f} s")
        with served(environment, options.workers) as port:
            yield from _rows(database, size, filled, port, options)


def _rows(database: str, size: int, filled: dict[str, Any], port: int, options: argparse.Namespace) -> Iterator[list[str]]:
    for name, words in ROLES.items():
        ask = asking_board(filled["sessions"][name])
        closed_loop(clients=2, seconds=2, ask=ask, port=port)  # warm
        for clients in (1, 16):
            note(f"{database}, {size:,}: the board, {words}, {clients} clients")
            times = closed_loop(clients=clients, seconds=options.seconds, ask=ask, port=port)
            yield _row(f"Board, {words}", database, size=size, clients=clients, times=times, queries=str(filled["queries"][name]))
    for clients in (1, 4):
        note(f"{database}, {size:,}: intake, {clients} clients")
        ask = sending_reports(filled["key"], f"in{clients}")
        times = closed_loop(clients=clients, seconds=options.seconds, ask=ask, port=port)
        yield _row("Intake through the API, audit on", database, size=size, clients=clients, times=times)
    note(f"{database}, {size:,}: push to 20 pages")
    times = push(session=filled["sessions"]["wide"], key=filled["key"], port=port, listeners=20, reports=10)
    yield _row("Push, from the report's answer to a page hearing of it", database, size=size, clients=20, times=times)


def _row(what: str, database: str, *, size: int, clients: int, times: Times, queries: str = "") -> list[str]:
    rate = "" if what.startswith("Push") else f"{times.a_second:.0f}"
    return [what, database, f"{size:,}", str(clients), f"{times.median:.0f}", f"{times.p95:.0f}", f"{times.most:.0f}", rate, queries]


HEAD = ["What", "Database", "Matters", "Clients", "Median ms", "p95 ms", "Most ms", "A second", "Queries"]


def table(rows: list[list[str]]) -> str:
    """The rows as Markdown."""
    lines = [HEAD, ["---"] * len(HEAD), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> None:
    """Measure and print; with --write, put the table in the docs."""
    asked = argparse.ArgumentParser(prog="bench", description="Measure Lodestar on this machine and print one table.")
    asked.add_argument("--sizes", default="1000,100000,1000000", help="matters in history, with commas between")
    asked.add_argument("--databases", default="SQLite,PostgreSQL")
    asked.add_argument("--seconds", type=float, default=8, help="how long each closed loop runs")
    asked.add_argument("--workers", type=int, default=2, help="server processes")
    asked.add_argument("--quick", action="store_true", help="1,000 matters on SQLite, two seconds each")
    asked.add_argument("--write", action="store_true", help="write docs/reference/benchmarks.md")
    options = asked.parse_args()
    if options.quick:
        options.sizes, options.databases, options.seconds = "1000", "SQLite", 2
    rows = []
    for size in (int(text) for text in options.sizes.split(",")):
        for database in options.databases.split(","):
            rows += list(measured(database, size, options))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"
    words = (
        f"Measured on {time.strftime('%-d %B %Y', time.gmtime())} on {machine}, {options.workers} server "
        "processes, clients on the same machine in a closed loop (each asks again as soon as it is answered), times in milliseconds as the client sees them. Up to 5,000 matters "
        "are open. Every board shown and every report leaves its audit row. PostgreSQL keeps its promises (fsync on)."
    )
    text = f"# Measured\n\nBy `make bench`. Machines differ and are noisy: read the ratios.\n\n{words}\n\n{table(rows)}\n"
    sys.stdout.write(text)
    if options.write:
        (ROOT / "docs" / "reference" / "benchmarks.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
