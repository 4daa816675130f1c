"""Linkage in service from the command line: everybody made findable, weighed again with nothing done, and models put through the gate."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lodestar.actions import people
from lodestar.core.identity.index import index_of
from lodestar.core.identity.relinking import relinked
from lodestar.core.reports.draft import Subject
from lodestar.doors.cli.main import main
from lodestar.doors.feeds.linking.keeping import everybody_again
from lodestar.store.models import AuditRow, BlockingKey, CommonValues, IdentityModel, Link, Report
from lodestar.store.queries import linking
from lodestar.store.queries.identity_models import document_of, weigher_at
from tests.actions.conftest import HOUR, NOW, make_force

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples" / "identity"
PEOPLE, MODEL = EXAMPLES / "people.csv", EXAMPLES / "model.json"
ADA = Subject(given_name="Ada", family_name="Marlowe", birth_date=date(2011, 5, 6), postcode="ZZ1 2AB")


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["identity", *map(str, words)])


def test_everybody_is_indexed_and_weighed_again_and_nothing_is_done(db: None) -> None:
    force = make_force()
    force.report(external_id="R-1", subject=ADA)
    force.report(NOW + HOUR, external_id="R-2", subject=ADA)
    report = Report.objects.get(external_id="R-2")
    people.undo_link(actor=force.actor("holly", NOW + HOUR), report_id=report.pk, reason="A cousin", now=NOW + HOUR)
    force.report(NOW + 2 * HOUR, external_id="R-3", subject=replace(ADA, given_name="Aida"))
    before = list(Link.objects.order_by("pk").values_list("pk", flat=True)), BlockingKey.objects.count()
    done = run("index")
    assert done.exit_code == 0 and "0 statements indexed; names counted again" in done.output
    assert CommonValues.objects.get().size == 3
    found = json.loads(run("relink", "--json").stdout)
    cousins = {Link.objects.filter(report__external_id=name, joined=True).latest("number").person_id for name in ("R-1", "R-2")}
    assert found["statements"] == 3
    assert not [one for one in found["proposals"] if cousins <= set(one["people"])], "somebody said that they are not the same"
    assert {one["kind"] for one in found["proposals"]} == {"look"}
    assert "Nothing was changed" in run("relink").output
    assert before == (list(Link.objects.order_by("pk").values_list("pk", flat=True)), BlockingKey.objects.count())


def test_a_model_that_does_not_pass_is_refused_by_column_and_by_answers_and_there_is_nothing_to_go_back_to(
    db: None, tmp_path: Path
) -> None:
    asked = ("propose", MODEL, PEOPLE, "--id", "number", "--reason", "Try it")
    by_column = run(*asked, "--truth", "person", "--household", "household", "--group", "origin")
    assert by_column.exit_code == 1 and "It does not pass the gate: precision" in by_column.output
    rows = list(csv.DictReader(PEOPLE.read_text().splitlines()))
    answers = tmp_path / "answers.csv"
    answers.write_text(f"left,right,same\n{rows[0]['number']},{rows[1]['number']},no\n{rows[0]['number']},{rows[2]['number']},can't tell\n")
    by_answers = run(*asked, "--labels", answers)
    assert by_answers.exit_code == 1 and "recall (not measured)" in by_answers.output
    assert run(*asked).exit_code == 2
    assert not IdentityModel.objects.exists()
    assert AuditRow.objects.filter(verb="identity.model_proposed", outcome="refused").count() == 2
    assert "In force: the model that Lodestar comes with" in run("models").output
    back = run("rollback", "--reason", "Sisters were joined")
    assert back.exit_code == 1 and "There is none before it" in back.output


def test_an_answer_that_stands_for_others_counts_as_often_when_a_model_is_judged(db: None, tmp_path: Path) -> None:
    person = {row["number"]: row["person"] for row in csv.DictReader(PEOPLE.read_text().splitlines())}
    found = json.loads(run("link", PEOPLE, "--id", "number", "--model", MODEL, "--json").stdout)["pairs"]
    true = [one for one in found if person[one["left"]] == person[one["right"]]]
    joined = next(one for one in true if one["band"] == "link")
    not_joined = next(one for one in true if one["band"] != "link")
    answers = tmp_path / "answers.csv"

    def recall(stands_for: str) -> str:
        rows = [f"{joined['left']},{joined['right']},yes,1", f"{not_joined['left']},{not_joined['right']},yes,{stands_for}"]
        answers.write_text("\n".join(["left,right,same,stands_for", *rows]))
        told = run("propose", MODEL, PEOPLE, "--id", "number", "--reason", "Try it", "--labels", answers)
        assert told.exit_code == 1
        return next((part.split(")")[0] for part in told.output.split("recall (")[1:]), "met")

    assert recall("") == "met"  # one of two
    assert recall("3") == "0.2500"
    assert recall("9") == "0.1000"


def test_everybody_weighed_again_in_a_table_asks_what_weighing_them_one_by_one_does(db: None) -> None:
    force = make_force()
    others = (
        ADA,
        replace(ADA, given_name="Aida"),
        replace(ADA, postcode="ZZ3 4CD", phone="07700 900123"),
        replace(ADA, family_name="Marlow"),
    )
    for place, said in enumerate((*others, replace(ADA, given_name="Ivy", birth_date=None, phone="07700 900123"))):
        force.report(NOW + place * HOUR, external_id=f"R-{place}", subject=said)
    weigher, model = weigher_at(at=NOW)
    people = {record.id: (person, record) for person, record in linking.everything()}
    held = linking.held({person for person, _ in people.values()})
    pairs = [(one, other) for one, other in index_of(held.records.values()).pairs() if held.person[one.id] != held.person[other.id]]
    near = [found for pair in pairs if (found := weigher.weigh(*pair)).band != "apart"]
    one_by_one = relinked(near, held, everybody=[held], weigher=weigher, weighed=len(pairs))
    found, statements = everybody_again(weigher, document_of(model), at=NOW)
    assert statements == len(people) == len(others) + 1
    assert near and (found.weighed, found.withheld) == (one_by_one.weighed, one_by_one.withheld)
    assert [(one.kind, one.people) for one in found.proposals] == [(one.kind, one.people) for one in one_by_one.proposals]
    for one, other in zip(found.proposals, one_by_one.proposals, strict=True):
        assert one.shown_by.weight == pytest.approx(other.shown_by.weight, abs=1e-9)
