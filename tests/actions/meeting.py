"""A daily meeting held today in the small force, for tests that need one of everything."""

from __future__ import annotations

from datetime import datetime, timedelta

from lodestar.actions.packs import decisions, freezing, meetings
from lodestar.config.writers import WRITERS
from lodestar.core.access.scope import system_actor
from lodestar.core.packs.lifecycle import Wanted
from lodestar.core.times import local_date
from lodestar.store.models import Meeting, MeetingAction
from lodestar.store.queries import packs as queries
from tests.actions.conftest import Force


def held_today(force: Force, *, now: datetime, matter_id: int) -> dict[str, int]:
    """Today's meeting, prepared and held; something decided about a matter, an action given, the pack frozen and published."""
    meetings.plan(actor=system_actor("test"), now=now - timedelta(days=1))
    rows = Meeting.objects.filter(template="PACK-DAILY", state="planned")
    row = next(one for one in rows if local_date(one.due_at) == local_date(now))
    actor, about = force.actor("hazel", now), {"meeting_id": row.pk, "now": now}
    meetings.prepare(actor=actor, seen_version=1, **about)
    meetings.hold(actor=actor, seen_version=2, attended="Sgt Hazel, Insp Elm", **about)
    row.refresh_from_db()
    item = next(one for part in queries.agenda_of(row) for one in part.items if one.matter == matter_id)
    wanted = Wanted("Who rings the school?", "It opens at nine", "", "Ring the school", force.users["hazel"].pk, now + timedelta(days=2))
    decisions.decide(actor=actor, key=item.key, wanted=wanted, **about)
    pack = freezing.freeze(actor=actor, seen_version=3, reason="", writers=WRITERS, **about)
    freezing.publish(actor=actor, seen_version=4, **about)
    return {"meeting": row.pk, "pack": pack, "meeting_action": MeetingAction.objects.latest("pk").pk}
