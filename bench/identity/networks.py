"""``python -m bench.identity.networks [--people 100000,1000000] [--write]``: two steps around anybody, and who is on the phone.

Ours as a page asks for it, cut to the reader's reach and put on record, and the whole page over HTTP; beside it the same two
steps in networkx over the same links, read into memory from the same PostgreSQL. Goal L14 of domain/linkage.md section 6.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bench.identity import sizes
from bench.identity.aims import HEAD as GOAL_HEAD
from bench.identity.aims import row as goal
from bench.markdown import CUTS, in_markdown, installed, measured_on, within
from bench.place import Place, answer, database, place

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "benchmarks-identity-networks.md"
ASKED, WARM, SEED, RUNS = 300, 20, 7, 5
HEAD = ("People", "What", "Asked", "p50, ms", "p95", "p99", "Processor, ms", "p50 beside ours")
INSIDE, FURTHER = "bench.identity.networks_inside", "?further=1"
QUESTION, OFTEN, OBJECT = "ours: two steps, anybody", "ours: two steps, of the thousandth met most", "ours: two steps, an object"
WHOLE, WHOLE_OFTEN = "ours: the whole page over HTTP, anybody", "ours: the whole page over HTTP, of the thousandth met most"
WHOLE_FURTHER = "ours: the same page of those met most, read further back"
SERVER, FIRST = "ours: the same page, on the server", "ours: the first page of a server just started, of whoever is met most"
OF_USE, ALONE = "networkx in memory, and what it found read with names and reach", "networkx in memory: numbers alone"
# What stands in the picture and the list, and the same where it leads to its record.
ELEMENTS = (
    (rb"<line ", rb'<a href="/(?:matters|engagements)/\d+/"[^>]*><line '),
    (rb'<g class="lodestar-network__node', rb'<a href="/(?:people|things)/\d+/[^"]*"><g class="lodestar-network__node'),
    (rb'data-label="Record">', rb'data-label="Record"><a class="govuk-link" href="/(?:matters|engagements)/\d+/"'),
)
RECORD = re.compile(rb'data-label="Record"><a class="govuk-link" href="([^"]+)"')

Timed = dict[str, Any]  # of one run: milliseconds of each question, and what processors spent on one


@dataclass
class Times:
    """One row of the table: the same questions asked in each run."""

    runs: list[Timed] = field(default_factory=list)

    def at(self, part: float = 0.5) -> float:
        """Milliseconds within which this part of them was answered, in the run in the middle."""
        return statistics.median(within(one["ms"], part) for one in self.runs)

    @property
    def spent(self) -> float | None:
        """What processors spent on one, in the run in the middle."""
        found = [one["spent"] for one in self.runs if "spent" in one]
        return statistics.median(found) if found else None


@dataclass
class Size:
    """What one size of a force showed."""

    people: int
    found: dict[str, Times] = field(default_factory=dict)
    nodes: int = 0  # what networkx holds
    megabytes: float = 0.0
    read: list[float] = field(default_factory=list)  # seconds, of each run
    elements: int = 0
    lead_on: int = 0  # of the elements, those that lead to their record
    opened: int = 0  # records that were opened from the page

    def add(self, what: str, timed: Timed) -> None:
        """One more run of one row."""
        self.found.setdefault(what, Times()).runs.append(timed)

    def at(self, what: str, part: float = 0.5) -> float:
        """Milliseconds within which this part of them was answered."""
        return self.found[what].at(part)

    @property
    def read_seconds(self) -> float:
        """What networkx takes to read its graph, in the run in the middle."""
        return statistics.median(self.read)

    @property
    def ready(self) -> str:
        """What networkx took to be so."""
        said = f"{self.people:,} people: {self.nodes:,} nodes read in {self.read_seconds:.1f} s, {self.megabytes:,.0f} MB"
        return f"{said}, so {self.read_seconds * 1000 / self.at(QUESTION):,.0f} times ours where it is not kept in memory"

    def rows(self) -> list[list[str]]:
        """Its rows of the table."""
        return [_row(self.people, name, one, self.at(QUESTION)) for name, one in self.found.items()]


def drawn(people: int, asked: int) -> list[int]:
    """Whom to ask about: the same in every part, the first few to warm up."""
    dice = random.Random(SEED)
    return [dice.randint(1, people) for _ in range(asked + WARM)]


def often(people: int, asked: int) -> list[int]:
    """The same many of the thousandth who are met most: the lowest numbers are in most engagements."""
    return [1 + number % max(2, people // 1000) for number in drawn(people, asked)]


def measured(made: Place, people: int) -> Size:
    """One size, on a database of its own: in each run the pages, ours and networkx, one after the other."""
    size = Size(people)
    _say(f"filling up to {people:,}")
    filled = inside(made, "fill", people=people)
    _say(f"filled in {filled['seconds']} s")
    for run in range(RUNS):
        _say(f"run {run + 1} of {RUNS}")
        _once(made, filled["cookie"], size)
    return size


def _once(made: Place, cookie: str, size: Size) -> None:
    for title, timed in inside(made, "ours", people=size.people, asked=ASKED).items():
        size.add(f"ours: {title}", timed)
    pages(made, cookie, size)
    theirs = inside(made, "beside", people=size.people, asked=ASKED)
    size.add(OF_USE, theirs["of_use"])
    size.add(ALONE, theirs["alone"])
    size.read.append(theirs["read_seconds"])
    size.nodes, size.megabytes = theirs["nodes"], theirs["megabytes"]
    for title, timed in inside(made, "looked_up", people=size.people, asked=ASKED).items():
        size.add(f"look-up: {title}", timed)


def _row(people: int, name: str, one: Times, base: float) -> list[str]:
    beside = "" if name.startswith("look-up") else f"{one.at() / base:.2f}"
    spent = f"{one.spent:.1f}" if one.spent is not None else ""
    return [f"{people:,}", name, str(len(one.runs[0]["ms"])), *(f"{one.at(part):.2f}" for part in CUTS), spent, beside]


def pages(made: Place, cookie: str, size: Size) -> None:
    """Pages of networks, one after another: milliseconds at the client and on the server, and what processors spent on one."""
    with made.served() as server, psycopg.connect(made.environment["LODESTAR_DATABASE_URL"], autocommit=True) as watch:
        line = http.client.HTTPConnection("127.0.0.1", made.port, timeout=300)
        size.add(FIRST, {"ms": [_page(line, 1, cookie)[0]]})
        met_most = often(size.people, ASKED // 3)
        for title, whom, back in ((WHOLE, drawn(size.people, ASKED), ""), (WHOLE_OFTEN, met_most, ""), (WHOLE_FURTHER, met_most, FURTHER)):
            for person in whom[:WARM]:
                _page(line, person, cookie, back)
            before = _spent(server, watch)
            shown = [_page(line, person, cookie, back) for person in whom[WARM:]]
            spent = (_spent(server, watch) - before) / len(shown) * 1000
            size.add(title, {"ms": [took for took, _, _ in shown], "spent": spent})
            if title == WHOLE:
                size.add(SERVER, {"ms": [served for _, served, _ in shown]})
            if len(size.found[title].runs) == 1:
                _count(size, line, cookie, [text for _, _, text in shown])


def _page(line: http.client.HTTPConnection, person: int, cookie: str, back: str = "") -> tuple[float, float, bytes]:
    begun = time.perf_counter()
    text, served = _get(line, f"/people/{person}/network/{back}", cookie)
    took = (time.perf_counter() - begun) * 1000
    if b"Linked within two steps" not in text:
        raise SystemExit(f"The page of the network of person {person} is another.")
    return took, served, text


def _count(size: Size, line: http.client.HTTPConnection, cookie: str, texts: Sequence[bytes]) -> None:
    """How much stands on these pages, how much of it leads to its record, and the first record of some of them opened."""
    for text in texts:
        size.elements += sum(len(re.findall(there, text)) for there, _ in ELEMENTS)
        size.lead_on += sum(len(re.findall(linked, text)) for _, linked in ELEMENTS)
    for path in {found[1].decode() for text in texts[:WARM] if (found := RECORD.search(text))}:
        _get(line, path, cookie)  # anything but the record ends the run
        size.opened += 1


def _get(line: http.client.HTTPConnection, path: str, cookie: str) -> tuple[bytes, float]:
    line.request("GET", path, headers={"Cookie": cookie})
    said = line.getresponse()
    text = said.read()
    if said.status != 200:
        raise SystemExit(f"{path} was answered {said.status}.")
    return text, float(said.headers["x-bench-ms"])


def _spent(server: int, watch: psycopg.Connection) -> float:
    """Processor seconds of the server's threads and of every process that PostgreSQL answers it with."""
    threads = Path(f"/proc/{server}/task").glob("*/schedstat")
    backends = [
        Path(f"/proc/{pid}/schedstat") for (pid,) in watch.execute("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'")
    ]
    return sum(int(told.read_text().split()[0]) for told in (*threads, *backends)) / 1e9


