"""Sealing the audit by the minute, and verifying it from the first row."""

from __future__ import annotations

from datetime import datetime

from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.audit.seal import GENESIS, Broken, check_seal, row_hash, seal_digest
from lodestar.store.models import AuditSeal, SealedRow
from lodestar.store.queries import audit as queries

BATCH = 5_000


def seal_rows(*, actor: Actor, now: datetime, most: int = BATCH) -> AuditSeal | None:
    """Seal the rows not yet under a seal, chained to the seal before; None when there is nothing to seal."""
    rows = queries.unsealed(most=most)
    if not rows:
        return None
    with perform("audit.sealed", actor=actor, now=now, permission=P.JOBS_RUN) as act:
        last = queries.last_seal()
        number, previous = (last.number + 1, last.digest) if last else (1, GENESIS)
        hashes = [row_hash(queries.entry(row)) for row in rows]
        digest = seal_digest(number=number, previous=previous, row_hashes=hashes)
        seal = act.add(AuditSeal(number=number, previous=previous, digest=digest, rows=len(rows), sealed_at=now))
        SealedRow.objects.bulk_create(
            SealedRow(row_id=row.pk, seal=seal, position=place, row_hash=value)
            for place, (row, value) in enumerate(zip(rows, hashes, strict=True))
        )
        act.record(seal, detail={"number": number, "rows": len(rows), "digest": digest})
        return seal


def verify_chain(*, actor: Actor, now: datetime, anchors: dict[int, str] | None = None) -> tuple[int, int, Broken | None]:
    """Check every seal in order and stop at the first broken row; returns (seals, rows, what is broken or None).

    ``anchors`` are digests kept outside the database: a chain rewritten whole from some seal on differs from them.
    """
    previous, counted, rows, broken = GENESIS, 0, 0, None
    for seal, places, entries in queries.seals():
        broken = check_seal(seal=seal, previous=previous, sealed=places, entries=entries)
        broken = broken or _against_anchor(seal.number, seal.digest, anchors or {})
        if broken:
            break
        previous, counted, rows = seal.digest, counted + 1, rows + seal.rows
    if broken is None and (slipped := queries.never_sealed()) is not None:
        broken = Broken(counted, slipped, f"Audit row {slipped} was never sealed: it was put in behind the seals.")
    if broken is None and anchors and max(anchors) > counted:
        broken = Broken(counted + 1, None, f"Seal {counted + 1} is anchored outside the database and is now missing.")
    with perform("audit.verified", actor=actor, now=now, permission=P.AUDIT_VERIFY) as act:
        act.subject = ("audit_seal", str(counted))
        act.record(detail={"seals": counted, "rows": rows, "whole": broken is None})
    return counted, rows, broken


def _against_anchor(number: int, digest: str, anchors: dict[int, str]) -> Broken | None:
    if number in anchors and anchors[number] != digest:
        return Broken(number, None, f"Seal {number} differs from its anchor outside the database.")
    return None


def note_read(*, actor: Actor, now: datetime) -> None:
    """Reading the audit is on record too."""
    with perform("audit.seen", actor=actor, now=now, permission=P.AUDIT_READ) as act:
        act.subject = ("audit_row", "list")
        act.record(outcome="seen")
