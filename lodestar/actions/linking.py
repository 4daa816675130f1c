"""Keeping what live linkage needs: the blocks of each statement, with the statement; and the counts of the index, by night."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256

from django.db.models import Exists, OuterRef, QuerySet

from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.identity.blocks import block_numbers
from lodestar.core.identity.commonness import counted
from lodestar.core.identity.packed import mark
from lodestar.core.identity.record import Record
from lodestar.store.inserting import mirror
from lodestar.store.models import BlockingKey, CommonValues, Link, Person, Report
from lodestar.store.queries import identity_models, linking

BATCH = 500


def keep_keys(act: Act, *, report: Report, statement: Record) -> None:
    """Keep the blocks of a statement in the transaction in which it is kept; ``act`` leaves the audit row."""
    act.note_values(BlockingKey, [{"key": number, "report_id": report.pk, "person_id": None} for number in block_numbers(statement)])


def index(*, actor: Actor, now: datetime, say: Callable[[int], None] = lambda _: None) -> int:
    """Keep every block that a statement is in and not kept under yet, and what is compared of whoever no report states, ready.

    Batch by batch; stopped at any moment, nothing is lost. So whatever an upgrade finds people by from now on, it finds those by who
    were on record before. Returns for how many statements anything was kept; what is kept already is read and compared, and nothing
    is written for it.
    """
    done = 0
    for batch in _every_batch():
        rows, unready = _lacking(batch), _unready(batch)
        if not rows and not unready:
            continue
        gained = len({row.report_id or row.person_id for row in rows} | {one.pk for one in unready})
        with perform("linking.indexed", actor=actor, now=now, permission=P.JOBS_RUN) as act:
            BlockingKey.objects.bulk_create(rows, batch_size=BATCH)
            for one in unready:
                mirror(one, linking.kept_ready(one))  # of the version that was read: where the row has changed since, nobody reads it
            act.record(batch[-1], detail={"statements": gained, "keys": len(rows), "ready": len(unready)})
        done += gained
        say(done)
    return done


def recount(*, actor: Actor, now: datetime, always: bool = False) -> bool:
    """Count how common names and places are, where the index or people's answers have grown enough since; says whether it did."""
    before, size, labels = identity_models.standing(), _size(), identity_models.labels_here()
    live = linking.rules(at=now)
    due = live.recount(counted=before.size, now=size) or live.recount(counted=before.labels, now=labels)
    if not always and (not due or not size):
        return False
    found = counted(_every_statement())
    document = found.as_document()
    digest = sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    with perform("linking.counted", actor=actor, now=now, permission=P.JOBS_RUN) as act:
        made = act.add(CommonValues(counted_at=now, size=found.size, labels=labels, document=document, sha256=digest))
        act.record(made, detail={"statements": found.size, "labels": labels, "sha256": digest})
    return True


def _every_batch() -> Iterator[list[Report] | list[Person]]:
    """Every statement: reports, then people whom no report states."""
    yield from _batches(Report.objects.only("pk", "subject"))
    yield from _batches(_unstated().prefetch_related("keys"))


def _lacking(batch: list[Report] | list[Person]) -> list[BlockingKey]:
    """The blocks that these statements are in and not kept under yet."""
    of = "report_id" if isinstance(batch[0], Report) else "person_id"
    kept = set(BlockingKey.objects.filter(**{f"{of}__in": [one.pk for one in batch]}).values_list(of, "key"))
    return [row for one in batch for row in _keys_of(one) if (one.pk, row.key) not in kept]


def _unready(batch: list[Report] | list[Person]) -> list[Person]:
    """Of these those people of whom nothing is kept ready in today's form, or only of an earlier version of their row."""
    return [one for one in batch if isinstance(one, Person) and one.ready_of != mark(one.version)]


def _batches(rows: QuerySet) -> Iterator[list]:  # type: ignore[type-arg]
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


def _keys_of(one: Report | Person) -> Iterator[BlockingKey]:
    if isinstance(one, Report):
        yield from (BlockingKey(key=number, report=one) for number in block_numbers(linking.statement_of(one)))
    else:
        yield from (BlockingKey(key=number, person=one) for number in block_numbers(linking.statement_of_person(one)))


def _unstated() -> QuerySet[Person]:
    """People whom no report was ever joined to: another system's."""
    return Person.objects.filter(~Exists(Link.objects.filter(person=OuterRef("pk"))))


def _size() -> int:
    return Report.objects.count() + _unstated().count()


def _every_statement() -> Iterator[Record]:
    for report in Report.objects.only("pk", "subject").order_by("pk").iterator(chunk_size=BATCH):
        yield linking.statement_of(report)
    for person in _unstated().prefetch_related("keys").order_by("pk").iterator(chunk_size=BATCH):
        yield linking.statement_of_person(person)
