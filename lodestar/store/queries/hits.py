"""What the detectors have found, as pages show it: within the viewer's reach, with its owner, and each rule with its history."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from lodestar.core.access.permissions import Permission
from lodestar.core.access.scope import Actor
from lodestar.core.detectors.hits import HIT, OPEN
from lodestar.core.detectors.rules import Detector
from lodestar.core.detectors.words import in_words, remedy
from lodestar.core.times import LONDON, local_date
from lodestar.core.words import NotVisible
from lodestar.store.models import Hit, Matter
from lodestar.store.playbooks import playbook
from lodestar.store.queries.access import in_reach, place_of
from lodestar.store.queries.detectors import detectors
from lodestar.store.queries.duty import POSTS

MONTHS = 12
MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One hit as a list shows it."""

    hit: Hit
    title: str
    late_from: datetime
    remedy: str  # the deed that mends it

    @property
    def is_open(self) -> bool:
        """True until it has ended."""
        return bool(self.hit.state == OPEN)


@dataclass(frozen=True, slots=True)
class Month:
    """What began and what ended in one month, by how it ended."""

    begins: date
    found: int
    ended: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Rule:
    """One detector with its owner's post, its mark, and what has come of it."""

    detector: Detector
    words: str
    post: str
    note: str
    runs: bool
    counts: Mapping[str, int]  # by state
    months: tuple[Month, ...]  # newest first, only those in which something happened

    @property
    def found(self) -> int:
        """Everything it ever found."""
        return sum(self.counts.values())


def rules(*, at: datetime) -> tuple[Rule, ...]:
    """Every detector with its history, over the whole force and naming no child; three queries however many hits there are."""
    posts = playbook(POSTS).in_force(at).values["chains"]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for code, state, number in _counted(Hit.objects.all(), "state"):
        counts[code][state] = number
    months = _months()
    return tuple(
        Rule(
            detector=one,
            words=in_words(one),
            post=str(posts[one.owner]["title"]),
            note=playbook(one.code).in_force(at).note,
            runs=one.runs(at),
            counts={state: counts[one.code][state] for state in HIT.states},
            months=tuple(months[one.code][:MONTHS]),
        )
        for one in detectors(at=at)
    )


def _counted(rows: QuerySet[Hit], *by: str) -> Iterable[tuple[str, str, int]]:
    return rows.order_by().values_list("detector", *by).annotate(number=Count("pk"))


def _months() -> Mapping[str, list[Month]]:
    begun: dict[tuple[str, date], int] = {}
    month = TruncMonth("found_at", tzinfo=LONDON)
    for code, begins, number in Hit.objects.order_by().annotate(month=month).values_list("detector", "month").annotate(n=Count("pk")):
        begun[code, local_date(begins)] = number
    ended: dict[tuple[str, date], Counter[str]] = defaultdict(Counter)
    month = TruncMonth("settled_at", tzinfo=LONDON)
    rows = Hit.objects.exclude(state=OPEN).order_by().annotate(month=month).values_list("detector", "month", "state")
    for code, begins, state, number in rows.annotate(n=Count("pk")):
        ended[code, local_date(begins)][state] = number
    found: dict[str, list[Month]] = defaultdict(list)
    for code, begins in sorted({*begun, *ended}, key=lambda key: key[1], reverse=True):
        found[code].append(Month(begins, begun.get((code, begins), 0), ended[code, begins]))
    return found


def open_now(*, actor: Actor, at: datetime, mine: bool = False, rule: str = "") -> tuple[Line, ...]:
    """The open hits on matters that the viewer may see, the most pressing child first, then the longest late; one query."""
    rows = _rows().filter(state=OPEN, matter__in=_seen_by(actor))
    rows = rows.filter(owner_id=actor.id) if mine else rows
    return _lines(rows.filter(detector=rule) if rule else rows, at)


def settable(*, actor: Actor) -> set[int]:
    """The numbers of the open hits that this person may set aside; one query."""
    reach = Matter.objects.filter(in_reach(actor=actor, permission=Permission.DETECTORS_SET_ASIDE)).values("pk")
    return set(Hit.objects.filter(state=OPEN, matter__in=reach).values_list("pk", flat=True))


def count_open(*, actor: Actor) -> tuple[int, int]:
    """How many open hits the viewer may see, and how many of them are theirs; one query."""
    rows = Hit.objects.filter(state=OPEN, matter__in=_seen_by(actor)).values_list("owner_id", flat=True)
    owners = Counter(rows)
    return sum(owners.values()), owners[actor.id]


def of_matter(matter: Matter, *, at: datetime) -> tuple[Line, ...]:
    """Every hit there has been on a matter, the open first; one query."""
    return _lines(_rows().filter(matter=matter), at)


def open_about(person_id: int, *, matters: Iterable[Matter], at: datetime) -> tuple[Line, ...]:
    """The open hits about a child on these matters, which are those the viewer may see; one query."""
    return _lines(_rows().filter(person_id=person_id, matter__in=list(matters), state=OPEN), at)


def in_sight(*, actor: Actor, hit_id: int) -> Hit:
    """One hit on a matter within the viewer's reach; raises NotVisible otherwise."""
    row = _rows().filter(pk=hit_id).first()
    if row is None or not actor.may(Permission.MATTERS_READ, place_of(row)):
        raise NotVisible
    return row


def line_of(hit: Hit, *, at: datetime) -> Line:
    """One hit as a list shows it."""
    return _line(hit, {one.code: one for one in detectors(at=at)})


def _rows() -> QuerySet[Hit, Hit]:
    return Hit.objects.select_related("matter__person", "person", "owner", "settled_by")


def _seen_by(actor: Actor) -> QuerySet[Matter]:
    return Matter.objects.filter(in_reach(actor=actor, permission=Permission.MATTERS_READ)).values("pk")


def _lines(rows: QuerySet[Hit, Hit], at: datetime) -> tuple[Line, ...]:
    known = {one.code: one for one in detectors(at=at)}
    return tuple(sorted((_line(row, known) for row in rows), key=_pressing))


def _pressing(line: Line) -> tuple[bool, int, datetime, int]:
    return not line.is_open, line.hit.matter.tier, line.late_from, line.hit.pk


def _line(hit: Hit, known: Mapping[str, Detector]) -> Line:
    rule = known[hit.detector]
    return Line(hit, rule.title, hit.wanted_from + rule.within, remedy(rule, kind=hit.matter.kind))
