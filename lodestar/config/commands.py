"""Commands that need more than one door: a paper that is made by an action and set by the door of papers."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils import timezone

from lodestar.actions.inspection import replies
from lodestar.core.access.scope import system_actor
from lodestar.core.times import say_date
from lodestar.core.words import Refused
from lodestar.doors.papers.docx import write_docx
from lodestar.doors.papers.pdf import write_pdf
from lodestar.store.queries import access
from lodestar.store.queries import inspection as queries

WRITERS = {".docx": write_docx, ".pdf": write_pdf}


@click.command()
@click.argument("reference")
@click.option(
    "--out",
    "outs",
    multiple=True,
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it: .docx to be edited in Word, .pdf for PDF/UA; repeat for both.",
)
@click.option("--as", "username", default="", metavar="USER", help="The account that makes it. Default: the system.")
def reply(reference: str, outs: tuple[Path, ...], username: str) -> None:
    """Make the reply to the report REFERENCE from the register, and write it out.

    Every measured commitment is frozen at this moment: its figure, what it makes of the statement, and a hash of both, which
    stand in the appendix. What is made is kept, so that the same paper can be written again to the same bytes; publishing
    it is a step of its own, which the local policing body takes.
    """
    if any(out.suffix not in WRITERS for out in outs):
        raise click.UsageError("Give names that end in .docx or .pdf.")
    report = queries.inspection_named(reference=reference)
    if report is None:
        raise click.UsageError(f"There is no report {reference} in the register.")
    now = timezone.now()
    user = access.user_named(username=username) if username else None
    if username and user is None:
        raise click.BadParameter(f"there is no active account {username}", param_hint="--as")
    actor = access.actor_for(user=user, at=now, door="cli") if user else system_actor("cli")
    try:
        made = replies.make_reply(actor=actor, inspection_id=report.pk, now=now)
        for out in outs:
            _, body = replies.take_reply(actor=actor, paper_id=made, ending=out.suffix[1:], write=WRITERS[out.suffix], now=now)
            out.write_bytes(body)
            click.echo(f"Written: {out}")
    except Refused as refused:
        raise click.ClickException(" ".join(map(str, refused.refusals))) from refused
    paper = queries.reply_paper(pk=made)
    click.echo(f"Reply {made} to {reference}, published {say_date(report.published_on)}; content {paper.content_hash if paper else ''}.")
