"""When going missing again, or for long, calls for other agencies. The thresholds are floors: a person may act sooner.

Days and months are counted by the London calendar, and a report exactly on the boundary counts: a child is not lost
from the count by an hour. "More than" is kept strictly: the fourth report in twelve months, not the third.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lodestar.core.clocks.rules import ClockRule, Trigger
from lodestar.core.times import local_date, months_before, to_utc


@dataclass(frozen=True, slots=True)
class Triggered:
    """A threshold reached: when, since when without a break, and the reports counted, oldest first."""

    rule: ClockRule
    reached_at: datetime
    first_reached_at: datetime
    counted: tuple[datetime, ...]


def repeat_triggers(
    *, report_times: Iterable[datetime], missing_since: datetime | None, now: datetime, rules: Iterable[ClockRule]
) -> tuple[Triggered, ...]:
    """Each threshold that the newest report reaches, or that being missing now has passed; reports to come are ignored.

    Every report over a threshold reaches it afresh, so a child is never past the point where anybody is asked to act.
    Source: College of Policing APP 2023, repeat missing and multi-agency meetings.
    """
    reports = sorted(to_utc(at) for at in report_times if to_utc(at) <= to_utc(now))
    found = (_judged(rule, rule.trigger, reports, missing_since, now) for rule in rules if rule.trigger is not None)
    return tuple(item for item in found if item is not None)


def _judged(
    rule: ClockRule, trigger: Trigger, reports: Sequence[datetime], missing_since: datetime | None, now: datetime
) -> Triggered | None:
    if trigger.missing_more_than_days:
        return _missing_too_long(rule, trigger, missing_since, now)
    if not reports or not trigger.reports:
        return None
    counted = _window(trigger, reports, len(reports) - 1)
    if len(counted) < trigger.reports:
        return None
    first = len(reports) - 1
    while first > 0 and len(_window(trigger, reports, first - 1)) >= trigger.reports:
        first -= 1
    return Triggered(rule, reports[-1], reports[first], counted)


def _missing_too_long(rule: ClockRule, trigger: Trigger, missing_since: datetime | None, now: datetime) -> Triggered | None:
    if missing_since is None:
        return None
    limit = to_utc(missing_since) + timedelta(days=trigger.missing_more_than_days)
    return Triggered(rule, limit, limit, ()) if to_utc(now) > limit else None


def _window(trigger: Trigger, reports: Sequence[datetime], newest: int) -> tuple[datetime, ...]:
    """The reports in the window that ends with this one."""
    since = _first_day(trigger, local_date(reports[newest]))
    return tuple(at for at in reports[: newest + 1] if local_date(at) >= since)


def _first_day(trigger: Trigger, last: date) -> date:
    if trigger.within_months:
        return months_before(last, trigger.within_months)
    return last - timedelta(days=trigger.within_days)
