"""Every playbook is sound, and every example in it comes out as it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from lodestar.core.access.scope import role_from
from lodestar.core.clocks.due import Pause, choose, due_at
from lodestar.core.clocks.repeats import repeat_triggers
from lodestar.core.clocks.reviews import LevelFrom, expected_reviews
from lodestar.core.clocks.rules import ClockRule, clock_rule, rule_faults
from lodestar.core.matters.kinds import DESKS, every_deed
from lodestar.core.people.deciding import decide
from lodestar.core.people.identifiers import SCHEMES, Key, read_key
from lodestar.core.people.identity import Holder, Identity
from lodestar.core.people.rules import link_rules
from lodestar.core.playbook import BadPlaybook, Playbook, faults
from lodestar.core.reports.draft import ReportDraft, RiskAnswer, Subject
from lodestar.core.reports.force_mapping import force_mapping, plain
from lodestar.core.reports.intake import examine, question_sets
from lodestar.core.times import local_date, say_date
from lodestar.core.words import Allowed
from lodestar.store.playbooks import all_of, calendars, everything, load, playbook
from tests.core.detectors.examples import run_detector
from tests.core.duty.examples import run_posts
from tests.core.engagements.examples import run_kinds
from tests.core.engagements.examples import run_mapping as run_engagement_mapping
from tests.core.forecast.examples import run_forecast
from tests.core.identity.examples import run_identity, run_identity_harm, run_identity_review, run_live
from tests.core.inspection.examples import run_bodies, run_closing, run_rubric
from tests.core.language.examples import run_language
from tests.core.matters.online.examples import run_checklist
from tests.core.measures.examples import run_measure
from tests.core.networks.examples import run_networks
from tests.core.packs.examples import run_pack
from tests.core.priority.examples import run_tiers
from tests.core.tasking.formula_examples import run_tasking_formula
from tests.core.tasks.examples import run_task_kinds

NOON = datetime(2026, 6, 4, 11, tzinfo=UTC)
LONG_AFTER = datetime(2028, 1, 1, tzinfo=UTC)
Table = Mapping[str, Any]


def run_clock(book: Playbook, given: Table) -> Table:
    """A clock's example gives a start, a history of reports, or the life of a matter."""
    start = next(given[key] for key in ("started_at", "open_from", "now") if key in given)
    rule = clock_rule(book, on=local_date(start))
    if rule.repeats:
        return run_reviews(rule, given)
    return run_trigger(rule, given) if rule.trigger else run_due(rule, given)


def run_due(rule: ClockRule, given: Table) -> Table:
    start, level, chosen = given["started_at"], given.get("level"), given.get("chosen")
    if chosen is not None:
        verdict = choose(rule=rule, level=level, chosen=chosen, started_at=start, now=start)
        if not isinstance(verdict, Allowed):
            return {"refused": verdict[0].code}
    pauses = [Pause(row["from_at"], row["until_at"], "example") for row in given.get("pauses", ())]
    on = calendars(local_date(start))
    due = due_at(rule=rule, started_at=start, level=level, pauses=pauses, chosen=chosen, calendars=on)
    return {"due_at": due.at}


def run_trigger(rule: ClockRule, given: Table) -> Table:
    reached = repeat_triggers(
        report_times=given.get("report_times", ()), missing_since=given.get("missing_since"), now=given["now"], rules=[rule]
    )
    if not reached:
        return {"reached": False}
    at = reached[0].reached_at
    return {"reached_at": at, "due_at": due_at(rule=rule, started_at=at, calendars=calendars(local_date(at))).at}


def run_reviews(rule: ClockRule, given: Table) -> Table:
    found = expected_reviews(
        open_from=given["open_from"],
        open_until=given["open_until"],
        level_history=[LevelFrom(row["level"], row["from_at"]) for row in given["levels"]],
        rule=rule,
        calendars=calendars(local_date(given["open_from"])),
        now=LONG_AFTER,
    )
    owed = [review for review in found if review.ended_at is None]
    ends = {"first_due_at": owed[0].due_at, "last_due_at": owed[-1].due_at} if owed else {}
    return {"reviews": len(owed), **ends}


def run_levels(book: Playbook, given: Table) -> Table:
    row = book.in_force(given["on"]).values["levels"][given["level"]]
    return {"title": row["title"], "order": row["order"]}


def run_calendar(book: Playbook, given: Table) -> Table:
    return {"working": calendars(given["on"]).working.is_working(given["on"])}


def run_shifts(book: Playbook, given: Table) -> Table:
    turn = calendars(given["on"]).shift(given["shift"]).on(given["on"])
    return {"starts_at": turn.from_at, "ends_at": turn.until_at}


def run_roles(book: Playbook, given: Table) -> Table:
    role = role_from(given["role"], book.blocks[-1].values["roles"][given["role"]])
    return {"allowed": given["permission"] in role.permissions}


def run_questions(book: Playbook, given: Table) -> Table:
    asked = question_sets(book, on=local_date(NOON))
    fact = RiskAnswer(given["code"], given["version"], given["answer"], "", "Ada Marlowe", NOON)
    draft = ReportDraft("force", "1", NOON, NOON, Subject(family_name="Marlowe"), reporter_name="Ada Marlowe", risk_facts=(fact,))
    verdict = examine(draft=draft, questions=asked, now=NOON)
    return {"allowed": True} if isinstance(verdict, Allowed) else {"allowed": False, "refused": verdict[0].code}


def run_mapping(book: Playbook, given: Table) -> Table:
    mapping = force_mapping(book, on=given["on"])
    if "heading" in given:
        return {"field": mapping.fields.get(plain(given["heading"]), "")}
    return {"means": mapping.meaning(list_name=given["list"], code=given["code"])}


