"""The register of inspections as a file: brought in row by row, written out again, the same file twice changing nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lodestar.actions.inspection import evidence
from lodestar.actions.inspection import register as actions
from lodestar.actions.reading import note_export
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.inspection.register import COLUMNS, REQUIRED, Known, RegisterRow, cells_of, read_row
from lodestar.core.reports.intake import raw_digest
from lodestar.core.reports.rows import BadRow, Fault
from lodestar.core.words import Caution, NotVisible, Refusal, Refused
from lodestar.doors.feeds.tables import Row, plain_heading, read_table
from lodestar.doors.feeds.writing import write_csv, write_xlsx
from lodestar.store.queries import inspection as queries

WRITERS = {"csv": write_csv, "xlsx": write_xlsx}
NOBODY = "Nobody keeps the register yet. Say who answers for it with --as, or give somebody the role of inspection lead."


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a file: every row is new, changed, the same or bad."""

    new: int
    changed: int
    same: int
    bad: tuple[BadRow, ...]
    cautions: tuple[Caution, ...] = ()

    @property
    def rows(self) -> int:
        """All of them."""
        return self.new + self.changed + self.same + len(self.bad)


def load_register(*, actor: Actor, content: bytes, file_name: str, now: datetime) -> Loaded:
    """Take in every row that can be read and report every row that cannot, with its column. Refuses a file that is no table."""
    table = read_table(content, file=file_name, required=REQUIRED)
    if isinstance(table, tuple):
        raise Refused(*table)
    known = queries.known(at=now)
    became = {actions.NEW: 0, actions.CHANGED: 0, actions.SAME: 0}
    bad = list(table.bad)
    for row in table.rows:
        try:
            became[_take(actor, row, known, now)] += 1
        except Refused as refused:
            bad.append(BadRow(row.source, tuple(Fault(one.field, one.code, one.sentence) for one in refused.refusals)))
        except NotVisible:
            raise Refused(Refusal("register.nobody", NOBODY)) from None
    bad.sort(key=lambda item: item.row.number)
    if became[actions.NEW] or became[actions.CHANGED]:
        evidence.refresh(actor=actor, now=now)  # so that each statement bears its mark at once
    return Loaded(became[actions.NEW], became[actions.CHANGED], became[actions.SAME], tuple(bad), table.cautions)


def _take(actor: Actor, row: Row, known: Known, now: datetime) -> str:
    named = {plain_heading(name): name for name in row.values}
    read = read_row(cells=lambda column: row.text(named.get(plain_heading(column), "")), known=known)
    if not isinstance(read, RegisterRow):
        raise Refused(*read)
    return actions.take_row(actor=actor, row=read, now=now).became


def write_register(*, actor: Actor, ending: str, now: datetime) -> bytes:
    """The whole register as CSV or XLSX; who took it and its digest are on record. Brought in again it changes nothing."""
    rows = [tuple(cells_of(row)) for row in queries.register_rows()]
    body = WRITERS[ending](COLUMNS, rows)
    note_export(
        actor=actor, permission=P.INSPECTION_READ, verb="inspection.register_exported", kind="inspection", rows=len(rows),
        digest=raw_digest(body), now=now,
    )  # fmt: skip
    return body
