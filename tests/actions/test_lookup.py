"""Do we know this child? Found by whatever a caller says, cut by reach, on record, and never stale when a link is undone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lodestar.actions import lookup, people
from lodestar.core.reports.draft import AlertSaid, Subject
from lodestar.core.words import Refused
from lodestar.store.guard import writing
from lodestar.store.models import AuditRow, Link, Matter, Report, ReportWord
from lodestar.store.queries.lookup import Answer
from tests.actions.conftest import HOUR, NOW, Force

ODILE = Subject(
    given_name="Odile", family_name="Quillon", birth_date=date(2011, 5, 6), postcode="CB1 2AB", phone="07700 900123", looked_after=True,
    keys={"nhs_number": "9434765919"},
)  # fmt: skip
LATER = NOW + HOUR


def missing(force: Force, number: str = "L-1", subject: Subject = ODILE, **changes: Any) -> Matter:
    return force.report(NOW, external_id=number, subject=subject, since_from=NOW - HOUR, since_to=NOW - HOUR, **changes)


def ask(force: Force, text: str, who: str = "ivy") -> Answer:
    return lookup.ask(actor=force.actor(who, LATER), text=text, now=LATER)


def names(answer: Answer) -> list[str]:
    return [f"{line.person.given_name} {line.person.family_name}" for line in answer.lines]


@pytest.mark.parametrize(
    "text",
    [
        "odile quillon", "quillon odile", "Odile Quilon 14", "odile 14", "odile 15", "odile cb1", "quil", "6/5/2011", "odile 5/6/2011",
        "07700 900 123", "cb12ab", "943 476 5919", "a girl called odile about 14",
    ],
)  # fmt: skip
def test_a_child_is_found_by_whatever_is_said_in_any_order(force: Force, text: str) -> None:
    missing(force)
    missing(force, "L-2", Subject(given_name="Ivo", family_name="Tarn", birth_date=date(2009, 1, 9)))
    assert names(ask(force, text))[0] == "Odile Quillon"


def test_a_matter_s_number_finds_whom_it_is_about(force: Force) -> None:
    matter = missing(force)
    assert names(ask(force, matter.reference)) == ["Odile Quillon"]


def test_the_answer_says_what_must_be_known_at_once(force: Force) -> None:
    matter = missing(force, alerts=(AlertSaid("medical", "Diabetic; insulin at 8pm", "Mother", NOW),))
    (line,) = ask(force, "odile quillon").lines
    assert line.missing == matter
    assert [(row.kind, row.what) for row in line.alerts] == [("medical", "Diabetic; insulin at 8pm")]
    assert line.person.looked_after is True
    assert [(row.pk, desk) for row, desk in line.open] == [(matter.pk, "Missing")]
    assert matter.holder is not None
    assert line.age == 14
    assert not line.elsewhere


def test_of_two_records_that_are_alike_the_child_missing_now_stands_before_one_that_somebody_is_asked_about(force: Force) -> None:
    matter = missing(force)
    settled = missing(force, "L-2", Subject(given_name="Odile", family_name="Tarn", birth_date=date(2009, 1, 9))).person
    asked = missing(force, "L-3", Subject(given_name="Odile", family_name="Quillon", birth_date=date(2011, 5, 6))).person
    with writing():
        Matter.objects.exclude(pk=matter.pk).update(is_open=False)
    lines = ask(force, "odile").lines
    assert [line.person for line in lines] == [matter.person, settled, asked]
    assert [line.like.pressing for line in lines] == [(True, True, True), (False, False, True), (False, False, False)]


def test_who_may_not_see_is_told_that_somebody_is_known_without_a_name_and_only_when_enough_agrees(force: Force) -> None:
    matter = missing(force)
    told = ask(force, "odile quillon 14", "rowan")
    assert (told.lines, told.told) == ((), (matter.person_id,))
    fishing = ask(force, "odile quillon", "rowan")
    assert (fishing.lines, fishing.told) == ((), ())


def test_another_district_s_sergeant_is_told_to_ask_the_hub(force: Force) -> None:
    matter = missing(force)
    assert matter.district == "north"
    assert names(ask(force, "odile quillon 14", "alder")) == ["Odile Quillon"]
    assert ask(force, "odile quillon 14", "birch").told == (matter.person_id,)


def test_a_role_without_the_question_is_refused(force: Force) -> None:
    missing(force)
    for who in ("lime", "oak", "yew"):
        with pytest.raises(Refused):
            ask(force, "odile quillon", who)


def test_what_was_found_is_on_record_and_what_was_typed_is_not(force: Force) -> None:
    matter = missing(force)
    ask(force, "odile quillon 14")
    ask(force, "odile quillon 14", "rowan")
    seen, told = AuditRow.objects.filter(verb="people.looked_up").order_by("pk")
    assert seen.detail == {"ids": [matter.person_id], "told_known": []}
    assert told.detail == {"ids": [], "told_known": [matter.person_id]}
    assert "odile" not in str([row.detail for row in AuditRow.objects.filter(verb="people.looked_up")]).lower()


def test_a_child_is_found_by_what_any_of_their_reports_said_and_no_longer_when_the_link_is_undone(force: Force) -> None:
    missing(force)
    again = missing(force, "L-2", Subject(given_name="Odile", family_name="Marsh", birth_date=date(2011, 5, 6), keys=ODILE.keys))
    report = Report.objects.get(external_id="L-2")
    assert Link.objects.filter(report=report, person=again.person, joined=True).exists()
    assert names(ask(force, "marsh odile 15"))[0] == "Odile Quillon"
    people.undo_link(actor=force.actor("holly", LATER), report_id=report.pk, reason="A cousin of that name", now=LATER)
    assert names(ask(force, "marsh odile 15"))[0] == "Odile Marsh"


def test_the_number_of_queries_does_not_grow_with_the_number_of_people(force: Force) -> None:
    missing(force)
    with CaptureQueriesContext(connection) as alone:
        ask(force, "odile quillon 14")
    for number in range(5):
        missing(force, f"M-{number}", Subject(given_name=f"Odile{'x' * number}", family_name="Other", birth_date=date(2011, 5, 6)))
    with CaptureQueriesContext(connection) as among:
        answer = ask(force, "odile quillon 14")
    per_person = 2  # whether they are in reach
    assert len(among) - len(alone) <= per_person * (len(answer.lines) + answer.more)


def test_words_are_kept_once_for_each_report(force: Force) -> None:
    missing(force)
    words = list(ReportWord.objects.filter(report__external_id="L-1").values_list("word", flat=True))
    assert len(words) == len(set(words))
    assert {"n:odile", "n:quillon", "y:2011", "t:07700900123"} <= set(words)
