"""``lodestar forecast``: what a line of work comes to under each plan, from a scenario file, with no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from lodestar.core.forecast.answer import Told, answer
from lodestar.core.forecast.document import Read, read_scenario
from lodestar.core.forecast.saying import sentences
from lodestar.core.forecast.scenario import BadScenario
from lodestar.doors.cli.tasking_files import FILE, document_in
from lodestar.doors.cli.tasking_files import stop as stop_with

RUNS, MOST_RUNS = 1000, 100_000
LONG = 2_000_000  # cases in all runs and plans: below it the answer comes before a bar would be read
TABLE_MONTHS = (0, 3, 6, 12, 24, 36, 60)


@click.command("forecast")
@click.argument("scenario", type=FILE)
@click.option("--runs", type=click.IntRange(min=20, max=MOST_RUNS), default=RUNS, show_default=True, help="How many futures to draw.")
@click.option("--seed", type=click.IntRange(min=0, max=2**63 - 1), default=1, show_default=True, help="The seed of the draws.")
@click.option("--json", "as_json", is_flag=True, help="The answer's document on standard output.")
def forecast(*, scenario: Path, runs: int, seed: int, as_json: bool) -> None:
    """What waits, what is late and when, under each plan of SCENARIO, a JSON file (see docs/reference/forecast-scenario.md).

    - reads standard input. The same scenario, seed and number of runs give the same bytes. A long answer shows how far it
    is on standard error. Ends with 0, or with 2 when the scenario is not one: then every fault is named by its path.
    """
    read = _read(scenario)
    with _bar(read, runs) as told:
        said = answer(scenario=read.scenario, seed=seed, runs=runs, told=told)
    whole = {"scenario_sha256": read.sha256, "fitted": [one.plain for one in read.fits], **said}
    if as_json:
        click.echo(json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False))
    else:
        click.echo("\n".join(_readable(read, whole)))


def _read(file: Path) -> Read:
    try:
        return read_scenario(document_in(file))
    except BadScenario as bad:
        stop_with(file, *bad.faults)


@contextmanager
def _bar(read: Read, runs: int) -> Iterator[Told | None]:
    asked = read.scenario
    plans = 1 + sum(1 + plan.trains for plan in asked.plans)
    if asked.demand.a_day * asked.horizon_days * runs * plans < LONG:
        yield None
        return
    with click.progressbar(length=1, label=f"{runs} futures", file=sys.stderr, show_pos=True, item_show_func=None) as bar:

        def told(done: int, steps: int) -> None:
            bar.length = steps
            bar.update(done - bar.pos)

        yield told


def _readable(read: Read, said: Mapping[str, Any]) -> Iterator[str]:
    yield from sentences(said)
    codes = [(one.code, one.title) for one in read.scenario.classes]
    shown = [month for month in TABLE_MONTHS if month <= said["months"]]
    for name, title in (("waiting", "Waiting"), ("late", "Past the deadline")):
        yield ""
        yield f"{title}: the middle future, and in brackets four in five"
        rows = [("Plan", *(f"{month} months" for month in shown))]
        rows += [(plan["title"], *(_span(plan["months"][month][name]) for month in shown)) for plan in said["plans"]]
        yield from _table(rows)
    yield ""
    yield "Waiting if cases flowed like water, with no chance in it: a bound for the eye, not a forecast"
    yield from _table([(plan["title"], *(f"{plan['fluid'][month]:g}" for month in shown)) for plan in said["plans"]])
    yield ""
    yield f"By class after {shown[-1]} months: waiting, of those past the deadline; how soon half and nine in ten begin"
    rows = [("Plan", *(title for _, title in codes))]
    for plan in said["plans"]:
        month, waits = plan["months"][shown[-1]], {one["code"]: one for one in plan["waits"]}
        each = {one["code"]: one for one in month["classes"]}
        rows.append((plan["title"], *(_class(each[code], waits[code]) for code, _ in codes)))
    yield from _table(rows)


def _class(found: Mapping[str, Any], wait: Mapping[str, Any]) -> str:
    return f"{found['waiting']['median']} ({found['late']['median']} late); {_days(wait['median'])}, {_days(wait['nine_in_ten'])}"


def _days(value: float | None) -> str:
    return "over 90 d" if value is None else f"{value:g} d"


def _span(found: Mapping[str, Any]) -> str:
    return f"{found['median']} ({found['low_80']}-{found['high_80']})"


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
