"""What the national return asks of the record, and rows that could not be read as their report shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lodestar.core.reports.rows import BadRow, Fault, SourceRow
from lodestar.core.times import local_date, local_day_bounds
from lodestar.store import models
from lodestar.store.queries import reports


@dataclass(frozen=True, slots=True)
class CareEpisodeRow:
    """One missing episode of a looked-after child, by days, as the return counts."""

    child: str
    born: date | None
    start: date
    end: date | None


def looked_after_episodes(*, authority: str, first: date, last: date) -> list[CareEpisodeRow]:
    """Episodes of children looked after by the authority that touch the year, in order; a child needs the authority's number."""
    after = local_day_bounds(last + timedelta(days=1)).from_at
    begin = local_day_bounds(first).from_at
    keys = dict(models.PersonKey.objects.filter(scheme="la_child_id", ended_at=None).values_list("person_id", "value"))
    rows = models.Matter.objects.filter(looked_after=True, authority=authority, reported_at__lt=after).exclude(state="opened_in_error")
    found = []
    for row in rows.select_related("person").order_by("person_id", "reported_at"):
        ended = row.returned_at or row.located_at
        if row.person_id in keys and (ended is None or ended >= begin):
            start = local_date(row.since_to or row.reported_at)
            found.append(CareEpisodeRow(keys[row.person_id], row.person.birth_date, start, local_date(ended) if ended else None))
    return found


def bad_rows_of(*, run_id: int) -> list[BadRow]:
    """Rows that could not be read of one file, as the error report takes them."""
    return [
        BadRow(
            SourceRow(row.import_run.file_name, row.row_number, row.raw),
            tuple(Fault(str(fault["column"]), str(fault["code"]), str(fault["reason"])) for fault in row.faults),
        )
        for row in reports.rows_of(run_id=run_id)
    ]
