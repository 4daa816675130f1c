"""A statement made ready, kept as one text: read back it is what it was, to the last column."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st

from lodestar.core.identity.packed import FORM, mark, pack, unpack
from lodestar.core.identity.record import COLUMNS, Statement, prepare
from lodestar.core.people.identifiers import Key
from tests.core.identity.people import ROOTS, record

KEYS = st.lists(st.builds(Key, st.sampled_from(("nhs_number", "pnc_id")), st.text(max_size=6), st.sampled_from(("", "CAM"))), max_size=3)
STATEMENTS = st.builds(
    Statement,
    id=st.just("p7"),
    given_name=st.sampled_from(("Alfie", "Mr", "")) | st.text(max_size=12),
    family_name=st.text(max_size=12),
    birth_date=st.none() | st.dates(),
    birth_year=st.none() | st.integers(1900, 2030),
    sex=st.sampled_from(("", "female", "male")) | st.text(max_size=3),
    postcodes=st.lists(st.sampled_from(("CB1 2AB", "cb12ad", "no postcode", "")) | st.text(max_size=8), max_size=3).map(tuple),
    phone=st.sampled_from(("07700 900123", "+48 501 234 567", "12", "")) | st.text(max_size=12),
    keys=KEYS.map(tuple),
    source=st.just(""),
)
EVERY_KIND = (
    Statement("1", "Alfie", "Marlowe-Ray", date(2011, 5, 6), None, "male", ("CB1 2AB",), "07700 900123"),
    Statement("2", "Mr. Zoë", "O’Neill", date(2011, 1, 1), None, "female", ("cb12ab", "CB1 2AD"), "+48 501 234 567"),
    Statement("3", "", "张伟", None, 2011),
    Statement("4", "Ada", "", date(2010, 11, 30), None, "x", ("CB1",), "12"),
)
# Of what ``prepare`` makes of these. Where it is another, what is kept would be read as it was made before: raise FORM with it.
MADE = (1, "25b27c5b1cd0f392c8be7345d29665e97a21d1bacad341376d4178b2c890c68e")


@settings(max_examples=400, deadline=None)
@given(STATEMENTS)
def test_whatever_was_made_ready_is_read_back_as_it_was(statement: Statement) -> None:
    made = prepare(statement, roots=ROOTS)
    assert unpack(pack(made), id="p7", roots=ROOTS, keys=statement.keys) == made


def test_whose_form_a_forename_is_and_identifiers_are_said_by_whoever_reads_it_back() -> None:
    kept = pack(record(given_name="Alfie", number="1"))
    assert kept == pack(prepare(Statement("B", "Alfie", "Marlowe", date(2011, 5, 6), sex="female"), roots={}))
    found = unpack(kept, id="A", roots={"alfie": "alfonso"})
    assert (found.columns["forename_root"], found.columns["keys"], found.columns["schemes"]) == ("alfonso", None, None)
    assert set(found.columns) == set(COLUMNS)


def test_a_text_is_of_one_version_of_a_row_in_one_form() -> None:
    assert mark(3) == f"{FORM}.3" != mark(13)


def test_another_form_is_told_by_its_number() -> None:
    digest = sha256("\n".join(pack(prepare(one, roots=ROOTS)) for one in EVERY_KIND).encode()).hexdigest()
    assert (FORM, digest) == MADE
