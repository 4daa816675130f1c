"""The one way anything is written.

``perform`` opens the transaction, checks the permission, permits writes inside its block, and raises if the block ends
without an audit row. A refusal or a lost race is evidence too: its transaction rolls back, so ``perform`` writes that
row in a second one on the way out. Where the audit cannot be written, nothing happens and nothing is shown.
Rows whose numbers nobody asks for go with the next question (store/queries/journeys.py); the audit's go last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from django.db import DatabaseError, models, transaction

from lodestar.actions import found_by, known
from lodestar.core.access.scope import Actor, refuse_unless
from lodestar.core.matters.kinds import DESKS
from lodestar.core.words import Conflict, NotVisible, Refusal, Refused, require
from lodestar.store.guard import writing
from lodestar.store.inserting import change, insert_soon, insert_together, insert_values
from lodestar.store.models import AuditRow, Change
from lodestar.store.queries import kept
from lodestar.store.queries.access import place_of
from lodestar.store.queries.journeys import Put, finish, together, waiting
from lodestar.store.queries.rota import Rota

Row = TypeVar("Row", bound=models.Model)
Found = TypeVar("Found")


class AuditUnavailable(Exception):  # noqa: N818 - says what is so
    """The audit row could not be written, so the action did not happen. Doors answer 503 and show nothing."""


class Unaudited(AssertionError):
    """A block of ``perform`` ended without an audit row: a fault in our code, never in the person's input."""


@dataclass(slots=True)
class Act:
    """What an action works with inside ``perform``."""

    verb: str
    actor: Actor
    now: datetime
    permission: str | None
    subject: tuple[str, str] = ("", "")
    begun: dict[tuple[str, int], set[tuple[str, str]]] = field(default_factory=dict)  # the clocks on each row that it made itself
    rota: Rota = field(default_factory=Rota)  # read once, whatever the action owes: none both changes a shift and owes anything
    _ahead: dict[tuple[Any, ...], Callable[[], Any]] = field(default_factory=dict)
    _last: list[Callable[[], Iterable[models.Model]]] = field(default_factory=list)
    _audit: list[AuditRow] = field(default_factory=list)
    _after: list[Callable[[], object]] = field(default_factory=list)
    _meanwhile: Callable[[], object] | None = None

    @property
    def audited(self) -> int:
        """How many audit rows it leaves."""
        return len(self._audit)

    @property
    def person(self) -> int:
        """Whoever acts, where it must be a person by name; a machine or the system itself is refused."""
        if self.actor.id is None:
            raise Refused(Refusal("access.no_person", "Only a person, by name, can do this."))
        return self.actor.id

    def claim(self, model: type[Row], pk: int, *, seen_version: int | None = None, asked: Callable[[], Row | None] | None = None) -> Row:
        """Load a row within the actor's reach; not there or not theirs look the same; a stale version is a conflict.

        What is only looked at may have been ``asked`` for with something else.
        """
        row = asked() if asked else kept.row(model, pk)
        self.subject = (subject_kind(model), str(pk))
        if row is None:
            raise NotVisible
        if self.permission and not self.actor.reaches_all(self.permission, "", *DESKS):
            place = place_of(row)
            if place is not None and not self.actor.may(self.permission, place):
                raise Refused(_not_here()) if self.actor.may("matters.read", place) else NotVisible
        if seen_version is not None and row.version != seen_version:  # type: ignore[attr-defined]
            raise Conflict
        return row

    def move(self, row: models.Model, **changes: Any) -> None:
        """Change a row only if it still has the version that was read: one winner on both databases, no locks."""
        seen: int = row.version  # type: ignore[attr-defined]
        if not change(row, changes, version=seen):
            raise Conflict
        row.version = seen + 1  # type: ignore[attr-defined]
        for name, value in changes.items():
            setattr(row, name, value)
        self._keep(known.of_row(row, now=self.now, changed=changes))

    def add(self, row: Row) -> Row:
        """Write a new row, and what is known from it from now on where a measure reads it."""
        row.save(force_insert=True)
        self.begun[subject_kind(type(row)), row.pk] = set()
        found_by.note([row])
        self._keep(known.of_row(row, now=self.now))
        return row

    def made(self, row: models.Model) -> bool:
        """Whether this action itself made the row."""
        return (subject_kind(type(row)), row.pk) in self.begun

    def made_any(self, model: type[models.Model]) -> bool:
        """Whether it made a row of this kind."""
        return any(kind == subject_kind(model) for kind, _ in self.begun)

    def ask_ahead(self, question: Callable[..., Callable[[], Any]], *of: Any) -> None:
        """Ask what will be needed soon, to go with what is asked before it; nothing that would change the answer comes in between."""
        self._ahead[question, *of] = question(*of)

    def answer(self, question: Callable[..., Callable[[], Found]], *of: Any) -> Found:
        """What a question finds, whether it was asked ahead or not."""
        asked: Callable[[], Found] | None = self._ahead.pop((question, *of), None)
        return (asked or question(*of))()

    def add_all(self, rows: list[Row]) -> None:
        """Write new rows of one kind together: what would be as many journeys to the database as there are rows is one."""
        if rows:
            type(rows[0])._default_manager.bulk_create(rows)
            found_by.note(rows)
            self._keep(known.of_rows(rows, now=self.now))

    def add_soon(self, rows: list[Row]) -> Callable[[], None]:
        """The same for rows that go with the next question: they have their numbers once this gives them, or as the action ends."""
        if not rows:
            return lambda: None
        number = insert_soon(rows)
        self._last.append(lambda: number() or known.of_rows(rows, now=self.now))
        return number

    def note(self, *rows: models.Model) -> None:
        """Write new rows whose numbers nobody asks for, and of no kind of which is kept what is known: they go with the next question."""
        insert_together(rows)

    def note_values(self, model: type[models.Model], values: Sequence[Mapping[str, Any]]) -> None:
        """The same for rows that are told by plain values alone: no model is made of each."""
        insert_values(model, values)

    def record(
        self,
        subject: models.Model | None = None,
        *,
        verb: str = "",
        outcome: str = "done",
        detail: dict[str, Any] | None = None,
    ) -> None:
        """Leave an audit row, written with the action's others as it ends: ids and codes only, never a child's name."""
        kind, pk = (subject_kind(type(subject)), str(subject.pk)) if subject is not None else self.subject
        self._audit.append(_audit_row(self, verb=verb or self.verb, outcome=outcome, kind=kind, pk=pk, detail=detail or {}))

    def changed(self, matter_id: int | None, what: str = "") -> None:
        """Move the cursor that wakes every open board."""
        self.note(Change(matter_id=matter_id, what=what or self.verb, at=self.now))

    def end(self) -> None:
        """Write what stands beside this action's rows and is read by no action, what is known of them; and the audit."""
        insert_together([row for rows in self._last for row in rows()])
        _write_audit(self._audit, beside=waiting(), meanwhile=self._meanwhile)

    def _keep(self, rows: list[Any]) -> None:
        if rows:
            self._last.append(lambda: rows)

    def meanwhile(self, deed: Callable[[], object]) -> None:
        """What asks nothing of the database and may be done while it keeps the action; whoever needs it does it if it was not."""
        self._meanwhile = deed

    def afterwards(self, deed: Callable[[], object]) -> None:
        """Do something only once the transaction has been committed."""
        self._after.append(deed)


