"""Reports, files brought in, and the queue of rows that could not be read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from lodestar.core.access.scope import Actor
from lodestar.core.reports.intake import Questions, question_sets
from lodestar.core.times import local_date
from lodestar.store.models import BadRow, ImportRun, News, Person, Report
from lodestar.store.playbooks import playbook
from lodestar.store.queries import kept
from lodestar.store.queries.access import place_of

QUESTIONS = "RISK-QUESTIONS"
KEPT = "kept"  # a row that was understood, and is no report of a missing child


def questions(*, at: datetime) -> Questions:
    """The question set in force."""
    return question_sets(playbook(QUESTIONS), on=local_date(at))


def question_words(*, at: datetime) -> dict[str, str]:
    """The words of each question in force, by code."""
    return dict(playbook(QUESTIONS).in_force(at).values["questions"])


def already(*, source: str, external_id: str) -> Report | None:
    """The report with this source and number, where it has come in before."""
    known = kept.found(_numbered, source, external_id)  # nearly always none
    return kept.row(Report, known[0][0]) if known else None


def _numbered(source: str, external_id: str) -> Any:
    return Report.objects.filter(source=source, external_id=external_id).values_list("pk")


def news_said(*, matter_id: int, from_whom: str, text: str) -> bool:
    """Whether this source has said this of the matter before, word for word."""
    return News.objects.filter(matter_id=matter_id, from_whom=from_whom, text=text).exists()


def bad_rows(*, state: str = "waiting", most: int = 200) -> QuerySet[BadRow]:
    """The queue of rows that could not be read, oldest first."""
    return BadRow.objects.filter(state=state).select_related("import_run").order_by("pk")[:most]


def bad_row(*, pk: int) -> BadRow | None:
    """One bad row."""
    return BadRow.objects.filter(pk=pk).select_related("import_run").first()


def runs(*, most: int = 50) -> QuerySet[ImportRun]:
    """The files brought in, newest first."""
    return ImportRun.objects.select_related("by").order_by("-pk")[:most]


def run(*, pk: int) -> ImportRun | None:
    """One file brought in."""
    return ImportRun.objects.filter(pk=pk).select_related("by").first()


def rows_of(*, run_id: int) -> QuerySet[BadRow]:
    """What could not be read of one file. A row is parked once, so the same file again shows what its first time parked.

    A row that was understood and reports nobody missing is kept beside them; it is no unread row.
    """
    same = ImportRun.objects.filter(pk=run_id).values("file_digest")
    source = ImportRun.objects.filter(pk=run_id).values("source")
    rows = BadRow.objects.filter(import_run__file_digest__in=same, source__in=source).exclude(state=KEPT)
    return rows.select_related("import_run").order_by("row_number", "pk")


def visible(*, actor: Actor, report_id: int) -> Report | None:
    """A report within the viewer's reach."""
    row = Report.objects.filter(pk=report_id).prefetch_related("risk_facts", "alerts").first()
    if row is None or not actor.may("reports.read", place_of(row)):
        return None
    return row


def waiting_count() -> int:
    """How many rows wait for a person."""
    return BadRow.objects.filter(state="waiting").count()


def held_of(child: Person) -> dict[str, object]:
    """What is held of a child, as the form of a report asks for it."""
    keys = {row.scheme: row.value for row in child.keys.filter(ended_at=None)}
    fields = ("given_name", "family_name", "birth_date", "sex", "ethnicity", "address", "postcode", "phone", "district")
    return {
        **{name: getattr(child, name) for name in fields},
        "looked_after": {True: "yes", False: "no"}.get(child.looked_after, "") if child.looked_after is not None else "",
        "responsible_authority": child.authority,
        **{name: keys.get(name, "") for name in ("la_child_id", "nhs_number")},
    }
