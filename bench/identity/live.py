"""``python -m bench.identity.live [--people 100000,1000000] [--splink4 PYTHON] [--write]``: one new report against everybody.

On the same PostgreSQL: ours, the pattern of the Ministry of Justice (candidates by blocking rules in PostgreSQL, weights by
Splink's ``compare_records`` with its SQL kept; with its own published rules and with our blocks) and Splink's own incremental
call, one after the other on the same people and the same statements; and the whole way through the API, with authorisation,
transaction, audit and the account that is kept. Goals L1 to L3 of domain/linkage.md section 6, each worked out from the rows.

Splink 4 stands in no Python with Splink 5, so ``make setup-bench`` makes it one of its own (requirements/splink4.lock); ``--splink4``
names another.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.identity import sizes
from bench.identity.aims import HEAD as GOAL_HEAD
from bench.identity.aims import row as goal
from bench.markdown import CUTS, in_markdown, measured_on, within
from bench.place import Place, answer, database, place
from bench.reports import body, stop_search

SPLINK4_PYTHON = Path(__file__).parents[2] / ".venv" / "peers" / "splink4" / "bin" / "python"
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "benchmarks-identity-live.md"
ASKED, ASKED_OF_ITS_CALL = 400, 20  # Splink's own call takes half a second; everybody else is asked about the same statements
HEAD = ("People", "Who", "Asked", "p50, ms", "p95", "p99", "p50 beside ours")
INSIDE = "bench.identity.inside"
HALF = CUTS[0]
OURS, LOOK = "ours: blocks and scorer", "ours: the whole look of intake"
OWN_RULES = "the Ministry's pattern: its own rules, Splink 5's compare_records"
OUR_BLOCKS = "the Ministry's pattern on our blocks, Splink 5's compare_records"
SPLINK4 = "Splink 4's compare_records alone, on our blocks"
SPLINK4_LOOKED = "the Ministry's pattern on our blocks, Splink 4's compare_records"
INCREMENTAL = "Splink 5's own incremental call, predict_between"
SERVER, CLIENT = "ours: a report through the API, on the server", "ours: a report through the API, at the client"
SEARCH_SERVER, SEARCH_CLIENT = "ours: a stop and search through the API, on the server", "ours: the same, at the client"
PATTERN = (OWN_RULES, OUR_BLOCKS, SPLINK4_LOOKED)  # candidates looked up in PostgreSQL, and compared
BARE = (*PATTERN, SPLINK4)


Measured = dict[str, list[float]]  # milliseconds of each question, by who was asked


def measured(made: Place, people: int, splink4: str) -> Measured:
    """What one size showed, on a database of its own."""
    _say(f"filling up to {people:,}")
    filled = inside(made, "fill", people=people)
    _say(f"{filled['keys']:,} blocks in {filled['seconds']} s; asking")
    ours = inside(made, "ours", people=people, asked=ASKED)
    _say(f"candidates of ours: {_sizes(ours['candidates'])}")
    found = {OURS: ours["alone"], LOOK: ours["whole"]}
    own = inside(made, "own_blocks", people=people, asked=ASKED)
    _say(f"candidates of the Ministry's rules: {_sizes(own['candidates'])}")
    found[OWN_RULES] = own["ms"]
    found[OUR_BLOCKS] = inside(made, "same_blocks", people=people, asked=ASKED)["ms"]
    if splink4:
        found |= _splink4(made, people, splink4)
    _say("Splink's incremental call")
    found[INCREMENTAL] = inside(made, "incremental", people=people, asked=ASKED_OF_ITS_CALL)["ms"]
    _say("through the API")
    found |= whole_way(made, people)
    return found


def _splink4(made: Place, people: int, python: str) -> Measured:
    """Splink 4 in a Python of its own, on the candidates that our blocks found: the comparing alone, and with each one's look-up."""
    with tempfile.TemporaryDirectory(prefix="lodestar-splink4-") as folder:
        path = str(Path(folder, "asked.json"))
        looked = inside(made, "handed_over", people=people, asked=ASKED, path=path)["ms"]
        words = [python, str(Path(__file__).with_name("splink4.py")), path]
        said = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout
    told = json.loads(said.strip().splitlines()[-1])
    _say(f"Splink {told['version']}")
    return {SPLINK4_LOOKED: [sum(both) for both in zip(looked, told["ms"], strict=True)], SPLINK4: list(told["ms"])}


