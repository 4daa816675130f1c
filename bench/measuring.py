"""What is measured on one database, in order: the board at each size, then intake and push at the largest."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench.asking import summary
from bench.place import Place, answer

ROLES = {"narrow": "response sergeant, one district", "wide": "hub sergeant and duty inspector, whole force"}
LISTENERS = 20
ENTRIES = 400
Say = Callable[[str], None]


@dataclass(frozen=True)
class Length:
    """How long each part goes on."""

    board: float
    intake: float
    commits: int
    still_open: int = 5_000
    few_open: int = 50


FULL, QUICK = Length(board=10, intake=15, commits=40), Length(board=2, intake=3, commits=6)


@dataclass
class Measured:
    """Every figure of one database."""

    database: str
    boards: list[dict[str, Any]] = field(default_factory=list)
    children: list[dict[str, Any]] = field(default_factory=list)
    intakes: list[dict[str, Any]] = field(default_factory=list)
    push: dict[str, Any] = field(default_factory=dict)
    failed: str = ""


def measure(place: Place, *, sizes: list[int], length: Length, say: Say) -> Measured:
    """Measure one database at each size, growing."""
    found = Measured(place.name)
    for size in sizes:
        few = size < 2 * length.still_open
        standing = place.inside("fill", matters=size, still_open=length.few_open if few else length.still_open)
        say(f"{place.name}: {standing['matters']:,} matters, {standing['open']:,} open ({standing['seconds']} s to fill)")
        queries = place.inside("count")
        cookies = place.inside("sessions")
        with place.served():
            for role in ROLES:
                for clients in (1, 16):
                    asked = place.outside("board", cookie=cookies[role], clients=clients, seconds=length.board)
                    found.boards.append({**standing, **asked, "role": role, "clients": clients, "queries": queries[role]})
                    say(f"{place.name}: the board, {role}, {clients} clients: p95 {asked['server']['p95']:.0f} ms at the server")
    person, cookies = place.inside("child", entries=ENTRIES), place.inside("sessions")
    with place.served():
        for clients in (1, 4):
            asked = place.outside("child", cookie=cookies["wide"], person=person, clients=clients, seconds=length.board)
            found.children.append({**standing, **asked, "clients": clients})
            say(f"{place.name}: a child's page, {clients} clients: p95 {asked['server']['p95']:.0f} ms at the server")
        say(f"{place.name}: intake and push")
        for clients in (1, 4):
            mark = f"{place.name}-{clients}"
            asked = place.outside("intake", key=place.key, clients=clients, seconds=length.intake, mark=mark)
            found.intakes.append({**standing, **asked, "clients": clients})
        try:
            found.push = {**standing, **push(place, commits=length.commits)}
        except SystemExit as failed:  # said in the table, and the run fails: the rest is not thrown away
            found.failed = str(failed)
            say(f"{place.name}: {failed}")
    return found


def push(place: Place, *, commits: int) -> dict[str, Any]:
    """From just before a commit to the line on each open stream; a line that never came fails the benchmark."""
    cookies = place.inside("sessions", listeners=LISTENERS)["listeners"]
    seconds = commits * 1.5 + 20.0
    listening = place.begin("bench.asking", "listen", {"port": place.port, "cookies": cookies, "seconds": seconds})
    try:
        if listening.stdout is None or listening.stdout.readline().strip() != "listening":
            raise SystemExit("The push streams did not open.")
        moments = place.inside("commits", times=commits)
        heard = answer(listening)
    finally:
        if listening.poll() is None:
            listening.kill()
    return {"listeners": len(cookies), "commits": commits, **summary(delays(moments, heard))}


def delays(moments: list[float], heard: list[list[float]]) -> list[float]:
    """Milliseconds from each commit to the first line each stream heard after it."""
    waits = []
    for line in heard:
        for place, moment in enumerate(moments):
            until = moments[place + 1] if place + 1 < len(moments) else moment + 5
            first = next((at for at in line if moment < at < until), None)
            if first is None:
                raise SystemExit("A stream did not hear of a commit before the next one.")
            waits.append((first - moment) * 1000)
    if not waits or statistics.median(waits) <= 0:
        raise SystemExit("Nothing was heard.")
    return waits
