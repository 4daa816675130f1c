"""The national return, written from what Lodestar holds; and the report of rows that could not be read."""

from __future__ import annotations

from collections.abc import Iterable

from lodestar.core.reports.rows import BadRow, error_report
from lodestar.core.reports.ssda903 import MissingRow, year_ending
from lodestar.doors.feeds.ssda903 import write_missing
from lodestar.doors.feeds.writing import write_csv
from lodestar.store.queries import returns


def write_missing_return(*, authority: str, year: int) -> tuple[bytes, int]:
    """The Missing table of an authority's looked-after children for the collection year, and how many rows it has."""
    span = year_ending(year)
    rows = [
        MissingRow(number=place, child=row.child, born=row.born, kind="M", start=row.start, end=row.end)
        for place, row in enumerate(returns.looked_after_episodes(authority=authority, first=span.start, last=span.end), start=2)
    ]
    return write_missing(rows), len(rows)


def error_file(run_id: int) -> bytes:
    """What could not be read of one file, as CSV: file, row, column, reason, and the row itself."""
    return error_table(returns.bad_rows_of(run_id=run_id))


def error_table(bad: Iterable[BadRow]) -> bytes:
    """Rows that could not be read, as CSV, ready to be mended and brought in again."""
    columns, rows = error_report(bad)
    return write_csv(columns, rows)
