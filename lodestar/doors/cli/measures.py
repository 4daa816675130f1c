"""``lodestar measures``: figures from a file, with no database.

This module imports neither Django nor anything of the store, so that an analyst can use it on any machine.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import click

from lodestar.core.measures.survival import Crossing, Curve, at, band, kaplan_meier, quantile, real

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
EVENT_WORDS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
MOST_FAULTS_SHOWN = 20
LEVEL = 0.95
STEP = ("time", "at_risk", "events", "censored", "survival", "se", "lower", "upper")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what."""

    time: str
    event: str
    group: str | None


@dataclass(slots=True)
class Rows:
    """The times and event marks of one group, in the order of the file."""

    times: list[float] = field(default_factory=list)
    events: list[bool] = field(default_factory=list)


class BadFileError(Exception):
    """Everything wrong with a file, each as a sentence that says what to do."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.path, self.faults = path, faults


@click.group()
def measures() -> None:
    """Figures with their intervals, from a file."""


@measures.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--time", "time_column", required=True, metavar="COL", help="Column of times, 0 or more, in any one unit.")
@click.option("--event", "event_column", required=True, metavar="COL", help="Column that says whether the time ended.")
@click.option("--group", "group_column", metavar="COL", help="Column to draw one curve for each value of.")
@click.option("--at", "asked", multiple=True, metavar="TIME", help="A time to give S at; repeat, or separate by commas.")
@click.option("--json", "as_json", is_flag=True, help="Strict JSON on standard output.")
def km(*, file: Path, time_column: str, event_column: str, group_column: str | None, asked: tuple[str, ...], as_json: bool) -> None:
    """Kaplan-Meier curves from FILE, a CSV with a header row, in UTF-8.

    The event column says 1, true or yes where the time ended (found), and 0, false or no where it had not ended yet
    (censored). A time of 0 that ended counts. Ends come before censorings at a tie.

    \b
    The JSON is {"file", "time", "event", "group", "level", "interval", "groups"}; each group has:
      group      the value of the group column, in the order of the file; null without --group
      n, events, censored
      steps      a row for every distinct time:
                 time, at_risk (just before), events, censored, survival, se (Greenwood), lower, upper (log-log, 95%)
      at         for every --at: time, survival, se, lower, upper, at_risk, and
                 beyond: true where it lies after the last time in the file, so that S is only carried forward
      median     value, lower, upper (Brookmeyer-Crowley), and
                 reached, lower_reached, upper_reached: false where null means "not reached"

    The band is that of R's survfit(conf.type="log-log"). Before anything has ended S, lower and upper are 1 and se is 0.
    Where S is 0 the band is not defined: lower and upper are null, as R's NA, and se is 0 (R prints NaN). Where S is
    exactly one half over a stretch, the median is the middle of the stretch, as in R.

    A file that cannot be used is refused with exit code 2 and every bad row named, up to 20.
    """
    try:
        times = _asked(asked)
        groups = read_rows(file, Columns(time_column, event_column, group_column))
    except BadFileError as bad:
        _refuse(bad)
    curves = [_group(name, rows, times) for name, rows in groups.items()]
    report = {
        "file": file.name,
        "time": time_column,
        "event": event_column,
        "group": group_column,
        "level": LEVEL,
        "interval": "log-log",
        "groups": curves,
    }
    if as_json:
        click.echo(json.dumps(report, allow_nan=False, indent=2, ensure_ascii=False))
    else:
        click.echo("\n\n".join(_readable(group) for group in curves))


def read_rows(path: Path, columns: Columns) -> dict[str | None, Rows]:
    """Every row is read or named as bad; one bad row refuses the file, since a figure without it would be wrong."""
    records = _records(path)
    header = next(records, (1, []))[1]
    places = _places(path, header, columns)
    groups: dict[str | None, Rows] = {}
    faults: list[str] = []
    for number, cells in records:
        if len(cells) != len(header):
            faults.append(f"row {number} has {len(cells)} cells and the header has {len(header)}; make them the same.")
            continue
        bad, time, event, group = _row(number, cells, places, columns)
        faults.extend(bad)
        if not bad:
            rows = groups.setdefault(group, Rows())
            rows.times.append(time)
            rows.events.append(event)
    if not groups and not faults:
        faults.append("it has a header and no rows; give it at least one row.")
    if faults:
        raise BadFileError(path, faults)
    return groups


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each record with its row number as a spreadsheet shows it; wholly empty lines are passed over."""
    number, content = 0, path.read_bytes()
    try:
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        for number, cells in enumerate(csv.reader(text, strict=True), start=1):
            if cells:
                yield number, [cell.strip() for cell in cells]
    except UnicodeDecodeError as bad:
        row = content.count(b"\n", 0, bad.start) + 1
        raise BadFileError(path, [f"row {row} is not UTF-8; save the file again as CSV UTF-8."]) from None
    except csv.Error as bad:
        raise BadFileError(path, [f"row {number + 1} is not CSV ({bad}); mend its quotation marks."]) from None


