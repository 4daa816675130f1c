"""``lodestar measures interval``: how far chance alone may have moved a share, a count or a rate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from lodestar.core.measures.counts import differs_from, fisher, poisson, ratio_of_rates
from lodestar.core.measures.intervals import Interval, clopper_pearson, clustered_logit, none_of, wilson, wilson_effective
from lodestar.doors.cli.measures.reading import FILE, BadFileError, Column, mark, read_rows, refuse, word
from lodestar.doors.cli.measures.saying import as_json, options

COUNT, NUMBER = click.IntRange(0), click.IntRange(1)
ABOVE = click.FloatRange(0, min_open=True)
LEVEL = click.option("--level", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.95, show_default=True)


@click.group(short_help="Intervals of shares, counts and rates; whether two differ.")
def interval() -> None:
    """The interval of a share, a count or a rate, and whether two differ.

    \b
    The JSON of an interval is {"method", "value", "lower", "upper", "level"} with what was given; null is "no bound".

    \b
    Which to use
      wilson            a share, for showing
      clopper-pearson   a share on which a decision hangs, or with fewer than 5 of either kind
      clustered         a share where one child is counted more than once, from a file
      effective         a share of which only the variance is known, as from a curve
      rule-of-three     none of so many: how many there may be at most
      poisson           a count, or with --exposure a rate
      ratio             one rate over another
      fisher            one share against another
      differs           what the next count must be before it differs from this one
    """


def _say(method: str, value: float | None, bounds: Interval, given: dict[str, Any], as_text: bool) -> None:
    report = {"method": method, "value": value, "lower": bounds.lower, "upper": bounds.upper, **given}
    if as_text:
        told = "" if value is None else f"{value:.4f} "
        click.echo(f"{told}({given['level']:.0%} {bounds.lower:.4f} to {bounds.upper:.4f}), {method}")
    else:
        as_json(report)


def _share(name: str, formula: Callable[..., Interval], short: str, manual: str) -> None:
    """One command for a share by one formula."""

    @interval.command(name, help=manual, short_help=short)
    @click.argument("hits", type=COUNT)
    @click.argument("n", type=NUMBER)
    @LEVEL
    @options
    def command(*, hits: int, n: int, level: float, as_text: bool, **_: bool) -> None:
        if hits > n:
            raise click.UsageError("There are no more HITS than N.")
        bounds = formula(hits=hits, n=n, level=level)
        _say(bounds.method, hits / n, bounds, {"hits": hits, "n": n, "level": level}, as_text)


_share("wilson", wilson, "A share, for showing.", "Wilson's score interval for HITS of N: for showing.")
_share(
    "clopper-pearson",
    clopper_pearson,
    "A share, exactly.",
    "The exact interval for HITS of N, never too short: where a decision hangs on it.",
)


@interval.command(short_help="A share known with a standard error.")
@click.argument("share", type=click.FloatRange(0, 1, min_open=True, max_open=True))
@click.option("--se", required=True, type=ABOVE, help="The standard error of the share.")
@LEVEL
@options
def effective(*, share: float, se: float, level: float, as_text: bool, **_: bool) -> None:
    """Wilson's interval for a SHARE known with a standard error, on the number of cases that would give that error."""
    bounds = wilson_effective(share=share, variance=se**2, level=level)
    _say(bounds.method, share, bounds, {"se": se, "effective_n": share * (1 - share) / se**2, "level": level}, as_text)


@interval.command(short_help="A share where children are counted more than once.")
@FILE
@click.option("--hit", "hit_column", required=True, metavar="COL", help="Column that says whether it happened.")
@click.option("--cluster", "cluster_column", required=True, metavar="COL", help="Column that tells one child from another.")
@LEVEL
@options
def clustered(*, file: Path, hit_column: str, cluster_column: str, level: float, as_text: bool, **_: bool) -> None:
    """The interval of a share where children are counted more than once, from FILE, a CSV with a row an episode.

    On the logit scale, robust by child, with t on (children - 1) degrees of freedom. A share of nought or one has none: use
    clopper-pearson. The JSON has hits, n and clusters too.
    """
    try:
        rows = read_rows(file, [Column(hit_column, mark), Column(cluster_column, word)])
        hits, names = [row.values[0] for row in rows], [row.values[1] for row in rows]
        bounds = clustered_logit(hits=hits, clusters=names, level=level)
    except BadFileError as bad:
        refuse(bad)
    except ValueError as bad:
        refuse(BadFileError(file, [f"{bad}."]))
    given = {"hits": sum(hits), "n": len(hits), "clusters": len(set(names)), "level": level}
    _say(bounds.method, sum(hits) / len(hits), bounds, given, as_text)


