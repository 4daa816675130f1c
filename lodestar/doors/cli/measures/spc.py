"""``lodestar measures spc``: a control chart from a file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from lodestar.core.measures.spc.chart import Chart, Improvement, Point
from lodestar.core.measures.spc.rules import RULESETS
from lodestar.core.measures.spc.shares import p_prime
from lodestar.core.measures.spc.xmr import xmr
from lodestar.doors.cli.measures.reading import FILE, BadFileError, Column, number, read_rows, refuse, whole, word
from lodestar.doors.cli.measures.saying import as_json, options, short, table

MANUAL = """\
A control chart of a column of FILE, a CSV with a header row, in UTF-8: what changed beyond chance.

An XmR chart in the dialect of the NHS "Making Data Count": the mean, and limits 2.66 times the mean moving range
either way. A point is labelled by the first of these that holds:

\b
  outside       beyond a limit
  trend         one of 7 or more points of which each is higher (or each lower) than the one before; a tie breaks it
  two_of_three  between two thirds of the way to a limit and the limit, with another such among 3 in a row that all lie
                on one side of the mean
  shift         one of 7 or more in a row on one side of the mean; a point on the mean breaks it
  common_cause  within what chance gives

\b
--ruleset
  mdc-7-7-screened  moving ranges of 3.267 times their mean or more are left out once, as the NHS-R package does
  mdc-7-7           every moving range counts, as in the NHS spreadsheet

With --total the values are counts of that total and the chart is Laney's p': limits follow each month's size. Use it
where totals differ by more than a quarter, or are over 1,000. It refuses totals below 10, and takes no --rebase.

\b
The JSON is {"file", "value", "kind", "ruleset", "improvement", "target", "baseline", "rebase", "n", "mean", "lower",
             "upper", "trial", "no_variation", "segments", "points", "variation", "assurance", "false_flags"}:
  kind          xmr or p-prime
  ruleset       id and says: what to print on the chart
  mean, lower, upper   of the last stretch (p-prime: at the last point); limits are null where there are none
  trial         true where fewer than 12 points made some limits
  segments      number, first, last, made_from, mean, lower, upper, near_lower, near_upper, moving_range, range_limit,
                screened_out, trial, no_variation; one unless --rebase
  points        number (from 1), name, value, segment, mean, lower, upper, near_lower, near_upper, label, says,
                way (high, low, none) and meaning (improvement, concern, neutral, common_cause)
  variation     code and words, for the latest point: common_cause, improvement_high, improvement_low, concern_high,
                concern_low, neutral_high, neutral_low, no_variation or no_limits
  assurance     code and words: consistently_passes, consistently_fails, hit_or_miss or not_judged; null without --target
  false_flags   how often the latest point of such a chart is flagged though nothing changed; null where not known

A file that cannot be used is refused with exit code 2 and every bad row named, up to 20.
"""

KINDS = {"xmr": "XmR", "p-prime": "p'", "t": "T", "g": "G"}


class Several(click.Command):
    """A command whose --rebase takes as many points as follow it, parted by spaces or commas, or is repeated."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Give each point an option of its own."""
        spread: list[str] = []
        rebasing = False
        for given in args:
            points = [part for part in given.split(",") if part] if rebasing else []
            if points and all(part.isdigit() for part in points):
                lone = spread.pop() if spread[-1:] == ["--rebase"] else "--rebase"
                spread += [one for part in points for one in (lone, part)]
            else:
                rebasing = given == "--rebase"
                spread.append(given)
        return super().parse_args(ctx, spread)


