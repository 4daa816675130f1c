"""How far those who answer who somebody is agree, from the command line."""

from __future__ import annotations

import json
from typing import Any

import click
from django.utils import timezone

from lodestar.core.identity.agreement import Found
from lodestar.core.measures.intervals import Interval
from lodestar.store.queries import labels


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Strict JSON on standard output.")
def agreement(*, as_json: bool) -> None:
    """Raw agreement and Cohen's kappa of questions that two people answered blind, whole and by month, with intervals.

    \b
    The JSON is {"all", "months", "known_pairs", "labels", "labels_needed", "hidden_under", "share_asked_of_two"}:
      all, months   period, pairs, agreed, raw, raw_interval, kappa, kappa_interval (lower, upper, method)
      known_pairs   answers, right, cannot_tell: of pairs mixed in whose truth is known
    A period of fewer pairs than hidden_under is null throughout: it would say who answered what.
    """
    found = labels.agreed(at=timezone.now())
    if as_json:
        report = {
            "all": _period(found.whole),
            "months": [_period(month) for month in found.months],
            "known_pairs": {name: getattr(found.known, name) for name in ("answers", "right", "cannot_tell")},
            "labels": found.labels,
            "labels_needed": found.needed,
            "hidden_under": found.few,
            "share_asked_of_two": found.share,
        }
        click.echo(json.dumps(report, allow_nan=False, indent=2))
        return
    for one in (found.whole, *found.months):
        click.echo(f"{one.period:8} {_said(one, found.few)}")
    click.echo(f"{found.labels:,} of the {found.needed:,} labelled pairs that a model needs before it joins anything by itself.")


def _period(one: Found) -> dict[str, Any]:
    return {
        "period": one.period,
        "pairs": one.pairs,
        "agreed": one.agreed,
        "raw": one.raw,
        "raw_interval": _interval(one.raw_interval),
        "kappa": one.kappa,
        "kappa_interval": _interval(one.kappa_interval),
    }


def _interval(one: Interval | None) -> dict[str, Any] | None:
    return None if one is None else {"lower": one.lower, "upper": one.upper, "method": one.method}


def _said(one: Found, few: int) -> str:
    if one.pairs is None:
        return f"hidden: fewer than {few} questions, or hidden with such a month"
    if one.raw is None or one.raw_interval is None:
        return "no question has been answered by two yet"
    raw = f"{one.agreed} of {one.pairs} agreed, {one.raw:.0%} ({one.raw_interval.lower:.0%} to {one.raw_interval.upper:.0%})"
    if one.kappa is None or one.kappa_interval is None:
        return f"{raw}; kappa not defined: one word throughout"
    return f"{raw}; kappa {one.kappa:.2f} ({one.kappa_interval.lower:.2f} to {one.kappa_interval.upper:.2f})"
