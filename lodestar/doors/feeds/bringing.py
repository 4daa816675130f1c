"""Bringing a file in: the good rows are taken in, the bad ones are parked, and the same file again changes nothing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from lodestar.actions import reports as actions
from lodestar.actions.engagements import receiving
from lodestar.actions.matters.news import add_news
from lodestar.core.access.scope import Actor
from lodestar.core.engagements.draft import EngagementDraft, as_kept
from lodestar.core.reports.intake import raw_digest
from lodestar.core.reports.outcome import Outcome
from lodestar.core.reports.rows import BadRow
from lodestar.core.times import say
from lodestar.core.words import Caution, Refusal, Refused
from lodestar.doors.feeds.kinds import Batch, Good, read_batch
from lodestar.store.queries import reports as queries

LONG_OVER = timedelta(days=14)  # by then every duty that a return starts has fallen due


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a file: every row is new, repeated or bad."""

    run_id: int
    rows: int
    new: int
    repeated: int
    bad: int
    kept: int = 0  # understood, and no report of a missing child
    unread: tuple[BadRow, ...] = ()  # the bad rows of this file, also those parked from an earlier one
    cautions: tuple[Caution, ...] = ()  # what a person should look at in the file as a whole


def bring_in(*, actor: Actor, kind: str, source: str, file_name: str, content: bytes, now: datetime) -> Brought:
    """Take in every row that can be read and park every row that cannot. Refuses only a file that is no table."""
    batch = read_batch(kind=kind, content=content, file_name=file_name, source=source, now=now)
    run_id = actions.begin_import(actor=actor, kind=kind, source=source, file_name=file_name, digest=raw_digest(content), now=now)
    new = repeated = 0
    bad = list(batch.bad)
    for row in batch.good:
        try:
            made = _take_in(actor, row, run_id, now)
        except Refused as refused:
            bad.append(BadRow(row.source, row.faults_from(refused.refusals)))
        else:
            new, repeated = new + (not made.repeated), repeated + made.repeated
    for item in bad:
        faults = [asdict(fault) for fault in item.faults]
        actions.park_bad_row(
            actor=actor, run_id=run_id, source=source, row_number=item.row.number, raw=item.row.raw, faults=faults, now=now
        )
    for source_row in batch.kept:
        actions.keep_row(actor=actor, run_id=run_id, source=source, row_number=source_row.number, raw=source_row.raw, now=now)
    rows = len(batch.good) + len(batch.bad) + len(batch.kept)
    unread = tuple(sorted(bad, key=lambda item: item.row.number))
    done = Brought(run_id, rows, new, repeated, len(bad), len(batch.kept), unread, batch.cautions)
    actions.end_import(actor=actor, run_id=run_id, rows=done.rows, new=new, repeated=repeated, bad=len(bad), now=now)
    return done


def _take_in(actor: Actor, row: Good, run_id: int | None, now: datetime) -> actions.Received | receiving.Received:
    if isinstance(row.draft, EngagementDraft):
        kept = as_kept(row.source.raw)
        return receiving.receive(actor=actor, draft=row.draft, raw=kept, now=now, run_id=run_id, row_number=row.source.number)
    raw = json.dumps(dict(row.source.raw), ensure_ascii=False, sort_keys=True)
    ended = row.outcome.traced_at if row.outcome is not None else None
    past = ended is not None and now - ended > LONG_OVER
    # An absence long over is kept with its child, for the record; it puts nobody on the board.
    draft = replace(row.draft, kind="past") if past else row.draft
    made = actions.receive(actor=actor, draft=draft, raw=raw, now=now, run_id=run_id, row_number=row.source.number)
    if made.matter_id is not None and row.outcome is not None and row.outcome.traced_at is not None:
        _tell_end(actor, made.matter_id, row.draft.source, _words(row.outcome), now)
    return made


def _tell_end(actor: Actor, matter_id: int, source: str, text: str, now: datetime) -> None:
    """Another system's word closes nothing: a person assesses it. It may come with a later file, and is told once."""
    if not queries.news_said(matter_id=matter_id, from_whom=source, text=text):
        add_news(actor=actor, matter_id=matter_id, from_whom=source, contact="", text=text, now=now)


def _words(outcome: Outcome) -> str:
    known = "date" if outcome.traced_precision == "date" else "minute"
    when = say(outcome.traced_at, known=known) if outcome.traced_at else "at a time not given"  # type: ignore[arg-type]
    parts = [f"The other system says the child was traced {when}", outcome.traced_address, outcome.how_returned]
    return ". ".join(part for part in parts if part) + "."


def mend_row(*, actor: Actor, row: Any, values: Mapping[str, str], now: datetime) -> int | None:
    """Read a mended row as the file's reader would, take it in, and settle the parked one. Returns the report, where it is one."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(list(values))
    writer.writerow(list(values.values()))
    kind: str = row.import_run.kind
    batch: Batch = read_batch(kind=kind, content=text.getvalue().encode(), file_name=row.import_run.file_name, source=row.source, now=now)
    if batch.bad or not batch.good:
        raise Refused(*[Refusal(fault.code, fault.reason, "", fault.column) for item in batch.bad for fault in item.faults] or [_empty()])
    made = _take_in(actor, batch.good[0], row.import_run_id, now)
    actions.settle_bad_row(
        actor=actor, row_id=row.pk, seen_version=row.version, report_id=made.report_id, mended=True, reason="Mended by hand.", now=now
    )
    return made.report_id


def _empty() -> Refusal:
    return Refusal("row.empty", "The row is empty. Fill it in, or set it aside with a reason.")
