"""A daily meeting held today in the small force, for tests that need one of everything."""

from __future__ import annotations

from datetime import datetime, timedelta

from lodestar.actions.packs import decisions, freezing, meetings
from lodestar.actions.perform import perform
from lodestar.config.writers import WRITERS
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import system_actor
from lodestar.core.packs.lifecycle import Wanted
from lodestar.core.times import local_date
from lodestar.store.models import Meeting, MeetingAction
from lodestar.store.queries import packs as queries
from tests.actions.conftest import Force

SYSTEM = system_actor("test")


def planned_today(*, now: datetime) -> Meeting:
    """Today's daily meeting, as the jobs plan it; where that has been held already, another of this very minute."""
    meetings.plan(actor=SYSTEM, now=now - timedelta(days=1))
    rows = Meeting.objects.filter(template="PACK-DAILY", state="planned")
    found = next((one for one in rows if local_date(one.due_at) == local_date(now)), None)
    return found or _another(now)


def _another(now: datetime) -> Meeting:
    one, due = queries.template_named(code="PACK-DAILY", on=local_date(now)), now.replace(microsecond=0)
    with perform("meeting.planned", actor=SYSTEM, now=now, permission=P.JOBS_RUN) as act:
        about = {"template": one.code, "template_from": local_date(due), "template_hash": one.content_hash}
        row = act.add(Meeting(**about, due_at=due, planned_at=now))
        meetings.owe(act, row, one)
        act.record(row)
    return row


def held_today(force: Force, *, now: datetime, matter_id: int) -> dict[str, int]:
    """Today's meeting, prepared and held; something decided about a matter, an action given, the pack frozen and published."""
    row = planned_today(now=now)
    actor, about = force.actor("hazel", now), {"meeting_id": row.pk, "now": now}
    meetings.prepare(actor=actor, seen_version=1, **about)
    meetings.hold(actor=actor, seen_version=2, attended="Sgt Hazel, Insp Elm", **about)
    row.refresh_from_db()
    # A long agenda is cut, so the matter may not be on it; something about another then stands for it.
    items = sorted((one for part in queries.agenda_of(row) for one in part.items if one.matter), key=lambda one: one.matter != matter_id)
    item = items[0]
    wanted = Wanted("Who rings the school?", "It opens at nine", "", "Ring the school", force.users["hazel"].pk, now + timedelta(days=2))
    decisions.decide(actor=actor, key=item.key, wanted=wanted, **about)
    pack = freezing.freeze(actor=actor, seen_version=3, reason="", writers=WRITERS, **about)
    freezing.publish(actor=actor, seen_version=4, **about)
    return {"meeting": row.pk, "pack": pack, "meeting_action": MeetingAction.objects.latest("pk").pk}
