"""Reads the files of ``lodestar tasking``: exact numbers, no key twice, and one sentence for whatever cannot be read."""

from __future__ import annotations

import json
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NoReturn

import click

from lodestar.core.tasking.document import read_problem
from lodestar.core.tasking.problem import BadProblem, Problem

FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
STDIN = Path("-")


class _Twice(ValueError):
    """A key stands twice in one object, so one of the two would be lost."""


def problem_in(file: Path) -> Problem:
    """The problem of a file; ends with 2 after every fault by file, path and reason."""
    try:
        return read_problem(document_in(file))
    except BadProblem as bad:
        stop(file, *bad.faults)


def document_in(file: Path) -> Any:
    """The JSON of a file, or of standard input where it is ``-``; its decimals are kept exactly as written."""
    try:
        text = sys.stdin.buffer.read() if file == STDIN else file.read_bytes()
        return json.loads(text.decode("utf-8-sig"), parse_float=_exact, object_pairs_hook=_once)
    except UnicodeDecodeError:
        stop(file, "it is not UTF-8 text; save it again as UTF-8.")
    except json.JSONDecodeError as fault:
        stop(file, f"line {fault.lineno} is not JSON: {fault.msg}.")
    except _Twice as fault:
        stop(file, str(fault))
    except ValueError:
        stop(file, "it holds a number of thousands of digits.")
    except RecursionError:
        stop(file, "it is nested too deeply.")


def _exact(text: str) -> Decimal | float:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent of twenty digits: the reader then says that it is no number
        return float(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(f"the key {next(name for name in names if names.count(name) > 1)} stands twice in one object.")
    return found


def named(file: Path) -> str:
    """How a file is called in a sentence."""
    return "standard input" if file == STDIN else file.name


def stop(file: Path, *faults: str, code: int = 2) -> NoReturn:
    """End with every fault on its own line, each after the file's name."""
    for fault in faults:
        click.echo(f"{named(file)}: {fault}".encode("utf-8", "backslashreplace").decode(), err=True)
    raise SystemExit(code)
