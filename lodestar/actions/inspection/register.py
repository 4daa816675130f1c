"""Taking rows into the register, what the force says of a finding, and the word of the body that found it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Model

from lodestar.actions import clocks, notices
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.inspection.answering import handing_gap
from lodestar.core.inspection.commitments import last_minute_of
from lodestar.core.inspection.findings import SECTION_55, Word, finding_gaps, word_gaps
from lodestar.core.inspection.register import CommitmentDraft, FindingDraft, RegisterRow, ReportDraft
from lodestar.core.inspection.section55 import last_day, last_minute
from lodestar.core.times import at_wall, local_date
from lodestar.core.words import NotVisible, Refusal, Refused, require
from lodestar.store.models import CaseAudit, Commitment, CommitmentStep, Finding, FindingChange, FindingWord, Inspection, User
from lodestar.store.queries import inspection as queries

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a row, and what it is now."""

    became: str
    inspection_id: int
    finding_id: int
    commitment_id: int | None


def take_row(*, actor: Actor, row: RegisterRow, now: datetime, audit: CaseAudit | None = None) -> Taken:
    """Take one row in: what is new is added, what the force may change is changed, the same row again changes nothing.

    Refuses another publisher or day for a report already there, a change to a commitment that is closed, an older word of
    the inspectorate, and a line that the measure does not have.
    """
    with perform("inspection.row_taken", actor=actor, now=now, permission=P.INSPECTION_KEEP) as act:
        became: list[str] = []
        report = _report(act, row.report, became)
        found = _finding(act, report, row.finding, became)
        made = _commitment(act, found, row.commitment, became) if row.commitment is not None else None
        if made is not None and audit is not None and made.theme_of_id is None:
            act.move(made, theme_of=audit)
        result = NEW if NEW in became else CHANGED if CHANGED in became else SAME
        act.record(found, detail={"became": result, "report": report.pk, "commitment": made.pk if made else None})
        return Taken(result, report.pk, found.pk, made.pk if made else None)


def say_of_finding(*, actor: Actor, finding_id: int, seen_version: int, status: str, response: str, now: datetime) -> None:
    """How far the force has come with a finding, and its answer; no action needs its reason. What was said before is kept."""
    with perform("inspection.finding_answered", actor=actor, now=now, permission=P.INSPECTION_KEEP) as act:
        row = act.claim(Finding, finding_id, seen_version=seen_version)
        require(*finding_gaps(status=status, response=response))
        _say(act, row, status, response)
        act.record(row, detail={"status": status})


def hand_on(*, actor: Actor, inspection_id: int, seen_version: int, to: int, now: datetime) -> None:
    """Somebody else answers for a report from now on: for its reply, and for the findings and promises of whoever answered before.

    What is owed goes with it, and no due time moves. Both are told. Refuses whoever answers already, and whoever may not.
    """
    with perform("inspection.handed_on", actor=actor, now=now, permission=P.INSPECTION_KEEP) as act:
        row = act.claim(Inspection, inspection_id, seen_version=seen_version)
        before = row.accountable_id
        require(handing_gap(to=to, answers=before, keepers=[user.pk for user in queries.keepers()]))
        act.move(row, accountable_id=to)
        for found in row.findings.filter(accountable_id=before):
            act.move(found, accountable_id=to)
        promised = Commitment.objects.filter(finding__inspection=row, owner_id=before).exclude(state="withdrawn")
        for commitment in promised.order_by("pk"):
            _amend(act, commitment, owner_id=to)
        clocks.pass_about(act, row, to=to, because="They answer for the reply to this report now.")
        for person, words in ((before, "Somebody else answers"), (to, "You answer")):
            notices.tell(act, user_id=person, kind="inspection", about=row, text=f"{words} for report {row.reference} from now on.")
        act.record(row, detail={"from": before, "to": to})


def add_word(*, actor: Actor, finding_id: int, seen_version: int, word: Word, now: datetime) -> None:
    """The body's own word on its finding, by its own dated document: the only thing that changes where it stands there."""
    with perform("inspection.word_recorded", actor=actor, now=now, permission=P.INSPECTION_KEEP) as act:
        row = act.claim(Finding, finding_id, seen_version=seen_version)
        _word(act, row, word)
        act.record(row, detail={"status": word.status, "document": word.document})


def _report(act: Act, draft: ReportDraft, became: list[str]) -> Inspection:
    there: Inspection | None = Inspection.objects.filter(reference=draft.reference).first()
    if there is None:
        row = act.add(
            Inspection(
                reference=draft.reference, title=draft.title, kind=draft.kind, body=draft.body, published_on=draft.published_on,
                document=draft.document, overall=draft.overall, reply=draft.reply, accountable=_keeper(act), kept_at=act.now,
            )
        )  # fmt: skip
        became.append(NEW)
        _owe_reply(act, row)
        return row
    if (there.body, there.published_on) != (draft.body, draft.published_on):
        sentence = "This report is in the register with another publisher or day. Give this one a reference of its own."
        raise Refused(Refusal("register.other_report", sentence, "", "Report"))
    changes = _changes(there, title=draft.title, kind=draft.kind, document=draft.document, overall=draft.overall, reply=draft.reply)
    if changes:
        act.move(there, **changes)
        became.append(CHANGED)
        _owe_reply(act, there)
    return there


