"""What every row of Lodestar is: guarded, and where it is history, append-only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from lodestar.store.guard import insist_permitted
from lodestar.store.inserting import insert


class GuardedQuerySet(models.QuerySet[Any]):
    """Bulk writes pass the same guard as single ones."""

    def update(self, **values: Any) -> int:
        insist_permitted(self.model.__name__)
        return super().update(**values)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        insist_permitted(self.model.__name__)
        return super().bulk_create(objs, *args, **kwargs)

    def _insert(self, objs: list[Any], fields: Any, returning_fields: Any = None, raw: bool = False, **kwargs: Any) -> list[Any]:
        rows = None if raw or kwargs.get("on_conflict") else insert(self.model, objs, fields, returning_fields or ())
        return super()._insert(objs, fields, returning_fields, raw, **kwargs) if rows is None else rows  # type: ignore[misc]

    def bulk_update(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> int:
        insist_permitted(self.model.__name__)
        return super().bulk_update(objs, *args, **kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{self.model.__name__} rows are never deleted")


class Record(models.Model):
    """A row that only an action may write and nobody may delete."""

    objects = GuardedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        insist_permitted(type(self).__name__)
        super().save(*args, **kwargs)

    def _do_insert(self, manager: Any, using: str, fields: Any, returning_fields: Any, raw: bool) -> list[Any]:
        del manager  # the base one, whose words are not kept
        return GuardedQuerySet(type(self), using=using)._insert([self], fields, returning_fields, raw, using=using)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{type(self).__name__} rows are never deleted")


class AppendOnly(Record):
    """History: written once. The database itself refuses update and delete (migration 0002)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None and not self._state.adding:
            raise TypeError(f"{type(self).__name__} rows are never changed")
        super().save(*args, **kwargs)
