"""The force's places and posts as they are set."""

from __future__ import annotations

from datetime import datetime

from lodestar.store.models import Authority, District, Place, Post, Shift, User


def codes() -> dict[str, set[str]]:
    """The codes that are there, by noun."""
    return {
        "authority": set(Authority.objects.values_list("code", flat=True)),
        "district": set(District.objects.values_list("code", flat=True)),
        "place": set(Place.objects.values_list("code", flat=True)),
        "post": set(Post.objects.values_list("code", flat=True)),
    }


def post_named(*, code: str) -> Post | None:
    """One post."""
    return Post.objects.filter(code=code).first()


def same_shift(*, post_id: int, user: User, from_at: datetime, until_at: datetime) -> bool:
    """Whether this very shift is there already."""
    return Shift.objects.filter(post_id=post_id, user=user, from_at=from_at, until_at=until_at).exists()


def places() -> list[tuple[str, str, str]]:
    """Every district, its name and its authority."""
    return [(row.code, row.name, row.authority.name) for row in District.objects.select_related("authority").order_by("code")]


def posts(*, at: datetime) -> list[tuple[str, str, str, str]]:
    """Every post: its code, kind, district, and who is on it now."""
    on = {}
    for shift in Shift.objects.on(at).select_related("user").order_by("-lead"):
        on.setdefault(shift.post_id, shift.user.name)
    rows = Post.objects.select_related("district").order_by("code")
    return [(row.code, row.kind, row.district.code if row.district else "", on.get(row.pk, "")) for row in rows]
