"""Rows made ready a column at a time: of very many, most names, days, places and homes stand in a row read a moment ago.

The same columns as ``prepare`` makes of each statement by itself (a test compares them), at less than half the price of reading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from lodestar.core.identity.record import COLUMNS, forename_of, home_of, keys_of, sex_of, surname_of
from lodestar.core.identity.record import born_of as columns_of_day
from lodestar.core.people.identifiers import SCHEMES
from lodestar.core.people.reading import phone
from lodestar.doors.feeds.linking.cells import ISSUER, day_in, keys_in, postcodes_in, year_in
from lodestar.doors.feeds.linking.training import TYPES
from lodestar.doors.feeds.tables import Rows

DAY = ("dob", "dob_swapped", "dob_either", "dob_weak", "birthday")
HOME = ("postcode", "sector", "area", "postcodes")
MOST_HELD = 200_000  # of one kind, before what was made of them is forgotten


class _Once(dict[Any, tuple[Any, ...]]):
    """The columns that are made of each value, made once."""

    def __init__(self, make: Callable[[Any], tuple[Any, ...]], *columns: str) -> None:
        super().__init__()
        self.make, self.columns = make, columns

    def __missing__(self, value: Any) -> tuple[Any, ...]:
        made = self[value] = self.make(value)
        return made

    def of(self, cells: Sequence[pa.Array]) -> dict[str, pa.Array]:
        """The columns of these cells, column by column: what stands in several rows is made once, and put where it stands."""
        if len(self) > MOST_HELD:
            self.clear()
        rows, values = _places(cells)
        made = zip(*[self[value] for value in values], strict=True)
        return {name: pa.array(column, TYPES.get(name, pa.string())).take(rows) for name, column in zip(self.columns, made, strict=True)}


def _places(cells: Sequence[pa.Array]) -> tuple[pa.Array, list[tuple[str, ...]]]:
    """For each row the place of its cells among those that differ, and these."""
    rows, values = _differing(cells[0])
    for column in cells[1:]:
        others, more = _differing(column)
        both = pc.add(pc.multiply(rows, len(more)), others).dictionary_encode()
        values = [values[one // len(more)] + more[one % len(more)] for one in both.dictionary.to_pylist()]
        rows = both.indices.cast(pa.int64())
    return rows, values


def _differing(column: pa.Array) -> tuple[pa.Array, list[tuple[str, ...]]]:
    found = column.dictionary_encode()
    return found.indices.cast(pa.int64()), [(value,) for value in found.dictionary.to_pylist()]


class Making:
    """Makes the table that is compared out of rows, so many at once."""

    def __init__(self, number: str, roots: Mapping[str, str]) -> None:
        """``number`` is the column of a record's own number."""
        self.number, self.known = number, set[str]()
        self.kinds = (
            (_Once(lambda cells: forename_of(cells[0].strip(), roots), "forename", "forename_root", "forename_sound"), ("given_name",)),
            (_Once(lambda cells: surname_of(cells[0].strip()), "surname", "surname_sound"), ("family_name",)),
            (_Once(lambda cells: _born(*cells), *DAY, "year"), ("birth_date", "birth_year")),
            (_Once(lambda cells: (sex_of(cells[0].strip()),), "sex"), ("sex",)),
            (_Once(lambda cells: home_of(postcodes_in(*(cell.strip() for cell in cells))), *HOME), ("postcode", "former_postcodes")),
            (_Once(lambda cells: (phone(cells[0].strip()) or None,), "phone"), ("phone",)),
            (_Once(lambda cells: keys_of(tuple(keys_in(cells[:-1], cells[-1].strip()))), "keys", "schemes"), (*SCHEMES, ISSUER)),
        )

    def ahead(self, found: Rows, most: int) -> pa.Table | None:
        """The table of the next so many rows of a file, which are passed over; None where they must be read one by one."""
        text = found.ahead(most)
        cells = _cells_in(text, found) if text is not None else None
        made = self.table(cells) if cells is not None else None
        if made is not None:
            found.pass_over(len(made))
        return made

    def table(self, cells: Mapping[str, pa.Array]) -> pa.Table | None:
        """The table of rows whose cells stand by column; None where one must be read by itself, which says what is wrong with it.

        That is a row with no number of its own, or with a day or a year that is none.
        """
        numbers = [cell.strip() for cell in cells[self.number].to_pylist()]
        new = set(numbers)
        if "" in new or len(new) < len(numbers) or not self.known.isdisjoint(new):
            return None
        blank, made = pa.repeat("", len(numbers)), {"unique_id": pa.array(numbers, pa.string())}
        try:
            for kind, names in self.kinds:
                made |= kind.of([cells.get(name, blank) for name in names])
        except ValueError:
            return None
        self.known |= new
        made["names"] = _names_of(made["forename"], made["surname"])
        return pa.table({name: made[name] for name in ("unique_id", *COLUMNS)})


def _cells_in(text: str, found: Rows) -> dict[str, pa.Array] | None:
    """The cells of lines without quotation marks, by column; None where a line has more or fewer than there are headings."""
    data = text.encode()
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(data),
            pa_csv.ReadOptions(column_names=found.headings, use_threads=False, block_size=len(data) + 1),
            pa_csv.ParseOptions(delimiter=found.delimiter, quote_char=False, ignore_empty_lines=False),
            pa_csv.ConvertOptions(column_types=dict.fromkeys(found.headings, pa.string()), strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return None
    return {name: table[name].combine_chunks() for name in table.column_names}


def _names_of(forename: pa.Array, surname: pa.Array) -> pa.Array:
    """As ``names_of`` makes of each: both in one, the lesser first."""
    in_order = pc.less_equal(forename, surname)
    return pc.binary_join_element_wise(pc.if_else(in_order, forename, surname), pc.if_else(in_order, surname, forename), "|")


def _born(day: str, year: str) -> tuple[Any, ...]:
    """The columns of a birth date and the year, from their two cells. Raises ``ValueError`` where one is none."""
    born, only = day_in(day), year_in(year.strip())
    return *columns_of_day(born), born.year if born else only