@interval.command("rule-of-three", short_help="None of so many.")
@click.argument("n", type=NUMBER)
@LEVEL
@options
def rule_of_three(*, n: int, level: float, as_text: bool, **_: bool) -> None:
    """How large a share may be, one-sided, when it happened to none of N: 1 - 0.05^(1/N), about 3/N."""
    bounds = Interval(0.0, none_of(n, level=level), "exact, one-sided")
    _say(bounds.method, 0.0, bounds, {"n": n, "three_over_n": min(1.0, 3 / n), "level": level}, as_text)


@interval.command("poisson", short_help="A count, or its rate.")
@click.argument("count", type=COUNT)
@click.option("--exposure", type=ABOVE, default=1.0, show_default=True, help="The time or number it was counted over.")
@LEVEL
@options
def poisson_command(*, count: int, exposure: float, level: float, as_text: bool, **_: bool) -> None:
    """Garwood's exact interval for a COUNT, or with --exposure for its rate."""
    found = poisson(count=count, level=level)
    bounds = Interval(found.lower / exposure, found.upper / exposure, found.method)
    _say(found.method, count / exposure, bounds, {"count": count, "exposure": exposure, "level": level}, as_text)


@interval.command(short_help="One rate over another.")
@click.argument("first", type=COUNT)
@click.argument("first_exposure", type=ABOVE)
@click.argument("second", type=COUNT)
@click.argument("second_exposure", type=ABOVE)
@LEVEL
@options
def ratio(*, first: int, first_exposure: float, second: int, second_exposure: float, level: float, as_text: bool, **_: bool) -> None:
    """The rate of FIRST over FIRST_EXPOSURE, divided by that of SECOND over SECOND_EXPOSURE; exact given their sum.

    The JSON is {"method", "value", "lower", "upper", "p", "level"} with what was given. value is null where nothing was
    seen second, upper is null where there is no bound, and p is two-sided.
    """
    if first + second == 0:
        raise click.UsageError("A ratio of rates needs at least one event.")
    found = ratio_of_rates(first=(first, first_exposure), second=(second, second_exposure), level=level)
    given = {"first": [first, first_exposure], "second": [second, second_exposure], "level": level}
    if as_text:
        upper = "no bound" if found.upper is None else f"{found.upper:.4f}"
        value = "no value" if found.value is None else f"{found.value:.4f}"
        click.echo(f"{value} ({level:.0%} {found.lower:.4f} to {upper}), p {found.p:.4f}, {found.method}")
    else:
        as_json({**asdict(found), **given})


@interval.command("fisher", short_help="One share against another.")
@click.argument("hits", type=COUNT)
@click.argument("n", type=NUMBER)
@click.argument("other_hits", type=COUNT)
@click.argument("other_n", type=NUMBER)
@options
def fisher_command(*, hits: int, n: int, other_hits: int, other_n: int, as_text: bool, **_: bool) -> None:
    """Fisher's exact test, two-sided, of HITS of N against OTHER_HITS of OTHER_N; the JSON gives p."""
    if hits > n or other_hits > other_n:
        raise click.UsageError("There are no more HITS than N.")
    p = fisher(first=(hits, n), second=(other_hits, other_n))
    if as_text:
        click.echo(f"p {p:.4f}, Fisher, two-sided")
    else:
        as_json({"method": "Fisher, two-sided", "p": p, "first": [hits, n], "second": [other_hits, other_n]})


@interval.command(short_help="What the next count must be before it differs.")
@click.argument("hits", type=COUNT)
@click.argument("n", type=NUMBER)
@click.option("--next", "again", type=NUMBER, metavar="N", help="How many there will be next time; as many, unless said.")
@click.option("--alpha", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.05, show_default=True)
@options
def differs(*, hits: int, n: int, again: int | None, alpha: float, as_text: bool, **_: bool) -> None:
    """What next time's count must be before Fisher's test tells it from HITS of N. Say it instead of drawing an arrow.

    The JSON gives above, the least count over the same share that differs, with its p and that of the count just below it
    (p_nearly_above); and below, p_below and p_nearly_below; null where no count differs.
    """
    if hits > n:
        raise click.UsageError("There are no more HITS than N.")
    found = differs_from(hits=hits, n=n, again=again, alpha=alpha)
    size = n if again is None else again
    if as_text:
        up = "no count is high enough" if found.above is None else f"{found.above} of {size} or more"
        down = "no count is low enough" if found.below is None else f"{found.below} of {size} or fewer"
        click.echo(f"It differs from {hits} of {n} at {up}; downwards, {down}.")
    else:
        as_json({"method": "Fisher, two-sided", "hits": hits, "n": n, "next": size, "alpha": alpha, **asdict(found)})
