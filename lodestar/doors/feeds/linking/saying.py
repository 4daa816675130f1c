"""What linkage found, as JSON and as lines that people read. Nothing of who anybody is: numbers of records, fields and bits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from json.encoder import encode_basestring as _quoted  # as ``text`` writes a word
from math import isfinite, nan
from typing import Any

from lodestar.core.identity.bands import Banded
from lodestar.core.identity.clusters import Groups
from lodestar.core.identity.judging import Calibrated, Gate, GroupRow, Quality
from lodestar.core.identity.scoring import Line
from lodestar.core.people.deciding import Veto


def pair(one: Banded) -> dict[str, Any]:
    """One pair: its weight, band, why, and the waterfall."""
    return {
        "left": one.scored.left,
        "right": one.scored.right,
        "weight": round(one.scored.weight, 9),
        "held_weight": round(one.weight, 9),
        "band": one.band,
        "rule": one.rule,
        "vetoes": [_veto(veto) for veto in one.vetoes],
        "start": round(one.scored.start, 9),
        "fields": [_field(line) for line in one.scored.lines],
    }


class Writing:
    """Writes pairs as strict JSON, letter for letter what ``text`` makes of ``pair``.

    Of very many pairs most parts are the very parts of a pair before: a line, a reason, the start. Each is written once, and
    known again by being the same object, which is asked at a lower price than whether it says the same.
    """

    def __init__(self) -> None:
        """Nothing is written yet."""
        self.lines: dict[int, tuple[Line, str]] = {}  # with what it is of, so that no other takes its place in memory
        self.reasons: dict[tuple[int, str, str], tuple[tuple[Veto, ...], str]] = {}
        self.start = (nan, "")

    def written(self, one: Banded) -> str:
        """One pair."""
        scored, lines = one.scored, self.lines
        if self.start[0] != scored.start:
            self.start = (scored.start, _number(scored.start))
        if len(lines) > MOST_HELD:
            lines.clear()
        fields = ", ".join([(lines.get(id(line)) or self._line(line))[1] for line in scored.lines])
        head = f'"left": {_quoted(scored.left)}, "right": {_quoted(scored.right)}, "weight": {_number(scored.weight)}'
        why = (self.reasons.get((id(one.vetoes), one.band, one.rule)) or self._reasons(one))[1]
        return f'{{{head}, "held_weight": {_number(one.weight)}, {why}, "start": {self.start[1]}, "fields": [{fields}]}}'

    def _line(self, line: Line) -> tuple[Line, str]:
        made = self.lines[id(line)] = (line, text(_field(line)))
        return made

    def _reasons(self, one: Banded) -> tuple[tuple[Veto, ...], str]:
        if len(self.reasons) > MOST_HELD:
            self.reasons.clear()
        said = text({"band": one.band, "rule": one.rule, "vetoes": [_veto(veto) for veto in one.vetoes]})[1:-1]
        made = self.reasons[id(one.vetoes), one.band, one.rule] = (one.vetoes, said)
        return made


def text(value: Any) -> str:
    """Strict JSON on one line."""
    return _STRICT.encode(value)


_STRICT = json.JSONEncoder(allow_nan=False, ensure_ascii=False)
MOST_HELD = 100_000  # lines or reasons that were written, before they are forgotten


def _veto(veto: Veto) -> dict[str, str]:
    return {"code": veto.code, "sentence": veto.sentence}


def _field(line: Line) -> dict[str, Any]:
    return {"field": line.field, "level": line.label, "bits": round(line.weight, 9), "commonness_bits": round(line.term_weight, 9)}


def _number(bits: float) -> str:
    return repr(round(bits, 9)) if isfinite(bits) else text(bits)


def groups(found: Groups, *, records: int) -> dict[str, Any]:
    """The groups of two and more of so many records, and the links that would not hold."""
    clusters = [list(group) for group in found.groups if len(group) > 1]
    return {
        "clusters": clusters,
        "alone": records - sum(map(len, clusters)),
        "withheld": [{"left": one.link.left, "right": one.link.right, "reason": one.reason} for one in found.withheld],
        "at_odds": [list(pair) for pair in found.at_odds],
    }


def quality(one: Quality | None) -> dict[str, Any] | None:
    """What joining from a weight up does."""
    if one is None:
        return None
    return {
        "from_weight": one.from_weight if isfinite(one.from_weight) else None,  # None: whatever the pair weighs
        "joined": one.joined,
        "right": one.right,
        "true": one.true,
        "precision": one.precision,
        "recall": one.recall,
        "f1": one.f1,
        "household_errors": one.household_wrong,
        "household_share_of_errors": one.household_share,
        "twins_joined": one.twins_wrong,
    }


def name_groups(rows: Sequence[GroupRow]) -> list[dict[str, Any]]:
    """The table by origin of names."""
    return [{"group": row.group, **(quality(row.quality) or {})} for row in rows]


def calibration(rows: Sequence[Calibrated]) -> list[dict[str, Any]]:
    """How often the model was right where it gave such a chance."""
    return [
        {"from_chance": row.from_chance, "pairs": row.pairs, "right": row.right, "share": row.right / row.pairs if row.pairs else None}
        for row in rows
    ]


def gate(found: Gate) -> dict[str, Any]:
    """Whether the model may be activated, demand by demand."""
    return {"passed": found.passed, "demands": [{"demand": name, "met": met, "measured": said} for name, met, said in found.demands]}


def waterfall(one: Banded) -> str:
    """A pair in lines: what it started with, what each field adds or takes, and where it ends."""
    lines = [
        f"{one.scored.left} and {one.scored.right}: {one.band} ({one.rule})",
        f"  before anything is compared  {one.scored.start:+7.2f} bits",
    ]
    for line in one.scored.lines:
        lines.append(f"  {line.field:<12} {line.label:<40.40} {line.bits:+7.2f}")
    held = one.weight - one.scored.weight
    if held:
        lines.append(f"  {'':<12} {'what a whole home shares, capped':<40} {held:+7.2f}")
    lines.append(f"  {'':<12} {'together':<40} {one.weight:+7.2f}")
    return "\n".join([*lines, *(f"  {veto.sentence}" for veto in one.vetoes)])
