"""What is said of very many pairs that were weighed: the band of each, why, and its account.

A pair's account is told by the levels it fell in, how common its values are, and what its vetoes read. Of a million pairs these
are a few thousand, so each part is made once, by the rules themselves, and a table puts the parts together: no pair is an object
that nobody asked for. The figures are added up as ``Scored.weight`` adds them, and written letter for letter as ``saying.pair``
(a test compares them).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import inf

import pyarrow as pa

from lodestar.core.identity.bands import READ, Banded, Thresholds, decided, verdict
from lodestar.core.identity.model import Model
from lodestar.core.identity.scoring import Line, Scored
from lodestar.core.identity.template import HOUSEHOLD
from lodestar.doors.feeds.linking import saying
from lodestar.doors.feeds.linking.seeing import TOLD, Stops, told_of
from lodestar.doors.feeds.linking.sums import levels_of, with_term
from lodestar.doors.feeds.linking.training import Stored

AT_ONCE = 20_000  # pairs taken out at once
NO_TERM = "0.0}"  # how the JSON of a line without a term ends


class Accounts:
    """Judges the pairs of a table by one model and its bands."""

    def __init__(self, stored: Stored, model: Model, start: float, thresholds: Thresholds) -> None:
        """``start`` is what the prior alone says, in bits."""
        self.stored, self.model, self.start, self.thresholds = stored, model, start, thresholds
        self.with_term = [one.name for one in with_term(model)]
        self.stops = Stops()
        bounds = {bound for bound in (thresholds.review_from, thresholds.link_from) if bound is not None}
        self.zones = (-inf, *sorted(bounds))  # from each of these weights up the same is decided of the same two

    def judge(self, table: str) -> None:
        """Put every pair of ``weighed`` with its band into a table of this name, the weightiest first."""
        self.stored.run(_SEEN)
        self._look_at_the_odd()
        self._write_levels()
        self._write_reasons()
        bits = [
            f"(bits_{one.name} + term_{one.name})" if one.name in self.with_term else f"bits_{one.name}" for one in self.model.comparisons
        ]
        home = [f"greatest({text}, 0)" for text, one in zip(bits, self.model.comparisons, strict=True) if one.name in HOUSEHOLD]
        zone = " + ".join(f"(held_weight >= {_double(bound)})::TINYINT" for bound in self.zones[1:])
        weight, over = (
            f"{_double(self.start)} + ({' + '.join(bits)})",
            f"{' + '.join(home) or '0'} - {_double(self.thresholds.household_most)}",
        )
        self.stored.run(_JUDGED.format(table=table, weight=weight, over=over, zone=zone))

    def shown(self, table: str) -> Iterator[Banded]:
        """Every pair of a table that is joined or shown to a person, in its order."""
        lines: dict[int, tuple[Line, ...]] = {}
        terms = "".join(f", term_{name}" for name in self.with_term)
        asked = self.stored.engine.cursor().execute(
            f"SELECT l, r, told, fell{terms} FROM {table} WHERE band <> 'apart' ORDER BY {table}.rowid"
        )
        while rows := asked.fetchmany(AT_ONCE):
            for left, right, told, fell, *bits in rows:
                plain = lines.get(fell) or lines.setdefault(fell, self._lines(fell))
                scored = Scored(left, right, self.start, self._with(plain, bits))
                yield decided(scored, *self.stops[told], thresholds=self.thresholds)

    def written(self, table: str) -> Iterator[list[str]]:
        """The same as strict JSON, so many at a time."""
        parts = [f"part_{number} || {figure(f'term_{name}')}" for number, name in enumerate(self.with_term)]
        account = " || ".join((*parts, f"part_{len(parts)}"))
        (total,) = self.stored.one(f"SELECT count(*) FROM {table}")
        for first in range(0, total, AT_ONCE):
            asked = _WRITTEN.format(table=table, account=account, first=first, last=first + AT_ONCE)
            if lines := [line for (line,) in self.stored.run(asked).fetchall()]:
                yield lines

    def _look_at_the_odd(self) -> None:
        """Two records of whom a table cannot tell what the rules read are looked at themselves."""
        odd = self.stored.run("SELECT a, b, l, r FROM seen WHERE told IS NULL").fetchall()
        if odd:
            numbers = sorted({number for *_, left, right in odd for number in (left, right)})
            of = self.stored.records(", ".join("?" * len(numbers)), numbers, columns=READ)
            found = {
                "a": [one for one, *_ in odd],
                "b": [other for _, other, *_ in odd],
                "told": [told_of(of[left], of[right]) for *_, left, right in odd],
            }
            self.stored.keep("looked_at", found, (pa.int32(), pa.int32(), pa.int32()))
            self.stored.run("UPDATE seen SET told = looked_at.told FROM looked_at WHERE seen.a = looked_at.a AND seen.b = looked_at.b")

    def _write_levels(self) -> None:
        """Of all the levels that a pair fell in, the bits of each line and the text between the terms."""
        fallen = [fell for (fell,) in self.stored.run("SELECT DISTINCT fell FROM seen ORDER BY fell").fetchall()]
        lines = [self._lines(fell) for fell in fallen]
        kept: dict[str, list[object]] = {"fell": [*fallen]}
        for place, one in enumerate(self.model.comparisons):
            kept[f"bits_{one.name}"] = [told[place].weight for told in lines]
        parts = [self._parts(told) for told in lines]
        for number in range(len(self.with_term) + 1):
            kept[f"part_{number}"] = [part[number] for part in parts]
        types = [pa.int64(), *[pa.float64()] * len(self.model.comparisons), *[pa.string()] * (len(self.with_term) + 1)]
        self.stored.keep("levels", kept, types)

    def _parts(self, lines: Sequence[Line]) -> list[str]:
        """The text of the lines, in the parts that the bits of each term stand between."""
        parts, part, before = [], f', "start": {saying.text(round(self.start, 9))}, "fields": [', ""
        for line in lines:
            part += before + saying.text(saying.field(line))
            if line.field in self.with_term:
                parts.append(part.removesuffix(NO_TERM))
                part = "}"
            before = ", "
        return [*parts, part + "]}"]

    def _write_reasons(self) -> None:
        """For whatever vetoes and the strict rule read, and each zone of weight: the band, and why in words."""
        rows = []
        for (told,) in self.stored.run("SELECT DISTINCT told FROM seen ORDER BY told").fetchall():
            strict, stops = self.stops[told]
            for zone, weight in enumerate(self.zones):
                band, rule = verdict(weight, strict, stops, thresholds=self.thresholds)
                rows.append((told, zone, band, bool(stops), saying.text(saying.reasons(band, rule, stops))[1:-1]))
        columns = dict(zip(("told", "zone", "band", "stopped", "why"), zip(*rows, strict=True) if rows else [()] * 5, strict=True))
        self.stored.keep("reasons", columns, (pa.int32(), pa.int8(), pa.string(), pa.bool_(), pa.string()))

    def _lines(self, fell: int) -> tuple[Line, ...]:
        """The lines of two who fell in these levels, without a term."""
        found = zip(self.model.comparisons, levels_of(self.model, fell), strict=True)
        return tuple(Line(one.name, one.levels[at].label, at, one.levels[at].weight, 0.0, not one.levels[at].is_null) for one, at in found)

    def _with(self, lines: Sequence[Line], bits: Sequence[float]) -> tuple[Line, ...]:
        terms = dict(zip(self.with_term, bits, strict=True))
        return tuple(replace(line, term_weight=terms[line.field]) if terms.get(line.field) else line for line in lines)


def figure(column: str) -> str:
    """Bits as ``saying`` writes them: rounded to nine places as they stand in full, then as short as tells them apart."""
    return f"printf('%.9f', {column})::DOUBLE::VARCHAR"


def _double(value: float) -> str:
    """A number to the last bit."""
    return f"'{value!r}'::DOUBLE"


_SEEN = f"""
    CREATE OR REPLACE TABLE seen AS
    SELECT w.*, a.unique_id AS l, b.unique_id AS r, {TOLD} AS told
    FROM weighed w JOIN statements a ON a.n = w.a JOIN statements b ON b.n = w.b
"""
_JUDGED = """
    CREATE OR REPLACE TABLE {table} AS
    WITH whole AS (SELECT seen.*, {weight} AS weight, {over} AS over FROM seen JOIN levels USING (fell)),
         capped AS (SELECT * EXCLUDE (over), weight - greatest(over, 0) AS held_weight FROM whole),
         placed AS (SELECT *, ({zone})::TINYINT AS zone FROM capped)
    SELECT placed.*, band, stopped FROM placed JOIN reasons USING (told, zone) ORDER BY held DESC, a, b
"""
_WRITTEN = f"""
    SELECT '{{{{"left": ' || to_json(l)::VARCHAR || ', "right": ' || to_json(r)::VARCHAR || ', "weight": ' || {figure("weight")}
        || ', "held_weight": ' || {figure("held_weight")} || ', ' || why || {{account}}
    FROM {{table}} t JOIN levels USING (fell) JOIN reasons USING (told, zone)
    WHERE t.band <> 'apart' AND t.rowid >= {{first}} AND t.rowid < {{last}} ORDER BY t.rowid
"""
