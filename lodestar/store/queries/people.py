"""What the force already holds about a child, and who a report may be about."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Exists, OuterRef

from lodestar.core.access.permissions import Permission
from lodestar.core.access.scope import Actor
from lodestar.core.matters.kinds import desk
from lodestar.core.matters.news import WITHDRAWN
from lodestar.store.models import Alert, Deed, Involvement, Link, Matter, MatterReport, News, Person, Report, RiskFact
from lodestar.store.queries import kept
from lodestar.store.queries.access import in_reach
from lodestar.store.queries.linking import joined_now, set_aside
from lodestar.store.queries.plain_sql import among, listed, put_planned
from lodestar.store.queries.wire import Rows


@dataclass(frozen=True, slots=True)
class Held:
    """One thing the force holds: what kind, in words, from whom and when; and which desk and matters it is from."""

    kind: str
    words: str
    source: str
    at: datetime
    desk: str
    matters: frozenset[int] = field(default=frozenset())
    travels: bool = False  # a fact about life or a threat: whoever looks for the child needs it, whichever desk was told


@dataclass(frozen=True, slots=True)
class Holds:
    """Everything held about one child before a grade, with a digest that shows it was this that was read."""

    person_id: int
    episodes: int
    episodes_90_days: int
    episodes_year: int
    items: tuple[Held, ...]
    digest: str  # of everything held, whoever reads: what comes in on any desk asks for another look
    withheld: bool = False
    elsewhere: frozenset[int] = frozenset()  # the matters of other desks that the items are from


def reports_of(person_id: int) -> list[int]:
    """The reports joined to this person now: for each report, its last link counts."""
    return [report for (report,) in kept.found(_reports_of, person_id)]


def _reports_of(person: int) -> Any:
    later = Link.objects.filter(report=OuterRef("report"), number__gt=OuterRef("number"))
    return Link.objects.filter(~Exists(later), person_id=person, joined=True).order_by("report_id").values_list("report_id")


def other_reports(person_id: int, but: int) -> Callable[[], list[Report]]:
    """The same as reports, oldest first, without one of them; which they are is asked for with what is asked next."""
    asked = kept.soon(_reports_of, person_id)
    # Asked by their numbers: as one question with which they are, PostgreSQL read every report there is.
    return lambda: list(Report.objects.filter(pk__in=[pk for (pk,) in asked() if pk != but]).order_by("pk"))


# Every link of the reports that were ever linked to some people, in the order in which it was made.
_LINKS_BESIDE = f"""
    SELECT report_id, person_id, joined FROM {Link._meta.db_table}
    WHERE report_id IN (SELECT report_id FROM {Link._meta.db_table} WHERE person_id {{among}}) ORDER BY number
"""


def _emptied(people: Collection[int], links: Rows) -> frozenset[int]:
    """Those whose every report was said to be somebody else's, and who are in no matter: shells, kept for the history alone."""
    last = {report: (person, joined) for report, person, joined in links}
    linked = {person for _, person, _ in links}
    gone = linked.intersection(people) - {person for person, joined in last.values() if joined}
    if not gone:
        return frozenset()
    about = Matter.objects.filter(person_id__in=gone).values_list("person_id", flat=True)
    named = Involvement.objects.filter(person_id__in=gone).values_list("person_id", flat=True)
    return frozenset(gone - set(about) - set(named))


def nobodys(people: Collection[int]) -> Callable[[], set[int]]:
    """Of these, those to whom no rule joins anything: shells, and of several whoever is set aside while somebody is asked about a flag.

    Asked for with what is asked next.
    """
    if not people:
        return set
    aside = set_aside(people) if len(people) > 1 else None
    links = put_planned("links_beside", _LINKS_BESIDE.format(among=among()), [listed(people)])
    return lambda: {*_emptied(people, links.rows()), *(aside() if aside else ())}


def still_theirs(reports: Iterable[int], *, person_id: int) -> list[int]:
    """Of these reports, those that nobody has taken off the person since; a report that was never joined to anybody stays."""
    numbers = list(reports)
    now = joined_now(numbers)
    return [number for number in numbers if now.get(number, person_id) == person_id]


