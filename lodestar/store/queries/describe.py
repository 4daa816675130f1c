"""The tables as they are: what the page of fields is written from, and what its test compares."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps

from lodestar.store.models.base import AppendOnly


@dataclass(frozen=True, slots=True)
class Described:
    """One table: its name, its sentence, its fields, and whether its rows are written once."""

    label: str
    sentence: str
    fields: tuple[str, ...]
    append_only: bool


def tables() -> tuple[Described, ...]:
    """Every table there is, ours and the libraries', in the order they are registered."""
    return tuple(
        Described(
            label=model._meta.label,
            sentence=(model.__doc__ or "").strip().splitlines()[0],
            fields=tuple(field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)),
            append_only=issubclass(model, AppendOnly),
        )
        for model in apps.get_models()
    )
