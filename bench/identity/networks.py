"""``python -m bench.identity.networks [--people 100000,1000000] [--write]``: two steps around anybody, and who is on the phone.

Ours as a page asks for it, cut to the reader's reach and put on record, and the whole page over HTTP; beside it the same two
steps in networkx over the same links, read into memory from the same PostgreSQL. Goal L14 of domain/linkage.md section 6.
"""

from __future__ import annotations

import argparse
import http.client
import os
import statistics
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.markdown import cuts, in_markdown, measured_on
from bench.place import Place, answer, place

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "benchmarks-identity-networks.md"
ASKED = 300
HEAD = ("People", "What", "Asked", "p50, ms", "p95", "p99", "Processor, ms", "p50 beside ours")
INSIDE = "bench.identity.networks_inside"


def measured(made: Place, people: int) -> tuple[list[list[str]], str]:
    """The rows of one size, and what networkx took to be ready."""
    _say(f"filling up to {people:,}")
    filled = inside(made, "fill", people=people)
    _say(f"filled in {filled['seconds']} s; asking")
    found = {f"ours: {title}": times for title, times in inside(made, "ours", people=people, asked=ASKED).items()}
    _say("the page")
    found["ours: the whole page, on the server"] = {"ms": pages(made, filled["cookie"], people)}
    _say("networkx")
    theirs = inside(made, "beside", people=people, asked=ASKED)
    found["networkx in memory: numbers alone"] = theirs["alone"]
    found["networkx in memory, and what it found read with names and reach"] = theirs["of_use"]
    base = statistics.median(next(iter(found.values()))["ms"])
    found |= {f"look-up: {title}": times for title, times in inside(made, "looked_up", people=people, asked=ASKED).items()}
    rows = [_row(people, name, one, base) for name, one in found.items()]
    ready = f"{people:,} people: {theirs['nodes']:,} nodes read in {theirs['read_seconds']:.1f} s, {theirs['megabytes']:,.0f} MB"
    return rows, f"{ready}, so {theirs['read_seconds'] * 1000 / base:,.0f} times ours where it is not kept in memory"


def _row(people: int, name: str, one: Mapping[str, Any], base: float) -> list[str]:
    beside = "" if name.startswith("look-up") else f"{statistics.median(one['ms']) / base:.2f}"
    spent = f"{one['spent']:.1f}" if "spent" in one else ""
    return [f"{people:,}", name, str(len(one["ms"])), *cuts(one["ms"], places=2), spent, beside]


def pages(made: Place, cookie: str, people: int) -> list[float]:
    """The page of each of these people's networks, one after another: milliseconds on the server."""
    found = []
    with made.served():
        line = http.client.HTTPConnection("127.0.0.1", made.port, timeout=60)
        for place_in_row in range(ASKED // 2):
            person = 1 + place_in_row * 7919 % people
            line.request("GET", f"/people/{person}/network/", headers={"Cookie": cookie})
            said = line.getresponse()
            text = said.read()
            if said.status != 200 or b"Linked within two steps" not in text:
                raise SystemExit(f"The page of a network was answered {said.status}.")
            if place_in_row >= ASKED // 15:  # the first open the connection and warm what is read once
                found.append(float(said.headers["x-bench-ms"]))
    return found


def inside(made: Place, what: str, **given: Any) -> Any:
    """One part, in a process with Django on this database."""
    return answer(made.begin(INSIDE, what, given))


def page(rows: Sequence[Sequence[str]], ready: Sequence[str], load: float) -> str:
    """What was measured, on what, and when."""
    return "\n\n".join(
        (
            "# Benchmarks of networks",
            measured_on("python -m bench.identity.networks", load, beside=f", PostgreSQL from a wheel, networkx {version('networkx')}"),
            "Two steps around somebody, over three engagements for every five people and an object for every twenty. A few people are met"
            " very often. All in one run, on the same people and the same PostgreSQL. Ours is what the page asks for: every record with its"
            " date, source and grading, and who is named in it, within the reader's reach. networkx has the whole graph in its memory, as"
            " of the moment that it was read; alone it finds numbers, without a record, a name or anybody's reach.",
            in_markdown(HEAD, rows),
            "Processor is what one question in the middle takes of this process and of PostgreSQL's together: what it would take on a"
            " machine that does nothing else. Before networkx can answer it reads the graph: " + "; ".join(ready) + ".",
            "Goal L14 of domain/linkage.md: two steps at 1,000,000 people within 5 ms, and ten times faster than networkx; each element"
            " leads to its record. Each is read off the table: beside networkx that must read its graph first, and beside networkx whose"
            " graph is in memory already, which only finds numbers.\n",
        )
    )


def _say(what: str) -> None:
    print(f"  {what}", file=sys.stderr, flush=True)


def main() -> int:
    """Measure each size on a database of its own, and print the page."""
    words = argparse.ArgumentParser(prog="python -m bench.identity.networks", description="Measure networks on this machine.")
    words.add_argument("--people", default="100000,1000000")
    words.add_argument("--write", action="store_true", help=f"write {PAGE.name} too")
    asked, load, rows, ready = words.parse_args(), os.getloadavg()[0], [], []
    for people in sorted(int(size) for size in asked.people.split(",")):
        with place("PostgreSQL", workers=1, force=False) as made:
            found, took = measured(made, people)
            rows.extend(found)
            ready.append(took)
    text = page(rows, ready, load)
    print(text)
    if asked.write:
        PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
