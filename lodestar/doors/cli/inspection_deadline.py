"""``lodestar inspection deadline``: by when a reply under section 55 is published, and the seven steps to it."""

from __future__ import annotations

import json
from datetime import date, datetime

import click

from lodestar.core.inspection.findings import bodies
from lodestar.core.inspection.section55 import DAYS, last_day, timetable
from lodestar.core.playbook import NotInForce
from lodestar.core.times import say_date
from lodestar.store.playbooks import playbook


@click.command()
@click.argument("published", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD")
@click.option("--json", "as_json", is_flag=True, help="Strict JSON on standard output.")
def deadline(published: datetime, as_json: bool) -> None:
    """The last day for the reply to a report published on YYYY-MM-DD, with the seven steps of the duty.

    The local policing body publishes its comments, the chief officer's, and its response to those before the end of 56
    days beginning with the day of publication (Police Act 1996 s.55): the last day is publication plus 55 days. Every day
    of the week counts. The bodies are named as they were on the day of publication.

    \b
    The JSON is {"published", "days", "last_day", "steps"}; each step has number, title, who, by.
    Exit code 2 for a day that is no day, or before there were local policing bodies.
    """
    on = date(published.year, published.month, published.day)
    try:
        names = {role: body.title for role, body in bodies(playbook("INS-BODIES"), on=on).items()}
    except NotInForce as refused:
        raise click.UsageError(f"There was no local policing body then. {refused}") from refused
    rows = timetable(published=on, names=names)
    if as_json:
        steps = [dict(zip(("number", "title", "who", "by"), row, strict=True)) for row in rows]
        found = {"published": on.isoformat(), "days": DAYS, "last_day": last_day(published=on).isoformat(), "steps": steps}
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    click.echo(f"Published {say_date(on)}. Last day for the reply: {say_date(last_day(published=on))} ({last_day(published=on)}).")
    for number, title, who, by in rows:
        click.echo(f"{number}. {title}\n   {who}, {by}")
