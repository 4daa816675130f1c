"""Files from the command line: in, and out."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils import timezone

from lodestar.actions import forecast
from lodestar.actions import star as star_actions
from lodestar.actions.reading import note_export
from lodestar.core.access.permissions import Permission as P
from lodestar.core.reports.intake import raw_digest
from lodestar.core.words import Refused
from lodestar.doors.feeds.acting import actor_named
from lodestar.doors.feeds.bringing import bring_in
from lodestar.doors.feeds.returning import error_table, write_missing_return
from lodestar.doors.feeds.star import write_star
from lodestar.store.queries import forecast as forecasts

MOST_FAULTS = 20


@click.group()
def imports() -> None:
    """Bring a file in. Good rows are taken in; bad rows are kept, listed and worked."""


_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_SOURCE = click.option("--source", default="", help="The system it comes from; rows are known by it. Default: the kind of file.")
_AS = click.option("--as", "username", default="", help="The account that brings it in. Default: the system.")
_ERRORS = click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="Write the rows that could not be read here.")


@imports.command()
@_FILE
@_SOURCE
@_AS
@_ERRORS
def missing(file: Path, source: str, username: str, errors: Path | None) -> None:
    """A force's export of missing reports, CSV or XLSX."""
    _bring("missing", file, source or "force-export", username, errors)


@imports.command()
@_FILE
@click.option("--authority", required=True, help="The code of the authority whose return it is.")
@_AS
@_ERRORS
def ssda903(file: Path, authority: str, username: str, errors: Path | None) -> None:
    """The national return of looked-after children: its Missing table."""
    _bring("ssda903", file, authority, username, errors)


@imports.command()
@_FILE
@click.option("--source", required=True, help="The code of the source's mapping, such as ENG-HOSPITAL.")
@_AS
@_ERRORS
def engagements(file: Path, source: str, username: str, errors: Path | None) -> None:
    """An agency's engagements, CSV, XLSX or JSON, read by the mapping of their source."""
    _bring("engagement", file, source, username, errors)


@imports.command()
@_FILE
@click.option("--line", required=True, help="The code of the line's playbook, such as FORECAST-ONLINE.")
@click.option("--source", required=True, help="Where the counts come from; each source is taken once.")
@_AS
def received(file: Path, line: str, source: str, username: str) -> None:
    """What a line received before the service: a CSV of received_on, recorded_on, count and, where known, level.

    For the forecast's back-test. Days as 2024-03-31. One bad row refuses the whole file: a month without it would be wrong.
    """
    if line not in {one.code for one in forecasts.lines(at=timezone.now())}:
        raise click.BadParameter(f"there is no line {line}", param_hint="--line")
    try:
        text = file.read_bytes().decode("utf-8-sig")
        rows = forecast.take_counts(actor=actor_named(username), line=line, text=text, source=source, now=timezone.now())
    except UnicodeDecodeError as fault:
        raise click.UsageError(f"{file.name} is not UTF-8; save it again as CSV UTF-8.") from fault
    except Refused as refused:
        raise click.UsageError(" ".join(one.sentence for one in refused.refusals[:MOST_FAULTS])) from refused
    click.echo(f"{file.name}: {rows} rows of counts taken over for {line}.")


def _bring(kind: str, file: Path, source: str, username: str, errors: Path | None) -> None:
    try:
        done = bring_in(
            actor=actor_named(username), kind=kind, source=source, file_name=file.name, content=file.read_bytes(), now=timezone.now()
        )
    except Refused as refused:
        raise click.UsageError(" ".join(map(str, refused.refusals))) from refused
    click.echo(
        f"{file.name}: {done.rows} rows, {done.new} new, {done.repeated} already in, {done.bad} could not be read{_kept(done.kept)}."
    )
    for caution in done.cautions:
        click.echo(f"{file.name}: {caution.sentence}", err=True)
    for item in done.unread:
        for fault in item.faults:
            click.echo(f"{file.name}, row {item.row.number}, {fault.column or 'the whole row'}: {fault.reason}", err=True)
    if errors is not None:
        errors.write_bytes(error_table(done.unread))
        click.echo(f"The rows that could not be read are in {errors}.")


def _kept(count: int) -> str:
    """The rows that were understood and are no report: neither new nor unread."""
    return f", {count} kept that report nobody missing" if count else ""


@click.group()
def exports() -> None:
    """Take a file out. Who took what, and its digest, is on record."""


@exports.command("ssda903")
@click.argument("authority")
@click.option("--year", type=int, required=True, help="The year in which the return ends: 2026 is April 2025 to March 2026.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@_AS
def ssda903_out(authority: str, year: int, out: Path, username: str) -> None:
    """The Missing table of the national return for one authority's looked-after children."""
    actor, now = actor_named(username), timezone.now()
    body, rows = write_missing_return(authority=authority, year=year)
    try:
        note_export(
            actor=actor, permission=P.MEASURES_EXPORT, verb="ssda903.exported", kind="report", rows=rows, digest=raw_digest(body), now=now
        )
    except Refused as refused:
        raise click.ClickException(" ".join(map(str, refused.refusals))) from refused
    out.write_bytes(body)
    click.echo(f"{rows} rows written to {out}.")


@exports.command("star")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--as", "username", required=True, help="The account that takes it: the tables hold what it may see.")
def star_out(folder: Path, username: str) -> None:
    """The tables behind the figures, as CSV and Parquet in FOLDER, for Power BI (docs/howto/power-bi.md)."""
    try:
        files, counts = star_actions.take(actor=actor_named(username), write=write_star, now=timezone.now())
    except Refused as refused:
        raise click.ClickException(" ".join(map(str, refused.refusals))) from refused
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        (folder / name).write_bytes(body)
    for name, rows in counts.items():
        click.echo(f"{name}: {rows} rows")