def _sizes(found: Sequence[int]) -> str:
    ranked = sorted(found)
    return f"median {within(ranked, HALF):.0f}, 99th {within(ranked, 0.99)}, most {ranked[-1]}"


def whole_way(made: Place, people: int) -> Measured:
    """Reports about people on record through the API, and then stop and searches of others, one after another: milliseconds on the
    server and at the client."""
    said = inside(made, "subjects", people=people, asked=2 * ASKED)
    with made.served():
        line = http.client.HTTPConnection("127.0.0.1", made.port, timeout=300)
        reports = [_post(line, made.key, "reports", _report(f"live-{people}-{number}", one)) for number, one in enumerate(said[::2])]
        searches = [
            _post(line, made.key, "engagements", stop_search(f"live-{people}-{number}", one, now=_now()))
            for number, one in enumerate(said[1::2])
        ]
    sides = ((SERVER, reports, 0), (CLIENT, reports, 1), (SEARCH_SERVER, searches, 0), (SEARCH_CLIENT, searches, 1))
    # The first open the connection and warm what is read once.
    return {who: [times[side] for times in answered[ASKED // 10 :]] for who, answered, side in sides}


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a client's own clock


def _report(number: str, subject: dict[str, Any]) -> dict[str, Any]:
    report = body(number, now=_now())
    return {**report, "subject": {**report["subject"], **subject}}


def _post(line: http.client.HTTPConnection, key: str, door: str, told: dict[str, Any]) -> tuple[float, float]:
    """Milliseconds on the server and at the client."""
    begun = time.perf_counter()
    line.request("POST", f"/api/v1/{door}", json.dumps(told), {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
    said = line.getresponse()
    text = said.read()
    if said.status != 201:
        raise SystemExit(f"What was new was answered {said.status}: {text[:300]!r}")
    return float(said.headers["x-bench-ms"]), (time.perf_counter() - begun) * 1000


def inside(made: Place, what: str, **given: Any) -> Any:
    """One part, in a process with Django on this database."""
    return answer(made.begin(INSIDE, what, given))


def rows_of(people: int, found: Measured) -> list[list[str]]:
    """The table's rows of one size."""
    base = within(found[OURS], HALF)
    return [
        [f"{people:,}", who, str(len(ms)), *(_ms(within(ms, part)) for part in CUTS), f"{within(ms, HALF) / base:.1f}"]
        for who, ms in found.items()
    ]


def goals(by_size: Mapping[int, Measured]) -> list[list[str]]:
    """L1 to L3 from what was measured at the largest size, against the better of all that follow the Ministry's pattern."""
    largest = by_size[max(by_size)]
    pattern, best = _least(largest, PATTERN), _least(largest, BARE)
    ours, own = largest[OURS], within(largest[INCREMENTAL], HALF)
    times = {part: pattern[part] / within(ours, part) for part in CUTS}
    found = [
        goal("L1 blocks and scorer beside the Ministry's pattern, p50", "50 times faster", f"{times[HALF]:.1f} times", times[HALF] >= 50),
        goal("L1 the same, p95", "20 times faster", f"{times[0.95]:.1f} times", times[0.95] >= 20),
    ]
    if SPLINK4 in largest:
        found.extend(_beside_comparing(largest))
    for what, api in (("a report", largest[SERVER]), ("a stop and search", largest[SEARCH_SERVER])):
        for part, name in ((HALF, "p50"), (0.99, "p99")):
            here = within(api, part)
            said = f"{_ms(here)} ms beside {_ms(best[part])} ms"
            found.append(goal(f"L2 {what} through the API beside their bare scoring, {name}", "no slower", said, here <= best[part]))
        faster = own / within(api, HALF)
        found.append(
            goal(f"L2 {what} through the API beside Splink's own call, p50", "10 times faster", f"{faster:.1f} times", faster >= 10)
        )
    if len(by_size) > 1:
        least = by_size[min(by_size)][OURS]
        for part, name, most in ((HALF, "p50", 2.5), (0.99, "p99", 8.0)):
            grown = within(ours, part) / within(least, part)
            wanted = f"{most:g} times at most"
            found.append(goal(f"L3 from {min(by_size):,} people to {max(by_size):,}, {name}", wanted, f"{grown:.1f} times", grown <= most))
    return found


def _least(found: Measured, who: Sequence[str]) -> dict[float, float]:
    """The fastest of these, point by point."""
    return {part: min(within(found[one], part) for one in who if one in found) for part in CUTS}


def _beside_comparing(found: Measured) -> Iterator[list[str]]:
    """What no goal asks, since nobody can compare whom they have not looked up: ours, look-up and all, beside a comparing without one."""
    for part, name in ((HALF, "p50"), (0.95, "p95")):
        here = f"{within(found[SPLINK4], part) / within(found[OURS], part):.1f} times"
        yield [f"L1 beside Splink 4's comparing alone, without a look-up, {name}", "no goal", "not measured", here, "-"]


def page(by_size: Mapping[int, Measured], load: float) -> str:
    """What was measured, on what, and when."""
    fours = any(SPLINK4 in found for found in by_size.values())
    return "\n\n".join(
        (
            "# Benchmarks of live linkage",
            measured_on("python -m bench.identity.live", load, beside=f", {database()}"),
            "A new statement with slips and gaps of somebody on record, against everybody. All in one run, on the same people, the same"
            " statements and the same PostgreSQL; Splink has terms supplied and its SQL kept, and for its own call a table of DuckDB's own."
            " The Ministry's rules are those it publishes (hmpps-person-match), each with its index; those that ask for PNC and CRO"
            " numbers, dates of sentence or a second given name find nothing here and are left out. A statement that meets"
            " nobody in a block is counted on no side. On every side what stays in a process is left out of Python's look for what nobody"
            " needs any more, and it looks seldom, as the server does that answers (`lodestar/config/leftovers.py`)."
            " Through the API there are authorisation, transaction,"
            " audit and the account of the linkage that is kept; for a report of a missing child the matter opened and its clocks"
            " too, for a stop and search its row read by its source's mapping, a place and a vehicle, and what it is news on. Each is of"
            " somebody else.",
            "Splink 4 stands in a Python of its own, where its comparing is timed alone, its tables made before. Its row of the Ministry's"
            " pattern is that and the look-up of the same statement in the same PostgreSQL, timed in this Python, statement by statement."
            if fours
            else "Splink 4 was not measured in this run: it stands in no Python with Splink 5 (`make setup-bench` makes it one).",
            in_markdown(HEAD, [row for people, found in by_size.items() for row in rows_of(people, found)]),
            "Everybody on record is another system's here, found by what is held of them; a child who is stated by reports costs one"
            " look-up more.",
            f"Goals of domain/linkage.md, section 6, worked out from these rows at {max(by_size):,} people. The Ministry's pattern"
            " is whichever of its rows is faster at that point; for L2, whose goal is their bare scoring, Splink 4's comparing alone"
            " is one of them.",
            in_markdown(GOAL_HEAD, goals(by_size)) + "\n",
        )
    )


def _ms(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _say(what: str) -> None:
    print(f"  {what}", file=sys.stderr, flush=True)


def main() -> int:
    """Measure each size on a database of its own, and print the page."""
    known = sizes.words("live", "live linkage", PAGE)
    there = str(SPLINK4_PYTHON) if SPLINK4_PYTHON.exists() else ""
    known.add_argument("--splink4", default=there, help="a Python with Splink 4 and pyarrow")
    asked, load = known.parse_args(), os.getloadavg()[0]
    by_size: dict[int, Measured] = {}
    for people in sizes.sizes(asked):
        with place("PostgreSQL", workers=1) as made:
            by_size[people] = measured(made, people, asked.splink4)
    sizes.tell(page(by_size, load), PAGE, asked)
    return 0


if __name__ == "__main__":
    sys.exit(main())