def inside(made: Place, what: str, **given: Any) -> Any:
    """One part, in a process with Django on this database."""
    return answer(made.begin(INSIDE, what, given))


def goals(size: Size) -> list[list[str]]:
    """L14, part by part, at one size."""
    found = [
        goal(f"L14 {said}, {name}", "5 ms at most", f"{size.at(what, part):.1f} ms", size.at(what, part) <= 5)
        for what, said in ((QUESTION, "two steps as they are asked for"), (WHOLE, "the whole page over HTTP"))
        for part, name in ((0.5, "p50"), (0.95, "p95"))
    ]
    ours, read = size.at(QUESTION), size.read_seconds * 1000
    for name, theirs in (
        ("networkx that reads its graph first", read + size.at(OF_USE)),
        ("networkx in memory, with names and reach", size.at(OF_USE)),
        ("networkx in memory, numbers alone", size.at(ALONE)),
    ):
        found.append(goal(f"L14 beside {name}, p50", "10 times faster", f"{theirs / ours:,.2f} times", theirs >= 10 * ours))
    said = f"{size.lead_on:,} of {size.elements:,} do; {size.opened} records opened from them"
    found.append(goal("L14 each line, node and row of the pages leads to its record", "all", said, size.lead_on == size.elements > 0))
    return found