@click.command(cls=Several, help=MANUAL, short_help="A control chart: what changed beyond chance.")
@FILE
@click.option("--value", "value_column", required=True, metavar="COL", help="Column of values, in order of time.")
@click.option("--improvement", required=True, type=click.Choice(["increase", "decrease", "neutral"]), help="Which way is better.")
@click.option("--ruleset", "rules", type=click.Choice(list(RULESETS)), default="mdc-7-7-screened", show_default=True, help="Whose rules.")
@click.option("--target", type=float, metavar="T", help="A target, to say whether it will be met.")
@click.option("--baseline", type=click.IntRange(2), metavar="N", help="Draw limits from the first N points of each stretch.")
@click.option("--rebase", multiple=True, type=int, metavar="I ...", help="Points, counted from 1, at which a new mean and limits begin.")
@click.option("--total", "total_column", metavar="COL", help="Column of totals: the values are counts of them, charted as p'.")
@click.option("--name", "name_column", metavar="COL", help="Column that names each point, such as its month.")
@options
def spc(
    *,
    file: Path,
    value_column: str,
    improvement: Improvement,
    rules: str,
    target: float | None,
    baseline: int | None,
    rebase: tuple[int, ...],
    total_column: str | None,
    name_column: str | None,
    as_text: bool,
    **_: bool,
) -> None:
    """Draw the chart and say it."""
    columns = [Column(value_column, whole if total_column else number)]
    columns += [Column(name, read) for name, read in ((total_column, whole), (name_column, word)) if name]
    try:
        rows = read_rows(file, columns)
    except BadFileError as bad:
        refuse(bad)
    values = [row.values[0] for row in rows]
    try:
        if total_column:
            if rebase:
                raise ValueError("a p' chart takes no rebase; chart each stretch by itself")
            totals = [row.values[1] for row in rows]
            chart = p_prime(values, totals, improvement=improvement, rules=rules, target=target, baseline=baseline)
        else:
            chart = xmr(values, improvement=improvement, rules=rules, target=target, baseline=baseline, rebase=rebase)
    except ValueError as bad:
        refuse(BadFileError(file, [f"{bad}."]))
    names = [row.values[-1] for row in rows] if name_column else None
    given = {"target": target, "baseline": baseline, "rebase": sorted(set(rebase))}
    report = {"file": file.name, "value": value_column, **report_of(chart, names), **given}
    if as_text:
        click.echo(readable(chart, names))
    else:
        as_json(report)


def report_of(chart: Chart, names: list[str] | None = None) -> dict[str, Any]:
    """A chart as plain values."""
    last = chart.latest.limits
    return {
        "kind": chart.kind,
        "ruleset": {"id": chart.ruleset.id, "says": chart.ruleset.says},
        "improvement": chart.improvement,
        "n": len(chart.points),
        centre_of(chart): last.centre,
        "lower": last.lower,
        "upper": last.upper,
        "trial": chart.trial,
        "no_variation": any(segment.no_variation for segment in chart.segments),
        "segments": [_flat(asdict(segment), centre_of(chart)) for segment in chart.segments],
        "points": [_point(point, None if names is None else names[place], centre_of(chart)) for place, point in enumerate(chart.points)],
        "variation": asdict(chart.variation),
        "assurance": asdict(chart.assurance) if chart.assurance else None,
        "false_flags": chart.false_flags,
    }


def readable(chart: Chart, names: list[str] | None = None) -> str:
    """The chart in words and a table."""
    last = chart.latest.limits
    middle, lower, upper = (short(line) for line in (last.centre, last.lower, last.upper))
    lines = [
        f"{KINDS[chart.kind]}, {chart.ruleset.id}: {centre_of(chart)} {middle}, limits {lower} to {upper}",
        f"{chart.variation.words}.",
    ]
    lines += [f"{chart.assurance.words} (target {short(chart.target)})."] if chart.assurance else []
    lines += ["Trial limits: fewer than 12 points made them."] if chart.trial else []
    if chart.false_flags:
        lines.append(f"Of a hundred such charts about {100 * chart.false_flags:.1f} flag their latest point though nothing changed.")
    rows = [
        [names[place] if names else str(point.number), short(point.value), point.label, point.meaning]
        for place, point in enumerate(chart.points)
    ]
    return "\n".join([*lines, table(["point", "value", "label", "meaning"], rows)])


def centre_of(chart: Chart) -> str:
    """What the middle line is: the mean, or of gaps the median."""
    return "median" if chart.kind in ("t", "g") else "mean"


def _point(point: Point, name: str | None, centre: str) -> dict[str, Any]:
    limits = asdict(point.limits)
    return {
        "number": point.number,
        "name": name,
        "value": point.value,
        "segment": point.segment,
        centre: limits.pop("centre"),
        **limits,
        "label": point.label,
        "says": point.says,
        "way": point.way,
        "meaning": point.meaning,
    }


def _flat(segment: dict[str, Any], centre: str) -> dict[str, Any]:
    limits = segment.pop("limits")
    return {**segment, centre: limits.pop("centre"), **limits}
