"""What the forecast reads: a line's cases, its posts, what it received from day to day, and questions that were kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

import numpy as np
from django.db.models import Count, Q

from lodestar.core.forecast.nowcast import History as Received
from lodestar.core.forecast.past import Held, History, PastCase
from lodestar.core.forecast.pose import LineCase, Standing, standing
from lodestar.core.forecast.rules import LineRules, line_rules
from lodestar.core.times import local_date
from lodestar.store.models import Deed, EarlierCount, ForecastRun, Grade, Matter, RoleGrant
from lodestar.store.playbooks import all_of, playbook

MOST_YEARS = 7  # how far demand is looked back on
LEFT = ("transferred", "opened_in_error")


def lines(*, at: datetime) -> tuple[LineRules, ...]:
    """Every line there is a playbook for, as in force on the day."""
    return tuple(line_rules(book, on=local_date(at)) for book in all_of("forecast"))


def rules_of(line: str, *, at: datetime) -> LineRules:
    """One line's values in force on the day; an unknown code raises ``KeyError``."""
    return line_rules(playbook(line), on=local_date(at))


def stands(rules: LineRules, *, at: datetime) -> Standing:
    """The line at an instant, from a few columns of its cases; no name is read."""
    return standing(cases=cases_of(rules), rules=rules, posts=posts_of(rules, at=at), at=at)


def cases_of(rules: LineRules) -> tuple[LineCase, ...]:
    """Every case of the line that may matter: open, or received or ended in what is looked back on."""
    firsts = _firsts(rules)
    rows = Matter.objects.filter(kind=rules.kind).values_list("pk", "reported_at", "level", "state", "closed_at")
    return tuple(
        LineCase(
            received_at=received,
            level=level,
            begun_at=firsts["begun"].get(pk, firsts["ended"].get(pk)),
            ended_at=firsts["ended"].get(pk),
            left_at=closed if state in LEFT else None,
        )
        for pk, received, level, state, closed in rows.iterator(chunk_size=5_000)
    )


def _firsts(rules: LineRules) -> Mapping[str, dict[int, datetime]]:
    """When each case was first begun and first ended, by its number."""
    found: dict[str, dict[int, datetime]] = {"begun": {}, "ended": {}}
    codes = rules.begun_by | rules.ended_by
    rows = Deed.objects.filter(matter__kind=rules.kind, code__in=codes).order_by("-at").values_list("matter_id", "code", "at")
    for pk, code, at in rows.iterator(chunk_size=5_000):  # the latest first, so that the earliest stays
        if code in rules.begun_by:
            found["begun"][pk] = at
        if code in rules.ended_by:
            found["ended"][pk] = at
    return found


def past_of(rules: LineRules) -> History:
    """Every case with when each fact of it was on record, and every post that was held: what the engine is told again from.

    A case whose grades are not on record, as one taken over may be, has had the level it has now from the first.
    """
    facts = _stamps(rules)
    grades: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for pk, at, level in Grade.objects.filter(matter__kind=rules.kind).order_by("at", "pk").values_list("matter_id", "at", "level"):
        grades[pk].append((at, level))
    rows = Matter.objects.filter(kind=rules.kind).exclude(state="opened_in_error").order_by("reported_at", "pk")
    columns = ("pk", "reported_at", "recorded_at", "level", "state", "closed_at")
    cases = tuple(
        PastCase(
            received_at=received,
            recorded_at=max(received, recorded),
            grades=tuple(grades[pk]) or ((received, level),),
            begun=facts["begun"].get(pk, facts["ended"].get(pk)),
            ended=facts["ended"].get(pk),
            left=(closed, closed) if state in LEFT and closed is not None else None,
        )
        for pk, received, recorded, level, state, closed in rows.values_list(*columns).iterator(chunk_size=5_000)
    )
    return History(cases, tuple(_held(rules)))


