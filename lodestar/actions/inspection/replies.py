"""Making the reply to a report from the register, and taking it as a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

from lodestar.actions.inspection.evidence import Frozen, take_evidence
from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.inspection.reply import Area, Figure, ReplyFacts, Statement, kept, paper_from, said, words_of
from lodestar.core.measures.measure import Measure, published
from lodestar.core.paper import Paper
from lodestar.core.playbook import content_hash
from lodestar.core.times import local_date, say_date
from lodestar.store.models import Commitment, Inspection, ReplyPaper
from lodestar.store.queries import inspection as queries
from lodestar.store.queries import inspection_figures as figures


def make_reply(*, actor: Actor, inspection_id: int, now: datetime) -> int:
    """Assemble the reply from the register: freeze every measured commitment now, and keep the paper whole. Returns its number."""
    with perform("inspection.reply_made", actor=actor, now=now, permission=P.INSPECTION_KEEP) as act:
        report = act.claim(Inspection, inspection_id)
        findings = list(report.findings.order_by("pk").prefetch_related("commitments__owner"))
        live = [row for found in findings for row in found.commitments.order_by("pk") if row.state != "withdrawn"]
        frozen = {row.pk: take_evidence(act, row) for row in live if row.measure}
        names = {role: body.title for role, body in queries.body_names(on=report.published_on).items()}
        facts = ReplyFacts(
            reference=report.reference,
            title=report.title,
            published_on=report.published_on,
            publisher=names[report.body],
            overall=report.overall,
            names=names,
            areas=tuple(_area(found, [row for row in live if row.finding_id == found.pk], frozen) for found in findings),
            figures=tuple(one for row in live if row.pk in frozen for one in _figures(row, frozen[row.pk])),
            made_at=now,
        )
        body = kept(words_of(facts))
        made = act.add(ReplyPaper(inspection=report, made_at=now, by_id=act.actor.id, content_hash=content_hash(body), body=body))
        act.record(report, detail={"paper": made.pk, "sha256": made.content_hash, "evidence": len(frozen)})
        return int(made.pk)


def take_reply(*, actor: Actor, paper_id: int, ending: str, write: Callable[[Paper], bytes], now: datetime) -> tuple[str, bytes]:
    """A reply that was made, as a file: the same bytes whenever it is taken. Who took it and its digest are on record."""
    with perform("inspection.reply_taken", actor=actor, now=now, permission=P.INSPECTION_READ) as act:
        row = act.claim(ReplyPaper, paper_id)
        body = write(paper_from(row.body))
        act.record(row, outcome="seen", detail={"form": ending, "sha256": sha256(body).hexdigest()})
        return row.inspection.reference, body


def _area(found: Any, rows: list[Commitment], frozen: dict[int, Frozen]) -> Area:
    statements = tuple(_statement(row, frozen.get(row.pk)) for row in rows)
    return Area(found.reference, found.kind, found.words, found.response, found.status, found.their_status, statements)


def _statement(row: Commitment, frozen: Frozen | None) -> Statement:
    line = figures.line_of(row)
    unit = line.unit if line else "number"
    aim = f"{row.measure}, {line.title if line else row.line}: {row.side} {said(row.target, unit)}" if row.measure else ""
    aim += {figures.ALL_AGES: ", in every age band", figures.REGULARLY: ", in any month"}.get(row.line, "")
    return Statement(
        reference=row.reference,
        words=row.words,
        sort=row.sort,
        owner=row.owner_role,
        due_on=row.due_on,
        aim=aim,
        baseline=said(row.baseline, unit) if row.baseline is not None else "",
        state=row.state,
        mark=frozen.evidence.mark if frozen else "claimed",
        why=frozen.evidence.why if frozen else "It has no measure, so nobody can show that it is so.",
        evidence=frozen.evidence.content_hash if frozen else "",
    )


def _figures(row: Commitment, frozen: Frozen) -> list[Figure]:
    """The figure behind a statement in the form that may be published: small counts hidden."""
    shown = frozen.shown
    if shown is None:
        return []
    small, unit, told = shown.definition.small, shown.line.unit, shown.definition
    figure = published(shown.figure, small=small)
    first, last = local_date(figures.period(at=figure.as_of).from_at), local_date(figure.as_of)
    method = "" if figure.suppressed or figure.lower is None else f", 95% by {figure.interval_method}"
    hashes = [one.content_hash for one in frozen.figures if one.filters["line"] == shown.figure.line]
    return [
        Figure(
            statement=row.reference,
            title=shown.line.title,
            says=f"{_says(figure, unit)}{method}",
            numbers=_numbers(figure.numerator, figure.denominator, figure.children),
            population=figure.population,
            clock=figure.clock,
            definition=f"{told.code} of {told.version}: {told.question}",
            period=f"{say_date(first)} to {say_date(last)}",
            caveats=tuple(str(one) for one in figure.caveats),
            content_hash=hashes[0] if hashes else "",
            groups="; ".join(f"{title}: {_says(published(band, small=small), unit)}" for title, band in shown.bands),
        )
    ]


def _says(figure: Measure, unit: str) -> str:
    if figure.suppressed:
        return f"not shown: {figure.reason}"
    interval = f" ({said(figure.lower, unit)} to {said(figure.upper, unit)})" if figure.lower is not None else ""
    return f"{said(figure.value, unit)}{' hours' if unit == 'hours' else ''}{interval}"


def _numbers(numerator: int | None, denominator: int | None, children: int | None) -> str:
    if numerator is None or denominator is None:
        return "not shown, so that no child can be told from it"
    return f"{numerator} of {denominator}" + (f", {children} children" if children is not None else "")
