"""How the examples in the posts' playbook run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from lodestar.core.duty.facts import Post, Shift
from lodestar.core.duty.owing import chains_from, person_owing
from lodestar.core.playbook import Playbook

AT = datetime(2026, 6, 4, 9, tzinfo=UTC)


def run_posts(book: Playbook, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Who owes it, with these posts filled and no others."""
    posts = [Post(str(number), row["kind"], district=row["district"]) for number, row in enumerate(given["on"])]
    owed = person_owing(
        shifts=[Shift(post.code, number, AT, AT + timedelta(hours=8)) for number, post in enumerate(posts)],
        posts=posts,
        chains=chains_from(book.in_force(AT).values["chains"]),
        post_kind=given["owes"],
        district=given["district"],
        at=AT,
        holder=None,
    )
    return {"kind": posts[owed.person].kind}
