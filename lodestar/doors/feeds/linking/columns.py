"""Rows made ready a column at a time: of very many, most names, days, places and homes stand in a row read a moment ago.

The same columns as ``prepare`` makes of each statement by itself (a test compares them), at less than half the price of reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from lodestar.core.identity.record import COLUMNS, forename_of, home_of, keys_of, names_of, sex_of, surname_of
from lodestar.core.identity.record import born_of as columns_of_day
from lodestar.core.people.identifiers import SCHEMES
from lodestar.core.people.reading import phone
from lodestar.doors.feeds.linking.cells import ISSUER, day_in, keys_in, postcodes_in, year_in
from lodestar.doors.feeds.linking.training import TYPES
from lodestar.doors.feeds.sheet import Value, as_text
from lodestar.doors.feeds.tables import Row

MOST_HELD = 200_000  # of one kind, before what was made of them is forgotten


class _Once(dict[Any, Any]):
    """What is made of each value, made once."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, value: Any) -> Any:
        made = self[value] = self.make(value)
        return made

    def of(self, values: Iterable[Any]) -> list[Any]:
        """What is made of each of these."""
        if len(self) > MOST_HELD:
            self.clear()
        return [self[value] for value in values]


class Making:
    """Makes the table that is compared out of rows, so many at once."""

    def __init__(self, number: str, roots: Mapping[str, str]) -> None:
        """``number`` is the column of a record's own number."""
        self.number, self.known = number, set[str]()
        self.given = _Once(lambda cell: forename_of(_text(cell), roots))
        self.family = _Once(lambda cell: surname_of(_text(cell)))
        self.born = _Once(lambda cells: _born(*cells))
        self.sex = _Once(lambda cell: sex_of(_text(cell)))
        self.home = _Once(lambda cells: home_of(postcodes_in(*map(_text, cells))))
        self.phone = _Once(lambda cell: phone(_text(cell)) or None)
        self.keys = _Once(lambda cells: keys_of(tuple(keys_in(cells[:-1], _text(cells[-1])))))

    def table(self, rows: Sequence[Row]) -> pa.Table | None:
        """The table of these rows; None where one has no number of its own, or a day or a year that is none: by itself it says which."""
        numbers = [row.text(self.number) for row in rows]
        new = set(numbers)
        if "" in new or len(new) < len(numbers) or not self.known.isdisjoint(new):
            return None
        try:
            made = self._made(rows)
        except ValueError:
            return None
        self.known |= new
        typed = {name: pa.array(values, TYPES.get(name, pa.string())) for name, values in zip(COLUMNS, made, strict=True)}
        return pa.table({"unique_id": pa.array(numbers, pa.string()), **typed})

    def _made(self, rows: Sequence[Row]) -> list[Sequence[Any]]:
        def cells(*names: str) -> Any:
            found = [[row.values.get(name, "") for row in rows] for name in names]
            return found[0] if len(names) == 1 else zip(*found, strict=True)

        given, family = zip(*self.given.of(cells("given_name")), strict=True), zip(*self.family.of(cells("family_name")), strict=True)
        (forename, *other_given), (surname, *other_family) = given, family
        return [
            *(forename, *other_given, surname, *other_family, list(map(names_of, forename, surname))),
            *zip(*self.born.of(cells("birth_date", "birth_year")), strict=True),
            self.sex.of(cells("sex")),
            *zip(*self.home.of(cells("postcode", "former_postcodes")), strict=True),
            self.phone.of(cells("phone")),
            *zip(*self.keys.of(cells(*SCHEMES, ISSUER)), strict=True),
        ]


def _text(cell: Value) -> str:
    return as_text(cell).strip()


def _born(day: Value, year: Value) -> tuple[Any, ...]:
    """The columns of a birth date and the year, from their two cells. Raises ``ValueError`` where one is none."""
    born, only = day_in(day), year_in(_text(year))
    return *columns_of_day(born), born.year if born else only
