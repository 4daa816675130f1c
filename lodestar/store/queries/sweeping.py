"""What the minute's sweep must look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q

from lodestar.core.times import local_date
from lodestar.store.models import Breach, Matter, Notice, Obligation
from lodestar.store.playbooks import clock_rules, playbook
from lodestar.store.queries import priority

MISSING_FOR = {"missing_24_hours": timedelta(hours=24), "missing_72_hours": timedelta(hours=72)}
LADDER_LASTS = timedelta(days=3)  # a rung is reached within hours; what is older has climbed as far as it goes


def on_a_ladder(*, at: datetime, most: int) -> Sequence[Obligation]:
    """Late, undone, and late for so short a time that a rung may still be due."""
    rows = Obligation.objects.filter(is_open=True, due_at__lt=at, due_at__gte=at - LADDER_LASTS)
    return list(rows.select_related("matter", "owed_by").prefetch_related("pauses").order_by("due_at")[:most])


def wanting_reviews(*, at: datetime, ahead: timedelta, most: int) -> Sequence[Matter]:
    """Open, still missing, and without a review that starts beyond the time ahead."""
    newest = Max("obligations__started_at", filter=Q(obligations__satisfied_by="review_recorded"))
    kinds = {rule.matter for rule in clock_rules(local_date(at)).values() if rule.repeats}
    rows = Matter.objects.filter(is_open=True, returned_at=None, kind__in=kinds).exclude(level="").annotate(newest=newest)
    return list(rows.filter(Q(newest=None) | Q(newest__lt=at + ahead)).select_related("person", "holder").order_by("pk")[:most])


def changing_tier(*, at: datetime, most: int) -> Sequence[Matter]:
    """Missing children whom time alone may have raised since they were last assessed; raising them takes them off this list.

    On the other desks time raises a tier only through a clock, and its warning and its breach assess afresh.
    """
    rules = _rules(at)

    def below(code: str) -> Q:
        return Q(tier__gt=rules[code]["tier"])

    crossed = Q()
    for code, span in MISSING_FOR.items():
        crossed |= below(code) & (Q(since_to__lt=at - span) | Q(since_to=None, reported_at__lt=at - span))
    still = Q(located_at=None) | Q(wellbeing_at=None)
    soon = Obligation.objects.filter(is_open=True, warn_at__lte=at, rule__in=priority.STATUTORY).values("matter_id")
    owed = (below("something_late") & Q(next_due_at__lt=at)) | (below("statutory_due_soon") & Q(pk__in=soon))
    rows = Matter.objects.filter((still & crossed) | owed, is_open=True, kind="missing")
    return list(rows.select_related("person").order_by("pk")[:most])


def tier_differs(matter: Matter, *, at: datetime) -> bool:
    """Whether the rules would now say another tier than the one on the board."""
    return priority.tier_now(matter, at=at)[1].tier != matter.tier


def _rules(at: datetime) -> Mapping[str, Any]:
    rules: Mapping[str, Any] = playbook("TIERS-MISSING").in_force(at).values["rules"]
    return rules


def already_told(*, user_id: int, key: str) -> bool:
    """Whether this person was told this."""
    return Notice.objects.filter(key=f"{user_id}:{key}").exists()


def breached_since(*, at: datetime) -> int:
    """How many breaches were noticed at this instant."""
    return Breach.objects.filter(noticed_at=at).count()
