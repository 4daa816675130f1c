"""What an engagement changes is somebody's at once: news on what is open about the child, or a look that somebody owes."""

from __future__ import annotations

from collections.abc import Collection

from lodestar.actions import clocks
from lodestar.actions.matters.news import bring
from lodestar.actions.perform import Act
from lodestar.core.engagements.consequences import Changes, Stated, consequences
from lodestar.core.engagements.draft import OPINION
from lodestar.core.engagements.kinds import Kind
from lodestar.core.times import age_on, local_date, say
from lodestar.store.models import Engagement, EngagementLook, EngagementPerson, News, Person, Report
from lodestar.store.queries import engagements as queries

ADULT = 18
LAPSED = "lapsed"


def tell(act: Act, stated: EngagementPerson, person: Person, *, besides: Collection[int] = ()) -> Changes:
    """Tell whoever answers for this person what came in; ``besides`` are matters that have it by another way already."""
    engagement = stated.engagement
    kind = queries.kinds(at=engagement.received_at)[engagement.kind]
    open_now = queries.open_matters(person)
    told = {*besides, *News.objects.filter(engagement=engagement).values_list("matter_id", flat=True)}
    now = Stated(
        role=stated.role,
        reason=engagement.reason,
        is_child=_is_child(person, engagement),
        happened_at=engagement.happened_at,
        open_matters=tuple(matter.pk for matter in open_now),
    )
    found = consequences(kind=kind, stated=now, told=told, now=act.now)
    for matter in open_now:
        if matter.pk in found.news_on:
            bring(act, matter, from_whom=_from_whom(kind), text=_text(kind, stated), engagement=engagement)
    if found.look is not None and not EngagementLook.objects.filter(stated=stated).exists():
        _owe(act, stated, person)
    elif open_now:
        _lapse(act, stated)
    return found


def follow(act: Act, report: Report, person: Person) -> None:
    """Somebody has said who a report is about: what their engagement changes is told afresh."""
    stated = EngagementPerson.objects.filter(report=report).select_related("engagement").first()
    if stated is not None:
        tell(act, stated, person)


def _is_child(person: Person, engagement: Engagement) -> bool:
    """Under 18 when it happened; of unknown age a child until it is known."""
    born = person.birth_date
    return born is None or born > local_date(engagement.happened_at) or age_on(born, engagement.happened_at) < ADULT


def _from_whom(kind: Kind) -> str:
    return f"{kind.agency}: {kind.title.lower()}"[:160]


def _text(kind: Kind, stated: EngagementPerson) -> str:
    """What came in, in words; what only some may read is not written where others read it."""
    engagement = stated.engagement
    known = "date" if engagement.precision == "date" else "minute"
    graded = f", graded {stated.grading}" if stated.grading else ""
    nature = "an opinion" if stated.nature == OPINION else "a fact"
    first = f"{kind.title}, {say(engagement.happened_at, known=known)}, as {kind.roles[stated.role].lower()}: {nature}{graded}."  # type: ignore[arg-type]
    if kind.reader != "engagements.read":
        return f"{first} What it says is on the child's page, for those who may read it."
    said = [kind.reasons.get(engagement.reason, ""), engagement.circumstances, stated.said]
    return "\n".join([first, *(part for part in said if part)])


def _owe(act: Act, stated: EngagementPerson, person: Person) -> None:
    district = stated.engagement.district or person.district
    look = act.add(EngagementLook(stated=stated, district=district, asked_at=act.now))
    act.record(look, verb="engagement.look_owed", detail={"engagement": stated.engagement_id, "person": person.pk})
    clocks.begin(act, None, "engagement_unlooked", at=act.now, about=look)
    act.changed(None, "engagement.look_owed")


def _lapse(act: Act, stated: EngagementPerson) -> None:
    """A look that waits is no longer owed once it is news on a matter of the child it turned out to be about."""
    look = EngagementLook.objects.filter(stated=stated, state="waiting").first()
    if look is not None:
        act.move(look, state=LAPSED)
        act.record(look, verb="engagement.look_lapsed")
        clocks.cancel_about(act, look, reason="It is news on a matter of the child it is about.")
