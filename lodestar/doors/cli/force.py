"""Setting up a real force: its places, its posts and its rota, from its own files."""

from __future__ import annotations

import csv
import io
import tomllib
from datetime import datetime
from pathlib import Path

import click
from django.utils import timezone

from lodestar.actions import duty
from lodestar.actions import force as actions
from lodestar.core.access.scope import Actor, system_actor
from lodestar.core.duty.plan import KINDS, read_plan
from lodestar.core.times import read_local
from lodestar.core.words import Refusal, Refused
from lodestar.store.queries import access
from lodestar.store.queries import force as queries

COLUMNS = ("username", "post", "from", "until")
LEADS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def force() -> None:
    """The force's own districts, posts and shifts."""


@force.command("set")
@click.argument("file", type=A_FILE)
def set_command(file: Path) -> None:
    """Set authorities, districts, places and posts from a TOML FILE.

    What is new is made, what has another name is renamed, nothing is taken away; the same file twice changes nothing. A file
    with a fault changes nothing and every fault is named. An example is docs/examples/force/force.toml.
    """
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise click.UsageError(f"{file.name} cannot be read: {fault}") from fault
    plan, faults = read_plan(table, kinds=KINDS, known=queries.codes())
    if faults:
        raise click.UsageError("\n".join((f"{file.name} changes nothing, because:", *faults)))
    made = actions.set_force(actor=system_actor("cli"), plan=plan, now=timezone.now())
    click.echo(", ".join(f"{count} {noun}" for noun, count in made.items()) + " made or changed.")


@force.command("roster")
@click.argument("file", type=A_FILE)
def roster_command(file: Path) -> None:
    """Put people on shifts from a CSV FILE with the columns username, post, from, until and lead.

    Times are London's, like 23/11/2026 07:00. A good row is in whatever the others are; a shift that is there already is left
    as it is. Each bad row is named with its number and what to mend, and the command then ends with 1.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    except UnicodeDecodeError as fault:
        raise click.UsageError(f"{file.name} is not UTF-8 text; save it again as UTF-8.") from fault
    missing = [name for name in COLUMNS if rows and name not in rows[0]]
    if missing or not rows:
        raise click.UsageError(
            f"{file.name} needs the columns {', '.join(COLUMNS)} and a row. Missing: {', '.join(missing) or 'every row'}."
        )
    actor, new, same, bad = system_actor("cli"), 0, 0, []
    for number, row in enumerate(rows, start=2):
        found = _row(actor, row, timezone.now())
        if isinstance(found, str):
            bad.append(f"{file.name}, row {number}: {found}")
        else:
            new, same = new + found, same + (not found)
    click.echo(f"{new} shifts made, {same} there already, {len(bad)} rows not taken.")
    for line in bad:
        click.echo(line, err=True)
    raise SystemExit(1 if bad else 0)


def _row(actor: Actor, row: dict[str, str], now: datetime) -> bool | str:
    """True when a shift was made, False when it was there already, a sentence when the row cannot be taken."""
    user = access.user_named(username=(row["username"] or "").strip())
    post = queries.post_named(code=(row["post"] or "").strip())
    if user is None:
        return f"username: there is no active account {row['username']}."
    if post is None:
        return f"post: there is no post {row['post']}. Set it first."
    times = []
    for name in ("from", "until"):
        read = read_local((row[name] or "").strip(), field=name)
        if not isinstance(read, datetime):
            return f"{name}: {read.sentence if isinstance(read, Refusal) else 'give the time of day too.'}"
        times.append(read)
    if queries.same_shift(post_id=post.pk, user=user, from_at=times[0], until_at=times[1]):
        return False
    lead = LEADS.get((row.get("lead") or "").strip().lower())
    if lead is None:
        return f"lead: “{(row['lead'] or '').strip()}” is neither yes nor no. Write yes for whoever leads, and no or nothing for others."
    try:
        duty.roster(actor=actor, post_id=post.pk, user_id=user.pk, from_at=times[0], until_at=times[1], lead=lead, now=now)
    except Refused as refused:
        return "; ".join(map(str, refused.refusals))
    return True


@force.command("show")
def show_command() -> None:
    """List the districts and the posts, and who is on each now."""
    for code, name, authority in queries.places():
        click.echo(f"district {code}: {name}, {authority}")
    for code, kind, district, who in queries.posts(at=timezone.now()):
        click.echo(f"post {code} ({kind}{', ' + district if district else ''}): {who or 'nobody on'}")
