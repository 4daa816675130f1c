"""Figures as they were computed, with everything needed to compute them again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.base import AppendOnly


class Figure(AppendOnly):
    """One computed figure."""

    code = models.CharField(max_length=20)
    definition_version = models.CharField(max_length=20)
    definition_hash = models.CharField(max_length=64)
    as_of = models.DateTimeField()
    known_at = models.DateTimeField(null=True)  # what was known: none on figures kept before this was written down
    period_from = models.DateTimeField()
    period_until = models.DateTimeField()
    filters = models.JSONField(default=dict)
    value = models.JSONField()
    content_hash = models.CharField(max_length=64, blank=True)  # of everything above: a figure quoted elsewhere names it
    computed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["code", "as_of"])]
