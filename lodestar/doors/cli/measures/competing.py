"""``lodestar measures competing``: what became of them, when there is more than one way for it to end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lodestar.core.measures.competing import Incidence, aalen_johansen, incidence_band
from lodestar.doors.cli.measures.reading import FILE, BadFileError, Column, Row, asked_times, read_rows, refuse, time, word
from lodestar.doors.cli.measures.saying import as_json, figure, options, short, table
from lodestar.doors.cli.measures.saying import real as real_or_null

LEVEL = 0.95
NOT_ENDED = ("", "0", "censored", "open")


@click.command(short_help="What became of them, when it can end in several ways.")
@FILE
@click.option("--time", "time_column", required=True, metavar="COL", help="Column of times, 0 or more, in any one unit.")
@click.option("--cause", "cause_column", required=True, metavar="COL", help="Column of how each ended; blank where it has not.")
@click.option("--group", "group_column", metavar="COL", help="Column to work each value of by itself.")
@click.option("--at", "asked", multiple=True, metavar="TIME", help="A time to give the shares at; repeat, or separate by commas.")
@options
def competing(
    *, file: Path, time_column: str, cause_column: str, group_column: str | None, asked: tuple[str, ...], as_text: bool, **_: bool
) -> None:
    """Cumulative incidence by Aalen and Johansen from FILE, a CSV with a header row, in UTF-8.

    The cause column names how each ended (found, died, moved to another force). Blank, 0, censored or open says it had not
    ended by its time. One minus Kaplan-Meier with the other causes taken for censoring would say too much; this does not.

    \b
    The JSON is {"file", "time", "cause", "group", "level", "se", "interval", "causes", "groups"}; each group has:
      group      the value of the group column, in the order of the file; null without --group
      n, censored
      ended      how many ended by each cause: {cause: count}
      steps      a row for every distinct time: time, at_risk (just before), censored, survival (nothing has happened yet)
                 and causes: {cause: {events, share, se, lower, upper}}
      at         for every --at: time, survival, causes: {cause: {share, se, lower, upper}}, at_risk, and
                 beyond: true where it lies after the last time in the file, so that the shares are only carried forward

    At every time the shares of all causes and survival add up to 1. Ties are counted, never broken by chance: the same
    file always gives the same figures. se is the infinitesimal jackknife's, as in R's survfit and Stata (cmprsk's is a
    little larger). The bounds are log-log, 95%, and null where a share is 0 or 1.

    A file that cannot be used is refused with exit code 2 and every bad row named, up to 20.
    """
    columns = [Column(time_column, time), Column(cause_column, word, may_be_blank=True)]
    columns += [Column(group_column, word)] if group_column else []
    try:
        rows = read_rows(file, columns)
    except BadFileError as bad:
        refuse(bad)
    times = asked_times(asked)
    names = list(dict.fromkeys(row.values[1] for row in rows if not _open(row)))
    groups: dict[str | None, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.values[2] if group_column else None, []).append(row)
    report = {
        "file": file.name,
        "time": time_column,
        "cause": cause_column,
        "group": group_column,
        "level": LEVEL,
        "se": "infinitesimal jackknife",
        "interval": "log-log",
        "causes": names,
        "groups": [_group(name, members, names, times) for name, members in groups.items()],
    }
    if as_text:
        click.echo("\n\n".join(_readable(group, names) for group in report["groups"]))
    else:
        as_json(report)


def _open(row: Row) -> bool:
    return (row.values[1] or "").lower() in NOT_ENDED


def _group(name: str | None, rows: list[Row], names: list[str], asked: list[float]) -> dict[str, Any]:
    codes = [0 if _open(row) else names.index(row.values[1]) + 1 for row in rows]
    found = aalen_johansen(times=[row.values[0] for row in rows], causes=codes, count=len(names))
    lines = [_causes(found, place, names) for place in range(found.times.size)]
    return {
        "group": name,
        "n": len(rows),
        "censored": codes.count(0),
        "ended": {cause: codes.count(place + 1) for place, cause in enumerate(names)},
        "steps": [
            {
                "time": found.times[place].item(),
                "at_risk": int(found.at_risk[place]),
                "censored": int(found.censored[place]),
                "survival": float(found.survival[place]),
                "causes": {cause: {"events": int(found.events[k, place]), **line[cause]} for k, cause in enumerate(names)},
            }
            for place, line in enumerate(lines)
        ],
        "at": [_at(found, moment, names, lines) for moment in asked],
    }


def _at(found: Incidence, moment: float, names: list[str], lines: list[dict[str, Any]]) -> dict[str, Any]:
    row = found.row(moment)
    nothing = {"share": 0.0, "se": 0.0, "lower": None, "upper": None}
    return {
        "time": moment,
        "survival": float(found.survival[row]) if row >= 0 else 1.0,
        "causes": lines[row] if row >= 0 else {cause: dict(nothing) for cause in names},
        "at_risk": int((found.events.sum(axis=0) + found.censored)[found.times >= moment].sum()),
        "beyond": bool(moment > found.times[-1]),
    }


def _causes(found: Incidence, place: int, names: list[str]) -> dict[str, Any]:
    lower, upper = incidence_band(found.share[:, place], found.se[:, place], level=LEVEL)
    return {
        cause: {
            "share": float(found.share[k, place]),
            "se": float(found.se[k, place]),
            "lower": real_or_null(lower[k]),
            "upper": real_or_null(upper[k]),
        }
        for k, cause in enumerate(names)
    }


def _readable(group: dict[str, Any], names: list[str]) -> str:
    title = "All rows" if group["group"] is None else f"Group {group['group']}"
    ended = ", ".join(f"{cause} {group['ended'][cause]}" for cause in names)
    rows = [
        [short(step["time"]), str(step["at_risk"]), figure(step["survival"])]
        + [f"{figure(step['causes'][cause]['share'])} (se {figure(step['causes'][cause]['se'])})" for cause in names]
        for step in (*group["at"], *(() if group["at"] else group["steps"]))
    ]
    return f"{title}: n {group['n']}, censored {group['censored']}, {ended}\n" + table(["time", "at risk", "not ended", *names], rows)
