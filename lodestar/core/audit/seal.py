"""The audit's chain: each row is hashed, each seal lists its rows' hashes and the seal before it.

A row is written in the transaction it describes. A minute job then seals the rows not yet sealed, so writers never
queue for one hot row; the price is up to a minute in which tampering would not show (ADR 4).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One audit row as it was written."""

    id: int
    at: datetime
    actor_id: int | None
    actor_name: str
    roles: str
    door: str
    request_id: str
    verb: str
    outcome: str
    subject_kind: str
    subject_id: str
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """A row's place in a seal."""

    entry_id: int
    position: int
    row_hash: str


@dataclass(frozen=True, slots=True)
class Seal:
    """A numbered seal over some rows, chained to the one before."""

    number: int
    previous: str
    digest: str
    rows: int


@dataclass(frozen=True, slots=True)
class Broken:
    """The first thing found wrong, in words."""

    seal: int
    entry_id: int | None
    sentence: str


def row_hash(entry: Entry) -> str:
    """SHA-256 over every field of the row in a fixed order and form."""
    body = [
        entry.id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.actor_name,
        entry.roles,
        entry.door,
        entry.request_id,
        entry.verb,
        entry.outcome,
        entry.subject_kind,
        entry.subject_id,
        entry.detail,
    ]
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def seal_digest(*, number: int, previous: str, row_hashes: Iterable[str]) -> str:
    """SHA-256 over the seal's number, the seal before, and its rows' hashes in order."""
    running = hashlib.sha256(f"{number}\n{previous}\n".encode())
    for value in row_hashes:
        running.update(value.encode() + b"\n")
    return running.hexdigest()


def check_seal(*, seal: Seal, previous: str, sealed: Sequence[SealedEntry], entries: Mapping[int, Entry]) -> Broken | None:
    """A seal holds when each of its rows is there, unchanged, and its digest follows the seal before."""
    for place in sorted(sealed, key=lambda item: item.position):
        entry = entries.get(place.entry_id)
        if entry is None:
            return Broken(seal.number, place.entry_id, f"Audit row {place.entry_id} was sealed and is now missing.")
        if row_hash(entry) != place.row_hash:
            return Broken(seal.number, place.entry_id, f"Audit row {place.entry_id} was changed after it was sealed.")
    if len(sealed) != seal.rows:
        return Broken(seal.number, None, f"Seal {seal.number} lists {seal.rows} rows and {len(sealed)} are there.")
    hashes = (place.row_hash for place in sorted(sealed, key=lambda item: item.position))
    if seal.previous != previous or seal_digest(number=seal.number, previous=previous, row_hashes=hashes) != seal.digest:
        return Broken(seal.number, None, f"Seal {seal.number} does not follow from the seal before it.")
    return None
