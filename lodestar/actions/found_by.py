"""Keeping the words that a report is found by, beside every report that is written.

``perform`` calls this for single rows, as it does for what is known from when; what is taken over in bulk is noted in bulk.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Model

from lodestar.core.people.lookup import words_of
from lodestar.store.models import Report, ReportWord

CHUNK = 500


def words(rows: Sequence[Model]) -> list[ReportWord]:
    """The words of those rows that are reports, to be written."""
    return [ReportWord(word=word, report_id=row.pk) for row in rows if isinstance(row, Report) for word in words_of(row.subject)]


def note(rows: Sequence[Model]) -> None:
    """Write down the words of those rows that are reports."""
    made = words(rows)
    if made:
        ReportWord._default_manager.bulk_create(made, batch_size=CHUNK)
