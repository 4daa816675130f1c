"""The safeguarding duties to children that the networks' playbook names, each with whose it is and what is on record of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from lodestar.core.networks.facts import Rules
from lodestar.core.networks.missed import Owed, Subject
from lodestar.store.models import Authority, District, Obligation

YEARS = timedelta(days=2 * 365)  # the widest window, and the same a year before
BODIES = {"authority": Authority, "district": District}


def owed_to_children(*, rules: Rules, at: datetime, subject: Subject | None = None) -> Iterator[Owed]:
    """What fell due in two years under each duty, or under one of one body; what was called off was owed by nobody. Three queries."""
    whose = {duty: body for body in BODIES for duty in rules.missed[body]}
    named = {body: dict(model.objects.values_list("code", "name")) for body, model in BODIES.items()}
    rows = _rows(at, list(whose))
    if subject is not None:
        duty, body, which = subject
        rows = rows.filter(rule=duty, **{f"matter__{body}": which})
    for row in rows:
        body = whose.get(row["rule"], "")
        which = row[f"matter__{body}"] if body else ""
        if which:
            yield Owed(
                number=row["pk"],
                duty=row["rule"],
                title=row["title"],
                whose=body,
                which=which,
                named=named[body].get(which, which),
                child=row["child"],
                matter=row["matter_id"],
                due_at=row["due_at"],
                done_at=row["done_at"],
            )


def _rows(at: datetime, duties: list[str]) -> QuerySet[Obligation, dict[str, object]]:
    found = Obligation.objects.filter(rule__in=duties, due_at__range=(at - YEARS, at), cancelled_at=None, matter__is_child=True)
    found = found.exclude(matter__state="opened_in_error").annotate(child=F("matter__person_id")).order_by("due_at", "pk")
    return found.values("pk", "rule", "title", "child", "matter_id", "due_at", "done_at", "matter__authority", "matter__district")
