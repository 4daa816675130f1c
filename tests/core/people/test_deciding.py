"""Sure, unsure or new: what joins by rule, what stops a rule, and what a person's word does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.people.deciding import New, Sure, Unsure, Verdict, decide
from lodestar.core.people.identifiers import Key
from lodestar.core.people.identity import Decision, Holder, Identity, lookup
from lodestar.core.people.rules import RULES, LinkRules

BORN = date(2011, 5, 6)
AT = datetime(2026, 6, 4, 9, tzinfo=UTC)
NHS, OTHER_NHS = Key("nhs_number", "9434765919"), Key("nhs_number", "9434765870")
FORCE, OTHER_FORCE = Key("force_person_id", "P1"), Key("force_person_id", "P2")
PNC = Key("pnc_id", "03/0062845E")
ADA = Identity("Ada", "Marlowe", BORN, "female", "1 Osier Row", "CB1 2AB", "07700 900123", (NHS, FORCE))
KNOWN = LinkRules("test", frozenset(RULES), (frozenset({"alexander", "alex"}), frozenset({"mohammed", "muhammad"})))


def verdict(said: Identity, *held: Identity, rules: LinkRules = KNOWN, decisions: tuple[Decision, ...] = ()) -> Verdict:
    holders = [Holder(number, identity) for number, identity in enumerate(held, start=1)]
    return decide(subject=said, holders=holders, rules=rules, decisions=decisions)


def said(person: int, *, same: bool, hours: int = 0) -> Decision:
    return Decision(person, same, "Sergeant Ashby", AT + timedelta(hours=hours), "I spoke to the mother.")


def test_the_same_national_identifier_and_nothing_against_it_is_sure_with_its_rule_and_evidence() -> None:
    found = verdict(Identity("Ada", "Brindle", BORN, keys=(NHS,)), ADA)
    assert isinstance(found, Sure)
    assert (found.person, found.rule, found.version) == (1, "LINK-NATIONAL-ID", "test")
    assert found.evidence is not None
    assert {"nhs_number", "given_name", "birth_date"} <= set(found.evidence.agrees)
    assert found.evidence.differs == ("family_name",)
    assert "postcode" in found.evidence.missing
    assert found.sentence.startswith("The same given name, birth date and NHS number")


def test_the_same_local_number_is_sure() -> None:
    found = verdict(Identity(keys=(FORCE,)), ADA)
    assert isinstance(found, Sure)
    assert found.rule == "LINK-LOCAL-ID"


def test_a_local_number_of_another_issuer_is_another_number() -> None:
    one, other = Key("la_child_id", "4711", "ACC"), Key("la_child_id", "4711", "HCC")
    assert isinstance(verdict(Identity(keys=(one,)), Identity(keys=(other,))), New)
    assert isinstance(verdict(Identity(keys=(one,)), Identity(keys=(one,))), Sure)


def test_the_name_birth_date_and_postcode_or_telephone_together_are_sure() -> None:
    by_postcode = replace(ADA, keys=(), phone="")
    by_phone = replace(ADA, keys=(), postcode="", address="")
    for one in (by_postcode, by_phone):
        found = verdict(one, ADA)
        assert isinstance(found, Sure)
        assert found.rule == "LINK-NAME-BIRTH-PLACE"


@pytest.mark.parametrize(
    "less",
    [
        {"birth_date": None, "postcode": "", "phone": ""},
        {"postcode": "", "phone": ""},
        {"birth_date": None, "phone": ""},
    ],
)
def test_a_name_with_less_than_that_is_for_a_person_to_decide(less: dict[str, object]) -> None:
    found = verdict(replace(ADA, keys=(), **less), ADA)
    assert isinstance(found, Unsure)
    assert [one.person for one in found.candidates] == [1]


def test_twins_are_never_joined_by_a_rule() -> None:
    twin = replace(ADA, given_name="Ivy", keys=())
    found = verdict(twin, ADA)
    assert isinstance(found, Unsure)
    assert [veto.code for veto in found.candidates[0].vetoes] == ["link.twins"]
    assert "twins" in found.sentence


def test_twins_whose_numbers_were_mixed_up_are_never_joined_by_a_rule() -> None:
    found = verdict(replace(ADA, given_name="Ivy"), ADA)
    assert isinstance(found, Unsure)


@pytest.mark.parametrize(
    ("change", "veto"),
    [
        ({"birth_date": date(2011, 6, 5)}, "link.birth_dates_differ"),
        ({"birth_date": date(2009, 1, 30)}, "link.birth_dates_differ"),
        ({"given_name": "Zofia"}, "link.given_names_differ"),
        ({"keys": (NHS, OTHER_FORCE)}, "link.identifiers_differ"),
        ({"given_name": "Marlowe", "family_name": "Ada"}, "link.names_swapped"),
        ({"sex": "male", "family_name": "Brindle"}, "link.sex_and_name_differ"),
    ],
)
def test_an_identifier_does_not_join_across_what_speaks_against_it(change: dict[str, object], veto: str) -> None:
    other = {"family_name": "Brindle"} if veto == "link.given_names_differ" else {}
    found = verdict(replace(ADA, **{**change, **other}), ADA)
    assert isinstance(found, Unsure)
    assert veto in [one.code for one in found.candidates[0].vetoes]


def test_keys_that_point_to_two_people_are_for_a_person_to_decide() -> None:
    found = verdict(Identity("Ada", "Marlowe", BORN, keys=(NHS, PNC)), replace(ADA, keys=(NHS,)), replace(ADA, keys=(PNC,)))
    assert isinstance(found, Unsure)
    assert {one.person for one in found.candidates} == {1, 2}


def test_a_national_and_a_local_number_of_two_people_are_for_a_person_to_decide() -> None:
    found = verdict(Identity(keys=(NHS, FORCE)), Identity(keys=(NHS,)), Identity(keys=(FORCE,)))
    assert isinstance(found, Unsure)


def test_two_records_that_fit_equally_are_for_a_person_to_decide() -> None:
    found = verdict(replace(ADA, keys=()), ADA, replace(ADA, keys=()))
    assert isinstance(found, Unsure)
    assert len(found.candidates) == 2


def test_a_doubtful_strong_rule_is_not_settled_by_a_weaker_one() -> None:
    found = verdict(replace(ADA, keys=(NHS,)), replace(ADA, birth_date=date(2010, 5, 6), keys=(NHS,)), replace(ADA, keys=()))
    assert isinstance(found, Unsure)


def test_another_spelling_of_a_name_does_not_stop_an_identifier_and_is_shown_as_near() -> None:
    found = verdict(Identity("Alex", "Marlowe", BORN, keys=(NHS,)), replace(ADA, given_name="Alexander"))
    assert isinstance(found, Sure)
    assert found.evidence is not None
    assert next(field.how for field in found.evidence.fields if field.name == "given_name") == "near"


def test_another_spelling_of_a_name_does_not_join_without_an_identifier() -> None:
    found = verdict(replace(ADA, given_name="A", keys=()), ADA)
    assert isinstance(found, Unsure)


def test_what_is_not_known_never_counts_as_different() -> None:
    found = verdict(Identity("Ada", "Marlowe", keys=(NHS,)), ADA)
    assert isinstance(found, Sure)
    assert found.evidence is not None
    assert found.evidence.differs == ()


def test_a_former_postcode_or_a_second_telephone_counts() -> None:
    moved = Holder(1, replace(ADA, postcode="SW1A 1AA", keys=()), (Identity(postcode="CB1 2AB"),))
    found = decide(subject=replace(ADA, keys=(), phone=""), holders=[moved], rules=KNOWN)
    assert isinstance(found, Sure)
    assert found.evidence is not None
    note = next(field.note for field in found.evidence.fields if field.name == "postcode")
    assert "former" in note


def test_nobody_who_fits_is_somebody_new() -> None:
    found = verdict(Identity("Zofia", "Kestrel", date(2012, 1, 2)), ADA)
    assert isinstance(found, New)
    assert found.withheld == ()


def test_a_child_of_the_same_home_is_no_candidate_by_the_postcode_alone() -> None:
    assert isinstance(verdict(Identity("Zofia", "Kestrel", date(2012, 1, 2), postcode="CB1 2AB"), ADA), New)


def test_candidates_stand_side_by_side_with_those_that_agree_most_first() -> None:
    near = replace(ADA, birth_date=date(2011, 6, 5), keys=(), postcode="", phone="")
    found = verdict(replace(ADA, keys=()), near, replace(ADA, given_name="Adelaide", keys=()))
    assert isinstance(found, Unsure)
    assert [one.person for one in found.candidates] == [2, 1]


def test_a_rule_that_the_playbook_switched_off_asks_instead() -> None:
    off = LinkRules("off", frozenset({"LINK-NATIONAL-ID"}), ())
    assert isinstance(verdict(replace(ADA, keys=()), ADA, rules=off), Unsure)


def test_a_persons_word_that_it_is_the_same_outranks_every_veto() -> None:
    found = verdict(replace(ADA, given_name="Ivy", birth_date=date(2009, 1, 1), keys=()), ADA, decisions=(said(1, same=True),))
    assert isinstance(found, Sure)
    assert (found.person, found.rule) == (1, "LINK-PERSON-SAID")
    assert "Sergeant Ashby" in found.sentence


def test_a_persons_word_that_it_is_not_the_same_outranks_an_identifier_and_withholds_it() -> None:
    found = verdict(ADA, ADA, decisions=(said(1, same=False),))
    assert isinstance(found, New)
    assert set(found.withheld) == {NHS, FORCE}


def test_the_last_word_counts() -> None:
    words = (said(1, same=True), said(1, same=False, hours=1))
    assert isinstance(verdict(ADA, ADA, decisions=words), New)
    assert isinstance(verdict(ADA, ADA, decisions=tuple(reversed(words))), New)


def test_two_words_that_contradict_are_for_a_person_to_decide() -> None:
    found = verdict(ADA, ADA, replace(ADA, keys=()), decisions=(said(1, same=True), said(2, same=True)))
    assert isinstance(found, Unsure)
    assert found.rule == "LINK-PERSON-SAID"


NAMES = st.sampled_from(["Ada", "Ivy", "Alex", "Alexander", "", "Marlowe"])
IDENTITIES = st.builds(
    Identity,
    given_name=NAMES,
    family_name=st.sampled_from(["Marlowe", "Brindle", "Ada", ""]),
    birth_date=st.sampled_from([None, BORN, date(2011, 6, 5), date(2009, 1, 30)]),
    sex=st.sampled_from(["", "female", "male"]),
    postcode=st.sampled_from(["", "CB1 2AB", "CB2 3CD"]),
    phone=st.sampled_from(["", "07700 900123", "07700 900456"]),
    keys=st.lists(st.sampled_from([NHS, OTHER_NHS, FORCE, OTHER_FORCE, PNC]), max_size=2, unique_by=lambda key: key.scheme).map(tuple),
)


@given(IDENTITIES, st.lists(IDENTITIES, max_size=4))
def test_a_rule_is_never_sure_on_names_alone_nor_across_a_birth_date_or_an_identifier(one: Identity, held: list[Identity]) -> None:
    found = verdict(one, *held)
    if isinstance(found, Sure):
        assert found.evidence is not None
        agrees, differs = set(found.evidence.agrees), set(found.evidence.differs)
        assert agrees - {"given_name", "family_name", "sex", "birth_date"}, "a key, a postcode or a telephone number agrees"
        assert not differs & {"birth_date", "nhs_number", "pnc_id", "force_person_id"}
        assert not found.evidence.vetoes


@given(IDENTITIES, st.lists(IDENTITIES, min_size=1, max_size=3))
def test_the_order_of_the_records_changes_nothing(one: Identity, held: list[Identity]) -> None:
    holders = [Holder(number, identity) for number, identity in enumerate(held, start=1)]
    found = {repr(decide(subject=one, holders=order, rules=KNOWN)) for order in permutations(holders)}
    assert len(found) == 1


@given(IDENTITIES, IDENTITIES)
def test_whoever_is_a_candidate_is_found_by_the_lookup(one: Identity, held: Identity) -> None:
    found = verdict(one, held)
    if not isinstance(found, New):
        ours, theirs = lookup(one), lookup(held)
        assert (
            set(ours.keys) & set(theirs.keys)
            or set(ours.name_keys) & set(theirs.name_keys)
            or (ours.family and ours.family == theirs.family)
            or (held.birth_date in ours.birth_dates)
            or (ours.postcode and ours.postcode == theirs.postcode)
            or (ours.phone and ours.phone == theirs.phone)
        )
