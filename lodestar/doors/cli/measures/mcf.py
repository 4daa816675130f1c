"""``lodestar measures mcf``: how many further episodes each child has on average by a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lodestar.core.measures.recurrence import Recurrence, Spell, mean_cumulative, recurrence_band, spells_of
from lodestar.doors.cli.measures.reading import FILE, BadFileError, Column, Row, asked_times, number, read_rows, refuse, word
from lodestar.doors.cli.measures.saying import as_json, figure, options, short, table

LEVEL = 0.95
HINT = "If that column says when they were back, give --until."
MANUAL = """\
The mean cumulative function from FILE, a CSV with a header row, in UTF-8.

A row is one episode: whose, when it began, and when the watching of that child ended (the same in all rows of a child).
A child with no episode has one row with a blank time. Times are in any one unit, from any one start: days since the
first return, for instance. Two episodes of one child may begin at one time.

With --returned a child is not at risk of going missing while missing: not from when an episode begins until they are
back, and never again where that is blank. Without it episodes take no time. With --begin a child is at risk only after
being first watched.

Where every child was watched until one day, give --until instead of a column of ends: --end is then when they were back.

\b
The JSON is {"file", "id", "time", "end", "returned", "begin", "until", "level", "se", "interval", "persons",
             "events", "steps", "at"}:
  steps      a row for every time at which an episode began:
             time, at_risk (children who could then have begun one), events, mean, se, lower, upper (log, 95%)
  at         for every --at: time, mean, se, lower, upper, at_risk, and
             beyond: true where nobody is watched any more, so that the mean is only carried forward

mean is the sum of events over at_risk: what a child has had, on average, by then. se is robust by child (Lawless and
Nadeau), so a few children who go missing very often widen it as they should.

A file that cannot be used is refused with exit code 2 and every bad row named, up to 20.
"""


@click.command(help=MANUAL, short_help="How many further episodes a child has on average by a time.")
@FILE
@click.option("--id", "id_column", required=True, metavar="COL", help="Column that tells one child from another.")
@click.option("--time", "time_column", required=True, metavar="COL", help="Column of when an episode began; blank for none.")
@click.option("--end", "end_column", required=True, metavar="COL", help="Column of when the child's observation ended.")
@click.option("--until", type=float, metavar="TIME", help="When all observation ended: --end is then when they were back.")
@click.option("--returned", "returned_column", metavar="COL", help="Column of when they were back; blank if they are not.")
@click.option("--begin", "begin_column", metavar="COL", help="Column of when the child's observation began; blank from the start.")
@click.option("--at", "asked", multiple=True, metavar="TIME", help="A time to give the mean at; repeat, or separate by commas.")
@options
def mcf(
    *,
    file: Path,
    id_column: str,
    time_column: str,
    end_column: str,
    until: float | None,
    returned_column: str | None,
    begin_column: str | None,
    asked: tuple[str, ...],
    as_text: bool,
    **_: bool,
) -> None:
    """Work the means and say them."""
    if until is not None and returned_column is not None:
        raise click.UsageError("Give --returned and a column of ends, or --until; not both.")
    ends, returned = (None, end_column) if until is not None else (end_column, returned_column)
    try:
        rows = _rows(file, (id_column, time_column, ends, returned, begin_column), until)
        people = _people(file, rows)
    except BadFileError as bad:
        refuse(bad)
    found = mean_cumulative(people)
    end = max(spell.end for spell in people)
    report = {
        "file": file.name,
        "id": id_column,
        "time": time_column,
        "end": end_column,
        "returned": returned_column,
        "begin": begin_column,
        "until": until,
        "level": LEVEL,
        "se": "Lawless and Nadeau, robust by child",
        "interval": "log",
        "persons": found.persons,
        "events": int(found.events.sum()),
        "steps": _steps(found),
        "at": [_at(found, people, moment, end) for moment in asked_times(asked)],
    }
    if as_text:
        click.echo(_readable(report))
    else:
        as_json(report)


def _rows(path: Path, named: tuple[str, str, str | None, str | None, str | None], until: float | None) -> list[Row]:
    """Each row as whose, began, end of watching, back, first watched; what no column says is None, or for an end ``until``."""
    kinds = ((word, False), (number, True), (number, False), (number, True), (number, True))
    columns = [Column(name, read, blank) for name, (read, blank) in zip(named, kinds, strict=True) if name]
    places = [place for place, name in enumerate(named) if name]

    def spread(values: tuple[Any, ...]) -> list[Any]:
        whole: list[Any] = [None, None, until, None, None]
        for place, value in zip(places, values, strict=True):
            whole[place] = value
        if named[3] is None:
            whole[3] = whole[1]  # episodes take no time
        return whole

    def in_order(values: tuple[Any, ...]) -> str:
        _, began, _, back, _ = spread(values)
        early = began is not None and back is not None and back < began
        return "they were back before the episode began; where they were found before the report, write one time for both." if early else ""

    return [Row(row.number, tuple(spread(row.values))) for row in read_rows(path, columns, check=in_order)]


def _people(path: Path, rows: list[Row]) -> list[Spell]:
    """Each child's stretches at risk, or every row that contradicts another of the same child."""
    persons: dict[str, list[Row]] = {}
    for row in rows:
        persons.setdefault(row.values[0], []).append(row)
    spells: list[Spell] = []
    faults: list[str] = []
    for person, own in enumerate(persons.values()):
        _, _, end, _, begin = own[0].values
        faults += [
            f"row {row.number}: row {own[0].number} gives the same child another end or beginning of watching; make them the same. {HINT}"
            for row in own[1:]
            if (row.values[2], row.values[4]) != (end, begin)
        ]
        episodes = [(row.values[1], row.values[3]) for row in own if row.values[1] is not None]
        try:
            spells += spells_of(person, episodes=episodes, end=end, begin=begin)
        except ValueError as bad:
            faults.append(f"row {own[0].number} and those of the same child: {bad}.")
    if faults:
        raise BadFileError(path, faults)
    return spells


def _steps(found: Recurrence) -> list[dict[str, Any]]:
    lower, upper = recurrence_band(found, level=LEVEL)
    names = ("time", "at_risk", "events", "mean", "se", "lower", "upper")
    columns = (found.times, found.at_risk, found.events, found.mean, found.se, lower, upper)
    return [dict(zip(names, row, strict=True)) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _at(found: Recurrence, spells: list[Spell], moment: float, end: float) -> dict[str, Any]:
    row = found.row(moment)
    there = sum((spell.begin is None or spell.begin < moment) and moment <= spell.end for spell in spells)
    line = {"mean": 0.0, "se": 0.0, "lower": None, "upper": None}
    if row >= 0:
        step = _steps(found)[row]
        line = {name: step[name] for name in line}
    return {"time": moment, **line, "at_risk": there, "beyond": moment > end}


def _readable(report: dict[str, Any]) -> str:
    rows = [
        [short(step["time"]), str(step["at_risk"]), figure(step["mean"]), figure(step["se"]), figure(step["lower"]), figure(step["upper"])]
        for step in (report["at"] or report["steps"])
    ]
    head = f"Children {report['persons']}, episodes {report['events']}"
    return head + "\n" + table(["time", "at risk", "mean", "se", "lower", "upper"], rows)
