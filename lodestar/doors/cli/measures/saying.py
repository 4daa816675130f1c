"""How the commands say their figures: strict JSON, or a table for reading."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import click


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--text and --json, for commands whose output is JSON unless asked otherwise."""
    command = click.option("--json", "as_json", is_flag=True, help="Strict JSON on standard output; it is that anyway.")(command)
    return click.option("--text", "as_text", is_flag=True, help="A table for reading, instead of JSON.")(command)


def as_json(report: dict[str, Any]) -> None:
    """Strict JSON: no figure is not-a-number."""
    click.echo(json.dumps(report, allow_nan=False, indent=2, ensure_ascii=False))


def real(value: float) -> float | None:
    """A number that exists, or null."""
    return float(value) if math.isfinite(value) else None


def figure(value: float | None) -> str:
    """Four places, or a dash where there is none."""
    return "-" if value is None else f"{value:.4f}"


def short(value: float | None) -> str:
    """As short as it can be told."""
    return "-" if value is None else f"{value:g}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns set to the right, each as wide as it needs."""
    lines = [list(heads), *[list(row) for row in rows]]
    widths = [max(len(line[place]) for line in lines) for place in range(len(heads))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
