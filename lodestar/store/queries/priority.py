"""The board: every open matter the viewer may see, by tier, then by what is owed next.

The order is a tier reached by named rules, then the clock; it sorts and never hides. Counts and rows come from one
condition, so they always agree with each other and with what the viewer may see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lodestar.core.access.permissions import Permission
from lodestar.core.access.scope import Actor
from lodestar.core.matters.kinds import DESKS, desk
from lodestar.core.playbook import Playbook
from lodestar.core.priority import tiers
from lodestar.core.priority.tiers import MatterFacts
from lodestar.core.times import age_on, local_date
from lodestar.store.models import Alert, Assessment, District, Link, Matter, MatterReport, News, RiskFact
from lodestar.store.playbooks import playbook
from lodestar.store.queries import kept
from lodestar.store.queries.access import in_reach
from lodestar.store.queries.clocks import open_now
from lodestar.store.queries.plain_sql import ask_planned
from lodestar.store.queries.stories import story_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What the viewer has asked to see of what they may see."""

    tier: int | None = None
    district: str = ""
    state: str = ""
    kind: str = ""
    mine: bool = False
    late: bool = False

    def condition(self, *, actor: Actor, at: datetime) -> Q:
        """The filter as one condition on open matters within reach."""
        wanted = Q(is_open=True) & in_reach(actor=actor, permission=Permission.MATTERS_READ)
        for name in ("tier", "district", "state", "kind"):
            value = getattr(self, name)
            if value:
                wanted &= Q(**{name: value})
        if self.mine:
            wanted &= Q(holder_id=actor.id) | Q(next_owed_by_id=actor.id)
        if self.late:
            wanted &= Q(next_due_at__lt=at)
        return wanted


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One line of the board."""

    id: int
    kind: str
    tier: int
    tier_reason: str
    given_name: str
    family_name: str
    birth_date: date | None
    state: str
    level: str
    district: str
    next_owed: str
    next_owed_by: str
    next_due_at: datetime | None
    holder: str
    reported_at: datetime
    also_open: bool = False  # another matter of this kind is open for the same child

    @property
    def reference(self) -> str:
        """How people say it on the radio."""
        return f"M-{self.id}"

    @property
    def child(self) -> str:
        """The child's name as it is said."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the board with the counts of the whole."""

    rows: tuple[BoardRow, ...]
    total: int
    late: int
    by_tier: dict[int, int]
    page: int
    pages: int


_COLUMNS = (
    "id",
    "kind",
    "tier",
    "tier_reason",
    "person__given_name",
    "person__family_name",
    "person__birth_date",
    "state",
    "level",
    "district",
    "next_owed",
    "next_owed_by__name",
    "next_due_at",
    "holder__name",
    "reported_at",
)


def board(*, actor: Actor, wanted: BoardFilter, page: int, at: datetime, size: int = PAGE) -> Board:
    """One page of the board; two queries however many matters or roles there are."""

    def matters(at: datetime) -> QuerySet[Matter, Matter]:
        return Matter.objects.filter(wanted.condition(actor=actor, at=at))

    def counting(at: datetime) -> Any:
        late = Count("pk", filter=Q(next_due_at__lt=at))
        return matters(at).order_by().values("tier").annotate(all=Count("pk"), late=late).values_list("tier", "all", "late")

    asked = (actor.id, actor.grants, wanted)
    counts: dict[int, tuple[int, int]] = {tier: (many, late) for tier, many, late in kept.ask(counting, by=asked, at=at)}
    total = sum(count for count, _ in counts.values())
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)

    def lining(at: datetime) -> Any:
        lines = matters(at).annotate(also_open=_also_open()).order_by("tier", "next_due_at", "id").values_list(*_COLUMNS, "also_open")
        return lines[(page - 1) * size : page * size]

    rows = tuple(BoardRow(*line) for line in kept.ask(lining, by=(*asked, page, size), at=at))
    by_tier = {tier: counts[tier][0] for tier in sorted(counts)}
    return Board(rows, total, sum(late for _, late in counts.values()), by_tier, page, pages)


def duty_list(*, actor: Actor, at: datetime, most: int = 500) -> tuple[BoardRow, ...]:
    """Everything open within reach, in the board's order, for printing."""
    wanted = BoardFilter().condition(actor=actor, at=at)
    matters: QuerySet[Matter, Matter] = Matter.objects.filter(wanted).annotate(also_open=_also_open())
    lines: Any = matters.order_by("tier", "next_due_at", "id").values_list(*_COLUMNS, "also_open")
    return tuple(BoardRow(*line) for line in lines[:most])


def _also_open() -> Exists:
    """Another open matter of the same kind for the same child, on a desk where one report joins another."""
    joining = [kind for kind, told in DESKS.items() if told.joins]
    same = Matter.objects.filter(person_id=OuterRef("person_id"), kind=OuterRef("kind"), kind__in=joining, is_open=True)
    return Exists(same.exclude(pk=OuterRef("pk")))


