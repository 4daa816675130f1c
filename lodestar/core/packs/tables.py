"""A share group by group as a pack keeps it: exact, and as it may be published, with how each group compares with one of them.

Each group's rate stands over the rate of the group that the definition names, with an interval that is exact given the sum of
both. A ratio is given only where both groups have children enough, and published only where every count behind it is shown:
the table is attacked as any other (core/measures/disclosure.py), with its totals taken as known, since other tables and the
headline give them. Of groups that lie in one another, like districts in authorities, only one table is published. Source:
measures.md 1.3 and 2.12; custody note 2.6, disproportionality.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lodestar.core.measures.charged import DIMENSIONS, UNCOMPARED, group_of
from lodestar.core.measures.counts import ratio_of_rates
from lodestar.core.measures.definition import SmallNumbers
from lodestar.core.measures.disclosure import SafeTable, safe_table
from lodestar.core.measures.measure import HIDDEN, Measure

HEADING = ("Children charged", "Bail refused", "Not refused", "Refused, of those charged", "Rate ratio", "95% interval")
INTERNAL = frozenset({"district"})  # published by authority: a district could be told from its authority's count
TOO_FEW = "too few"


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a table: its name, the figure it was kept as, and its counts."""

    code: str
    title: str
    kept: int
    hits: int
    whole: int
    children: int

    @property
    def comparable(self) -> bool:
        """Whether it is a group of children, and not of what was not recorded."""
        return self.code not in UNCOMPARED


def tables(
    *, drawn: Sequence[tuple[Measure, int]], small: SmallNumbers, compared_with: Mapping[str, str], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Every dimension's table, from the lines of groups with the number each was kept under; ``names`` says what codes mean."""
    by_dimension: dict[str, list[Group]] = {}
    for measure, kept in drawn:
        found = group_of(measure.line)
        if found is not None:
            by_dimension.setdefault(found[0], []).append(_group(measure, kept, found[1], names))
    order = [name for name in DIMENSIONS if name in by_dimension]
    return [_table(name, by_dimension[name], small, compared_with.get(name, "")) for name in order]


def _group(measure: Measure, kept: int, code: str, names: Mapping[str, str]) -> Group:
    title = names.get(code, code[:1].upper() + code[1:])
    return Group(code, title, kept, measure.numerator or 0, measure.denominator or 0, measure.children or 0)


def _table(dimension: str, groups: Sequence[Group], small: SmallNumbers, with_whom: str) -> dict[str, Any]:
    title = DIMENSIONS[dimension]
    base = next((one for one in groups if one.code == with_whom), None)
    safe = safe_table(
        rows=[one.title for one in groups],
        columns=list(HEADING[1:3]),
        counts=[[one.hits, one.whole - one.hits] for one in groups],
        small=small,
        split=True,
        totals_stand=True,
    )
    publish = dimension not in INTERNAL and None not in safe.cells[-1]
    return {
        "title": f"Children charged, and kept, by {title[:1].lower()}{title[1:]}",
        "kept": [one.kept for one in groups],
        "heading": [title, *HEADING],
        "exact": [*(_exact(one, base, small) for one in groups), _total(groups)],
        "published": [*_published(groups, base, safe, small), _total(groups)] if publish else None,
        "notes": list(_notes(base, small)),
        "hidden": sum(cell is None for row in safe.cells for cell in row) if publish else 0,
    }


def _exact(one: Group, base: Group | None, small: SmallNumbers) -> list[str]:
    return [one.title, str(one.whole), str(one.hits), str(one.whole - one.hits), *_rates(one, base, small)]


def _published(groups: Sequence[Group], base: Group | None, safe: SafeTable, small: SmallNumbers) -> Iterator[list[str]]:
    """A group's rate and ratio stand only where all its counts do, and the other group's too."""
    whole = {one.code: None not in cells for one, cells in zip(groups, safe.cells, strict=False)}
    for one, cells in zip(groups, safe.cells, strict=False):
        hits, rest, total = (HIDDEN if cell is None else str(cell) for cell in cells)
        shown = base if base is not None and whole[base.code] else None
        yield [one.title, total, hits, rest, *(_rates(one, shown, small) if whole[one.code] else (HIDDEN, HIDDEN, ""))]


def _rates(one: Group, base: Group | None, small: SmallNumbers) -> tuple[str, str, str]:
    """The share, its ratio to the other group's, and the interval, each in words."""
    if one.children < small.children:
        return TOO_FEW, TOO_FEW, ""
    share = f"{one.hits / one.whole * 100:.0f}%"
    if base is None or not one.comparable:
        return share, "", ""
    if one is base:
        return share, "1, compared with", ""
    if base.children < small.children or one.hits + base.hits == 0:
        return share, TOO_FEW, ""
    found = ratio_of_rates(first=(one.hits, one.whole), second=(base.hits, base.whole))
    value = "no bound" if found.value is None else f"{found.value:.2f}"
    return share, value, f"{found.lower:.2f} to {'no bound' if found.upper is None else format(found.upper, '.2f')}"


def _total(groups: Sequence[Group]) -> list[str]:
    hits, whole = sum(one.hits for one in groups), sum(one.whole for one in groups)
    return ["All", str(whole), str(hits), str(whole - hits), f"{hits / whole * 100:.0f}%" if whole else "", "", ""]


def _notes(base: Group | None, small: SmallNumbers) -> Iterator[str]:
    if base is not None:
        yield (
            f"Each group beside {base.title}. The interval is exact given the sum of both counts, and wide where most are refused. "
            "One that holds 1 is no evidence of a difference, and no evidence that there is none."
        )
    yield f"A rate is given for {small.children} children or more. A child charged twice is counted twice."
