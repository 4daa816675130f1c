"""The register of inspections from the command line: a file in, and the whole of it out."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils import timezone

from lodestar.core.words import Refused
from lodestar.doors.feeds.acting import actor_named
from lodestar.doors.feeds.register import load_register, write_register
from lodestar.doors.feeds.returning import error_table

_AS = click.option("--as", "username", default="", metavar="USER", help="The account that does it. Default: the system.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_AS
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="Write the rows that could not be read here, to be mended.")
def load(file: Path, username: str, errors: Path | None) -> None:
    """Bring FILE, CSV or XLSX, into the register: one row for each commitment, with its finding and report before it.

    \b
    Report, Published by, Published on     which report; the body by role: inspectorate, watchdog, coroner, force
    Reply under                            section_55 or none
    Finding, Finding kind, Addressed to    the reference, what it is, and the body by role it is addressed to
    Force status, Force response           how far the force has come, and its answer
    Their status, Their day, Their document   only together: the finder's own word, from its own dated document
    Commitment, Sort, Commitment in words  a promise or a fact; blank where the finding has none
    Owner, Owner account, Due on           the role that owns it, whose account is told, and the day
    Measure, Line, Side, Target, Baseline  a measure of the catalogue; above or below; 0.9 and 90% are the same share

    The same file again changes nothing. A row that cannot be taken in is named with its column and reason, and the rest
    go in. Exit code 1 where a row was bad.
    """
    try:
        done = load_register(actor=actor_named(username), content=file.read_bytes(), file_name=file.name, now=timezone.now())
    except Refused as refused:
        raise click.UsageError(" ".join(map(str, refused.refusals))) from refused
    click.echo(f"{file.name}: {done.rows} rows, {done.new} new, {done.changed} changed, {done.same} the same, {len(done.bad)} bad.")
    for caution in done.cautions:
        click.echo(f"{file.name}: {caution.sentence}", err=True)
    for item in done.bad:
        for fault in item.faults:
            click.echo(f"{file.name}, row {item.row.number}, {fault.column or 'the whole row'}: {fault.reason}", err=True)
    if errors is not None and done.bad:
        errors.write_bytes(error_table(done.bad))
        click.echo(f"The rows that could not be read are in {errors}.")
    if done.bad:
        raise SystemExit(1)


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@_AS
def export(out: Path, username: str) -> None:
    """Write the whole register to OUT, a name that ends in .csv or .xlsx. Loaded again it changes nothing."""
    ending = out.suffix.removeprefix(".")
    if ending not in ("csv", "xlsx"):
        raise click.UsageError("Give a name that ends in .csv or .xlsx.")
    try:
        body = write_register(actor=actor_named(username), ending=ending, now=timezone.now())
    except Refused as refused:
        raise click.ClickException(" ".join(map(str, refused.refusals))) from refused
    out.write_bytes(body)
    click.echo(f"The register is in {out}.")