@contextmanager
def perform(verb: str, *, actor: Actor, now: datetime, permission: str | None) -> Iterator[Act]:
    """Do one thing whole or not at all, and leave its audit row; refuse whoever lacks the permission.

    ``permission`` None is for what happens to somebody rather than by leave: signing in, and failing to.
    """
    act = Act(verb=verb, actor=actor, now=now, permission=permission)
    try:
        with writing(), transaction.atomic(), together():
            require(refuse_unless(actor=actor, permission=permission) if permission else None)
            yield act
            if not act.audited:
                raise Unaudited(f"{verb} ended without an audit row")
            for deed in act._after:
                transaction.on_commit(deed)
            act.end()
    except Refused as refused:
        _leave_trace(act, "refused", {"codes": [refusal.code for refusal in refused.refusals]})
        raise
    except Conflict:
        _leave_trace(act, "conflict", {})
        raise
    except NotVisible:
        _leave_trace(act, "refused", {"codes": ["not_visible"]})
        raise


def subject_kind(model: type[models.Model]) -> str:
    """The name a row goes by in the audit: ``link_question`` for LinkQuestion."""
    return _in_words(model.__name__)


@cache
def _in_words(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() and place else char.lower() for place, char in enumerate(name))


def _leave_trace(act: Act, outcome: str, detail: dict[str, Any]) -> None:
    """Refusals and lost races are evidence; the first transaction is gone, so this is a second."""
    kind, pk = act.subject
    with writing(), transaction.atomic():
        _write_audit([_audit_row(act, verb=act.verb, outcome=outcome, kind=kind, pk=pk, detail=detail)])


def _audit_row(act: Act, *, verb: str, outcome: str, kind: str, pk: str, detail: dict[str, Any]) -> AuditRow:
    actor = act.actor
    return AuditRow(
        at=act.now,
        actor_id=actor.id,
        actor_name=actor.name,
        roles=",".join(actor.roles),
        door=actor.door,
        request_id=actor.request_id,
        verb=verb,
        outcome=outcome,
        subject_kind=kind,
        subject_id=pk,
        detail=detail,
    )


def _write_audit(rows: list[AuditRow], *, beside: Sequence[Put] = (), meanwhile: Callable[[], object] | None = None) -> None:
    """Write what is last of an action, in one journey with what waits ``beside`` it and with the end of the transaction."""
    try:
        insert_together(rows)
        refused = finish(meanwhile)
    except DatabaseError as error:
        if any(one.found is None for one in beside):
            raise  # what was refused is not the audit's
        raise AuditUnavailable from error
    if refused is not None:
        raise refused


def _not_here() -> Refusal:
    return Refusal(
        code="access.not_permitted_here",
        sentence="You can see this, but this step is not in your role here. Ask the person who answers for it.",
    )
