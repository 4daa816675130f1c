"""Who is on duty, who holds what, and who owes what."""

from __future__ import annotations

from datetime import datetime, timedelta

from lodestar.core.duty import facts as duty
from lodestar.store.models import Holding, Matter, Post, Shift

LONGEST_SHIFT = timedelta(hours=24)


def shift_facts(*, at: datetime, until: datetime | None = None) -> tuple[duty.Shift, ...]:
    """Every shift that covers the instant, or touches the span up to ``until``."""
    end = until or at
    rows = Shift.objects.filter(from_at__lte=end, from_at__gt=at - LONGEST_SHIFT, until_at__gt=at).select_related("post")
    return tuple(
        duty.Shift(post=row.post.code, person=row.user_id, from_at=row.from_at, until_at=row.until_at, lead=row.lead)
        for row in rows.order_by("from_at", "pk")
    )


def post_facts() -> tuple[duty.Post, ...]:
    """Every post."""
    rows = Post.objects.select_related("district").order_by("code")
    return tuple(
        duty.Post(
            code=row.code,
            kind=row.kind,
            title=row.title,
            district=row.district.code if row.district else "",
            desk=row.desk,
        )
        for row in rows
    )


def holdings(matter: Matter) -> tuple[duty.Holding, ...]:
    """The chain of people who have answered for a matter."""
    rows = Holding.objects.filter(matter=matter).select_related("post").order_by("number")
    return tuple(
        duty.Holding(
            number=row.number,
            person=row.user_id,
            post=row.post.code if row.post else "",
            from_at=row.from_at,
            how=row.how,
        )
        for row in rows
    )
