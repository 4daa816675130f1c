"""The rota: who is on which post around an instant, read once for everything that is owed at it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

from lodestar.core.duty import facts as duty
from lodestar.store.models import Post, Shift
from lodestar.store.queries import kept
from lodestar.store.queries.journeys import on_postgresql
from lodestar.store.queries.plain_sql import instant, put_planned, read_instant

LONGEST_SHIFT = timedelta(hours=24)
# The shifts around an instant as one text, in either database's words: a hundred and sixty rows of six values are read as one.
_ROTA = f"""
    SELECT coalesce({{together}}({{array}}(code, user_id, from_at, until_at, called_off_at, lead)){{text}}, '[]') FROM (
        SELECT p.code, s.user_id, s.from_at, s.until_at, s.called_off_at, s.lead
        FROM {Shift._meta.db_table} s JOIN {Post._meta.db_table} p ON p.id = s.post_id
        WHERE s.from_at > %s AND s.from_at <= %s AND s.until_at > %s ORDER BY s.from_at, s.id
    ) AS around
"""
_ON_POSTGRESQL = _ROTA.format(together="json_agg", array="json_build_array", text="::text")
_ON_SQLITE = _ROTA.format(together="json_group_array", array="json_array", text="")


def shift_facts(*, at: datetime, until: datetime | None = None) -> tuple[duty.Shift, ...]:
    """Every shift that covers the instant, or touches the span up to ``until``."""
    return _shifts_soon(at, until or at)()


def _shifts_soon(at: datetime, until: datetime) -> Callable[[], tuple[duty.Shift, ...]]:
    words = _ON_POSTGRESQL if on_postgresql() else _ON_SQLITE
    asked = put_planned("shifts_around", words, [instant(one) for one in (at - LONGEST_SHIFT, until, at)])

    def found() -> tuple[duty.Shift, ...]:
        ((told,),) = asked.rows()
        return tuple([shift for shift in _shifts(told) if shift.until_at > max(shift.from_at, at)])

    return found


@lru_cache(maxsize=64)
def _shifts(told: str) -> tuple[duty.Shift, ...]:
    """What the text says: it is read again only once it says something else, so what was read of it is never old."""
    return tuple(
        duty.Shift(post=post, person=person, from_at=read_instant(begins), until_at=min(map(read_instant, ends)), lead=bool(lead))
        for post, person, begins, planned, called_off, lead in json.loads(told)
        for ends in [(planned, called_off or planned)]
    )


def _posts(rows: Iterable[Any]) -> tuple[duty.Post, ...]:
    return tuple(
        # A post of children's services answers for an authority, which its desk names.
        duty.Post(code=code, kind=kind, title=title, district=district or (desk if kind == "children_services" else ""), desk=desk)
        for code, kind, title, district, desk in rows
    )


def _every_post() -> Any:
    return Post.objects.order_by("code").values_list("code", "kind", "title", "district__code", "desk")


class Rota:
    """The shifts around an instant and the posts, read when they are first asked for: of many things owed at once each asks the same."""

    def __init__(self) -> None:
        self._asked: dict[datetime, Callable[[], tuple[duty.Shift, ...]]] = {}
        self._shifts: dict[datetime, tuple[duty.Shift, ...]] = {}
        self._posts: Callable[[], list[Any]] | None = None

    def ask_ahead(self, at: datetime) -> None:
        """Ask for those around an instant, to go with what is asked next: something will be owed at it."""
        if at not in self._asked:
            self._posts = self._posts or kept.soon(_every_post)  # whoever asks for the one needs the other
            self._asked[at] = _shifts_soon(at, at + LONGEST_SHIFT)

    def shifts(self, at: datetime) -> tuple[duty.Shift, ...]:
        """Those that cover the instant, and those that come next."""
        if at not in self._shifts:
            self.ask_ahead(at)
            self._shifts[at] = self._asked[at]()
        return self._shifts[at]

    @cached_property
    def posts(self) -> tuple[duty.Post, ...]:
        """Every post."""
        return _posts((self._posts or kept.soon(_every_post))())