def _stamps(rules: LineRules) -> Mapping[str, dict[int, tuple[datetime, datetime]]]:
    """When each case was first begun and first ended, and when that was written down."""
    found: dict[str, dict[int, tuple[datetime, datetime]]] = {"begun": {}, "ended": {}}
    rows = Deed.objects.filter(matter__kind=rules.kind, code__in=rules.begun_by | rules.ended_by).order_by("-at", "-pk")
    for pk, code, at, recorded in rows.values_list("matter_id", "code", "at", "recorded_at").iterator(chunk_size=5_000):
        for name, codes in (("begun", rules.begun_by), ("ended", rules.ended_by)):
            if code in codes:
                found[name][pk] = (at, recorded)
    return found


def _held(rules: LineRules) -> Iterator[Held]:
    """Each person's time in a role that does the line's work, one post whatever number of grants it is made of."""
    spans: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    rows = RoleGrant.objects.filter(role__in=rules.roles, user__is_active=True).order_by("from_at", "pk")
    for user, begin, until in rows.values_list("user_id", "from_at", "until_at"):
        last = spans[user][-1] if spans[user] else None
        if last is not None and (last[1] is None or begin <= last[1]):
            spans[user][-1] = (last[0], None if last[1] is None or until is None else max(last[1], until))
        else:
            spans[user].append((begin, until))
    return (Held(*span) for found in spans.values() for span in found)


def posts_of(rules: LineRules, *, at: datetime) -> int:
    """How many people hold a role that does the line's work."""
    held = RoleGrant.objects.filter(
        Q(until_at__isnull=True) | Q(until_at__gt=at), role__in=rules.roles, from_at__lte=at, user__is_active=True
    )
    return held.aggregate(found=Count("user_id", distinct=True))["found"] or 0


def received(rules: LineRules, *, at: datetime) -> tuple[Received, date | None]:
    """What was received from day to day and when it was on record, and the first month of it: the service's own cases from
    the day they begin, and the counts taken over from before.
    """
    earliest = local_date(at) - timedelta(days=MOST_YEARS * 366)
    found: dict[tuple[date, date], int] = defaultdict(int)
    own = Matter.objects.filter(kind=rules.kind, reported_at__date__gte=earliest).exclude(state="opened_in_error")
    for reported, recorded in own.values_list("reported_at", "recorded_at").iterator(chunk_size=5_000):
        found[local_date(reported), max(local_date(reported), local_date(recorded))] += 1
    begins = min((day for day, _ in found), default=date.max)
    rows = EarlierCount.objects.filter(line=rules.code, received_on__gte=earliest, received_on__lt=begins)
    for day, recorded, count in rows.values_list("received_on", "recorded_on", "count"):
        found[day, max(day, recorded)] += count
    first = min((day for day, _ in found), default=None)
    if first is None:
        return Received(*(np.zeros(0, dtype=np.int64) for _ in range(3))), None
    whole = first.replace(day=1) if first.day == 1 else (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    pairs = [(day.toordinal(), recorded.toordinal(), count) for (day, recorded), count in sorted(found.items())]
    return Received(*(np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))), whole


def has_counts(*, line: str, source: str) -> bool:
    """Whether counts of a line were taken over from this source."""
    return EarlierCount.objects.filter(line=line, source=source).exists()


def last_run(*, line: str, about: str, user_id: int | None = None) -> ForecastRun | None:
    """The last question kept, of everybody or of one."""
    rows = ForecastRun.objects.filter(line=line, about=about)
    return (rows.filter(asked_by_id=user_id) if user_id is not None else rows).order_by("-asked_at", "-pk").first()


def run(number: int) -> ForecastRun | None:
    """A question that was kept."""
    return ForecastRun.objects.select_related("asked_by").filter(pk=number).first()


def runs(*, line: str, most: int = 10) -> list[ForecastRun]:
    """The last questions about posts, newest first."""
    return list(ForecastRun.objects.filter(line=line, about="plans").select_related("asked_by").order_by("-asked_at", "-pk")[:most])
