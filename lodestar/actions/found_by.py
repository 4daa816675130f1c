"""Keeping the words that a report is found by, beside every report that is written.

``perform`` calls this for single rows, as it does for what is known from when; what is taken over in bulk is noted in bulk.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Model

from lodestar.core.people.lookup import words_of
from lodestar.store.inserting import insert_values
from lodestar.store.models import Report, ReportWord
from lodestar.store.queries.plain_sql import in_hundreds


def note(rows: Sequence[Model]) -> None:
    """Write down the words of those rows that are reports."""
    made = [{"word": word, "report_id": row.pk} for row in rows if isinstance(row, Report) for word in words_of(row.subject)]
    for some in in_hundreds(made):
        insert_values(ReportWord, some)
