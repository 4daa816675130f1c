"""``lodestar custody funnel``: from charge to a bed, every child by row, from case files and with no database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import click

from lodestar.core.matters.custody.casefile import BadCase, read
from lodestar.core.matters.custody.funnel import Charged, FellOut, Funnel, funnel
from lodestar.core.matters.custody.reading import charged, told
from lodestar.core.times import local_date, local_day_bounds, say_date
from lodestar.core.words import Period

MOST_FAULTS_SHOWN = 20
MOST_IDS_A_LINE = 12
DAY = click.DateTime(["%Y-%m-%d"])
KINDS = ("secure", "non_secure")


@click.command("funnel")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "first", type=DAY, help="The first day of charge that counts, like 2023-03-01. Left out: the file's first.")
@click.option("--to", "last", type=DAY, help="The last day of charge that counts. Left out: the file's last.")
@click.option("--json", "as_json", is_flag=True, help="Strict JSON on standard output.")
def funnel_command(file: Path, first: datetime | None, last: datetime | None, as_json: bool) -> None:
    """Say how many charged children of FILE got how far, and list by id those who fell out at each step.

    FILE holds one case file a line, each with an "id", as JSON (see docs/reference/custody-case-file.md). Days are London's.

    The steps are charged, refused bail, asked for, offered, moved; each is the one before less those who fell out. Those with no
    request are a list, apart from those who went straight to court. Beside the steps stand lists that cut across them: secure
    and other requests, certificates (a) and (b), authorities that failed to provide, children kept with no certificate, and
    moves with no request on record.

    A file that cannot be used is refused with exit code 2 and every bad line named, up to 20.
    """
    rows, faults = read_cases(file.read_bytes())
    if faults:
        _refuse(file, faults)
    found = funnel(rows=rows, period=_period(rows, first, last))
    click.echo(json.dumps(_report(file, found), indent=2, ensure_ascii=False) if as_json else _readable(found))


def read_cases(data: bytes) -> tuple[list[Charged], list[str]]:
    """Every line is counted or named as bad; one bad line refuses the file, since a funnel without it would be wrong."""
    rows: dict[str, Charged] = {}
    faults: list[str] = []
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return [], ["it is not UTF-8 text; save it again as UTF-8."]
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = row_of(_object(line))
        except BadCase as fault:
            faults.append(f"line {number}: {fault}")
            continue
        if row.id in rows:
            faults.append(f"line {number}: its id stands on an earlier line; give each case once.")
        rows[row.id] = row
    if not rows and not faults:
        faults.append("it holds no case; give it at least one line.")
    return list(rows.values()), faults


def row_of(case: Mapping[str, Any]) -> Charged:
    """One case file as the funnel reads it; a field that cannot be read is refused, never taken for absent."""
    row = case.get("id")
    if not isinstance(row, str) or not row.strip():
        raise BadCase("id: this is needed, as text: the row to open, and nothing personal.")
    try:
        found = charged(story=told(read(case)), row=row.strip())
    except BadCase:
        raise
    except (ValueError, TypeError):
        raise BadCase("something in it is of the wrong kind; compare it with the reference of the format.") from None
    if found is None:
        raise BadCase("times.charged_at: this is needed: the funnel counts from the charge.")
    return found


def _object(line: str) -> dict[str, Any]:
    try:
        case = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        raise BadCase("it is not JSON; write each case whole on one line.") from None
    if not isinstance(case, dict):
        raise BadCase("it is not a case file; a case is a JSON object.")
    return case


def _period(rows: Sequence[Charged], first: datetime | None, last: datetime | None) -> Period:
    charged = [row.charged_at for row in rows]
    from_day = first.date() if first else local_date(min(charged))
    to_day = last.date() if last else local_date(max(charged))
    if to_day < from_day:
        raise click.UsageError("The last day is before the first. Check --from and --to.")
    return Period(local_day_bounds(from_day).from_at, local_day_bounds(to_day).until_at)


def _report(path: Path, found: Funnel) -> dict[str, Any]:
    return {
        "file": path.name,
        "from": _said(found.period.from_at),
        "until": _said(found.period.until_at),
        "steps": [
            {
                "code": step.code,
                "title": step.title,
                "count": len(step.ids),
                "ids": step.ids,
                "fell_out": [_group(out) for out in step.fell_out],
            }
            for step in found.steps
        ],
        "lists": [_group(group) for group in found.lists],
        "requests": {kind: found.requests.get(kind, 0) for kind in KINDS},
    }


def _group(group: FellOut) -> dict[str, Any]:
    return {"code": group.code, "title": group.title, "count": len(group.ids), "ids": group.ids}


def _said(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at is not None else None


def _readable(found: Funnel) -> str:
    return "\n".join(_lines(found))


def _lines(found: Funnel) -> Iterator[str]:
    yield f"Charged from {say_date(local_date(found.period.from_at))} to {say_date(_last_day(found.period))}"
    for step in found.steps:
        yield f"{len(step.ids):>5}  {step.title}"
        for out in step.fell_out:
            if out.ids:
                yield from _named(f"       {len(out.ids)} fell out: {out.title}", out.ids)
    yield ""
    yield f"Requests: {found.requests.get('secure', 0)} secure, {found.requests.get('non_secure', 0)} not secure."
    for group in found.lists:
        if group.ids:
            yield from _named(f"{len(group.ids):>5}  {group.title}", group.ids)


def _last_day(period: Period) -> date:
    return local_date((period.until_at or period.from_at) - timedelta(seconds=1))


def _named(head: str, ids: Sequence[str]) -> Iterator[str]:
    yield head
    for at in range(0, len(ids), MOST_IDS_A_LINE):
        yield "         " + ", ".join(ids[at : at + MOST_IDS_A_LINE])


def _refuse(path: Path, faults: Sequence[str]) -> NoReturn:
    shown = [f"{path.name}: {fault}" for fault in faults[:MOST_FAULTS_SHOWN]]
    if len(faults) > len(shown):
        shown.append(f"{path.name}: and {len(faults) - len(shown)} more.")
    click.echo("\n".join(shown), err=True)
    raise SystemExit(2)
