"""What an engagement changes is somebody's at once: news on what is open about the child, or a look that somebody owes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeVar

from lodestar.actions import clocks
from lodestar.actions.matters.news import bring, withdraw
from lodestar.actions.perform import Act
from lodestar.core.engagements.consequences import Changes, Stated, consequences, is_news
from lodestar.core.engagements.draft import OPINION
from lodestar.core.engagements.kinds import Kind
from lodestar.core.matters.involved import THINGS
from lodestar.core.matters.kinds import desk
from lodestar.core.matters.news import WAITING
from lodestar.core.times import age_on, local_date, say
from lodestar.store.models import Engagement, EngagementLook, EngagementPerson, Involvement, Matter, Mention, Person, Report, Sighting
from lodestar.store.queries import engagements as queries
from lodestar.store.queries.kept import of_number

ADULT = 18
MOST_AT_ONCE = 10  # what was met very often before would bury the matter; the newest are told
LAPSED = "lapsed"
READ_BY_ALL = "engagements.read"
Met = TypeVar("Met", EngagementPerson, Sighting)
ELSEWHERE = "What else it says is on the engagement's own page, for those who may read it."


def tell(act: Act, stated: EngagementPerson, person: Person, *, besides: Collection[int] = ()) -> Changes:
    """Tell whoever answers for this person what came in; ``besides`` are matters that have it by another way already."""
    engagement = stated.engagement
    kind = queries.kinds(at=engagement.received_at)[engagement.kind]
    own, others, told = _met(act, engagement, person)
    now = Stated(
        role=stated.role,
        reason=engagement.reason,
        is_child=_is_child(person, engagement),
        happened_at=engagement.happened_at,
        open_matters=tuple(matter.pk for matter in own),
        concerned_in=tuple(others),
    )
    found = consequences(kind=kind, stated=now, told={*besides, *told}, now=act.now)
    for matter in _matters(own, found.news_on):
        role = others.get(matter.pk, "")
        text = _of_another(kind, stated, person, _role(matter, role)) if role else _text(kind, stated)
        bring(act, matter, from_whom=_from_whom(kind), text=text, engagement=engagement)
    if found.look is not None:
        _owe(act, stated, person)
    elif own:
        _lapse(act, stated)
    return found


def ask_ahead(act: Act, engagement: Engagement, person: Person) -> None:
    """Ask for what ``tell`` needs, to go with what is asked before it."""
    act.ask_ahead(queries.open_matters, person.pk)
    act.ask_ahead(queries.roles_elsewhere, person.pk)
    act.ask_ahead(queries.told_already, engagement.pk)


def _met(act: Act, engagement: Engagement, person: Person) -> tuple[list[Matter], dict[int, str], set[int]]:
    """What is open about somebody, where else they have a role that links, and where this engagement is news already."""
    own, roles = act.answer(queries.open_matters, person.pk), act.answer(queries.roles_elsewhere, person.pk)
    told = act.answer(queries.told_already, engagement.pk)
    return own, queries.that_link(roles, at=act.now), {pk for (pk,) in told}


def _matters(known: Sequence[Matter], wanted: Collection[int]) -> list[Matter]:
    """The matters of these numbers, in order; those that are known are not asked for."""
    here = {matter.pk: matter for matter in known}
    return [here.get(pk) or of_number(Matter, pk) for pk in sorted(wanted)]


def tell_of_things(act: Act, engagement: Engagement, sightings: Sequence[Sighting], *, besides: Collection[int] = ()) -> tuple[int, ...]:
    """A vehicle, phone, handle or place of which an open matter speaks was seen: it is news there. Returns those matters."""
    kind = queries.kinds(at=engagement.received_at)[engagement.kind]
    if not sightings or not is_news(kind=kind, happened_at=engagement.happened_at, now=act.now):
        return ()
    told = queries.told_already(engagement.pk)
    seen = queries.spoken_of(sightings, at=act.now)
    new = sorted(seen.keys() - {*besides, *(pk for (pk,) in told())})
    for matter in _matters((), new):
        bring(act, matter, from_whom=_from_whom(kind), text=_of_things(kind, engagement, seen[matter.pk]), engagement=engagement)
    return tuple(new)


def tell_of_role(act: Act, row: Involvement) -> None:
    """Somebody has a role in an open matter from now on: where they were met lately is news there, as if they had had it then."""
    matter, person = row.matter, row.person
    role = queries.concerned_in(person, at=act.now).get(matter.pk)
    if role:
        met = list(queries.met_lately(person, matter=matter, at=act.now))
        _tell_late(act, matter, met, lambda kind, stated: _of_another(kind, stated, person, _role(matter, role)))


def tell_of_mention(act: Act, row: Mention) -> None:
    """An open matter speaks of a thing from now on: where that was seen lately is news there."""
    seen = queries.seen_lately(row.thing, matter=row.matter, at=act.now)
    _tell_late(act, row.matter, seen, lambda kind, one: _of_things(kind, one.engagement, [one]))


def _tell_late(act: Act, matter: Matter, met: Sequence[Met], text_of: Callable[[Kind, Met], str]) -> None:
    """News of each engagement, the oldest first. Of very many the newest are told, and how many came in before."""
    before = len(met) - MOST_AT_ONCE
    for one in met[-MOST_AT_ONCE:]:
        kind = queries.kinds(at=act.now)[one.engagement.kind]
        more = f"\n{before} more came in before. The network has them." if before > 0 and one is met[-1] else ""
        bring(act, matter, from_whom=_from_whom(kind), text=text_of(kind, one) + more, engagement=one.engagement)


def _role(matter: Matter, role: str) -> str:
    return desk(kind=matter.kind).roles.get(role, role.replace("_", " "))


def follow(act: Act, report: Report, left: Person, person: Person) -> None:
    """Somebody has said whom a report is about, and whom not: what its engagement was news on is taken back, and told afresh."""
    for stated in act.answer(queries.stated_by, report.pk):
        for item in queries.told_only_of(stated, left):
            withdraw(act, item)
        tell(act, stated, person)


def _is_child(person: Person, engagement: Engagement) -> bool:
    """Under 18 when it happened; of unknown age a child until it is known."""
    born = person.birth_date
    return born is None or born > local_date(engagement.happened_at) or age_on(born, engagement.happened_at) < ADULT


def _from_whom(kind: Kind) -> str:
    return f"{kind.agency}: {kind.title.lower()}"[:160]


def _text(kind: Kind, stated: EngagementPerson) -> str:
    """What came in, in words; what only some may read is not written where others read it."""
    first = f"{_when(kind, stated.engagement)}, as {kind.roles[stated.role].lower()}: {_how(stated)}."
    if kind.reader != READ_BY_ALL:
        return f"{first} What it says is on the child's page, for those who may read it."
    said = [kind.reasons.get(stated.engagement.reason, ""), stated.engagement.circumstances, stated.said]
    return "\n".join([first, *(part for part in said if part)])


def _of_another(kind: Kind, stated: EngagementPerson, person: Person, role: str) -> str:
    """That somebody with a role in the matter was met. The rest may be about others, and is for those who may read it."""
    name = f"{person.given_name} {person.family_name}".strip() or "Somebody without a name"
    first = f"{_when(kind, stated.engagement)}: {name}, here as {role[:1].lower()}{role[1:]}; {_how(stated)}."
    return "\n".join([first, *([stated.said] if stated.said and kind.reader == READ_BY_ALL else []), ELSEWHERE])


def _of_things(kind: Kind, engagement: Engagement, seen: Iterable[Sighting]) -> str:
    """That something of which the matter speaks was seen."""
    open_to_all = kind.reader == READ_BY_ALL
    lines = [
        f"{THINGS[one.thing.kind]} {one.thing.value}: {_how(one)}.{f' {one.said}.' if one.said and open_to_all else ''}" for one in seen
    ]
    return "\n".join([f"{_when(kind, engagement)}: it names what this record speaks of.", *lines, ELSEWHERE])


def _when(kind: Kind, engagement: Engagement) -> str:
    return f"{kind.title}, {say(engagement.happened_at, known='date' if engagement.precision == 'date' else 'minute')}"


def _how(said: EngagementPerson | Sighting) -> str:
    return f"{'an opinion' if said.nature == OPINION else 'a fact'}{f', graded {said.grading}' if said.grading else ''}"


def _owe(act: Act, stated: EngagementPerson, person: Person) -> None:
    """A look is owed once; one that lapsed for a matter of somebody else is owed again."""
    district, look = stated.engagement.district or person.district, queries.look_at(stated.pk)
    if look is None:
        look = act.add(EngagementLook(stated=stated, district=district, asked_at=act.now))
    elif look.state == LAPSED:
        act.move(look, state=WAITING, district=district, asked_at=act.now)
    else:
        return
    act.record(look, verb="engagement.look_owed", detail={"engagement": stated.engagement_id, "person": person.pk})
    clocks.begin(act, None, "engagement_unlooked", at=act.now, about=look)
    act.changed(None, "engagement.look_owed")


def _lapse(act: Act, stated: EngagementPerson) -> None:
    """A look that waits is no longer owed once it is news on a matter of the child it turned out to be about."""
    look = queries.look_at(stated.pk)
    if look is not None and look.state == WAITING:
        act.move(look, state=LAPSED)
        act.record(look, verb="engagement.look_lapsed")
        clocks.cancel_about(act, look, reason="It is news on a matter of the child it is about.")
