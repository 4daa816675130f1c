"""What people answered leaves as a file that a model is trained on, on record, and agreement is told from the command line."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lodestar.core.reports.draft import Subject
from lodestar.doors.cli.main import main
from lodestar.doors.feeds.linking.models import answers_in
from lodestar.doors.feeds.linking.statements import people_in
from lodestar.store.models import AuditRow, Label, LinkQuestion, Person
from tests.actions.conftest import HOUR, NOW, Force, force

__all__ = ["force"]
AT = NOW + 9 * HOUR


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["identity", *(str(word) for word in words)])


def rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))


@pytest.fixture
def labelled(force: Force) -> tuple[Person, LinkQuestion]:
    """Mina whom the force knows, and a report that somebody said is not about her."""
    known = force.report(subject=Subject("Mina", "Marsh", date(2011, 5, 4), postcode="ZZ1 2AB", keys={"nhs_number": "9434765919"})).person
    force.report(AT, external_id="R-9", subject=Subject("Mina", "Marsh"), since_from=AT - HOUR, since_to=AT - HOUR)
    question = LinkQuestion.objects.get()
    force.answer(question, "somebody_new", at=AT + timedelta(minutes=5))
    return known, question


def test_every_answered_pair_leaves_with_who_said_it_and_its_records_can_be_trained_on(
    labelled: tuple[Person, LinkQuestion], tmp_path: Path
) -> None:
    known, question = labelled
    out, records = tmp_path / "labels.csv", tmp_path / "records.csv"
    done = run("labels", out, "--records", records)
    assert done.exit_code == 0, done.output
    (row,) = rows(out)
    assert (row["left"], row["right"], row["same"]) == (f"report-{question.report_id}", f"person-{known.pk}", "no")
    assert (row["by"], row["turn"], row["blind"]) == ("holly", "first", "yes")
    (answer,) = answers_in(out, known={row["left"], row["right"]}).told
    assert (answer.left, answer.right, answer.same) == (row["left"], row["right"], False)
    people = people_in((records,), number="number")
    assert {record.id for record in people.records} == {row["left"], row["right"]}
    held = next(one for one in rows(records) if one["number"] == row["right"])
    assert (held["birth_date"], held["nhs_number"], held["postcode"]) == ("2011-05-04", "9434765919", "ZZ1 2AB")
    taken = AuditRow.objects.filter(verb="labels.taken").order_by("pk")
    assert [one.detail["rows"] for one in taken] == [1, 2]


def test_somebody_without_the_permission_takes_nothing(labelled: tuple[Person, LinkQuestion], tmp_path: Path) -> None:
    done = run("labels", tmp_path / "labels.csv", "--as", "ivy")
    assert done.exit_code == 1
    assert not (tmp_path / "labels.csv").exists()
    assert run("labels", tmp_path / "labels.csv", "--as", "nobody").exit_code == 2


def test_agreement_is_told_and_few_are_hidden(labelled: tuple[Person, LinkQuestion]) -> None:
    told = json.loads(run("agreement", "--json").stdout)
    assert (told["all"]["pairs"], told["labels"], told["labels_needed"], told["hidden_under"]) == (0, Label.objects.count(), 2000, 10)
    assert "1 of the 2,000 labelled pairs" in run("agreement").output


def test_the_commands_on_files_are_listed_without_the_database() -> None:
    said = CliRunner().invoke(main, ["identity", "--help"]).output
    assert all(word in said for word in ("train", "link", "evaluate", "resolve", "agreement", "labels"))
