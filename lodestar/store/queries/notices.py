"""What a person has been told, and whether the jobs still run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet

from lodestar.store.models import Change, Heartbeat, Hit, News, Notice, Obligation, Transfer
from lodestar.store.queries import kept
from lodestar.store.queries.plain_sql import put_planned, read_instant
from lodestar.store.queries.wire import Rows

SWEEP = "sweep"
NIGHTLY = "nightly"
STALE_AFTER = timedelta(minutes=5)
NIGHT_STALE_AFTER = timedelta(hours=27)  # a day, and the hours that a night may take
FRAME = """
    SELECT (SELECT at FROM store_heartbeat WHERE job = %s), (SELECT at FROM store_heartbeat WHERE job = %s),
        (SELECT count(*) FROM store_notice WHERE user_id = %s AND seen_at IS NULL)"""


def above(*, user_id: int) -> Callable[[], Rows]:
    """What stands above every page: it may go with the next thing asked."""
    return put_planned("frame_of_a_page", FRAME, [SWEEP, NIGHTLY, user_id]).rows


def frame(found: Rows, *, at: datetime) -> dict[str, Any]:
    """What every page shows above its own content: unread notices, and a banner when the sweep or the night's jobs have stopped."""
    beat, night, unseen = found[0]
    swept, slept = (read_instant(one) if one is not None else None for one in (beat, night))
    return {
        "unseen": unseen,
        "jobs_stale": swept is None or at - swept > STALE_AFTER,
        "jobs_last": swept,
        "night_last": slept if slept is not None and at - slept > NIGHT_STALE_AFTER else None,
    }


def unseen(*, user_id: int) -> int:
    """How many notices a person has not read."""
    return Notice.objects.filter(user_id=user_id, seen_at=None).count()


def told(*, key: str) -> bool:
    """Whether this news was put in the outbox before."""
    return bool(kept.found(_keyed, key))


def _keyed(key: str) -> Any:
    return Notice.objects.filter(key=key).values_list("pk")


def mine(*, user_id: int, most: int = 100) -> QuerySet[Notice]:
    """A person's notices, newest first."""
    return Notice.objects.filter(user_id=user_id).order_by("-pk")[:most]


def failing(*, most: int = 100) -> QuerySet[Notice]:
    """Notices that could not be delivered: a failure must be in somebody's sight."""
    return Notice.objects.filter(delivered_at=None, tries__gt=0).select_related("user").order_by("pk")[:most]


def cursor() -> int:
    """The newest change's number."""
    newest: int | None = Change.objects.aggregate(newest=Max("pk"))["newest"]
    return newest or 0


def changes_since(*, cursor: int, floor: datetime) -> list[int]:
    """Numbers of changes after the cursor or, as a commit may come late, within the last few seconds."""
    late = Change.objects.filter(at__gte=floor).values_list("pk", flat=True)
    new = Change.objects.filter(pk__gt=cursor).values_list("pk", flat=True)
    return sorted(set(late) | set(new))


def heartbeats() -> QuerySet[Heartbeat]:
    """When each job last ran to its end."""
    return Heartbeat.objects.order_by("job")


def matter_behind(notice: Notice) -> int | None:
    """The matter that a notice is about, through what it names."""
    models = {"news": News, "transfer": Transfer, "obligation": Obligation, "hit": Hit}
    model = models.get(notice.subject_kind)
    if model is None:
        return None
    found: int | None = model.objects.filter(pk=notice.subject_id).values_list("matter_id", flat=True).first()
    return found


def thing_behind(notice: Notice) -> tuple[str, int]:
    """What a notice is about: where it is about something owed on a meeting, an action of one or an identity question, that."""
    if notice.subject_kind == "obligation":
        owed = Obligation.objects.filter(pk=notice.subject_id, subject_kind__in=("meeting", "meeting_action", "link_question"))
        found = owed.values_list("subject_kind", "subject_id").first()
        if found is not None:
            return found
    return notice.subject_kind, notice.subject_id


def address_of(notice: Notice) -> str:
    """Where a notice is sent."""
    return str(notice.user.email)
