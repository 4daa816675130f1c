"""News about a matter: on an open one it reaches the holder, on a closed one it is a worked item with a clock."""

from __future__ import annotations

from datetime import datetime

from lodestar.actions import clocks, notices
from lodestar.actions.matters.moving import did, settle
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.matters import news as rules
from lodestar.core.words import require
from lodestar.store.models import Engagement, Matter, News


def add_news(*, actor: Actor, matter_id: int, from_whom: str, contact: str, text: str, now: datetime) -> int:
    """What a caller says reaches somebody who must assess it, also when the record is closed (IOPC Met 2021)."""
    with perform("matter.news_added", actor=actor, now=now, permission=P.MATTERS_NEWS) as act:
        matter = act.claim(Matter, matter_id)
        return int(bring(act, matter, from_whom=from_whom, contact=contact, text=text).pk)


def bring(act: Act, matter: Matter, *, from_whom: str, text: str, contact: str = "", engagement: Engagement | None = None) -> News:
    """News on a matter inside another action: its clock, the holder's notice, and the board. Refuses what says nothing."""
    require(*rules.news_gaps(from_whom=from_whom, text=text))
    item = act.add(
        News(
            matter=matter,
            received_at=act.now,
            by_id=act.actor.id,
            from_whom=from_whom,
            contact=contact,
            text=text,
            engagement=engagement,
            matter_state=matter.state,
        )
    )
    came = {"engagement": engagement.pk} if engagement is not None else {}
    act.record(item, verb="matter.news_added", detail={"matter": matter.pk, "state": matter.state, **came})
    act.changed(matter.pk, "matter.news_added")
    event = "news_on_open" if matter.is_open else "news_on_closed"
    clocks.begin(act, matter, event, at=act.now, about=item)
    notices.tell(
        act,
        user_id=matter.holder_id,
        kind="news",
        about=item,
        text=f"News has come in on {matter.reference}. Read it and assess it.",
    )
    settle(act, matter)
    return item


def withdraw(act: Act, item: News) -> None:
    """News that turned out to be about somebody else is nobody's to assess here, and what it says is not shown here any more."""
    act.move(item, state=rules.WITHDRAWN)
    act.record(item, verb="matter.news_withdrawn", detail={"matter": item.matter_id, "engagement": item.engagement_id})
    act.changed(item.matter_id, "matter.news_withdrawn")
    clocks.cancel_about(act, item, reason=rules.TAKEN_BACK)
    settle(act, item.matter)


def assess_news(*, actor: Actor, news_id: int, seen_version: int, assessment: str, reply_given: str, now: datetime) -> None:
    """News is answered: what it means for the risk, and what the caller was told."""
    with perform("matter.news_assessed", actor=actor, now=now, permission=P.MATTERS_NEWS) as act:
        item = act.claim(News, news_id, seen_version=seen_version)
        require(*rules.assessment_gaps(state=item.state, assessment=assessment, reply_given=reply_given))
        act.move(item, state="assessed", assessed_by_id=actor.id, assessed_at=now, assessment=assessment, reply_given=reply_given)
        act.record(item, detail={"matter": item.matter_id})
        act.changed(item.matter_id)
        did(act, item.matter, "news_assessed", detail={"news": item.pk}, about=item)
        settle(act, item.matter)