def also_open(row: Matter, *, actor: Actor) -> list[Matter]:
    """The other open matters of this kind for the same child that the viewer may see; the earliest clock first.

    A report joins the child's open matter by itself. Two stand open when somebody said only later who the child is.
    """
    if not row.is_open or not desk(kind=row.kind).joins:
        return []
    same = Q(person_id=row.person_id, kind=row.kind, is_open=True) & in_reach(actor=actor, permission=Permission.MATTERS_READ)
    return list(Matter.objects.filter(same).exclude(pk=row.pk).order_by("reported_at", "pk"))


def districts() -> dict[str, str]:
    """The names of the districts, by code."""
    return dict(kept.found(_districts))


def _districts() -> Any:
    return District.objects.order_by("name").values_list("code", "name")


def reasons(matter: Matter) -> Assessment | None:
    """The newest assessment of a matter, with its reasons."""
    return next(iter(kept.rows_soon(_newest, matter.pk)()), None)


def _newest(matter: int) -> QuerySet[Assessment]:
    return Assessment.objects.filter(matter_id=matter).order_by("-number")[:1]


STATUTORY = ("MIS-UKMPU", "MIS-RHI-OFFERED", "MIS-RHI-HELD")
EXPLOITATION = ("sexual_exploitation", "criminal_exploitation")
EXPLOITED, NEWS_WAITING = "exploited", "news waits"
# What reports and news of a matter say of it, each once, beside the kinds of alert. A report tells of the person of a matter that it
# is in unless it is somebody else's now: a wrong join undone counts no more. The last link of each is looked up by itself: joined,
# PostgreSQL may read every link there is.
_SAID = f"""
    WITH ever AS (
        SELECT report_id, matter_id FROM (
            SELECT r.report_id, r.matter_id, m.person_id, (
                SELECT CASE WHEN l.joined THEN l.person_id END FROM {Link._meta.db_table} l
                WHERE l.report_id = r.report_id ORDER BY l.number DESC LIMIT 1
            ) AS whose
            FROM {MatterReport._meta.db_table} r JOIN {Matter._meta.db_table} m ON m.id = r.matter_id WHERE m.person_id = %s
        ) AS told WHERE whose IS NULL OR whose = person_id
    )
    SELECT kind FROM {Alert._meta.db_table} WHERE report_id IN (SELECT report_id FROM ever WHERE matter_id = %s)
    UNION
    SELECT '{EXPLOITED}' FROM {RiskFact._meta.db_table}
    WHERE report_id IN (SELECT report_id FROM ever) AND answer = 'yes' AND code IN ('{"', '".join(EXPLOITATION)}')
    UNION
    SELECT '{NEWS_WAITING}' FROM {News._meta.db_table} WHERE matter_id = %s AND state = 'waiting'
"""
REPEATS = ("MIS-REPEAT-90", "MIS-REPEAT-12M", "MIS-OVER-7-DAYS")


def tier_now(matter: Matter, *, at: datetime) -> tuple[Playbook, tiers.Assessment]:
    """The tier that the rules in force reach now for a matter of any kind, and the playbook they stand in."""
    told = desk(kind=matter.kind)
    book = playbook(told.tiers)
    rules = book.in_force(at).values["rules"]
    if matter.kind == "missing":
        return book, tiers.assess(facts=matter_facts(matter, at=at), rules=rules, at=at, tests=tiers.RULES)
    return book, tiers.assess(facts=story_of(matter, at=at), rules=rules, at=at, tests=told.rules)


def matter_facts(matter: Matter, *, at: datetime) -> MatterFacts:
    """A matter as the tier's rules read it. What is late is derived here, whether or not a sweep has run.

    Exploitation is looked for in every report about the child, not only this matter's: what the force already holds
    must reach the grade and the board (HMIC West Midlands, 2017).
    """
    clocks = open_now(matter)
    said = {what for (what,) in ask_planned("said_of_matter", _SAID, [matter.person_id, matter.pk, matter.pk])}
    owed = clocks()
    rules = {rule for rule, _, _ in owed}
    late = {rule for rule, due, _ in owed if due < at}
    soon = {rule for rule, due, warn in owed if warn is not None and warn <= at <= due}
    born = matter.person.birth_date
    return MatterFacts(
        state=matter.state,
        level=matter.level,
        is_child=matter.is_child,
        age=age_on(born, at) if born and born <= local_date(at) else None,
        missing_since=matter.since_to or matter.reported_at,
        located=matter.located_at is not None,
        wellbeing_confirmed=matter.wellbeing_at is not None,
        returned=matter.returned_at is not None,
        medical_alert="medical" in said,
        threat_alert="threat" in said,
        exploitation=EXPLOITED in said,
        repeat_reached=bool(rules & set(REPEATS)),
        news_waiting=NEWS_WAITING in said,
        interview_owed="MIS-PREVENTION-INTERVIEW" in rules,
        review_missed="MIS-SUPERVISOR-REVIEW" in late,
        statutory_late=bool(late & set(STATUTORY)),
        statutory_due_soon=bool(soon & set(STATUTORY)),
        anything_late=bool(late),
        anything_due_soon=bool(soon),
    )
