"""What the records say, as the small facts that the detectors' rules look at: pure, from deeds as any desk's rules read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from lodestar.core.detectors.rules import Charged, HighRisk, Incident
from lodestar.core.matters.custody.requests import kept_at, requests
from lodestar.core.matters.desk import Story
from lodestar.core.matters.kinds import DESKS
from lodestar.core.matters.online.sharing import children

HIGH = "high"
SERVICES = "children's services"
WHAT: Mapping[str, str] = {
    "missing": "A child reported missing",
    "exploitation": "A concern that a child is exploited",
    "online": "A child known in an online case",
}
PHOTOGRAPH = "photograph_referred_to"
NOT_OURS = ("opened_in_error", "transferred")  # nothing happened, or another force answers for the child
# A referral asks for the agencies to talk, and APP has three reports in 90 days lead to one [A6].
DISCUSSED = frozenset(
    {
        "multi_agency_referral_made",
        "multi_agency_meeting_held",
        "exploitation_strategy_asked",
        "exploitation_strategy_held",
        "online_strategy_asked",
        "online_strategy_held",
        "conference_held",
    }
)
_LEFT_THE_CELLS = ("child_moved", "child_released", "brought_to_court", "custody_opened_in_error")
_CHARGED = ("child_charged", "bail_refused", "child_came_back", "place_requested", *_LEFT_THE_CELLS)
_SHARED = ("child_risk_known", "share_decided", "child_shared", "child_link_mistaken")
# By what a deed says it is: whatever tells children's services on a desk counts as a notice there.
TOLD: Mapping[str, frozenset[str]] = {
    kind: frozenset(code for code, deed in DESKS[kind].deeds.items() if deed.recipient == SERVICES) for kind in ("missing", "exploitation")
}
# Every deed that some rule looks at: a query needs no others.
READ = frozenset({*DISCUSSED, *_CHARGED, *_SHARED, PHOTOGRAPH}).union(*TOLD.values())


def incidents(*, matter: int, child: int, story: Story, known_at: Mapping[int, datetime]) -> Iterator[Incident]:
    """What concerns a child: a missing report, a concern of exploitation, and each child known in an online case.

    ``known_at`` says of each person named in an online case when that was written down. A stay in custody is none of these:
    children's services are warned during it or not at all, and the request for a place has a rule of its own.
    """
    gone = story.closed_at if story.state in NOT_OURS else None
    if story.kind in TOLD:
        told = min((done.at for done in story.all(*(TOLD[story.kind] | DISCUSSED))), default=None)
        yield Incident(matter, child, story.reported_at, told, WHAT[story.kind], gone, matter)
    elif story.kind == "online":
        for one in children(story=story):
            if not any(row.is_child for row in one.rows):
                continue
            decided = one.decision.at if one.decision is not None and one.settled else None
            over = story.reported_at if one.mistaken else gone or decided
            at = min(known_at[row.id] for row in one.rows)
            link = f"link-{min(row.id for row in one.rows)}"
            yield Incident(link, one.person, at, one.shared.at if one.shared else None, WHAT["online"], over, matter)


def charged(*, matter: int, child: int, story: Story) -> Charged | None:
    """A child kept after charge since bail was last refused, or since they came back; None where bail never was."""
    since = kept_at(story=story)
    if since is None:
        return None
    left = [done.at for done in story.all(*_LEFT_THE_CELLS) if done.at >= since]
    asked = tuple(done.at for done in requests(story=story))
    return Charged(matter, child, since, asked, min(left, default=None))


def high_risk(
    *, matter: int, child: int, grades: Sequence[tuple[str, datetime]], photographed_at: datetime | None, found_at: datetime | None
) -> HighRisk | None:
    """The last unbroken stretch at high, in order of the grades; it is over when the child is found or the grade is lowered."""
    at_high = [place for place, (level, _) in enumerate(grades) if level == HIGH]
    if not at_high:
        return None
    last = at_high[-1]
    first = last
    while first and grades[first - 1][0] == HIGH:
        first -= 1
    lowered = grades[last + 1][1] if last + 1 < len(grades) else None
    ends = [end for end in (lowered, found_at) if end is not None]
    return HighRisk(matter, child, grades[first][1], photographed_at, min(ends, default=None))
