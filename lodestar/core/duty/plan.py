"""A force's places and posts as its own file gives them: read whole, or refused with every fault at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lodestar.core.clocks.rules import POST_KINDS

LONGEST = {"code": 60, "name": 80, "title": 120, "out_of_hours_contact": 80, "desk": 40}
OWED = {
    "authority": ("code", "name"),
    "district": ("code", "name", "authority"),
    "place": ("code", "name", "district", "x_km", "y_km"),
    "post": ("code", "kind", "title"),
}
MAY = {"authority": ("out_of_hours_contact",), "district": (), "place": ("base",), "post": ("district", "desk", "base")}
# The kinds of post a force may have: those that clocks are owed by, and those that only work. The first three of a clock are no posts.
KINDS = (POST_KINDS - {"holder", "receiver", "assignee"}) | {
    "response_officer", "intelligence", "early_intervention", "analyst", "children_services_night",
}  # fmt: skip
FARTHEST = 5_000  # kilometres from the map's corner: farther is a slip of the pen


@dataclass(frozen=True, slots=True)
class Plan:
    """Authorities, districts, places and posts, in the order of the file."""

    authorities: tuple[Mapping[str, str], ...]
    districts: tuple[Mapping[str, str], ...]
    places: tuple[Mapping[str, str], ...]
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
    faults += [f"place {row.get('code')}: {fault}" for row in rows["place"] for fault in _place_faults(row, there["district"])]
    faults += _two_bases(rows["place"])
    faults += [f"post {row.get('code')}: {fault}" for row in rows["post"] for fault in _post_faults(row, kinds, there)]
    text = {noun: tuple({name: str(value) for name, value in row.items()} for row in listed) for noun, listed in rows.items()}
    return Plan(text["authority"], text["district"], text["place"], text["post"]), tuple(faults)


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


def _place_faults(row: Mapping[str, Any], districts: Collection[str]) -> Iterator[str]:
    if row.get("district") not in districts:
        yield f"there is no district {row.get('district')}"
    for name in ("x_km", "y_km"):
        value = row.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not -FARTHEST <= value <= FARTHEST:
            yield f"its {name} is not a number of kilometres from the map's corner"
    if not isinstance(row.get("base", False), bool):
        yield "its base is true or false"


def _two_bases(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    bases = [str(row.get("district")) for row in rows if row.get("base") is True]
    for district in sorted({code for code in bases if bases.count(code) > 1}):
        yield f"district {district}: it has two bases; say base = true of one place"


def _post_faults(row: Mapping[str, Any], kinds: Collection[str], there: Mapping[str, Collection[str]]) -> Iterator[str]:
    if row.get("kind") and row["kind"] not in kinds:
        yield f"there is no kind of post {row['kind']}; choose from {', '.join(sorted(kinds))}"
    if row.get("district") and row["district"] not in there["district"]:
        yield f"there is no district {row['district']}"
    if row.get("base") and row["base"] not in there["place"]:
        yield f"there is no place {row['base']}"