def page(shown: Sequence[Size], load: float) -> str:
    """What was measured, on what, and when."""
    largest = shown[-1]
    return "\n\n".join(
        (
            "# Benchmarks of networks",
            measured_on("python -m bench.identity.networks", load, beside=f", {database()}, {installed('networkx')}"),
            "Two steps around somebody, over three engagements for every five people and an object for every twenty. A few people are met"
            f" very often. Ours, the pages and networkx one after the other, {RUNS} times, on the same people and the same PostgreSQL: each"
            " figure is that of the run in the middle. Ours is what the page asks for: every record with its date, source and grading, and"
            " who is named in it, within the reader's reach: the newest 30 events of each step, as a page"
            " begins, and 150 where its reader asks to read further back. The whole page is asked for over HTTP: who asks,"
            " what they may see, two rows of the audit that are safe on disk, the picture and the list. networkx has the whole graph in its"
            " memory, as of the moment that it was read; alone it finds numbers, without a record, a name or anybody's reach. What it"
            " found, as many events as ours at most, is read by the same question that ours asks, planned once a connection as ours is.",
            in_markdown(HEAD, [row for size in shown for row in size.rows()]),
            "Processor is what one question takes of the process that asks and of PostgreSQL's together, the one in the middle, and"
            " of pages their mean: what it would take on a machine that does nothing else. Before networkx can answer it reads the graph: "
            + "; ".join(size.ready for size in shown)
            + ".",
            f"Goal L14 of domain/linkage.md, section 6, at {largest.people:,} people"
            + ("." if largest.people >= 1_000_000 else ", which is fewer than the million that it is set for: that was not measured here."),
            in_markdown(GOAL_HEAD, goals(largest)) + "\n",
        )
    )


def _say(what: str) -> None:
    print(f"  {what}", file=sys.stderr, flush=True)


def main() -> int:
    """Measure each size on a database of its own, and print the page."""
    asked, load, shown = sizes.words("networks", "networks", PAGE).parse_args(), os.getloadavg()[0], []
    for people in sizes.sizes(asked):
        with place("PostgreSQL", workers=1, force=False) as made:
            shown.append(measured(made, people))
    sizes.tell(page(shown, load), PAGE, asked)
    return 0


if __name__ == "__main__":
    sys.exit(main())
