"""Pairs whose truth an exact identifier settles, to be mixed in with what is asked, without the identifier."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from lodestar.core.identity.reviewing import known_wanted, lot
from lodestar.core.people.deciding import Unsure, decide
from lodestar.core.people.identifiers import SCHEMES
from lodestar.core.people.identity import Holder
from lodestar.store.models import Link, LinkQuestion, Report
from lodestar.store.queries import identity, linking, reviewing

BY_NUMBER = "LINK-NATIONAL-ID"
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class KnownPair:
    """A report that a national number joined to a person, as it would be asked about had the number not been given."""

    report: Report
    person: int
    shown: dict[str, Any]


def wanted(*, at: datetime) -> int:
    """How many are to be mixed in now, by what was asked in the playbook's days."""
    rules = reviewing.rules(at=at)
    recent = LinkQuestion.objects.filter(asked_at__gte=at - timedelta(days=rules.days))
    return known_wanted(asked=recent.filter(truth=None).count(), mixed=recent.exclude(truth=None).count(), rules=rules)


def to_ask(*, at: datetime, most: int) -> list[KnownPair]:
    """The pairs to ask about: in an order that hangs on the reports alone, and only where without its number nobody would be sure."""
    if not most:
        return []
    joined = Link.objects.filter(how="rule", rule=BY_NUMBER, joined=True, report__question=None)
    joined = joined.annotate(last=Max("report__links__number")).select_related("report").order_by("-at", "-pk")
    rows = [link for link in joined[:LOOKED_AT] if link.number == link.last]
    rows.sort(key=lambda link: lot(f"known|{link.report.source}|{link.report.external_id}"))
    found: list[KnownPair] = []
    for link in rows:
        shown = _without_number(link, at)
        if shown is not None:
            found.append(KnownPair(link.report, link.person_id, shown))
        if len(found) == most:
            break
    return found


def _without_number(link: Link, at: datetime) -> dict[str, Any] | None:
    """What the question would show had no number been given; None where a rule would then be sure, or nobody found."""
    said, _ = identity.identity_of(identity.subject_of(link.report))
    bare = replace(said, keys=tuple(key for key in said.keys if not SCHEMES[key.scheme].national))
    looked = linking.look(linking.prepared(bare, number=f"r{link.report_id}"), among=identity.candidates(bare), at=at)
    holders = [Holder(one.person, replace(one.identity, keys=()), one.others) for one in looked.holders]
    verdict = decide(subject=bare, holders=holders, rules=identity.rules(at=at), weighed=looked.weighed)
    if not isinstance(verdict, Unsure):
        return None
    return {"because": verdict.sentence, "people": [asdict(candidate) for candidate in verdict.candidates]}
