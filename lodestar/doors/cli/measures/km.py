"""``lodestar measures km``: Kaplan-Meier curves from a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click

from lodestar.core.measures.survival import Crossing, Curve, at, band, kaplan_meier, quantile, real
from lodestar.doors.cli.measures.reading import FILE, BadFileError, Column, asked_times, mark, read_rows, refuse, time, word
from lodestar.doors.cli.measures.saying import figure

LEVEL = 0.95
STEP = ("time", "at_risk", "events", "censored", "survival", "se", "lower", "upper")


@dataclass(slots=True)
class Lives:
    """The times, event marks and entries of one group, in the order of the file."""

    times: list[float] = field(default_factory=list)
    events: list[bool] = field(default_factory=list)
    entries: list[float] = field(default_factory=list)


@click.command(short_help="How long things last when some have not ended: Kaplan-Meier.")
@FILE
@click.option("--time", "time_column", required=True, metavar="COL", help="Column of times, 0 or more, in any one unit.")
@click.option("--event", "event_column", required=True, metavar="COL", help="Column that says whether the time ended.")
@click.option("--entry", "entry_column", metavar="COL", help="Column of the times from which each was under observation.")
@click.option("--group", "group_column", metavar="COL", help="Column to draw one curve for each value of.")
@click.option("--at", "asked", multiple=True, metavar="TIME", help="A time to give S at; repeat, or separate by commas.")
@click.option("--json", "as_json", is_flag=True, help="Strict JSON on standard output.")
def km(
    *,
    file: Path,
    time_column: str,
    event_column: str,
    entry_column: str | None,
    group_column: str | None,
    asked: tuple[str, ...],
    as_json: bool,
) -> None:
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

    --entry is for left truncation: cases that were already open when recording began are at risk only after their entry,
    as in R's Surv(entry, time, event). Each entry must be before its time. The JSON then has entry, and

    \b
      entered      in every step: how many came under observation before it and not before the step above
      nobody_left  in every group: the first time at which S fell to 0 though others came in later, or null; from there on
                   the curve says nothing

    A file that cannot be used is refused with exit code 2 and every bad row named, up to 20.
    """
    try:
        times = asked_times(asked)
        groups = read_lives(file, (time_column, event_column, entry_column, group_column))
    except BadFileError as bad:
        refuse(bad)
    curves = [_group(name, lives, times) for name, lives in groups.items()]
    report = {
        "file": file.name,
        "time": time_column,
        "event": event_column,
        **({"entry": entry_column} if entry_column else {}),
        "group": group_column,
        "level": LEVEL,
        "interval": "log-log",
        "groups": curves,
    }
    if as_json:
        click.echo(json.dumps(report, allow_nan=False, indent=2, ensure_ascii=False))
    else:
        click.echo("\n\n".join(_readable(group) for group in curves))


def read_lives(path: Path, named: tuple[str, str, str | None, str | None]) -> dict[str | None, Lives]:
    """The rows of each group, in the order of the file."""
    time_column, event_column, entry_column, group_column = named
    columns = [Column(time_column, time), Column(event_column, mark)]
    columns += [Column(entry_column, time)] if entry_column else []
    columns += [Column(group_column, word)] if group_column else []

    def in_order(values: tuple[Any, ...]) -> str:
        late = entry_column is not None and values[2] >= values[0]
        return "the entry is not before the time; whoever ended before being observed is left out of such a file." if late else ""

    groups: dict[str | None, Lives] = {}
    for row in read_rows(path, columns, check=in_order):
        lives = groups.setdefault(row.values[-1] if group_column else None, Lives())
        lives.times.append(row.values[0])
        lives.events.append(row.values[1])
        if entry_column:
            lives.entries.append(row.values[2])
    return groups


def _group(name: str | None, lives: Lives, asked: list[float]) -> dict[str, Any]:
    curve = kaplan_meier(times=lives.times, events=lives.events, entries=lives.entries or None)
    late = {"nobody_left": _nobody_left(curve)} if lives.entries else {}
    return {
        "group": name,
        "n": curve.n,
        "events": curve.ended,
        "censored": curve.n - curve.ended,
        "steps": list(_steps(curve)),
        "at": [{"time": moment, **asdict(at(curve, moment, level=LEVEL))} for moment in asked],
        "median": _median(quantile(curve, level=LEVEL)),
        **late,
    }


def _nobody_left(curve: Curve) -> float | None:
    """Where S reached nought too early: everybody known of had ended, and others came under observation afterwards."""
    gone = (curve.survival == 0).nonzero()[0]
    return float(curve.times[gone[0]]) if gone.size and gone[0] < curve.times.size - 1 else None


def _steps(curve: Curve) -> Iterator[dict[str, Any]]:
    lower, upper = band(curve, level=LEVEL)
    columns = (curve.times, curve.at_risk, curve.events, curve.censored, curve.survival, curve.se, lower, upper)
    entered = None if curve.entries is None else curve.entered.tolist()
    for place, row in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        step = dict(zip(STEP, row, strict=True))
        nothing_ended = step["survival"] == 1
        late = {} if entered is None else {"entered": entered[place]}
        yield step | {name: 1.0 if nothing_ended else real(step[name]) for name in ("lower", "upper")} | late


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
    if group.get("nobody_left") is not None:
        lines.append(f"Nobody was left at {group['nobody_left']:g}, and others came in later: from there on the curve says nothing.")
    for row in group["at"]:
        note = "  after the last time in the file: carried forward" if row["beyond"] else ""
        span = f"(95% {figure(row['lower'])} to {figure(row['upper'])}), at risk {row['at_risk']}"
        lines.append(f"S({row['time']:g}) = {figure(row['survival'])} {span}{note}")
    lines.append(f"{'time':>12} {'at risk':>8} {'events':>7} {'censored':>9} {'S':>8} {'se':>8} {'lower':>8} {'upper':>8}")
    lines += [
        f"{row['time']:>12g} {row['at_risk']:>8} {row['events']:>7} {row['censored']:>9} {figure(row['survival']):>8} "
        f"{figure(row['se']):>8} {figure(row['lower']):>8} {figure(row['upper']):>8}"
        for row in group["steps"]
    ]
    return "\n".join(lines)


def _or_not(value: float | None) -> str:
    return "not reached" if value is None else f"{value:g}"