def run_linking(book: Playbook, given: Table) -> Table:
    verdict = decide(
        subject=identity(given["report"]),
        holders=[Holder(1, identity(given["record"]))],
        rules=link_rules(book, on=given["on"]),
    )
    return {"verdict": type(verdict).__name__.casefold(), "rule": verdict.rule}


def identity(said: Table) -> Identity:
    keys = [read_key(scheme=scheme, text=said[scheme], issuer="") for scheme in SCHEMES if scheme in said]
    facts = {name: value for name, value in said.items() if name not in SCHEMES}
    return Identity(**facts, keys=tuple(key for key in keys if isinstance(key, Key)))


# How each noun's examples run. A new noun adds its line here, or its examples fail.
RUNNERS: dict[str, Callable[[Playbook, Table], Table]] = {
    "clock": run_clock,
    "levels": run_levels,
    "calendar": run_calendar,
    "shifts": run_shifts,
    "roles": run_roles,
    "questions": run_questions,
    "mapping": run_mapping,
    "linking": run_linking,
    "engagement_kinds": run_kinds,
    "engagement_mapping": run_engagement_mapping,
    "measure": run_measure,
    "forecast": run_forecast,
    "posts": run_posts,
    "tiers": run_tiers,
    "checklist": run_checklist,
    "detector": run_detector,
    "language": run_language,
    "bodies": run_bodies,
    "closing_rule": run_closing,
    "rubric": run_rubric,
    "tasking_formula": run_tasking_formula,
    "task_kinds": run_task_kinds,
    "pack": run_pack,
    "identity": run_identity,
    "identity_review": run_identity_review,
    "identity_harm": run_identity_harm,
    "identity_live": run_live,
    "networks": run_networks,
}

BOOKS = everything()
EXAMPLES = [pytest.param(book, example, id=f"{book.code}: {example['name']}") for book in BOOKS for example in book.examples]
RULES = [
    pytest.param(clock_rule(book, on=block.from_date), id=f"{book.code} from {say_date(block.from_date)}")
    for book in all_of("clock")
    for block in book.blocks
]


@pytest.mark.parametrize("book", [pytest.param(book, id=book.code) for book in BOOKS])
def test_every_playbook_is_sound(book: Playbook) -> None:
    assert faults(book) == ()


@pytest.mark.parametrize(("book", "example"), EXAMPLES)
def test_every_example_comes_out_as_it_says(book: Playbook, example: Table) -> None:
    assert RUNNERS[book.noun](book, example["given"]) == dict(example["expect"])


@pytest.mark.parametrize("rule", RULES)
def test_every_clock_can_be_followed_and_is_stopped_by_a_deed_that_exists(rule: ClockRule) -> None:
    assert rule_faults(rule) == ()
    assert {rule.satisfied_by, *rule.ended_by} <= every_deed().keys() | {code for kind in every_deed().values() for code in kind.counts_as}
    assert rule.ladder, "somebody is told when it is late"


@pytest.mark.parametrize("rule", RULES)
def test_clocks_and_reviews_name_only_levels_that_exist(rule: ClockRule) -> None:
    if rule.by_level:
        levels = playbook(DESKS[rule.matter].levels).blocks[-1].values["levels"]
        assert rule.by_level.keys() <= levels.keys()


def test_the_examples_of_the_clocks_cross_both_changes_of_the_clocks() -> None:
    examples = [example for book in all_of("clock") for example in book.examples if "due_at" in example["expect"]]
    spans = [(ex["given"]["started_at"], ex["expect"]["due_at"]) for ex in examples if "started_at" in ex["given"]]
    for change in (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)):
        assert sum(start < change < due for start, due in spans) >= 3


def test_every_level_says_its_test_and_what_it_demands_on_every_day() -> None:
    for block in playbook("LEVELS-MISSING").blocks:
        assert block.values["levels"].keys() == {"very_low", "low", "medium", "high", "cannot_be_assessed"}
        for row in block.values["levels"].values():
            assert row.keys() == {"title", "order", "allowed_for_child", "test", "response"}


def test_a_name_is_never_given_back_to_an_earlier_day() -> None:
    book = playbook("LEVELS-MISSING")
    assert book.in_force(date(2023, 6, 1)).values["levels"]["very_low"]["title"] == "No apparent risk"
    assert book.in_force(date(2026, 6, 1)).values["levels"]["very_low"]["title"] == "Very low risk"


def test_an_unknown_code_is_a_fault() -> None:
    with pytest.raises(KeyError):
        playbook("NO-SUCH-RULE")


SMALL = """
code = "{code}"
title = "Shifts"
noun = "shifts"
[[in_force]]
from = 2026-01-01
"""


def test_a_code_used_twice_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text(SMALL.format(code="A"))
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "two.toml").write_text(SMALL.format(code="A"))
    with pytest.raises(BadPlaybook, match="A is already taken"):
        load(tmp_path)


@pytest.mark.parametrize("text", ["code = ", "title = 'no code'"])
def test_a_file_that_is_no_playbook_stops_the_start_and_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "broken.toml").write_text(text)
    with pytest.raises(BadPlaybook, match=r"broken\.toml"):
        load(tmp_path)


def test_only_playbooks_are_read_and_by_code(tmp_path: Path) -> None:
    for name, code in (("z.toml", "A"), ("a.toml", "B")):
        (tmp_path / name).write_text(SMALL.format(code=code))
    (tmp_path / "notes.txt").write_text("not one")
    assert list(load(tmp_path)) == ["A", "B"]
