"""``lodestar forecast-past``: how the engine would have done on a line's past, from the records or from a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from lodestar.core.forecast.past import RUNS, History, retell
from lodestar.core.forecast.past_document import history_document, read_history
from lodestar.core.forecast.past_said import past_document, past_sentences
from lodestar.core.forecast.scenario import BadScenario
from lodestar.doors.cli.tasking_files import FILE, document_in, stop
from lodestar.store.queries import forecast as queries

LINE = "FORECAST-ONLINE"


@click.command("forecast-past")
@click.argument("history", type=FILE, required=False)
@click.option("--line", default=LINE, show_default=True, help="The line's playbook.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The last day of the past. Default: today.")
@click.option("--runs", type=click.IntRange(min=20, max=10_000), default=RUNS, show_default=True, help="How many futures from each month.")
@click.option("--seed", type=click.IntRange(min=0, max=2**62), default=1, show_default=True, help="The seed of the draws.")
@click.option("--json", "as_json", is_flag=True, help="The whole document on standard output.")
@click.option("--write-history", is_flag=True, help="Write the line's past as a file that this command reads, and stop.")
def forecast_past(*, history: Path | None, line: str, until: Any, runs: int, seed: int, as_json: bool, write_history: bool) -> None:
    """Tell the engine again from each past month under the posts that were held, and hold it against what came.

    HISTORY is a JSON file of cases and posts, as --write-history writes it: instants, no name and no number; - reads standard
    input. Without it the service's own records are read. Each month is told from what was on record on its first day.
    Ends with 0, or with 2 where the file or the line is wrong: then every fault is named by its place.
    """
    try:
        rules = queries.rules_of(line, at=timezone.now())
    except KeyError:
        raise click.BadParameter(f"there is no line {line}", param_hint="--line") from None
    found = _history(history) if history is not None else queries.past_of(rules)
    if write_history:
        click.echo(json.dumps(history_document(found), indent=1))
        return
    today = until.date() if until is not None else timezone.localdate()
    with click.progressbar(length=1, label="Past months", file=sys.stderr) as bar:

        def told(done: int, whole: int) -> None:
            bar.length = whole
            bar.update(done - bar.pos)

        said = past_document(retell(history=found, rules=rules, today=today, seed=seed, runs=runs, told=told))
    click.echo(json.dumps(said, indent=1, ensure_ascii=False) if as_json else "\n".join(_readable(said)))


def _history(file: Path) -> History:
    try:
        return read_history(document_in(file))
    except BadScenario as bad:
        stop(file, *bad.faults)


def _readable(said: Mapping[str, Any]) -> Iterator[str]:
    yield from past_sentences(said)
    if said["foretold"]:
        yield ""
        yield "Told from    Ahead  Posts  Foretold (4 in 5)   Came  Least to be beaten"
    for one in said["foretold"]:
        span = f"{one['median']:.0f} ({one['low']:.0f}-{one['high']:.0f})"
        yield f"{one['origin']}  {one['horizon']:>6}  {one['posts']:>5}  {span:<18}  {one['came']:>4}  {one['naive']:>6.0f}"
    for why, count in said["skipped"].items():
        yield f"Left out: {why.lower()}: {count}"
