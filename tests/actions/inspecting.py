"""What tests of inspections begin with: a report with a finding and two statements, and cases to draw."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from lodestar.actions.inspection import audits, register, replies
from lodestar.core.inspection.commitments import Promised, Target
from lodestar.core.inspection.findings import Word
from lodestar.core.inspection.register import CommitmentDraft, FindingDraft, RegisterRow, ReportDraft
from lodestar.core.times import local_date
from lodestar.store.models import SampledCase
from tests.actions.conftest import Force

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORD = Word("open", "inspectorate", None, "The report")


def row(now: datetime, *, days_ago: int = 20, measured: bool = True) -> RegisterRow:
    """A row: a report published some days ago, a finding of it and a commitment, measured or not."""
    published = local_date(now) - timedelta(days=days_ago)
    report = ReportDraft("REV-1", "Review of missing children", "inspection", "inspectorate", published, "REV-1", "", "section_55")
    finding = FindingDraft("AFI-1", "area_for_improvement", "Missing", "The response is inconsistent.", "chief_officer", None,
                           "in_progress", "A hub answers it.", replace(WORD, said_on=published))  # fmt: skip
    target = Target("above", 0.7) if measured else None
    promised = Promised("promise", "M1" if measured else "", target, local_date(now) + timedelta(days=90))
    reference = "AFI-1.1" if measured else "AFI-1.2"
    words = "More than 70% of children are found within a day." if measured else "Training is being sourced."
    return RegisterRow(report, finding, CommitmentDraft(reference, promised, words, "Head of the hub", "hazel", "", 0.6))


def take(force: Force, now: datetime, *, by: str = "willow", **changes: bool) -> register.Taken:
    """Take a row in."""
    return register.take_row(actor=force.actor(by, now), row=row(now, **changes), now=now)


def drawn(force: Force, now: datetime, *, size: int, kind: str = "missing", first: date | None = None) -> int:
    """An audit of the cases of the last year."""
    today = local_date(now)
    wanted = audits.Sample("First quarter", kind, "random", "said aloud", size, first or today - timedelta(days=400), today + timedelta(1))
    return audits.draw_sample(actor=force.actor("willow", now), wanted=wanted, now=now)


def inspected(force: Force, now: datetime) -> dict[str, int]:
    """One of each row that a page of inspections is about; returns their numbers by kind."""
    take(force, now, measured=False)
    made = take(force, now)
    replies.make_reply(actor=force.actor("willow", now), inspection_id=made.inspection_id, now=now)
    audit = drawn(force, now, size=1)
    return {
        "inspection": made.inspection_id,
        "finding": made.finding_id,
        "commitment": made.commitment_id or 0,
        "case_audit": audit,
        "sampled_case": SampledCase.objects.get(audit_id=audit).pk,
    }
