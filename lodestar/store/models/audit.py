"""What was done, seen and refused. Rows are sealed by the minute into a chain."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar

from django.db import connection, models, transaction

from lodestar.store.guard import insist_permitted
from lodestar.store.models.base import AppendOnly


class AuditRow(AppendOnly):
    """One deed, look, refusal or conflict. No names of children, no contents: ids and codes only."""

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120)
    roles = models.TextField(blank=True)  # however many somebody holds: a deed never fails for the length of its row
    door = models.CharField(max_length=20)
    request_id = models.CharField(max_length=40, blank=True)
    verb = models.CharField(max_length=60)
    outcome = models.CharField(max_length=20, default="done")  # done, seen, refused, conflict
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"]),
            models.Index(fields=["actor_id", "at"]),
        ]

    def save(self, *args: Any, force_insert: bool = False, **kwargs: Any) -> None:
        """Written in words that are kept: every page and every deed leaves a row or two, and wording it took longer than writing it."""
        if not force_insert or self.pk is not None or args or kwargs:
            super().save(*args, force_insert=force_insert, **kwargs)
            return
        insist_permitted(type(self).__name__)
        fields, words = _insert()
        values = [field.get_db_prep_save(getattr(self, field.attname), connection) for field in fields]
        with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(words, values)
            self.pk = cursor.fetchone()[0]
        self._state.adding, self._state.db = False, connection.alias


@lru_cache(maxsize=1)
def _insert() -> tuple[list[models.Field[Any, Any]], str]:
    fields = [field for field in AuditRow._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    return fields, f'INSERT INTO "{AuditRow._meta.db_table}" ({names}) VALUES ({marks}) RETURNING "id"'


class AuditSeal(AppendOnly):
    """A numbered seal, chained to the seal before it."""

    number = models.PositiveIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()


class SealedRow(AppendOnly):
    """Which seal an audit row is under, and the hash it had then."""

    row_id = models.BigIntegerField(unique=True)
    seal = models.ForeignKey(AuditSeal, on_delete=models.PROTECT, related_name="sealed")
    position = models.PositiveIntegerField()
    row_hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_position_a_seal", fields=["seal", "position"])]