def _places(path: Path, header: list[str], columns: Columns) -> dict[str, int]:
    if not header:
        raise BadFileError(path, ["it is empty; give it a header row and at least one row."])
    wanted = [name for name in (columns.time, columns.event, columns.group) if name is not None]
    faults = [
        f'the header names column "{name}" twice; name each column once.'
        for name in dict.fromkeys(header)
        if name and header.count(name) > 1
    ]
    faults += [f'column "{name}" is asked for twice; name a column of its own for each.' for name in _repeated(wanted)]
    faults += [f'it has no column "{name}"; its columns are {", ".join(header)}.' for name in dict.fromkeys(wanted) if name not in header]
    if faults:
        raise BadFileError(path, faults)
    return {name: header.index(name) for name in wanted}


def _repeated(names: list[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if names.count(name) > 1]


def _row(number: int, cells: list[str], places: dict[str, int], columns: Columns) -> tuple[list[str], float, bool, str | None]:
    """What a row says, and what is wrong with it. The sentences never repeat a cell: it may hold a name."""
    faults = []
    for name, place in places.items():
        if not cells[place]:
            faults.append(f'row {number}, column "{name}": the cell is blank; fill it in or remove the row.')
    time_cell, event_cell = cells[places[columns.time]], cells[places[columns.event]]
    time, problem = _time(time_cell)
    if time_cell and problem:
        faults.append(f'row {number}, column "{columns.time}": {problem}')
    event = EVENT_WORDS.get(event_cell.lower())
    if event_cell and event is None:
        faults.append(f'row {number}, column "{columns.event}": not an event mark; write 1, true or yes, or 0, false or no.')
    group = None if columns.group is None else cells[places[columns.group]]
    return faults, time, bool(event), group


def _time(text: str) -> tuple[float, str]:
    if NUMBER.fullmatch(text) is None:
        return 0.0, "not a number; write one like 3.5."
    value = float(text)
    if not math.isfinite(value):
        return 0.0, "too large a number; check the unit."
    if value < 0:
        return 0.0, "a time cannot be negative; write 0 where it ended before it was reported."
    return value + 0.0, ""  # minus nought becomes nought


def _asked(asked: tuple[str, ...]) -> list[float]:
    times: list[float] = []
    for text in (part.strip() for given in asked for part in given.split(",")):
        value, problem = _time(text)
        if problem:
            raise click.BadParameter(f'"{text}" is not a time of 0 or more.', param_hint="--at")
        times.append(value)
    return times


def _group(name: str | None, rows: Rows, asked: list[float]) -> dict[str, Any]:
    curve = kaplan_meier(times=rows.times, events=rows.events)
    return {
        "group": name,
        "n": curve.n,
        "events": curve.ended,
        "censored": curve.n - curve.ended,
        "steps": list(_steps(curve)),
        "at": [{"time": time, **asdict(at(curve, time, level=LEVEL))} for time in asked],
        "median": _median(quantile(curve, level=LEVEL)),
    }


def _steps(curve: Curve) -> Iterator[dict[str, Any]]:
    lower, upper = band(curve, level=LEVEL)
    columns = (curve.times, curve.at_risk, curve.events, curve.censored, curve.survival, curve.se, lower, upper)
    for row in zip(*(column.tolist() for column in columns), strict=True):
        step = dict(zip(STEP, row, strict=True))
        nothing_ended = step["survival"] == 1
        yield step | {name: 1.0 if nothing_ended else real(step[name]) for name in ("lower", "upper")}


def _median(found: Crossing) -> dict[str, Any]:
    return {
        "value": found.value,
        "reached": found.value is not None,
        "lower": found.lower,
        "lower_reached": found.lower is not None,
        "upper": found.upper,
        "upper_reached": found.upper is not None,
    }


def _readable(group: dict[str, Any]) -> str:
    title = "All rows" if group["group"] is None else f"Group {group['group']}"
    median = group["median"]
    lines = [
        f"{title}: n {group['n']}, events {group['events']}, censored {group['censored']}",
        f"Median {_or_not(median['value'])} (95% {_or_not(median['lower'])} to {_or_not(median['upper'])})",
    ]
    for row in group["at"]:
        note = "  after the last time in the file: carried forward" if row["beyond"] else ""
        span = f"(95% {_figure(row['lower'])} to {_figure(row['upper'])}), at risk {row['at_risk']}"
        lines.append(f"S({row['time']:g}) = {_figure(row['survival'])} {span}{note}")
    lines.append(f"{'time':>12} {'at risk':>8} {'events':>7} {'censored':>9} {'S':>8} {'se':>8} {'lower':>8} {'upper':>8}")
    lines += [
        f"{row['time']:>12g} {row['at_risk']:>8} {row['events']:>7} {row['censored']:>9} {_figure(row['survival']):>8} "
        f"{_figure(row['se']):>8} {_figure(row['lower']):>8} {_figure(row['upper']):>8}"
        for row in group["steps"]
    ]
    return "\n".join(lines)


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _or_not(value: float | None) -> str:
    return "not reached" if value is None else f"{value:g}"


def _refuse(bad: BadFileError) -> NoReturn:
    shown = bad.faults[:MOST_FAULTS_SHOWN]
    lines = [f"{bad.path.name}: {fault}" for fault in shown]
    if len(bad.faults) > len(shown):
        lines.append(f"{bad.path.name}: and {len(bad.faults) - len(shown)} more.")
    click.echo("\n".join(lines), err=True)
    raise SystemExit(2)
