"""What members of staff may be given: their rank, and what they are accredited for until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.tasking.skills import described_gaps
from lodestar.core.words import require
from lodestar.store.models import User
from lodestar.store.queries import tasks


def describe(*, actor: Actor, user_id: int, rank: str, skills: Mapping[str, date | None], now: datetime) -> None:
    """Say somebody's rank, and each skill they hold with the last day of its accreditation, or none; what is left out they do not hold.

    Refuses a rank there is not, and a skill that no kind of work asks for.
    """
    with perform("access.described", actor=actor, now=now, permission=P.ACCESS_MANAGE) as act:
        user = act.claim(User, user_id)
        require(*described_gaps(rank=rank, skills=skills, known=tasks.skills(at=now)))
        user.rank, user.skills = rank, sorted(skills)
        user.skills_until = {skill: last.isoformat() for skill, last in sorted(skills.items()) if last is not None}
        user.save(update_fields=["rank", "skills", "skills_until"])
        act.record(user, detail={"rank": rank, "skills": user.skills, "until": user.skills_until})
