"""Linkage on files: Splink's weights to the last bit, refusals by row, and answers that outrank the model."""

from __future__ import annotations

import csv
import json
from itertools import chain
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bench.identity.engagements import engagements, variants
from bench.identity.files import write
from bench.identity.measuring import furthest_from_splink
from lodestar.core.identity.clusters import Said
from lodestar.core.identity.index import index_of
from lodestar.core.identity.model import read_model
from lodestar.core.identity.record import Record, prepare, roots_of
from lodestar.core.identity.resolving import resolver
from lodestar.doors.cli.main import main
from lodestar.doors.feeds.linking import accounts
from lodestar.doors.feeds.linking.batch import Batch
from lodestar.doors.feeds.linking.models import bands_of
from lodestar.doors.feeds.linking.training import Stored

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples" / "identity"
PEOPLE, MODEL = EXAMPLES / "people.csv", EXAMPLES / "model.json"
LEAST_PAIRS = 40_000


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["identity", *(str(word) for word in words)])


def linked(*words: object) -> dict:  # type: ignore[type-arg]
    done = run("link", *words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as opened:
        return list(csv.DictReader(opened))


def invented(people: int) -> list[Record]:
    roots = roots_of(variants())
    return [prepare(one.statement, roots=roots) for one in engagements(people=people, seed=21)]


@pytest.mark.slow
def test_the_live_scorer_gives_splinks_pairs_and_weights() -> None:
    furthest, pairs = furthest_from_splink(json.loads(MODEL.read_text()), invented(11_000))
    assert pairs >= LEAST_PAIRS
    assert furthest <= 1e-9


@pytest.mark.slow
def test_it_does_so_of_a_level_that_training_left_next_to_nothing_of() -> None:
    document = json.loads(MODEL.read_text())
    for comparison in document["comparisons"]:
        differs = comparison["comparison_levels"][-1]
        differs["m_probability"], differs["u_probability"] = 1e-28, max(differs["u_probability"], 1e-3)
    assert furthest_from_splink(document, invented(500))[0] <= 1e-9


def test_pairs_come_with_their_evidence_and_only_the_strict_rule_joins() -> None:
    found = linked(PEOPLE, "--id", "number", "--model", MODEL)
    assert found["records"] == len(rows_of(PEOPLE))
    assert {pair["rule"] for pair in found["pairs"] if pair["band"] == "link"} == {"strict rule"}
    for pair in found["pairs"]:
        assert pair["weight"] == pytest.approx(
            pair["start"] + sum(line["bits"] + line["commonness_bits"] for line in pair["fields"]), abs=1e-6
        )
    truth = {row["number"]: row["person"] for row in rows_of(PEOPLE)}
    assert found["clusters"]
    assert all(len({truth[number] for number in cluster}) == 1 for cluster in found["clusters"])


def test_what_people_said_outranks_the_model(tmp_path: Path) -> None:
    before = linked(PEOPLE, "--id", "number", "--model", MODEL)
    joined = before["clusters"][0][:2]
    other = next(pair for pair in before["pairs"] if pair["band"] == "review" and pair["vetoes"])
    answers = tmp_path / "answers.csv"
    answers.write_text(
        f"left,right,same\n{joined[0]},{joined[1]},no\n{other['left']},{other['right']},yes\n{joined[0]},{other['left']},can’t tell\n"
    )
    after = linked(PEOPLE, "--id", "number", "--model", MODEL, "--labels", answers)
    assert not any(set(joined) <= set(cluster) for cluster in after["clusters"])
    assert any({other["left"], other["right"]} <= set(cluster) for cluster in after["clusters"])


@pytest.mark.parametrize("number", ["new", "the number that this person has on file"])
def test_one_record_is_resolved_against_a_file_whatever_its_number(tmp_path: Path, number: str) -> None:
    rows = rows_of(PEOPLE)
    asked = tmp_path / "asked.csv"
    cluster = linked(PEOPLE, "--id", "number", "--model", MODEL)["clusters"][0]
    row = next(row for row in rows if row["number"] == cluster[0])
    with asked.open("w", newline="") as out:
        writer = csv.DictWriter(out, row.keys())
        writer.writeheader()
        writer.writerow({**row, "number": number if number == "new" else row["number"]})
    done = run("resolve", PEOPLE, "--id", "number", "--model", MODEL, "--record", asked, "--json")
    assert done.exit_code == 0, done.output
    (found,) = json.loads(done.stdout)
    assert found["record"] == (number if number == "new" else row["number"])
    assert row["number"] in {one["right"] for one in found["candidates"]}
    assert found["candidates"][0]["right"] in cluster


@pytest.mark.slow
def test_a_model_is_trained_written_and_judged_on_other_people(tmp_path: Path) -> None:
    write(tmp_path / "train.csv", engagements(people=1_500, seed=31))
    write(tmp_path / "test.csv", engagements(people=700, seed=32))
    done = run("train", tmp_path / "train.csv", "--id", "number", "--model", tmp_path / "model.json")
    assert done.exit_code == 0, done.output
    assert "joins nothing by itself" in done.output
    columns = ("--truth", "person", "--household", "household", "--group", "origin")
    judged = run("evaluate", tmp_path / "test.csv", "--id", "number", "--model", tmp_path / "model.json", *columns, "--json")
    report = json.loads(judged.stdout)
    assert judged.exit_code == (0 if report["gate"]["passed"] else 1)
    assert report["bands"]["link"]["twins_joined"] == 0
    assert report["bands"]["link"]["precision"] > 0.99
    assert report["bands"]["link_and_review"]["recall"] > report["bands"]["link"]["recall"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("number,given_name,family_name\n1,Ada,Marlowe\n1,Ivo,Marlowe\n", "row 3, number: The number 1 stands twice"),
        ("number,given_name,family_name,birth_date\n1,Ada,Marlowe,31/02/2011\n", "row 2, birth_date: '31/02/2011' is no day"),
        ("number,given_name\n1,Ada\n", "lacks these columns: family_name"),
        ("number,given_name,family_name,birth_year\n1,Ada,Marlowe,11\n", "row 2, birth_year: '11' is no year"),
        ("number,given_name,family_name\n,Ada,Marlowe\n", "row 2, number: Every row needs a number"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_row_column_and_reason(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "people.csv"
    file.write_text(text)
    done = run("link", file, "--id", "number", "--model", MODEL)
    assert done.exit_code == 2
    assert told in done.stderr


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "people.csv: This file is blank."),
        (b"number,given_name,family_name\n", "people.csv: The file has headings and no rows."),
        (b"no,given_name,family_name\n1,Ada,Marlowe\n", "people.csv: The file lacks these columns: number."),
        (bytes(range(256)), "people.csv: This is not a CSV or XLSX file."),
        (b'number,given_name,family_name\n1,"Ada,Marlowe\n', "people.csv, row 2, "),
        (b"number,given_name,family_name\n1,Ada,Marlowe,x\n", "people.csv, row 2, column D: There is a value in column D"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence_by_every_command(tmp_path: Path, data: bytes, told: str) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(data)
    model = ("--id", "number", "--model", MODEL)
    for words in (("link", file, *model), ("evaluate", file, *model, "--truth", "number"), ("resolve", PEOPLE, *model, "--record", file)):
        done = run(*words)
        assert done.exit_code == 2
        assert told in done.stderr
    out = run("train", file, "--id", "number", "--model", tmp_path / "nowhere" / "model.json")
    assert out.exit_code == 2 and "there is no folder" in out.stderr


def test_a_heading_is_known_whatever_its_case_and_windows_text_is_read_with_a_word_of_it(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes("Number,Given Name,FAMILY_NAME,Birth date\n1,Zoë,Marlowe,2011-05-06\n2,Zoë,Marlowe,2011-05-06\n".encode("cp1252"))
    done = run("link", file, "--id", "number", "--model", MODEL, "--json")
    assert done.exit_code == 0
    assert "people.csv: The file is not UTF-8; it was read as Windows text" in done.stderr
    (pair,) = json.loads(done.stdout)["pairs"]
    assert {line["field"]: line["level"] for line in pair["fields"]}["birth_date"] == "the same"


def test_a_broken_model_and_a_bad_answer_are_refused_in_a_sentence(tmp_path: Path) -> None:
    broken, answers = tmp_path / "model.json", tmp_path / "answers.csv"
    broken.write_text("{}")
    assert "it is no model that can be run" in run("link", PEOPLE, "--id", "number", "--model", broken).stderr
    answers.write_text("left,right,same\nR0,R1,perhaps\n")
    assert "'perhaps' is no answer" in run("link", PEOPLE, "--id", "number", "--model", MODEL, "--labels", answers).stderr
    answers.write_text("left,right,same\nR0,nobody,yes\n")
    told = run("link", PEOPLE, "--id", "number", "--model", MODEL, "--labels", answers).stderr
    assert "answers.csv, row 2, right: 'nobody' is the number of no record" in told


def test_the_manual_names_the_command() -> None:
    assert "identity" in CliRunner().invoke(main, ["--help"]).output


def test_many_records_at_once_are_weighed_and_grouped_as_the_index_and_the_live_scorer_do() -> None:
    document, roots = {**json.loads(MODEL.read_text()), "labels": 3_000, "link_from": 9.0}, roots_of(variants())
    records = [prepare(one.statement, roots=roots) for one in engagements(people=1_500, seed=23)]
    bands = bands_of(document)
    ready = resolver(model=read_model(document), index=index_of(records, most=6), thresholds=bands, trained_on=document["trained_on"])
    ours = {(one.scored.left, one.scored.right): one for one in ready.pairs()}
    joined = next(pair for pair, one in ours.items() if one.band == "link")
    said = [Said(*joined, same=False), Said(records[0].id, records[1].id, same=True)]

    batch = Batch(Stored(records), document, bands, most=6)
    theirs = list(batch.shown())
    assert [one.weight for one in theirs] == pytest.approx(sorted((one.weight for one in theirs), reverse=True), abs=1e-9)
    assert {(one.scored.left, one.scored.right) for one in theirs} == {pair for pair, one in ours.items() if one.band != "apart"}
    for one in theirs:
        mine = ours[one.scored.left, one.scored.right]
        assert (one.band, one.rule, one.vetoes) == (mine.band, mine.rule, mine.vetoes)
        assert one.weight == pytest.approx(mine.weight, abs=1e-9)
        assert [(line.field, line.label, line.place) for line in one.scored.lines] == [
            (line.field, line.label, line.place) for line in mine.scored.lines
        ]
    whole, grouped = ready.groups(ours.values(), said), batch.groups(said)
    assert {group for group in grouped.groups if len(group) > 1} == {group for group in whole.groups if len(group) > 1}
    assert {one.link.pair for one in grouped.withheld} == {one.link.pair for one in whole.withheld}
    assert batch.passed_over == ready.index.passed_over() != {}


def test_however_many_pairs_are_taken_out_at_once_the_same_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    document, roots = json.loads(MODEL.read_text()), roots_of(variants())
    records = [prepare(one.statement, roots=roots) for one in engagements(people=200, seed=24)]
    said = []
    for at_once in (37, 1_000_000):
        monkeypatch.setattr(accounts, "AT_ONCE", at_once)
        batch = Batch(Stored(records), document, bands_of(document))
        said.append((list(batch.shown()), list(chain.from_iterable(batch.written())), batch.groups([])))
        assert len(said[-1][0]) > 3 * 37
    assert said[0] == said[1]
