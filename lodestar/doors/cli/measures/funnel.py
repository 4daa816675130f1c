"""``lodestar measures funnel``: is a district out of the way, or only small?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from lodestar.core.measures.funnel import Funnel, funnel_of_ratios, funnel_of_shares, funnel_of_shares_overdispersed
from lodestar.doors.cli.measures.reading import FILE, BadFileError, Column, positive, read_rows, refuse, whole, word
from lodestar.doors.cli.measures.saying import as_json, figure, options, short, table


@click.command(short_help="Districts, each against what chance gives one of its size.")
@FILE
@click.option("--unit", "--group", "unit_column", required=True, metavar="COL", help="Column that names each unit, such as its district.")
@click.option("--hits", "hits_column", metavar="COL", help="Column of how many, out of --total.")
@click.option("--total", "total_column", metavar="COL", help="Column of out of how many.")
@click.option("--observed", "observed_column", metavar="COL", help="Column of how many were seen, beside --expected.")
@click.option("--expected", "expected_column", metavar="COL", help="Column of how many were to be expected.")
@click.option("--design-effect", type=click.FloatRange(1), default=1.0, help="Variance over that of single cases; 1 if none repeat.")
@click.option("--overdispersed", is_flag=True, help="Widen the limits by what varies between units; ten units or more.")
@options
def funnel(
    *,
    file: Path,
    unit_column: str,
    hits_column: str | None,
    total_column: str | None,
    observed_column: str | None,
    expected_column: str | None,
    design_effect: float,
    overdispersed: bool,
    as_text: bool,
    **_: bool,
) -> None:
    """A funnel plot of the units in FILE, a CSV with a header row, in UTF-8; one row a unit.

    Give --hits and --total for shares, against the share of all together, with exact binomial limits interpolated as
    Spiegelhalter does; or --observed and --expected for ratios, against 1, with exact Poisson limits. --design-effect
    widens the limits of shares where one child is counted more than once. --overdispersed adds, on the arcsine scale, what
    varies between units besides chance; below ten units that is noise, and it is refused. There is no ranking.

    \b
    The JSON is {"file", "unit", "method", "centre", "tau", "units"}; each unit, in the order of the file, has:
      name, value (the share or the ratio), size (the total, or the expectation)
      band       lower_95, upper_95, lower_99_8, upper_99_8: the limits at its size
      place      within, above_95, below_95, above_99_8 or below_99_8
    tau is the standard deviation between units on the arcsine scale, 0 unless --overdispersed.

    One in twenty stable units lies beyond a 95% limit by chance alone; look at 99.8%.

    A file that cannot be used is refused with exit code 2 and every bad row named, up to 20.
    """
    shares = hits_column is not None and total_column is not None
    ratios = observed_column is not None and expected_column is not None
    mixed = any((hits_column, total_column)) and any((observed_column, expected_column))
    if shares == ratios or mixed:
        raise click.UsageError("Give --hits and --total, or --observed and --expected.")
    if ratios and (overdispersed or design_effect != 1):
        raise click.UsageError("--overdispersed and --design-effect are for shares.")
    first, second = (hits_column, total_column) if shares else (observed_column, expected_column)
    columns = [Column(unit_column, word), Column(str(first), whole), Column(str(second), whole if shares else positive)]
    try:
        rows = read_rows(file, columns, check=_more_hits if shares else None)
        found = _draw([row.values for row in rows], shares, overdispersed, design_effect)
    except BadFileError as bad:
        refuse(bad)
    except ValueError as bad:
        refuse(BadFileError(file, [f"{bad}."]))
    if as_text:
        click.echo(_readable(found))
    else:
        units = [asdict(unit) for unit in found.units]
        as_json({"file": file.name, "unit": unit_column, "method": found.method, "centre": found.centre, "tau": found.tau, "units": units})


def _more_hits(values: tuple[str, int, int]) -> str:
    if values[2] == 0:
        return "the total is nought; leave the unit out."
    return "there are more hits than the total." if values[1] > values[2] else ""


def _draw(rows: list[tuple[str, int, int]], shares: bool, overdispersed: bool, design_effect: float) -> Funnel:
    names, first, second = zip(*rows, strict=True)
    if not shares:
        return funnel_of_ratios(names=names, observed=first, expected=second)
    draw = funnel_of_shares_overdispersed if overdispersed else funnel_of_shares
    return draw(names=names, hits=first, totals=second, design_effect=design_effect)


def _readable(found: Funnel) -> str:
    rows = [
        [unit.name, figure(unit.value), short(unit.size), figure(unit.band.lower_99_8), figure(unit.band.upper_99_8), unit.place]
        for unit in found.units
    ]
    return f"All together {figure(found.centre)}; {found.method}\n" + table(
        ["unit", "value", "size", "lower 99.8", "upper 99.8", "place"], rows
    )
