"""``python -m bench.identity.batch [--records 100000,1000000] [--write]``: many records at once, beside bare Splink 5.

Goal L11 of domain/linkage.md section 6: 1.1 times the processor of bare Splink and 1.25 times its memory, with everything kept.
Ours is ``lodestar identity link FILE --json``: the file read and every row made ready, a model trained, pairs weighed, vetoed and
banded, each with its account, and clusters that hold. Bare Splink is given the columns made ready, for nothing: it trains the same
settings on the same draw, weighs the same blocks, and closes connected components; nothing comes out. Beside it stands the same
Splink as anybody must run it, from the file, read and made ready by our own reader; and the same again with its pairs, their
evidence and its clusters written, which is the nearest it comes to what ours says. (Given all of a million to train on, Splink
stood at 18.8 GB after four minutes of processor, unfinished, and was stopped: the pairs of a training block grow with the
square.) Each in a process of its own; the processor's seconds and the most memory are what the system says of that process when
it has ended.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import pyarrow as pa

from bench.identity import aims
from bench.identity.engagements import engagements
from bench.identity.files import write
from bench.markdown import in_markdown, measured_on, write_section

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lodestar.doors.feeds.linking.training import Stored

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "benchmarks-identity.md"
PEOPLE_A_RECORD = 0.451  # in the invented engagements
HEAD = ("Records", "Who", "Seconds of processor", "beside Splink", "Memory, MB", "beside Splink")
SECTION = "Many records at once"
PROCESSOR_MOST, MEMORY_MOST = 1.1, 1.25
RUNS, COMPARED = 3, ("bare", "ours")
ABOUT = (
    "Goal L11: 1.1 times the processor of bare Splink 5 and 1.25 times its memory, with everything kept. Ours is"
    " `lodestar identity link FILE --json`: the file read, every row made ready, a model trained on a draw of 100,000 records, pairs"
    " weighed by Splink's sum, vetoed and banded, the account of each said, and clusters that hold. Bare Splink is given the columns made"
    " ready, for nothing; it trains the same settings on the same draw with their conditions as they are written, weighs the same"
    " blocks from -4 bits up, and closes connected components, and nothing comes out. From the file, the same Splink reads with our"
    " reader. Written, it puts out its pairs besides,"
    " as JSON with the level and the bits of each field, and its clusters: no veto, no band, no reason and no word, which it has not."
    f" Each in a process of its own; bare Splink and ours {RUNS} times over, in turn, and the run in the middle stands."
    " Given all of a million to train on, bare Splink stood at 18.8 GB after four minutes of processor,"
    " unfinished, and was stopped: so it trains on the draw that ours trains on."
)
WHO = {
    "bare": "Splink 5, bare",
    "ours": "ours, with every account",
    "from_file": "Splink 5, from the file",
    "written": "Splink 5, from the file, pairs and clusters written",
}


def measured(records: int, folder: Path) -> tuple[list[list[str]], list[list[str]], str]:
    """All, one after the other, on the same records: the rows, the goal's, and how ours stands beside what the goal does not ask."""
    csv, prepared = folder / "people.csv", folder / "ready.arrow"
    write(csv, engagements(people=int(records * PEOPLE_A_RECORD), seed=7))
    count = int(alone("ready", csv, prepared)[2])
    found = in_turn({part: prepared if part == "bare" else csv for part in WHO})
    processor, memory = found["bare"]
    rows = [
        [
            f"{count:,}",
            who,
            f"{found[part][0]:,.0f}",
            f"{found[part][0] / processor:.2f}",
            f"{found[part][1]:,.0f}",
            f"{found[part][1] / memory:.2f}",
        ]
        for part, who in WHO.items()
    ]
    return rows, _goals(count, found), _beside(count, found)


def in_turn(files: Mapping[str, Path]) -> dict[str, tuple[float, float]]:
    """Seconds of processor and most memory of each part: what a goal is about several times over, in turn, the run in the middle."""
    found: dict[str, list[tuple[float, float]]] = {part: [] for part in files}
    for run in range(RUNS):
        for part, file in files.items():
            if part in COMPARED or not run:
                found[part].append(alone(part, file)[:2])
    return {part: (median(used for used, _ in runs), median(most for _, most in runs)) for part, runs in found.items()}


def _goals(count: int, found: Mapping[str, tuple[float, float]]) -> list[list[str]]:
    """L11 at a size."""
    (used, most), (processor, memory) = found["ours"], found["bare"]
    return [
        aims.row(f"L11 {what} beside bare Splink 5, {count:,} records", f"{wanted} times at most", f"{here:.2f} times", here <= wanted)
        for what, wanted, here in (("processor", PROCESSOR_MOST, used / processor), ("memory", MEMORY_MOST, most / memory))
    ]


def _beside(count: int, found: Mapping[str, tuple[float, float]]) -> str:
    """Ours beside Splink as anybody must run it, in words."""
    file, said = (found["ours"][0] / found[part][0] for part in ("from_file", "written"))
    return f"{count:,} records: {file:.2f} times the processor of Splink from the file, {said:.2f} times that with its output written."


