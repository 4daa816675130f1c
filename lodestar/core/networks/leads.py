"""Leads: what an officer is asked to look at, with the reason in words. They are about adults, places and things, groups that
need safeguarding together, and safeguarding actions that were missed; never about a child. A person accepts or dismisses each,
by name and with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from lodestar.core.access.permissions import Permission as P
from lodestar.core.lifecycle import Lifecycle, Row
from lodestar.core.networks.counting import Counts, counts, ways_of
from lodestar.core.networks.facts import OBJECTS, PERSON, THING, TYPES, Node, Rules, World
from lodestar.core.networks.groups import Group, groups
from lodestar.core.networks.missed import Missed, Owed, enough
from lodestar.core.times import say_span
from lodestar.core.words import Refusal, Refusals, listed

RAISED, ACCEPTED, DISMISSED, LAPSED = "raised", "accepted", "dismissed", "lapsed"
LEAD = Lifecycle(
    name="lead",
    initial=RAISED,
    final=frozenset({ACCEPTED, DISMISSED, LAPSED}),
    rows=(
        Row(RAISED, "accept", ACCEPTED, P.LEADS_DECIDE, "lead.accepted", reason_owed=True),
        Row(RAISED, "dismiss", DISMISSED, P.LEADS_DECIDE, "lead.dismissed", reason_owed=True),
        Row(RAISED, "lapse", LAPSED, P.JOBS_RUN, "lead.lapsed"),
    ),
)
STATES: Mapping[str, str] = MappingProxyType(
    {RAISED: "Waits for a decision", ACCEPTED: "Accepted", DISMISSED: "Dismissed", LAPSED: "No longer so before anybody decided"}
)
ADULT, OBJECT, GROUP, MISSED = "adult", "object", "group", "missed"
KINDS: Mapping[str, str] = MappingProxyType(
    {
        ADULT: "An adult",
        OBJECT: "A place, phone or vehicle",
        GROUP: "An emerging group",
        MISSED: "A safeguarding action missed for several children",
    }
)
RANKED_BY = "Most missing children first, then most independent sources, then the newest event. It sorts the list and decides nothing."


@dataclass(frozen=True, slots=True)
class Lead:
    """What one look found: whom or what it is about, and the facts that it rests on."""

    kind: str
    subject: int | None  # a person, or a thing; a group has none
    children: tuple[int, ...]
    missing: int  # of the children, how many went missing in the window
    events: tuple[str, ...]
    sources: tuple[str, ...]
    types: tuple[str, ...]
    last_at: datetime
    reason: str
    people: tuple[int, ...]  # everybody whose record it rests on: they are told when one is parted
    group: Group | None = None
    gone: Missed | None = None

    @property
    def key(self) -> str:
        """The same subject has the same key however often it is looked for."""
        if self.gone is not None:
            return ":".join((MISSED, *self.gone.subject))
        return f"{self.kind}:{self.subject}" if self.subject is not None else f"{GROUP}:{'-'.join(map(str, self.children))}"


def found(*, world: World, rules: Rules, at: datetime, owed: Iterable[Owed] = ()) -> tuple[Lead, ...]:
    """Every lead there is at an instant, in the order of the list."""
    new = (_of_group(one, world, at, rules) for one in groups(world=world, rules=rules, at=at))
    gone = (_of_missed(one, world, at, rules) for one in enough(owed=owed, rules=rules, at=at))
    return tuple(sorted((*_adults(world, rules, at), *_objects(world, rules, at), *new, *gone), key=order))


def order(lead: Lead) -> tuple[int, int, float, str]:
    """Most missing children first, then most independent sources, then the newest event."""
    return -lead.missing, -len(lead.sources), -lead.last_at.timestamp(), lead.key


def is_new(*, lead: Lead, before: Iterable[frozenset[int]]) -> bool:
    """After a decision about the same subject it is raised again only for a child whom no decided lead named."""
    known = frozenset[int]().union(*before)
    return bool(set(lead.children) - known)


def decide_gaps(*, state: str, verb: str, permissions: Iterable[str], reason: str) -> Refusals:
    """A lead is decided once, by somebody who may, with a reason."""
    step = LEAD.step(state=state, verb=verb, permissions=permissions, reason=reason)
    return step if isinstance(step, tuple) else ()


def wanted_gaps(*, offered: Iterable[str], chosen: str) -> Refusals:
    """An accepted lead becomes work: on an open matter that was offered, or a record opened for a child it names."""
    if chosen in set(offered):
        return ()
    return (
        Refusal(
            "lead.nothing_chosen", "Choose what it becomes: work on an open matter, or a record for one of the children.", field="becomes"
        ),
    )


@dataclass(frozen=True, slots=True)
class Worth:
    """What became of the leads of a period: the measure of whether the rule is any good."""

    raised: int
    waiting: int
    accepted: int
    dismissed: int
    lapsed: int
    acted: int  # of those accepted long enough ago, how many led to a safeguarding action in time
    charged: int
    ripe: int  # accepted long enough ago to tell

    def sentence(self, days: int) -> str:
        """What is known of their worth, in words."""
        said = (
            f"Of {self.raised} raised: {self.accepted} accepted, {self.dismissed} dismissed, "
            f"{self.lapsed} no longer so, {self.waiting} waiting."
        )
        if not self.ripe:
            return f"{said} None was accepted {days} days ago or more, so it cannot be told yet what they lead to."
        return (
            f"{said} Of {self.ripe} accepted {days} days ago or more, {self.acted} led to a safeguarding or disruption action within "
            f"{days} days, and {self.charged} to a charge."
        )


@dataclass(frozen=True, slots=True)
class Decided:
    """One lead as its worth is counted."""

    state: str
    decided_at: datetime | None = None
    acted_at: datetime | None = None  # the first action afterwards on what it became
    charged_at: datetime | None = None


def worth(*, leads: Iterable[Decided], days: int, at: datetime) -> Worth:
    """How the leads ended, and how many of those accepted led to something within so many days; the others are not ripe."""
    rows = list(leads)
    span = timedelta(days=days)
    ripe = [one for one in rows if one.state == ACCEPTED and one.decided_at is not None and one.decided_at + span <= at]

    def within(when: datetime | None, one: Decided) -> bool:
        return when is not None and one.decided_at is not None and one.decided_at <= when <= one.decided_at + span

    of = {state: sum(one.state == state for one in rows) for state in LEAD.states}
    return Worth(
        raised=len(rows),
        waiting=of[RAISED],
        accepted=of[ACCEPTED],
        dismissed=of[DISMISSED],
        lapsed=of[LAPSED],
        acted=sum(within(one.acted_at, one) for one in ripe),
        charged=sum(within(one.charged_at, one) for one in ripe),
        ripe=len(ripe),
    )


def _adults(world: World, rules: Rules, at: datetime) -> Iterator[Lead]:
    harmed = {one.node.id for one in world.presences if one.role in rules.as_child}
    for adult in sorted(world.adults - harmed):
        yield from _counted(world, Node(PERSON, adult), rules, at)


def _objects(world: World, rules: Rules, at: datetime) -> Iterator[Lead]:
    for thing in sorted(world.objects):
        if world.objects[thing] not in rules.discounted:
            yield from _counted(world, Node(THING, thing), rules, at)


def _counted(world: World, node: Node, rules: Rules, at: datetime) -> Iterator[Lead]:
    wanted = rules.adult if node.kind == PERSON else rules.thing
    since = at - timedelta(days=wanted["days"])
    ways = ways_of(world=world, node=node, rules=rules, since=since, until=at)
    got = counts(ways=ways, world=world, since=since, until=at)
    enough = (len(got.missing), len(got.events), len(got.sources))
    if any(number < wanted[name] for number, name in zip(enough, ("children", "events", "sources"), strict=True)):
        return
    mine = [way for way in ways if way.counts and way.child in got.missing]
    people = {one.node.id for way in mine for one in way.rests_on if one.node.kind == PERSON}
    yield Lead(
        kind=ADULT if node.kind == PERSON else OBJECT,
        subject=node.id,
        children=got.missing,
        missing=len(got.missing),
        events=got.events,
        sources=got.sources,
        types=got.types,
        last_at=max(way.at for way in mine),
        reason=_reason(node, world, got, wanted["days"]),
        people=tuple(sorted(people)),
    )


def _reason(node: Node, world: World, got: Counts, days: int) -> str:
    named = "An adult" if node.kind == PERSON else OBJECTS.get(world.objects.get(node.id, ""), "Something")
    how = listed(TYPES[one] for one in _in_order(got.types))
    doubt = f" {got.unreviewed} more rest on records that nobody has said are the same person." if got.unreviewed else ""
    return f"{named} linked to {got.line()} in {days} days, through {how if node.kind == PERSON else 'being there together'}.{doubt}"


def _in_order(types: Iterable[str]) -> list[str]:
    """What is nearest first: named together, by an adult, then by things."""
    return sorted(types, key=list(TYPES).index)


def _of_group(group: Group, world: World, at: datetime, rules: Rules) -> Lead:
    since = at - rules.kept
    missing = [child for child in group.children if any(since <= when <= at for when in world.episodes.get(child, ()))]
    how = listed(TYPES[one] for one in _in_order(group.types))
    span = say_span(group.last_at - group.first_at) if group.last_at > group.first_at else "one day"
    hangs = f"; it hangs on {len(group.hangs_on[0])} of its links" if group.hangs_on else ""
    adults = {int(one.hub[1]) for one in group.members if one.hub[0] == "adult"}
    return Lead(
        kind=GROUP,
        subject=None,
        children=group.children,
        missing=len(missing),
        events=group.events,
        sources=group.sources,
        types=group.types,
        last_at=group.last_at,
        reason=f"{len(group.children)} children newly linked through {how}, within {span}, by {len(group.sources)} sources{hangs}.",
        people=tuple(sorted({*group.children, *adults})),
        group=group,
    )


def _of_missed(gone: Missed, world: World, at: datetime, rules: Rules) -> Lead:
    days, grace = rules.missed["days"], timedelta(hours=rules.missed["grace_hours"])
    since = at - timedelta(days=days)
    missing = [child for child in gone.children if any(since <= when <= at for when in world.episodes.get(child, ()))]
    return Lead(
        kind=MISSED,
        subject=None,
        children=gone.children,
        missing=len(missing),
        events=tuple(sorted({f"M-{one.matter}" for one in gone.missed})),
        sources=(),
        types=(),
        last_at=gone.missed[-1].due_at,
        reason=(
            f"{gone.title}, owed by {gone.named}: {gone.line()}, in {days} days. "
            f"Missed is not on record within {say_span(grace)} of its time."
        ),
        people=gone.children,
        gone=gone,
    )
