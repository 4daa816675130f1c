"""A row of a source is read by its mapping: every column, every fault, every person and thing in it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from lodestar.core.engagements.dates import NotADate, wall
from lodestar.core.engagements.draft import EngagementDraft, report_of
from lodestar.core.engagements.kinds import kinds_from
from lodestar.core.engagements.mapping import SourceMapping, becomes, headings_gaps, mapping_faults, mapping_from
from lodestar.core.engagements.reading import read_row
from lodestar.core.words import Allowed
from lodestar.store.playbooks import all_of, playbook

NOW = datetime(2026, 6, 4, 11, tzinfo=UTC)
KINDS = kinds_from(playbook("ENGAGEMENT-KINDS").in_force(NOW).values)
BOOKS = all_of("engagement_mapping")
TABLE: dict[str, Any] = {
    "version": "1",
    "time_zone": "Europe/London",
    "dates": ["DD/MM/YYYY hh:mm", "DD/MM/YYYY"],
    "required": ["number", "happened_at"],
    "nature": "fact",
    "grading": {"scheme": "not graded"},
    "columns": {"number": ["Ref"], "happened_at": ["When"], "circumstances": ["What", "Then"]},
    "people": [
        {"role": "subject", "columns": {"given_name": ["First"], "family_name": ["Last"], "birth_date": ["Born"]}},
        {"role": "with", "nature": "opinion", "split": ";", "columns": {"full_name": ["Others"]}},
    ],
    "things": [{"kind": "phone", "split": "|", "said": "Rang it", "columns": {"value": ["Phones"]}}],
}
ROW = {"Ref": "1", "When": "01/06/2026 10:00", "First": "Ada", "Last": "Marlowe", "Born": "14/02/2012"}


def mapping(**changes: Any) -> SourceMapping:
    return mapping_from({**TABLE, **changes}, code="TRY", title="A try", kind="stop_search", content_hash="0" * 64)


def read(row: dict[str, Any], **changes: Any) -> EngagementDraft | list[tuple[str, str]]:
    found = read_row(values=row, mapping=mapping(**changes), now=NOW)
    return found.step if isinstance(found, Allowed) else [(fault.field, fault.code) for fault in found]


def understood(row: dict[str, Any], **changes: Any) -> EngagementDraft:
    found = read(row, **changes)
    assert isinstance(found, EngagementDraft), found
    return found


def test_every_kind_has_a_source_that_can_be_followed() -> None:
    assert {str(book.body["kind"]) for book in BOOKS} == set(KINDS)
    for book in BOOKS:
        for block in book.blocks:
            assert mapping_faults(block.values, kind=book.body["kind"], kinds=KINDS) == ()


def test_several_people_and_things_stand_in_one_row() -> None:
    found = understood({**ROW, "Others": "Ben Carter; CARTER, Cal; ", "Phones": "07700 900100|07700 900101"})
    assert [(one.role, one.subject.given_name, one.subject.family_name, one.nature) for one in found.people] == [
        ("subject", "Ada", "Marlowe", "fact"),
        ("with", "Ben", "Carter", "opinion"),
        ("with", "Cal", "CARTER", "opinion"),
    ]
    assert [(one.value, one.said) for one in found.things] == [("07700 900100", "Rang it"), ("07700 900101", "Rang it")]


def test_headings_are_compared_without_regard_to_case_and_marks() -> None:
    assert understood({"REF": "1", "when": "01/06/2026", "first": "Ada"}).precision == "date"


def test_circumstances_of_several_columns_keep_their_headings() -> None:
    assert understood({**ROW, "What": "Ran", "Then": "Hid"}).circumstances == "What: Ran\nThen: Hid"


def test_a_time_is_read_in_the_zone_of_the_source() -> None:
    assert understood(ROW).happened_at == datetime(2026, 6, 1, 9, tzinfo=UTC)
    assert understood(ROW, time_zone="UTC").happened_at == datetime(2026, 6, 1, 10, tzinfo=UTC)
    assert understood(ROW, time_zone="America/New_York").happened_at == datetime(2026, 6, 1, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "kept", "code", "says"),
    [
        ("02/11/2025 01:30", datetime(2025, 11, 2, 5, 30, tzinfo=UTC), "time.ambiguous", "happened twice in America/New_York"),
        ("09/03/2025 02:30", datetime(2025, 3, 9, 7, 30, tzinfo=UTC), "time.nonexistent", "did not happen in America/New_York"),
        ("26/10/2025 01:30", datetime(2025, 10, 26, 5, 30, tzinfo=UTC), "", ""),  # twice in London, once there
        ("30/03/2025 01:30", datetime(2025, 3, 30, 5, 30, tzinfo=UTC), "", ""),
    ],
)
def test_a_time_that_happened_twice_or_never_is_judged_by_the_clocks_of_the_source(when: str, kept: datetime, code: str, says: str) -> None:
    found = understood({**ROW, "When": when}, time_zone="America/New_York")
    assert (found.happened_at, [one.code for one in found.cautions]) == (kept, [code] if code else [])
    assert all(says in one.sentence for one in found.cautions)


def test_a_birth_date_is_the_day_that_the_cell_shows_in_every_zone() -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"):
        (person, *_) = understood({**ROW, "Born": datetime(2012, 2, 14)}, time_zone=zone).people
        assert person.subject.birth_date == date(2012, 2, 14)


def test_a_time_that_happened_twice_is_kept_and_flagged() -> None:
    found = read_row(values={**ROW, "When": "26/10/2025 01:30"}, mapping=mapping(), now=NOW)
    assert isinstance(found, Allowed)
    assert [caution.code for caution in found.step.cautions] == ["time.ambiguous"]


@pytest.mark.parametrize(
    ("cells", "faults"),
    [
        ({"Ref": " "}, [("Ref", "engagement.no_number")]),
        ({"When": ""}, [("When", "engagement.no_time")]),
        ({"When": "yesterday"}, [("When", "engagement.date")]),
        ({"When": "2026-06-01 10:00"}, [("When", "engagement.date")]),  # not a form of this source's
        ({"When": "05/06/2026 10:00"}, [("When", "engagement.future")]),
        ({"Born": "02/06/2026"}, [("Born", "engagement.unborn")]),
        ({"First": "", "Last": ""}, [("First", "engagement.nobody")]),
        ({"First": "A" * 81}, [("First", "engagement.too_long")]),
        ({"Last": "M\x00"}, [("Last", "engagement.unreadable_text")]),
        ({"Phones": "none"}, [("Phones", "engagement.thing")]),
        ({"Others": "Ben; " + "C" * 81}, [("Others", "engagement.too_long")]),
        ({"Ref": "", "When": "never"}, [("When", "engagement.date"), ("Ref", "engagement.no_number")]),
    ],
)
def test_every_fault_is_given_by_its_column(cells: dict[str, str], faults: list[tuple[str, str]]) -> None:
    assert read({**ROW, **cells}) == faults


def test_a_code_that_the_list_does_not_know_says_what_it_knows() -> None:
    codes = {"district": {"north": ["N"], "south": ["S"]}}
    columns = {**TABLE["columns"], "district": ["Area"]}
    assert understood({**ROW, "Area": "n"}, codes=codes, columns=columns).district == "north"
    found = read_row(values={**ROW, "Area": "W"}, mapping=mapping(codes=codes, columns=columns), now=NOW)
    assert not isinstance(found, Allowed)
    assert found[0].field == "Area"
    assert "north and south" in found[0].sentence


def test_what_a_source_never_says_is_said_for_it() -> None:
    assert understood(ROW, always={"district": "north"}).district == "north"


def test_each_person_is_a_report_of_their_own() -> None:
    found = understood({**ROW, "Others": "Ben Carter", "What": "Ran"})
    first, second = (report_of(found, place, now=NOW) for place in (1, 2))
    assert (first.external_id, second.external_id) == ("1/1", "1/2")
    assert (second.subject.given_name, second.kind, second.reporter_name, second.circumstances) == (
        "Ben",
        "stop_search",
        "A try",
        "What: Ran",
    )


def test_a_file_without_an_owed_column_is_named() -> None:
    (gap,) = headings_gaps(columns=("Ref", "First"), mapping=mapping())
    assert gap.code == "engagement.columns_missing"
    assert "“When”" in gap.sentence


def test_what_each_column_becomes_is_said_and_an_unread_one_becomes_nothing() -> None:
    said = becomes(columns=("Ref", "First", "Phones", "Shoe size"), mapping=mapping())
    assert said == {"Ref": ("number",), "First": ("subject: given name",), "Phones": ("phone",), "Shoe size": ()}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"time_zone": "Mars"}, "there is no time zone Mars"),
        ({"time_zone": "localtime"}, "there is no time zone localtime"),
        ({"time_zone": "Europe"}, "there is no time zone Europe"),
        ({"time_zone": "../London"}, "there is no time zone ../London"),
        ({"time_zone": ""}, "there is no time zone"),
        ({"dates": []}, "no form of date"),
        ({"columns": {"number": ["Ref"]}}, "happened_at"),
        ({"columns": {**TABLE["columns"], "shoe": ["Shoe"]}}, "no field shoe"),
        ({"people": [{"role": "king", "columns": {"given_name": ["First"]}}]}, "the role is one of"),
        ({"people": [{"role": "subject", "columns": {"birth_date": ["Born"]}}]}, "neither a name nor a number"),
        ({"things": [{"kind": "boat", "columns": {"value": ["Boat"]}}]}, "thing 1 is one of"),
        ({"codes": {"reason": {"boredom": ["B"]}}}, "which this kind lacks"),
        ({"codes": {"shoe": {"big": ["B"]}}}, "there is no list shoe"),
        ({"codes": {"sex": {"female": ["X"], "male": ["X"]}}}, "stands for two things"),
        ({"grading": {"scheme": ""}}, "scheme of grading"),
        ({"nature": "rumour"}, "fact or opinion"),
        ({"people": "everybody"}, "not in the shape"),
        ({"extra": 1}, "nothing reads extra"),
    ],
)
def test_a_mapping_that_cannot_be_followed_says_why(changes: dict[str, Any], says: str) -> None:
    found = mapping_faults({**TABLE, **changes}, kind="stop_search", kinds=KINDS)
    assert any(says in fault for fault in found), found


def test_a_mapping_of_no_kind_or_lacking_a_part_says_why() -> None:
    assert mapping_faults(TABLE, kind="picnic", kinds=KINDS)[0].startswith("there is no kind of engagement picnic")
    assert mapping_faults({}, kind="crime", kinds=KINDS)[0] == "it lacks version"


@pytest.mark.parametrize(
    ("text", "form", "reads"),
    [
        ("01-JUN-2026", "DD-MON-YYYY", date(2026, 6, 1)),
        ("1/6/2026", "DD/MM/YYYY", date(2026, 6, 1)),
        ("06/01/2026", "MM/DD/YYYY", date(2026, 6, 1)),
        ("2026-06-01T10:20:30Z", "YYYY-MM-DDThh:mm:ssZ", datetime(2026, 6, 1, 10, 20, 30)),
    ],
)
def test_a_date_is_read_by_the_source_s_own_form(text: str, form: str, reads: date) -> None:
    assert wall(text, [form]) == reads


@pytest.mark.parametrize("text", ["31/06/2026", "01/06/0026", "1st of June", "01/06/2026 25:00", ""])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(NotADate):
        wall(text, ["DD/MM/YYYY", "DD/MM/YYYY hh:mm"])
