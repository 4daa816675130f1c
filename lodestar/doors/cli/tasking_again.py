"""``lodestar tasking-again``: a past day's proposals run again from what each was asked, under the formula then in force."""

from __future__ import annotations

import json
from datetime import datetime

import click
from django.utils import timezone

from lodestar.actions.tasking import run_again
from lodestar.core.access.scope import system_actor
from lodestar.core.times import say
from lodestar.store.queries.tasking import proposals_on


@click.command("tasking-again")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def tasking_again(*, day: datetime, as_json: bool) -> None:
    """Run every proposal of DAY (2026-06-04) again, and say of each whether its answer is the same, byte for byte.

    Each is on record in the audit. Ends with 0 where all are the same or there was none, and with 1 where one differs.
    """
    actor, found = system_actor("cli"), []
    for row in proposals_on(day=day.date()):
        same = run_again(actor=actor, proposal_id=row.pk, now=timezone.now())
        formula = f"version {row.formula.number}" if row.formula is not None else f"the playbook's version {row.params['version']}"
        found.append({"proposal": row.pk, "made_at": row.made_at.isoformat(), "formula": formula, "same": same})
        if not as_json:
            click.echo(f"Proposal {row.pk}, {say(row.made_at)}, under {formula}: {'the same, byte for byte' if same else 'ANOTHER'}.")
    if as_json:
        click.echo(json.dumps(found))
    elif not found:
        click.echo("No proposal was made on that day.")
    if not all(one["same"] for one in found):
        raise SystemExit(1)
