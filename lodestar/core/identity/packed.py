"""A statement made ready as one text, for a store that keeps it so: to read it back takes a third of making it ready again.

Two things are left out, since neither follows from the statement alone: whose form a forename is, which the playbook says and may say
otherwise tomorrow, and identifiers, which come and end by themselves. Whoever reads it back says both.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from operator import itemgetter

from lodestar.core.identity.record import COLUMNS, Record, keys_of
from lodestar.core.people.identifiers import Key

FORM = 1  # raised whenever ``prepare`` makes anything otherwise of the same statement: what was kept in an earlier form is not read
_LEFT_OUT = ("forename_root", "keys", "schemes")
_KEPT = itemgetter(*[place for place, name in enumerate(COLUMNS) if name not in _LEFT_OUT])
_read = json.JSONDecoder().raw_decode


def pack(record: Record) -> str:
    """The columns that follow from the statement alone, in their order."""
    return json.dumps(_KEPT(record.values), ensure_ascii=False, separators=(",", ":"))


def unpack(text: str, *, id: str, roots: Mapping[str, str], keys: Collection[Key] = ()) -> Record:
    """The record that was packed, under its number and with its identifiers, as ``prepare`` would make it now."""
    forename, *names_and_places, homes, phone = _read(text)[0]
    root, there = roots.get(forename, forename), tuple(homes) if homes else None
    return Record(id, (forename, root, *names_and_places, there, phone, *keys_of(keys)))


def mark(version: int) -> str:
    """What stands beside a packed text: in which form it is, and of which version of the row that states it."""
    return f"{FORM}.{version}"
