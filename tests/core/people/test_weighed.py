"""What a weighing may do at the door: show more people, join where nothing speaks against it, stop any rule; never outrank a person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any

from lodestar.core.people.deciding import COMPARED, New, Sure, Unsure, Verdict, Veto, Weighed, decide
from lodestar.core.people.identifiers import Key
from lodestar.core.people.identity import Decision, Holder, Identity
from lodestar.core.people.rules import RULES, LinkRules

KNOWN = LinkRules("test", frozenset(RULES), ())
ADA = Identity("Ada", "Marlowe", date(2011, 5, 6), "female", "", "CB1 2AB", "07700 900123", (Key("nhs_number", "9434765919"),))
MEENA = Identity("Meena", "Marlow", date(2011, 6, 5))
FLAG = Veto("identity.would_carry_a_flag", "It would put a flag on a child.")
ACCOUNT: dict[str, Any] = {"weight": 9.5, "lines": []}


def weighed(person: int, band: str, rule: str = "a person decides", **more: Any) -> Weighed:
    return Weighed(person, band, rule, lambda: ACCOUNT, **more)


def verdict(said: Identity, *accounts: Weighed, held: tuple[Identity, ...] = (ADA,), decisions: tuple[Decision, ...] = ()) -> Verdict:
    holders = [Holder(number, identity) for number, identity in enumerate(held, start=1)]
    return decide(subject=said, holders=holders, rules=KNOWN, decisions=decisions, weighed=accounts)


def test_somebody_whom_no_look_up_would_show_is_shown_with_the_account() -> None:
    assert isinstance(verdict(MEENA, weighed(1, "apart")), New)
    found = verdict(MEENA, weighed(1, "review"))
    assert isinstance(found, Unsure)
    assert (found.candidates[0].found_by, found.candidates[0].explanation) == ((COMPARED,), ACCOUNT)


def test_nothing_is_told_of_somebody_whom_nothing_shows() -> None:
    def told() -> Mapping[str, Any]:
        raise AssertionError

    assert isinstance(verdict(MEENA, Weighed(1, "apart", "too little agrees", told)), New)


def test_the_weighing_joins_where_one_person_fits_and_nothing_speaks_against_it() -> None:
    moved = replace(ADA, keys=(), postcode="ZZ9 9ZZ", phone="")
    found = verdict(moved, weighed(1, "link", "strict rule"))
    assert isinstance(found, Sure)
    assert (found.person, found.rule) == (1, "LINK-STRICT")
    assert found.evidence is not None and found.evidence.explanation == ACCOUNT
    by_model = verdict(moved, weighed(1, "link", "model"))
    assert isinstance(by_model, Sure) and by_model.rule == "LINK-MODEL"


def test_what_is_kept_of_whoever_is_shown_is_everything_known_of_them() -> None:
    found = verdict(replace(MEENA, given_name="Rory"), weighed(1, "link", "model"))
    assert isinstance(found, Unsure)
    (one,) = found.candidates
    assert one.fields and one.vetoes and one.explanation
    assert json.dumps(one.as_document()) == json.dumps(asdict(one))


def test_two_who_fit_in_different_ways_are_a_persons_to_decide() -> None:
    moved = replace(ADA, keys=(), postcode="ZZ9 9ZZ")
    found = verdict(replace(ADA, keys=()), weighed(2, "link", "strict rule"), held=(ADA, moved))
    assert isinstance(found, Unsure)
    assert {one.person for one in found.candidates} == {1, 2}


def test_what_speaks_against_it_on_record_stops_the_weighing_too() -> None:
    found = verdict(replace(MEENA, given_name="Rory"), weighed(1, "link", "model"))
    assert isinstance(found, Unsure)
    assert {"link.given_names_differ", "link.birth_dates_differ"} <= {veto.code for veto in found.candidates[0].vetoes}


def test_a_flag_stops_even_the_exact_identifier_and_its_reason_is_said() -> None:
    exact = Identity(keys=ADA.keys)
    assert isinstance(verdict(exact, weighed(1, "review")), Sure)
    found = verdict(exact, weighed(1, "review", stops=(FLAG,)))
    assert isinstance(found, Unsure)
    assert "It would put a flag on a child." in found.sentence


def test_a_persons_word_outranks_every_weight() -> None:
    at = datetime(2026, 6, 4, 9, tzinfo=UTC)
    apart = Decision(1, False, "Sergeant Ashby", at, "Two girls")
    assert isinstance(verdict(ADA, weighed(1, "link", "model"), decisions=(apart,)), New)
    same = replace(apart, same=True)
    found = verdict(MEENA, weighed(1, "apart"), decisions=(same,))
    assert isinstance(found, Sure) and found.person == 1
