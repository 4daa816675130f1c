"""What the detectors look at, in as many queries for a thousand matters as for one, and what they have found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from lodestar.core.detectors import hits as life
from lodestar.core.detectors import reading
from lodestar.core.detectors.rules import Absence, Charged, Detector, Facts, HighRisk, Incident, MissingReports, detector, find, met
from lodestar.core.duty.owing import Owed
from lodestar.core.matters.desk import Done, Involved, Story
from lodestar.core.matters.online.referral_deeds import CHILD_ROLES
from lodestar.store.models import Deed, Grade, Hit, Involvement, Matter
from lodestar.store.playbooks import all_of
from lodestar.store.queries import duty
from lodestar.store.queries.stories import as_done, as_involved

RECENT = timedelta(days=7)  # a matter that has ended is still looked at for as long


def detectors(*, at: datetime) -> tuple[Detector, ...]:
    """Every detector with the block in force at the instant, by code."""
    return tuple(detector(book, on=at) for book in all_of("detector"))


@dataclass(frozen=True, slots=True)
class Found:
    """An absence that nobody has been told of yet."""

    detector: Detector
    absence: Absence
    matter: Matter


@dataclass(frozen=True, slots=True)
class Ended:
    """A hit that is so no longer, and how it ends."""

    hit: Hit
    state: str


@dataclass(frozen=True, slots=True)
class Falls:
    """A hit whose owner has gone off duty or away, and whose it is now."""

    hit: Hit
    owed: Owed


Change = Found | Ended | Falls


def changes(*, at: datetime) -> tuple[Change, ...]:
    """What one look at everything changes; nothing where it has been carried out already."""
    rules = detectors(at=at)
    live = list(Hit.objects.filter(state=life.OPEN).select_related("matter", "owner").order_by("pk"))
    facts, matters = _facts(rules, live, at)
    found = {rule.code: find(detector=rule, facts=facts, at=at) for rule in rules}
    keys = {one.key for absences in found.values() for one in absences}
    settled = Hit.objects.filter(Q(state=life.SET_ASIDE) | Q(settled_at=at), key__in=keys)
    kept = {(row.detector, row.key, row.pk): row for row in (*settled, *live)}
    changed: list[Change] = []
    for rule in rules:
        mine = {pk: row for (code, _, pk), row in kept.items() if code == rule.code}
        before = [as_hit(row) for row in mine.values()]
        after = life.look(detector=rule, before=before, found=found[rule.code], met=met(detector=rule, facts=facts, at=at), at=at)
        ended = zip(mine.values(), after, strict=False)
        changed += [Ended(row, now.ended) for row, now in ended if row.state == life.OPEN and not now.is_open]
        new = {now.key for now in after[len(before) :]}
        changed += [Found(rule, one, matters[one.matter or 0]) for one in found[rule.code] if one.key in new]
    over = {one.hit.pk for one in changed if isinstance(one, Ended)}
    posts = {rule.code: rule.owner for rule in rules}
    going_on = ((row, posts[row.detector], row.matter) for row in live if row.pk not in over and row.detector in posts)
    return (*changed, *(Falls(hit, owed) for hit, owed in duty.falling(going_on, at=at)))


def as_hit(row: Hit) -> life.Hit:
    """A hit as its rules read it."""
    ended = "" if row.state == life.OPEN else row.state
    return life.Hit(row.detector, row.key, row.person_id, row.sentence, row.found_at, row.found_at, row.settled_at, ended)


def _facts(rules: Sequence[Detector], live: Sequence[Hit], at: datetime) -> tuple[Facts, Mapping[int, Matter]]:
    """Everything the rules look at: matters that are open or recent, those with an open hit, and children missing of late."""
    here = Q(is_open=True) | Q(reported_at__gte=at - RECENT) | Q(pk__in=Hit.objects.filter(state=life.OPEN).values("matter"))
    rows = Matter.objects.filter(here).filter(Q(is_child=True) | Q(kind="online"))
    matters = {row.pk: row for row in rows}
    stories, known = _stories(rows, matters, at)
    missing, newest = _missing(rules, live, at)
    incidents: list[Incident] = []
    charged: list[Charged] = []
    for row in matters.values():
        story = stories[row.pk]
        incidents += reading.incidents(matter=row.pk, child=row.person_id, story=story, known_at=known)
        kept = reading.charged(matter=row.pk, child=row.person_id, story=story) if row.kind == "custody" else None
        charged += [kept] if kept is not None else []
    risks = _high_risk(matters, stories, rows)
    return Facts(tuple(incidents), missing, tuple(charged), risks), {**newest, **matters}


def _stories(rows: QuerySet[Matter], matters: Mapping[int, Matter], at: datetime) -> tuple[Mapping[int, Story], Mapping[int, datetime]]:
    """Each matter as far as the detectors read it, and when each person named in an online case was written down."""
    done: dict[int, list[Done]] = defaultdict(list)
    for deed in Deed.objects.filter(matter__in=rows.values("pk"), code__in=reading.READ, at__lte=at).order_by("at", "pk"):
        done[deed.matter_id].append(as_done(deed))
    named: dict[int, list[Involved]] = defaultdict(list)
    known: dict[int, datetime] = {}
    online = rows.filter(kind="online").values("pk")
    for one in Involvement.objects.filter(matter__in=online, role__in=CHILD_ROLES).select_related("person").order_by("from_at", "pk"):
        named[one.matter_id].append(as_involved(one, at=at))
        known[one.pk] = one.recorded_at
    told = {
        pk: Story(
            kind=row.kind,
            state=row.state,
            reported_at=row.reported_at,
            opened_at=row.opened_at,
            done=tuple(done[pk]),
            involved=tuple(named[pk]),
            closed_at=row.closed_at,
        )
        for pk, row in matters.items()
    }
    return told, known


def _high_risk(matters: Mapping[int, Matter], stories: Mapping[int, Story], rows: QuerySet[Matter]) -> tuple[HighRisk, ...]:
    grades: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    missing = rows.filter(kind="missing").values("pk")
    for pk, level, at in Grade.objects.filter(matter__in=missing).order_by("number").values_list("matter_id", "level", "at"):
        grades[pk].append((level, at))
    found = []
    for pk, graded in grades.items():
        row, ready = matters[pk], stories[pk].last(reading.PHOTOGRAPH)
        one = reading.high_risk(
            matter=pk,
            child=row.person_id,
            grades=graded,
            photographed_at=ready.at if ready else None,
            found_at=row.located_at or row.closed_at,
        )
        found += [one] if one is not None else []
    return tuple(found)


def _missing(rules: Iterable[Detector], live: Sequence[Hit], at: datetime) -> tuple[tuple[MissingReports, ...], Mapping[int, Matter]]:
    """The reports of every child missing within the rule's window, or with an open hit, which keeps the run it was found by."""
    rule = next((one for one in rules if one.rule == "repeat_missing_no_strategy"), None)
    if rule is None:
        return (), {}
    window, number = timedelta(days=rule.values["within_days"]), rule.values["reports"]
    runs = {hit.person_id: hit.wanted_from for hit in live if hit.detector == rule.code}
    floor = min([at - window, *runs.values()]) - window
    reported = Matter.objects.filter(kind="missing", is_child=True).exclude(state="opened_in_error")
    late = reported.filter(reported_at__gte=at - window).values("person")
    held = Hit.objects.filter(state=life.OPEN, detector=rule.code).values("person")
    theirs = Q(person__in=late) | Q(person__in=held)
    by_child: dict[int, list[Matter]] = defaultdict(list)
    for row in reported.filter(theirs, reported_at__gte=floor, reported_at__lte=at).order_by("reported_at", "pk"):
        by_child[row.person_id].append(row)
    children = Q(matter__person__in=late) | Q(matter__person__in=held)
    talks = Deed.objects.filter(children, code__in=reading.DISCUSSED, at__gte=floor).values_list("matter__person", "at")
    aside = Hit.objects.filter(detector=rule.code, state=life.SET_ASIDE, settled_at__gte=floor).values_list("person", "settled_at")
    discussed, answered = _grouped(talks), _grouped(aside)
    made = []
    for child, reports in by_child.items():
        since = runs.get(child)
        times = [row.reported_at for row in reports]
        times = [time for time in times if time >= at - 2 * window] if since is None else _run(times, since, number)
        made.append(MissingReports(child, tuple(times), discussed[child], answered[child], reports[-1].pk))
    return tuple(made), {reports[-1].pk: reports[-1] for reports in by_child.values()}


def _run(times: Sequence[datetime], reached: datetime, number: int) -> list[datetime]:
    """The reports from the first of the run that an open hit was found by: an older one never gives it another name."""
    place = next((index for index, time in enumerate(times) if time >= reached), len(times))
    return list(times[max(0, place - number + 1) :])


def _grouped(rows: Iterable[tuple[int, datetime]]) -> Mapping[int, tuple[datetime, ...]]:
    found: dict[int, tuple[datetime, ...]] = defaultdict(tuple)
    for child, at in rows:
        found[child] += (at,)
    return found
