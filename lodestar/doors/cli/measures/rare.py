"""``lodestar measures tchart`` and ``gchart``: charts for events so rare that a monthly count says nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from lodestar.core.measures.spc.chart import Chart, Improvement
from lodestar.core.measures.spc.rare import g_chart, spread, t_chart
from lodestar.doors.cli.measures.reading import FILE, BadFileError, Column, mark, number, positive, read_rows, refuse, whole
from lodestar.doors.cli.measures.saying import as_json, options
from lodestar.doors.cli.measures.spc import readable, report_of

START = datetime(1970, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
IMPROVEMENT = click.option(
    "--improvement",
    type=click.Choice(["increase", "decrease", "neutral"]),
    default="increase",
    show_default=True,
    help="Whether longer gaps are better; they are where what is counted is bad.",
)
BASELINE = click.option("--baseline", type=click.IntRange(2), metavar="N", help="Draw limits from the first N gaps.")


@click.command(short_help="A chart of the time between rare events.")
@FILE
@click.option("--time", "time_column", metavar="COL", help="Column of when each event happened: dates, times or numbers.")
@click.option("--gap", "--value", "gap_column", metavar="COL", help="Column of the gaps themselves, in any one unit.")
@click.option("--until", metavar="TIME", help="With --time: the present, to say how long it has been since the last event.")
@click.option("--resolution", type=click.FloatRange(0, min_open=True), help="How finely times were recorded, for events at one time.")
@IMPROVEMENT
@BASELINE
@options
def tchart(
    *,
    file: Path,
    time_column: str | None,
    gap_column: str | None,
    until: str | None,
    resolution: float | None,
    improvement: Improvement,
    baseline: int | None,
    as_text: bool,
    **_: bool,
) -> None:
    """A T chart from FILE, a CSV with a header row, in UTF-8: the time between rare events.

    Give --time, a column of when each event happened, in any order, or --gap, the gaps in their order. Dates and times are
    as in 2026-06-04 or 2026-06-04T09:32+01:00, and their gaps are days; an offset is in all of them or in none. Events
    recorded at one time are set evenly within the resolution of the record (a day for dates, a minute for times; for
    numbers say --resolution), since a gap of nought would have no chart.

    \b
    The limits leave 0.135% of exponential gaps beyond each, allowing for the k gaps that made them:
      upper   mean gap times k (0.00135^(-1/k) - 1)
      centre  mean gap times ln 2, the median
      lower   mean gap times k (0.99865^(-1/k) - 1): next to nothing, so watch for more events by counting them

    \b
    The JSON is that of spc, with kind t, median in place of mean, and
      gaps        k, how many made the limits
      spread_out  how many events shared a time with another
      open_gap    with --until: the time since the last event, and beyond: whether it is over the upper limit already

    A file that cannot be used is refused with exit code 2 and every bad row named, up to 20.
    """
    if (time_column is None) == (gap_column is None) or (until is not None and time_column is None):
        raise click.UsageError("Give --time or --gap; --until goes with --time.")
    try:
        gaps, moved, last = _by_time(file, time_column, resolution) if time_column else (_given(file, str(gap_column)), 0, None)
        chart = t_chart(gaps, improvement=improvement, baseline=baseline)
        since = None if until is None or last is None else _since(chart, last, until)
    except BadFileError as bad:
        refuse(bad)
    except ValueError as bad:
        refuse(BadFileError(file, [f"{bad}."]))
    if as_text:
        click.echo("\n".join([*([_waited(since)] if since else []), readable(chart)]))
    else:
        extra = {"gaps": chart.segments[0].made_from, "spread_out": moved, "open_gap": since}
        as_json({"file": file.name, "time": time_column, "gap": gap_column, "baseline": baseline, **report_of(chart), **extra})


@click.command(short_help="A chart of the opportunities between rare events.")
@FILE
@click.option("--gap", "--value", "gap_column", metavar="COL", help="Column of how many opportunities passed between events.")
@click.option("--event", "event_column", metavar="COL", help="Column of opportunities in order, marked where the event happened.")
@IMPROVEMENT
@BASELINE
@options
def gchart(
    *,
    file: Path,
    gap_column: str | None,
    event_column: str | None,
    improvement: Improvement,
    baseline: int | None,
    as_text: bool,
    **_: bool,
) -> None:
    """A G chart from FILE, a CSV with a header row, in UTF-8: opportunities between rare events.

    Give --gap, how many opportunities passed between one event and the next (children booked into custody between two held
    overnight; 0 where one follows another), or --event, a row for every opportunity in order, with 1, true or yes where the
    event happened. What comes before the first event and after the last is not between events, and is left out.

    The limits are the 0.135% and 99.865% points of the geometric distribution with p = k / (sum of gaps + k), in whole
    numbers; the centre is its median. The form of 3 standard errors would flag 2 to 3 stable points in a hundred.

    \b
    The JSON is that of spc, with kind g, median in place of mean, and
      gaps   k, how many made the limits

    A file that cannot be used is refused with exit code 2 and every bad row named, up to 20.
    """
    if (gap_column is None) == (event_column is None):
        raise click.UsageError("Give --gap or --event.")
    try:
        gaps = (
            _between(file, event_column) if event_column else [row.values[0] for row in read_rows(file, [Column(str(gap_column), whole)])]
        )
        chart = g_chart(gaps, improvement=improvement, baseline=baseline)
    except BadFileError as bad:
        refuse(bad)
    except ValueError as bad:
        refuse(BadFileError(file, [f"{bad}."]))
    if as_text:
        click.echo(readable(chart))
    else:
        given = {"file": file.name, "gap": gap_column, "event": event_column, "baseline": baseline}
        as_json({**given, **report_of(chart), "gaps": chart.segments[0].made_from})


def _given(path: Path, column: str) -> list[float]:
    return [row.values[0] for row in read_rows(path, [Column(column, positive)])]


def _between(path: Path, column: str) -> list[int]:
    marks = [row.values[0] for row in read_rows(path, [Column(column, mark)])]
    places = [place for place, happened in enumerate(marks) if happened]
    if len(places) < 2:
        raise BadFileError(path, ["it has fewer than two events, so there is nothing between them."])
    return [after - before - 1 for before, after in pairwise(places)]


def _by_time(path: Path, column: str, resolution: float | None) -> tuple[list[float], int, tuple[float, str]]:
    """The gaps, how many events shared a time, and the last event with the kind of its time."""
    rows = read_rows(path, [Column(column, _moment)])
    kinds = {row.values[0][1] for row in rows}
    if len(kinds) > 1:
        raise BadFileError(path, [f'column "{column}" mixes {" and ".join(sorted(kinds))}; write all of them one way.'])
    kind = kinds.pop()
    finest = resolution or {"dates": 1.0, "numbers": None}.get(kind, 1 / 1440)
    moments = [row.values[0][0] for row in rows]
    if finest is None and len(set(moments)) < len(moments):
        raise BadFileError(path, ["two events share a time; say --resolution, how finely times were recorded."])
    times, moved = spread(moments, resolution=finest or 1.0)
    if len(times) < 2:
        raise BadFileError(path, ["it has fewer than two events, so there is nothing between them."])
    return [after - before for before, after in pairwise(times)], moved, (times[-1], kind)


def _since(chart: Chart, last: tuple[float, str], until: str) -> dict[str, Any]:
    (moment, kind), problem = _moment(until)
    if problem or kind != last[1] or moment < last[0]:
        raise click.BadParameter("write it as the events are written, and not before the last of them.", param_hint="--until")
    upper = chart.segments[0].limits.upper
    return {"time": moment - last[0], "beyond": upper is not None and moment - last[0] > upper}


def _waited(since: dict[str, Any]) -> str:
    beyond = "longer than chance gives" if since["beyond"] else "no longer than chance may give"
    return f"Since the last event: {since['time']:g}, {beyond}."


def _moment(text: str) -> tuple[tuple[float, str], str]:
    """A time as a number (days, for dates), and how it was written."""
    value, problem = number(text)
    if not problem:
        return (value, "numbers"), ""
    try:
        if len(text) == len("2026-06-04"):
            return (float(date.fromisoformat(text).toordinal()), "dates"), ""
        moment = datetime.fromisoformat(text)
    except ValueError:
        return (0.0, ""), "not a time; write one like 2026-06-04, 2026-06-04T09:32+01:00 or 3.5."
    kind = "times without an offset" if moment.tzinfo is None else "times with an offset"
    return ((moment.replace(tzinfo=moment.tzinfo or UTC) - START) / DAY, kind), ""