def _owe_reply(act: Act, row: Inspection) -> None:
    """A reply whose last day is still to come is owed from the day of the report, each step by one person."""
    if row.reply == SECTION_55 and last_day(published=row.published_on) >= local_date(act.now):
        begun = at_wall(on=row.published_on, clock=time(0))
        clocks.begin(act, None, "s55_owed", at=begun, chosen=last_minute(published=row.published_on), about=row)


def _finding(act: Act, report: Inspection, draft: FindingDraft, became: list[str]) -> Finding:
    row = Finding.objects.filter(inspection=report, reference=draft.reference).first()
    if row is None:
        row = act.add(
            Finding(
                inspection=report, reference=draft.reference, kind=draft.kind, theme=draft.theme, words=draft.words,
                addressed_to=draft.addressed_to, due_on=draft.due_on, accountable=report.accountable,
            )
        )  # fmt: skip
        became.append(NEW)
    changes = _changes(row, kind=draft.kind, theme=draft.theme, words=draft.words, addressed_to=draft.addressed_to, due_on=draft.due_on)
    if changes:
        act.move(row, **changes)
        became.append(CHANGED)
    if (row.status, row.response) != (draft.status, draft.response):
        _say(act, row, draft.status, draft.response)
        became.append(CHANGED)
    if draft.word is not None and not _said_before(row, draft.word):
        _word(act, row, draft.word)
        became.append(CHANGED)
    return row


def _say(act: Act, row: Finding, status: str, response: str) -> None:
    act.add(FindingChange(finding=row, status=status, response=response, by_id=act.actor.id, at=act.now))
    act.move(row, status=status, response=response)


def _said_before(row: Finding, word: Word) -> bool:
    return FindingWord.objects.filter(
        finding=row, status=word.status, document=word.document, said_on=word.said_on or row.inspection.published_on
    ).exists()


def _word(act: Act, row: Finding, word: Word) -> None:
    report, newest = row.inspection, queries.newest_word(row)
    last = newest.said_on if newest else None
    today = local_date(act.now)
    require(*word_gaps(word=word, publisher=report.body, published_on=report.published_on, newest=last, today=today))
    act.add(
        FindingWord(
            finding=row,
            status=word.status,
            body=word.body,
            said_on=word.said_on or today,
            document=word.document,
            by_id=act.actor.id,
            at=act.now,
        )
    )
    act.move(row, their_status=word.status)


def _commitment(act: Act, found: Finding, draft: CommitmentDraft, became: list[str]) -> Commitment:
    values = _values(found, draft)
    row: Commitment | None = Commitment.objects.filter(finding=found, reference=draft.reference).first()
    if row is None:
        made = Commitment(finding=found, reference=draft.reference, kept_at=act.now, **values)
        require(_line_gap(made))
        act.add(made)
        add_step(act, made, "promised", source="", target=made.state)
        became.append(NEW)
        _owe_day(act, made)
        return made
    changes = _changes(row, **values)
    if changes:
        if row.state not in ("open", "reopened"):
            raise Refused(Refusal("commitment.ended", "It is closed or withdrawn, so it is not changed. Make a new one.", "", "Commitment"))
        _amend(act, row, **changes)
        require(_line_gap(row))
        became.append(CHANGED)
        _owe_day(act, row)
    return row


def _amend(act: Act, row: Commitment, **changes: Any) -> None:
    """Change a commitment, keep what stood there before, and let what is owed on it follow its owner."""
    before = {name: _plain(getattr(row, name)) for name in changes}
    act.move(row, **changes)
    if "owner_id" in changes:
        clocks.pass_about(act, row, to=row.owner_id, because="The commitment is theirs now.")
    add_step(act, row, "amended", source=row.state, target=row.state, detail={"before": before})


def _values(found: Finding, draft: CommitmentDraft) -> dict[str, Any]:
    target = draft.promised.target
    owner = User.objects.filter(username=draft.account).first() if draft.account else None
    return {
        "sort": draft.promised.sort,
        "words": draft.words,
        "owner_id": owner.pk if owner else found.inspection.accountable_id,
        "owner_role": draft.owner,
        "due_on": draft.promised.due_on,
        "measure": draft.promised.measure,
        "line": draft.line,
        "side": target.side if target else "",
        "baseline": draft.baseline,
        "target": target.value if target else None,
    }


def _line_gap(row: Commitment) -> Refusal | None:
    if not row.measure or queries.line_known(row):
        return None
    return Refusal("commitment.line", "The measure has no such line. Leave it blank for its headline.", "", "Line")


def _owe_day(act: Act, row: Commitment) -> None:
    """A promise whose day is to come is owed until then; a new day begins a new clock and ends the one before."""
    if row.due_on is not None and row.due_on >= local_date(act.now):
        clocks.begin(act, None, "committed", at=act.now, chosen=last_minute_of(row.due_on), about=row)


def add_step(
    act: Act, row: Commitment, verb: str, *, source: str, target: str, reason: str = "", detail: dict[str, Any] | None = None
) -> CommitmentStep:
    """Write one step of a commitment's history, which nobody can change."""
    number = CommitmentStep.objects.filter(commitment=row).count() + 1
    return act.add(
        CommitmentStep(
            commitment=row, number=number, verb=verb, source=source, target=target, reason=reason, detail=detail or {},
            by_id=act.actor.id, at=act.now,
        )
    )  # fmt: skip


def _keeper(act: Act) -> User:
    found = queries.keeper(user_id=act.actor.id)
    if found is None:
        raise NotVisible
    return found


def _changes(row: Model, **values: Any) -> dict[str, Any]:
    """What differs from what is there."""
    return {name: value for name, value in values.items() if getattr(row, name) != value}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
