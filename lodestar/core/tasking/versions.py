"""The life of a version of the formula: drafted, run in the shadow of real days, approved by somebody else, in force from a day.

Nothing in force is ever changed: a correction is a new version, from a later day, and every past day keeps the version it
was decided under.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from lodestar.core.access.permissions import Permission as P
from lodestar.core.lifecycle import Lifecycle, Row
from lodestar.core.times import say_date
from lodestar.core.words import Refusal

AUTHORITY = "The Police and Crime Commissioner's letter: a streamlined and clearly governed tasking formula"

FORMULA = Lifecycle(
    name="formula",
    initial="drafted",
    final=frozenset({"approved", "dropped"}),
    rows=(
        Row("drafted", "ask_shadow", "shadowing", P.FORMULAS_DRAFT, "formulas.shadow_asked"),
        Row("shadowing", "shadow", "shadowed", P.JOBS_RUN, "formulas.shadowed"),
        Row("shadowed", "ask_shadow", "shadowing", P.FORMULAS_DRAFT, "formulas.shadow_asked"),  # as days go by
        Row("shadowed", "approve", "approved", P.FORMULAS_APPROVE, "formulas.approved", reason_owed=True),
        *(
            Row(state, "drop", "dropped", P.FORMULAS_DRAFT, "formulas.dropped", reason_owed=True)
            for state in ("drafted", "shadowing", "shadowed")
        ),
    ),
)


def draft_gaps(*, reason: str, faults: Collection[str], same_as: int | None) -> tuple[Refusal, ...]:
    """A draft says why it is wanted, can be followed, and differs from every version there is."""
    gaps = [Refusal("formula.fault", f"The formula cannot be followed: {fault}.", AUTHORITY, "text") for fault in faults]
    if not reason.strip():
        gaps.append(Refusal("formula.reason", "Say what this version changes, and why.", AUTHORITY, "reason"))
    if same_as is not None:
        gaps.append(Refusal("formula.same", f"This says just what version {same_as} says. Nothing would change.", AUTHORITY, "text"))
    return tuple(gaps)


def approve_gaps(
    *, drafted_by: int, approver: int, in_force_from: date | None, today: date, taken: Collection[date]
) -> tuple[Refusal, ...]:
    """It is approved by another person than drafted it, from a day that is yet to come and that no other version begins on."""
    gaps = []
    if approver == drafted_by:
        gaps.append(Refusal("formula.same_person", "You drafted this version. Somebody else must approve it.", AUTHORITY))
    if in_force_from is None or in_force_from <= today:
        sentence = "Choose a day after today: what was decided before keeps the version it was decided under."
        gaps.append(Refusal("formula.from", sentence, AUTHORITY, "in_force_from"))
    elif in_force_from in taken:
        gaps.append(Refusal("formula.taken", "Another version begins on that day. Choose another.", AUTHORITY, "in_force_from"))
    return tuple(gaps)


def standings(*, begins: Mapping[int, date], others: Collection[date], today: date) -> dict[int, str]:
    """How each approved version stands today, by its number: to come, in force, or superseded and since when.

    ``begins`` says from which day each holds, ``others`` on which days what the playbook itself says begins.
    """
    days = sorted({*begins.values(), *others})
    found = {}
    for number, day in begins.items():
        after = next((other for other in days if other > day), None)
        if day > today:
            found[number] = f"approved, in force from {say_date(day)}"
        elif after is not None and after <= today:
            found[number] = f"superseded on {say_date(after)}"
        else:
            found[number] = "in force"
    return found


def differences(*, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """What a version changes, place by place: where, what it said, what it says; nothing where it said nothing."""
    before, after = dict(_leaves(old)), dict(_leaves(new))
    places = sorted(before.keys() | after.keys())
    return tuple((place, before.get(place, ""), after.get(place, "")) for place in places if before.get(place) != after.get(place))


def _leaves(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        place = f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping):
            yield from _leaves(value, place)
        elif isinstance(value, list | tuple):
            yield (
                place,
                ", ".join((" and ".join(map(str, item)) or "anybody") if isinstance(item, list | tuple) else str(item) for item in value),
            )
        else:
            yield place, str(value)
