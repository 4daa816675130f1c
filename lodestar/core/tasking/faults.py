"""What a formula says that cannot be followed: a draft is refused with every reason at once, and never with a fault of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from numbers import Real
from typing import Any

from lodestar.core.tasking.formula import ELIGIBILITY, PURPOSES, RANKS, RULES

# What every formula holds, and of what kind each is; a table of tables says what each of them holds.
_TIER = {"tier": int, "title": str, "authority": str, "decay": Real, "risk_hours": Real, "risk_rank": str}
_ROWS: Mapping[str, Mapping[str, type]] = {
    "tiers": _TIER,
    "rules": {"tier": str, "sentence": str, "authority": str},
    "eligibility": {"sentence": str, "authority": str},
}
_TABLES: Mapping[str, Mapping[str, type]] = {
    "values": {"by_matter_tier": list, "travel_minute": Real, "continuity": Real, "fairness_minute": Real},
    "limits": {
        "speed_kmh": Real, "horizon_hours": Real, "shift_minutes": Real, "longest_overrun_minutes": Real,
        "moved_percent": Real, "moved_lines": int, "second_person": list,
    },
    "search": {"iterations": int, "seed": int},
}  # fmt: skip
_KEYS: Mapping[str, type] = {
    "version": str, "otherwise": str, "posts": list, "statutory": list, "purposes": Mapping, "crews": Mapping, "partners": Mapping,
    **dict.fromkeys((*_ROWS, *_TABLES), Mapping),
}  # fmt: skip
_KINDS: Mapping[type, str] = {Mapping: "a table", Real: "a number", int: "a whole number", str: "words", list: "a list"}


def formula_faults(table: Mapping[str, Any], *, clocks: frozenset[str], kinds: frozenset[str], posts: frozenset[str]) -> tuple[str, ...]:
    """What a formula says that cannot be followed, each as a sentence; ``clocks``, ``kinds`` and ``posts`` are the codes there are."""
    wrong = tuple(_shape_faults(table))
    if wrong:
        return wrong
    nobody = [f"posts: there is no kind of post {kind}" for kind in sorted(set(table["posts"]) - posts)]
    words = _word_faults(table, clocks, kinds)
    who = _eligibility_faults(table)
    return (*_tier_faults(table), *_rule_faults(table), *who, *nobody, *words, *_value_faults(table), *_number_faults(table))


def _shape_faults(table: Mapping[str, Any]) -> tuple[str, ...]:
    """What is left out or of another kind; nothing further can be asked of such a text."""
    found = [*_lacks(table, _KEYS, "")]
    if found:
        return tuple(found)
    for name, asked in _TABLES.items():
        found += _lacks(table[name], asked, f"{name}.")
    for name, asked in _ROWS.items():
        for code, row in table[name].items():
            found += _lacks(row, asked, f"{name}.{code}.") if isinstance(row, Mapping) else [f"{name}.{code} must be a table"]
    found += [f"{place} must be a list" for place, value in _lists(table) if not isinstance(value, list | tuple)]
    return tuple(found)


def _lacks(table: Mapping[str, Any], asked: Mapping[str, type], where: str) -> Iterator[str]:
    for key, kind in sorted(asked.items()):
        if key not in table:
            yield f"it lacks {where}{key}"
        elif not _is(table[key], kind):
            yield f"{where}{key} must be {_KINDS[kind]}"


def _is(value: Any, kind: type) -> bool:
    if kind is list:
        return isinstance(value, list | tuple)  # a playbook's lists are frozen
    return isinstance(value, kind) and (kind is str or not isinstance(value, bool))


def _lists(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from ((f"partners.{agency}", asked) for agency, asked in table["partners"].items())
    for kind, slots in table["crews"].items():
        yield f"crews.{kind}", slots
        yield from ((f"crews.{kind}", slot) for slot in (slots if isinstance(slots, list | tuple) else ()))


def _eligibility_faults(table: Mapping[str, Any]) -> Iterator[str]:
    given = table["eligibility"]
    yield from (f"eligibility: there is no rule {code}" for code in sorted(given.keys() - set(ELIGIBILITY)))
    yield from (f"eligibility: the rule {code} is left out" for code in ELIGIBILITY if code not in given)
    for code, row in given.items():
        yield from (f"eligibility: the rule {code} says no {name}" for name in ("sentence", "authority") if not row[name].strip())


def _tier_faults(table: Mapping[str, Any]) -> Iterator[str]:
    numbers = sorted(row["tier"] for row in table["tiers"].values())
    if numbers != list(range(len(numbers))):
        yield "its tiers must be numbered from 0, each once"
    for code, row in table["tiers"].items():
        if not str(row.get("authority", "")).strip():
            yield f"the tier {code} names no authority"
        if not 0 <= row["decay"] <= 1:
            yield f"the tier {code} loses a share of {row['decay']}: give one from 0 to 1"
        if row["risk_rank"] not in RANKS:
            yield f"the tier {code} asks for the rank {row['risk_rank']}, which is not one of: {', '.join(RANKS)}"
    if table["otherwise"] not in table["tiers"]:
        yield f"otherwise names no tier there is: {table['otherwise']}"


def _rule_faults(table: Mapping[str, Any]) -> Iterator[str]:
    for code in sorted(table["rules"].keys() - RULES.keys()):
        yield f"there is no rule {code}"
    for code in sorted(RULES.keys() - table["rules"].keys()):
        yield f"the rule {code} is left out: give it a tier"
    for code, row in table["rules"].items():
        if row["tier"] not in table["tiers"]:
            yield f"the rule {code} leads to no tier there is: {row['tier']}"
        if not row["authority"].strip():
            yield f"the rule {code} names no authority"


def _word_faults(table: Mapping[str, Any], clocks: frozenset[str], kinds: frozenset[str]) -> Iterator[str]:
    for code in sorted(set(table["statutory"]) - clocks):
        yield f"there is no clock {code}"
    for where in ("purposes", "crews"):
        for kind in sorted(table[where].keys() - kinds):
            yield f"{where}: there is no kind of work {kind}"
    for agency, asked in table["partners"].items():
        for kind in sorted(set(asked) - kinds):
            yield f"partners, {agency}: there is no kind of work {kind}"


def _value_faults(table: Mapping[str, Any]) -> Iterator[str]:
    for kind, purpose in table["purposes"].items():
        if purpose not in PURPOSES:
            yield f"purposes: {kind} is for {purpose}, which is not one of: {', '.join(sorted(PURPOSES))}"
    for kind, slots in table["crews"].items():
        if not slots:
            yield f"crews: {kind} sends nobody"
    for code in table["limits"]["second_person"]:
        if code not in table["tiers"]:
            yield f"limits: second_person names no tier there is: {code}"


_NOT_BELOW = ("longest_overrun_minutes", "moved_percent", "moved_lines")


def _number_faults(table: Mapping[str, Any]) -> Iterator[str]:
    by = table["values"]["by_matter_tier"]
    if list(by) != sorted(by, reverse=True) or min(by, default=0) <= 0:
        yield "values: by_matter_tier must fall, and stay above 0"
    for name in ("speed_kmh", "horizon_hours", "shift_minutes"):
        if table["limits"][name] <= 0:
            yield f"limits: {name} must be above 0"
    for place, names in (("values", ("travel_minute", "continuity", "fairness_minute")), ("limits", _NOT_BELOW)):
        yield from (f"{place}: {name} cannot be below 0" for name in names if table[place][name] < 0)
    if table["search"]["iterations"] < 1:
        yield "search: iterations must be 1 or more"
