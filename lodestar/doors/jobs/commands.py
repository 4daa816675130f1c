"""The jobs from the command line."""

from __future__ import annotations

import click

from lodestar.doors.jobs import running


@click.group()
def jobs() -> None:
    """Work that the minute and the night bring."""


@jobs.command()
def minutely() -> None:
    """Sweep the clocks, send the notices and seal the audit, once."""
    click.echo(running.minutely())


@jobs.command()
def nightly() -> None:
    """Verify the audit and compute the measures, once."""
    click.echo(running.nightly())


@jobs.command()
def loop() -> None:
    """Run the minute's jobs every minute and the night's once a night, until stopped."""
    running.loop()
