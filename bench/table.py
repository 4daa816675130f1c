"""The figures as a page in Markdown, with the day, the machine and how each was measured."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from bench.markdown import in_markdown, machine
from bench.measuring import ENTRIES, ROLES, Measured
from bench.place import database


def page(found: list[Measured], *, now: datetime, workers: int, seconds: float, quick: bool, load: float) -> str:
    """The whole page."""
    parts = [
        "# Benchmarks",
        f"Measured by `make bench` on {now.day} {now:%B %Y}: {machine()}. The server, its clients and the database shared that machine. "
        f"Other work on it when the run began: a load of {load:.1f}, which shared the cores with what is measured. "
        f"Server processes: {workers}. The run took {seconds / 60:.0f} minutes{', shortened by `--quick`' if quick else ''}.",
        "## The board page",
        in_markdown(
            ("Database", "Matters", "Open", "Who", "Clients", "Server median", "p95", "Wall median", "p95", "Pages a second", "Queries"),
            [_board(one.database, row) for one in found for row in one.boards],
        ),
        "Milliseconds. Each client asks again as soon as it is answered, so 16 clients keep the server full. Server time runs from the "
        "request reaching the application to its answer beginning, waiting for a thread included; wall time is the client's. The page "
        "shows 50 matters with the counts of all in reach, and every look is written to the audit. Queries include that row.",
        "## A child's page",
        in_markdown(
            ("Database", "Matters", "Timeline entries", "Clients", "Server median", "p95", "Wall median", "p95"),
            [_child(one.database, row) for one in found for row in one.children],
        ),
        "Who the child is, what is open on every desk, what is owed, and the whole timeline, newest first; who looked is written down.",
        "## Intake",
        in_markdown(
            ("Database", "Matters", "Clients", "Reports a second", "Server median", "p95", "Wall median", "p95"),
            [_intake(one.database, row) for one in found for row in one.intakes],
        ),
        "`POST /api/v1/reports`, each of another child, with two answers about risk and a medical alert. Each is kept, looked up among "
        "the children known, joined or put before a person, opened as a matter with its clocks, and audited, in one transaction.",
        "## Push",
        in_markdown(("Database", "Open pages", "Commits", "Median", "p95", "Longest"), [_push(one) for one in found]),
        "Milliseconds from just before a report is committed by another process to the line arriving on each open `/events/` stream.",
        "## What the history is",
        "The people, districts and rota are the demonstration force's. A large history is children and matters only: up to 20,000 through "
        "the same bulk action as any history, the rest copies of the closed ones made inside the database. The board reads nothing else. "
        f"Jobs do not run beside the measurements. {database()}, its other settings its own (fsync on); SQLite runs as Lodestar sets it "
        "(WAL, synchronous NORMAL).",
    ]
    return "\n\n".join(parts) + "\n"


def write(text: str, path: Path) -> None:
    """Keep the page."""
    path.write_text(text, encoding="utf-8")


def _times(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(f"{row[side][name]:.1f}" for side in ("server", "wall") for name in ("median", "p95"))


def _board(database: str, row: dict[str, Any]) -> tuple[str, ...]:
    counts = (f"{row['matters']:,}", f"{row['open']:,}")
    return (database, *counts, ROLES[row["role"]], str(row["clients"]), *_times(row), f"{row['a_second']:.0f}", str(row["queries"]))


def _child(database: str, row: dict[str, Any]) -> tuple[str, ...]:
    return (database, f"{row['matters']:,}", str(ENTRIES), str(row["clients"]), *_times(row))


def _intake(database: str, row: dict[str, Any]) -> tuple[str, ...]:
    return (database, f"{row['matters']:,}", str(row["clients"]), f"{row['a_second']:.0f}", *_times(row))


def _push(one: Measured) -> tuple[str, ...]:
    database, row = one.database, one.push
    if one.failed:
        return (database, f"FAILED: {one.failed}", "", "", "", "")
    return (database, str(row["listeners"]), str(row["commits"]), *(f"{row[name]:.0f}" for name in ("median", "p95", "most")))
