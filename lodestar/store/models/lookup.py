"""By which words a report is found while a caller speaks. Whose report it is stays with the links, so a word is never stale."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.base import AppendOnly
from lodestar.store.models.reports import Report


class ReportWord(AppendOnly):
    """One word of a report: a letter that says what it is, a colon, and the word as it is compared (core/people/lookup.py)."""

    word = models.CharField(max_length=40)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="words", db_index=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["word", "report"]), models.Index(fields=["report"])]
