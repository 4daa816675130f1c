"""A force's places and posts as its own file gives them: read whole, or refused with every fault at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST = {"code": 60, "name": 80, "title": 120, "out_of_hours_contact": 80, "desk": 40}
OWED = {"authority": ("code", "name"), "district": ("code", "name", "authority"), "post": ("code", "kind", "title")}
MAY = {"authority": ("out_of_hours_contact",), "district": (), "post": ("district", "desk")}


@dataclass(frozen=True, slots=True)
class Plan:
    """Authorities, districts and posts, in the order of the file."""

    authorities: tuple[Mapping[str, str], ...]
    districts: tuple[Mapping[str, str], ...]
    posts: tuple[Mapping[str, str], ...]


def read_plan(table: Mapping[str, Any], *, kinds: Collection[str], known: Mapping[str, Collection[str]]) -> tuple[Plan, tuple[str, ...]]:
    """The plan and everything wrong with it, each fault naming its row; ``known`` are the codes already there, by noun."""
    rows = {noun: _rows(table, noun) for noun in OWED}
    faults = [f"nothing reads {name}: write {', '.join(OWED)}" for name in table if name not in OWED]
    for noun, listed in rows.items():
        for number, row in enumerate(listed, start=1):
            faults += [f"{noun} {number}: {fault}" for fault in _faults(noun, row)]
        codes = [str(row.get("code", "")) for row in listed]
        faults += [f"{noun} {code}: stands twice" for code in sorted({code for code in codes if codes.count(code) > 1})]
    there = {noun: {str(row.get("code", "")) for row in listed} | set(known.get(noun, ())) for noun, listed in rows.items()}
    faults += [
        f"district {row.get('code')}: there is no authority {row.get('authority')}"
        for row in rows["district"]
        if row.get("authority") not in there["authority"]
    ]
    faults += [f"post {row.get('code')}: {fault}" for row in rows["post"] for fault in _post_faults(row, kinds, there["district"])]
    text = {noun: tuple({name: str(value) for name, value in row.items()} for row in listed) for noun, listed in rows.items()}
    return Plan(text["authority"], text["district"], text["post"]), tuple(faults)


def _rows(table: Mapping[str, Any], noun: str) -> Sequence[Mapping[str, Any]]:
    found = table.get(noun, [])
    return found if isinstance(found, list | tuple) and all(isinstance(row, Mapping) for row in found) else ({},)


def _faults(noun: str, row: Mapping[str, Any]) -> Iterator[str]:
    for name in OWED[noun]:
        if not str(row.get(name, "")).strip():
            yield f"give it a {name}"
    for name, value in row.items():
        if name not in (*OWED[noun], *MAY[noun]):
            yield f"nothing reads {name}"
        elif len(str(value)) > (20 if name == "code" and noun != "post" else LONGEST.get(name, 60)):
            yield f"its {name} is too long"


def _post_faults(row: Mapping[str, Any], kinds: Collection[str], districts: Collection[str]) -> Iterator[str]:
    if row.get("kind") and row["kind"] not in kinds:
        yield f"there is no kind of post {row['kind']}; choose from {', '.join(sorted(kinds))}"
    if row.get("district") and row["district"] not in districts:
        yield f"there is no district {row['district']}"