def holds(*, person: Person, since_90: datetime, since_year: datetime) -> Holds:
    """What the force holds about a child, newest first, each with its source: what a grader must have seen."""
    report_ids = reports_of(person.pk)
    matters = list(Matter.objects.filter(person=person).exclude(state="opened_in_error").order_by("-reported_at"))
    of = _matters_of(report_ids)
    items = [*_alerts(report_ids, of), *_risks(report_ids, of), *_episodes(matters), *_news(matters), *_interviews(matters)]
    items.sort(key=lambda item: item.at, reverse=True)
    missing = [matter for matter in matters if matter.kind == "missing"]
    body = json.dumps([[item.kind, item.words, item.source, item.at.isoformat()] for item in items])
    return Holds(
        person_id=person.pk,
        episodes=len(missing),
        episodes_90_days=sum(matter.reported_at >= since_90 for matter in missing),
        episodes_year=sum(matter.reported_at >= since_year for matter in missing),
        items=tuple(items),
        digest=sha256(body.encode()).hexdigest(),
    )


def for_reader(holds: Holds, *, matter: Matter, actor: Actor) -> Holds:
    """What is held, as the reader of a page of one desk may have it.

    Of another desk's matter they have what they may read there. Of the rest they have what was said of life or a threat,
    without where it is from, and whether there is more: no reference, level, news or answer.
    """
    reach = in_reach(actor=actor, permission=Permission.MATTERS_READ)
    wanted = frozenset[int]().union(*(item.matters for item in holds.items if item.desk != matter.kind))
    readable = frozenset(Matter.objects.filter(reach, pk__in=wanted).values_list("pk", flat=True)) if wanted else frozenset[int]()
    open_to = {item for item in holds.items if item.desk == matter.kind or item.matters & readable}
    return replace(
        holds,
        items=tuple(item if item in open_to else replace(item, source="told to another desk") for item in _shown(holds.items, open_to)),
        withheld=any(item not in open_to for item in holds.items),
        elsewhere=frozenset[int]().union(*(item.matters & readable for item in open_to if item.desk != matter.kind)),
    )


def _shown(items: Iterable[Held], open_to: set[Held]) -> list[Held]:
    return [item for item in items if item in open_to or item.travels]


def _alerts(report_ids: list[int], of: dict[int, frozenset[int]]) -> list[Held]:
    rows = Alert.objects.filter(report_id__in=report_ids).select_related("report")
    return [
        Held(f"{row.kind} alert", row.what, row.said_by, row.said_at, row.report.kind, of.get(row.report_id, frozenset()), travels=True)
        for row in rows
    ]


def _risks(report_ids: list[int], of: dict[int, frozenset[int]]) -> list[Held]:
    rows = RiskFact.objects.filter(report_id__in=report_ids, answer="yes").select_related("report")
    return [
        Held(
            "risk",
            f"{row.code.replace('_', ' ')}: {row.detail}".rstrip(": "),
            row.said_by,
            row.said_at,
            row.report.kind,
            of.get(row.report_id, frozenset()),
        )
        for row in rows
    ]


def _matters_of(report_ids: list[int]) -> dict[int, frozenset[int]]:
    """The matters each report belongs to."""
    found: dict[int, frozenset[int]] = {}
    for report, matter in MatterReport.objects.filter(report_id__in=report_ids).values_list("report_id", "matter_id"):
        found[report] = found.get(report, frozenset()) | {matter}
    return found


def _episodes(matters: list[Matter]) -> list[Held]:
    words = {True: "open now", False: "ended"}
    return [
        Held(
            "missing episode" if row.kind == "missing" else desk(kind=row.kind).noun,
            f"{row.reference}, {row.level.replace('_', ' ') or 'not graded'}, {words[row.is_open]}",
            "Lodestar",
            row.reported_at,
            row.kind,
            frozenset({row.pk}),
        )
        for row in matters
    ]


def _news(matters: list[Matter]) -> list[Held]:
    rows = News.objects.filter(matter__in=matters).exclude(state=WITHDRAWN).select_related("matter")
    return [Held("news", row.text, row.from_whom, row.received_at, row.matter.kind, frozenset({row.matter_id})) for row in rows]


def _interviews(matters: list[Matter]) -> list[Held]:
    codes = ("prevention_interview_recorded", "rhi_held")
    rows = Deed.objects.filter(matter__in=matters, code__in=codes).select_related("by", "matter")
    return [
        Held(
            "interview",
            str(row.detail.get("child_said") or row.detail.get("learnt") or ""),
            row.by.name if row.by else "another system",
            row.at,
            row.matter.kind,
            frozenset({row.matter_id}),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One line of a child's timeline."""

    at: datetime
    what: str
    who: str
    matter: str


def person_facts(person: Person) -> dict[str, object]:
    """A person as plain values, for the page and for matching."""
    keys = {key.scheme: key.value for key in person.keys.filter(ended_at=None)}
    return {
        "id": person.pk,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "address": person.address,
        "postcode": person.postcode,
        "phone": person.phone,
        "looked_after": person.looked_after,
        "authority": person.authority,
        "district": person.district,
        "keys": keys,
    }
