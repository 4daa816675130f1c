"""Freezing what a measure says of a commitment, so that it can be shown later exactly as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lodestar.actions.measures import keep
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.inspection.commitments import judge
from lodestar.core.playbook import content_hash
from lodestar.core.words import Refusal, require
from lodestar.store.models import Commitment, Evidence, Figure
from lodestar.store.queries import inspection_figures as figures
from lodestar.store.queries.inspection_figures import Shown

FRESH = timedelta(days=28)  # after that the night freezes again, though the mark is the same


def freeze(*, actor: Actor, commitment_id: int, now: datetime) -> int:
    """Freeze what a commitment's measure says now. Refuses one without a measure: it is claimed, and nothing evidences it."""
    with perform("inspection.evidence_frozen", actor=actor, now=now, permission=P.INSPECTION_KEEP) as act:
        row = act.claim(Commitment, commitment_id)
        sentence = "It has no measure, so nothing can be frozen for it: it is claimed. Give it a measure first."
        require(None if row.measure else Refusal("evidence.no_measure", sentence))
        made = keep_evidence(act, row)
        act.record(row, detail={"evidence": made.pk, "mark": made.mark, "sha256": made.content_hash})
        return int(made.pk)


@dataclass(frozen=True, slots=True)
class Frozen:
    """Evidence with the figures kept for it, and what its measure showed."""

    evidence: Evidence
    figures: tuple[Figure, ...]
    shown: Shown | None


def keep_evidence(act: Act, row: Commitment) -> Evidence:
    """Keep the evidence of a commitment as part of another action; the caller records it."""
    return take_evidence(act, row).evidence


def take_evidence(act: Act, row: Commitment) -> Frozen:
    """Keep the figures of a commitment's measure and what they make of it, as part of another action; the caller records it."""
    shown = figures.shown(row, at=act.now)
    judged = judge(promised=figures.promised(row), reading=shown.reading if shown else None)
    kept: tuple[Figure, ...] = ()
    if shown is not None:
        lines = {shown.figure.line, *(figure.line for _, figure in shown.bands)}
        kept = keep(act, code=row.measure, period=figures.period(at=act.now), lines=lines)
    body: dict[str, Any] = {
        "commitment": row.pk,
        "words": row.words,
        "measure": row.measure,
        "line": row.line,
        "side": row.side,
        "target": row.target,
        "figures": [one.content_hash for one in kept],
        "says": shown.says if shown else "",
        "mark": judged.mark,
        "why": judged.why,
    }
    figure = next((one for one in kept if shown is not None and one.filters["line"] == shown.figure.line), None)
    made = act.add(
        Evidence(
            commitment=row, figure=figure, mark=judged.mark, why=judged.why, body=body, content_hash=content_hash(body),
            by_id=act.actor.id, at=act.now,
        )
    )  # fmt: skip
    return Frozen(made, kept, shown)


def refresh(*, actor: Actor, now: datetime) -> int:
    """Freeze again each measured commitment whose mark has changed, or whose evidence is four weeks old. Returns how many."""
    done = 0
    for row in Commitment.objects.exclude(measure="").exclude(state="withdrawn").order_by("pk"):
        shown = figures.shown(row, at=now)
        judged = judge(promised=figures.promised(row), reading=shown.reading if shown else None)
        last = Evidence.objects.filter(commitment=row).order_by("-pk").first()
        if last is not None and last.mark == judged.mark and now - last.at < FRESH:
            continue
        with perform("inspection.evidence_frozen", actor=actor, now=now, permission=P.INSPECTION_KEEP) as act:
            made = keep_evidence(act, row)
            act.record(row, detail={"evidence": made.pk, "mark": made.mark, "sha256": made.content_hash})
        done += 1
    return done