def alone(what: str, *files: Path) -> tuple[float, float, str]:
    """One part in a process of its own: seconds of processor, the most memory in MB, and what it said last."""
    words = [sys.executable, "-m", "bench.identity.batch", f"--{what}", *map(str, files)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as running:
        said = running.communicate()[0]
    if running.returncode:
        raise SystemExit(f"{what} failed with code {running.returncode}. What it said is above.")
    processor, memory, *rest = said.split()
    return float(processor), float(memory), " ".join(rest)


def ready(csv: Path, made: Path) -> str:
    """Put the columns made ready into a file for bare Splink; how many records there are."""
    from lodestar.doors.feeds.linking.statements import tables_in  # noqa: PLC0415 - a process measures what it needs and no more
    from lodestar.doors.feeds.linking.training import Stored  # noqa: PLC0415

    stored = Stored.of(tables_in([csv], number="number"))
    table = stored.engine.sql("SELECT * FROM statements").to_arrow_table()
    with pa.OSFile(str(made), "wb") as out, pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)
    return str(stored.count)


def bare(made: Path) -> str:
    """Splink alone, given the columns made ready."""
    from lodestar.doors.feeds.linking.training import Stored  # noqa: PLC0415

    return splink(Stored.of([pa.ipc.open_file(pa.memory_map(str(made))).read_all()]))


def from_file(csv: Path) -> str:
    """Splink alone, from the file."""
    from lodestar.doors.feeds.linking.statements import tables_in  # noqa: PLC0415
    from lodestar.doors.feeds.linking.training import Stored  # noqa: PLC0415

    return splink(Stored.of(tables_in([csv], number="number")))


def written(csv: Path) -> str:
    """Splink alone, from the file, with its pairs, their evidence and its clusters written, thrown away as ours are."""
    from lodestar.doors.feeds.linking.statements import tables_in  # noqa: PLC0415
    from lodestar.doors.feeds.linking.training import Stored  # noqa: PLC0415

    return splink(Stored.of(tables_in([csv], number="number")), write_out=True)


def splink(stored: Stored, *, write_out: bool = False) -> str:
    """Train on the same draw as ours, weigh every pair of a block, and cluster; nothing is said of any unless it is written."""
    from lodestar.core.identity.model import prior_at  # noqa: PLC0415
    from lodestar.doors.feeds.linking.training import linker_over, trained_on  # noqa: PLC0415

    document = trained_on(stored, as_written=True)
    learnt, on = document["probability_two_random_records_match"], document["trained_on"]
    prior = prior_at(prior=learnt, trained_on=on, size=stored.count)
    linker = linker_over(stored, {**document, "probability_two_random_records_match": prior})
    weighed = linker.inference.predict(threshold_match_weight=-4.0)
    grouped = linker.clustering.cluster_pairwise_predictions_at_threshold(weighed, threshold_match_probability=0.95)
    if write_out:
        evidence = "COLUMNS('^(unique_id_.|match_weight|gamma_.*|mw_.*)$')"
        stored.run(f"COPY (SELECT {evidence} FROM {weighed.physical_name}) TO '{os.devnull}' (FORMAT json, USE_TMP_FILE false)")
        named = f"SELECT cluster_id, unique_id FROM {grouped.physical_name}"
        stored.run(f"COPY ({named}) TO '{os.devnull}' (FORMAT json, USE_TMP_FILE false)")
    return ""


def ours(csv: Path) -> str:
    """The command as anybody runs it, its answer thrown away."""
    from lodestar.doors.cli.main import main as lodestar  # noqa: PLC0415

    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        said, sys.stdout = sys.stdout, nowhere
        lodestar(["identity", "link", str(csv), "--id", "number", "--json"], standalone_mode=False)
        sys.stdout = said
    return ""


def main() -> int:
    """Measure each size, and print or write the table."""
    words = argparse.ArgumentParser(prog="python -m bench.identity.batch", description="Measure many records at once.")
    words.add_argument("--records", default="100000")
    words.add_argument("--write", action="store_true", help=f"write the section of {PAGE.name}")
    for part in PARTS:
        words.add_argument(f"--{part}", nargs="+", type=Path, help=argparse.SUPPRESS)
    asked = words.parse_args()
    for part, run in PARTS.items():
        if files := getattr(asked, part):
            said = run(*files)
            used = resource.getrusage(resource.RUSAGE_SELF)
            print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said)
            return 0
    load, rows, goals, told = os.getloadavg()[0], list[list[str]](), list[list[str]](), list[str]()
    for records in map(int, asked.records.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            more, wanted, beside = measured(records, Path(folder))
            rows.extend(more)
            goals.extend(wanted)
            told.append(beside)
    command = f"python -m bench.identity.batch --records {asked.records}"
    text = "\n\n".join((measured_on(command, load), in_markdown(HEAD, rows), " ".join(told), ABOUT, in_markdown(aims.HEAD, goals)))
    print(text)
    if asked.write:
        write_section(PAGE, SECTION, text)
        aims.gather()
    return 0


PARTS: dict[str, Callable[..., str]] = {"ready": ready, "bare": bare, "ours": ours, "from_file": from_file, "written": written}


if __name__ == "__main__":
    sys.exit(main())
