"""Where every commitment stands, from the command line, and the night's reopening by hand."""

from __future__ import annotations

import click
from django.utils import timezone

from lodestar.actions.inspection import commitments, evidence
from lodestar.core.access.scope import system_actor
from lodestar.core.times import say_date
from lodestar.store.queries import inspection as queries


@click.command()
def home() -> None:
    """Every finding with its commitments, where each stands by its newest frozen evidence, and what the board must decide.

    \b
    evidenced     the measure and all of its interval are beyond the target
    claimed       nothing shows it: no measure, or the measure does not settle it
    contradicted  the measure and all of its interval are short of the target
    slipping      it was closed and has opened again by itself
    overdue       its day has passed and nothing shows it
    """
    found = queries.home(at=timezone.now())
    click.echo(", ".join(f"{count} {name}" for name, count in found.counts.items()) + ".")
    for report, findings in found.reports:
        click.echo(f"\n{report.reference}: {report.title}, {say_date(report.published_on)}")
        for finding, lines in findings:
            click.echo(f"  {finding.reference}: {finding.words}")
            for line in lines:
                click.echo(f"    {line.row.reference:12} {line.standing:13} {line.row.state:10} {line.row.words[:90]}")
    for decision in found.decisions:
        click.echo(f"\nFor the board. {decision.sentence}")
        for row, words in decision.rows:
            click.echo(f"  {row.reference}: {words}")


@click.command()
def reopen() -> None:
    """Do now what the night does: freeze what has changed, and open again every closed commitment whose measure has slipped."""
    actor, now = system_actor("cli"), timezone.now()
    again = commitments.reopen_slipped(actor=actor, now=now)
    frozen = evidence.refresh(actor=actor, now=now)
    click.echo(f"{again} opened again, {frozen} frozen.")
