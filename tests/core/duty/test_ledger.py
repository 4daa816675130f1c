"""49 early shifts, 16 reviews done: the ledger names the 33 missed, each with one sergeant."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.duty.ledger import Done, Ledger, Roster, ledger
from lodestar.core.times import read_local
from tests.core.duty.replay import DONE, SERGEANTS, SHIFTS, replay_csv

SEVEN = datetime(2021, 3, 15, 7, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def on(day: int, *names: str, lead: str = "") -> list[Roster]:
    start = SEVEN + day * DAY
    return [Roster(start, start + 8 * HOUR, name, name == lead) for name in names]


def replayed() -> Ledger:
    def at(text: str) -> datetime:
        found = read_local(text)
        assert isinstance(found, datetime)
        return found

    rows = list(csv.DictReader(io.StringIO(replay_csv())))
    return ledger(
        roster=[Roster(at(row["shift_start"]), at(row["shift_end"]), row["sergeant"], row["lead"] == "yes") for row in rows],
        done=[Done(at(row["review_done_at"]), row["done_by"]) for row in rows if row["review_done_at"]],
    )


def test_the_ledger_finds_the_33_by_itself() -> None:
    found = replayed()
    assert (len(found.lines), found.count("done"), found.count("late"), found.count("missed")) == (SHIFTS, DONE, 0, 33)
    assert found.extra == ()


def test_each_of_the_33_has_exactly_one_sergeant_who_led_that_shift() -> None:
    leads: dict[str, set[str]] = {}
    for row in csv.DictReader(io.StringIO(replay_csv())):
        if row["lead"] == "yes":
            leads.setdefault(row["shift_start"], set()).add(row["sergeant"])
    missed = replayed().missed
    assert len({line.due_from for line in missed}) == 33
    assert all({line.owed_by} == leads[local(line.due_from)] for line in missed)
    assert sum(replayed().missed_by.values()) == 33
    assert set(replayed().missed_by) <= set(SERGEANTS)


def local(instant: datetime) -> str:
    summer = instant >= datetime(2021, 3, 28, 1, tzinfo=UTC)
    return (instant + summer * HOUR).strftime("%Y-%m-%d %H:%M")


def test_the_replay_has_several_sergeants_on_every_shift_as_the_finding_had() -> None:
    crews = Counter(row["shift_start"] for row in csv.DictReader(io.StringIO(replay_csv())))
    assert len(crews) == SHIFTS and set(crews.values()) == {3}


def test_a_review_done_by_another_sergeant_is_done_and_still_says_who_owed_it() -> None:
    (line,) = ledger(roster=on(0, "A", "B", lead="B"), done=[Done(SEVEN + HOUR, "A")]).lines
    assert (line.outcome, line.owed_by, line.done_by) == ("done", "B", "A")


def test_with_no_lead_marked_the_first_by_name_owes_it_and_the_line_says_so() -> None:
    (line,) = ledger(roster=on(0, "B", "A"), done=[]).lines
    assert (line.owed_by, line.because) == ("A", "First by name of 2 on the shift: no lead was marked.")
    (alone,) = ledger(roster=on(0, "A"), done=[]).lines
    assert alone.because == "The only sergeant on the shift."


def test_at_the_end_of_the_shift_is_in_time_and_a_second_after_is_late() -> None:
    outcomes = [ledger(roster=on(0, "A"), done=[Done(SEVEN + 8 * HOUR + late, "A")]).lines[0].outcome for late in (0 * HOUR, HOUR / 3600)]
    assert outcomes == ["done", "late"]


def test_a_review_never_makes_up_for_a_shift_missed_before() -> None:
    found = ledger(roster=[*on(0, "A"), *on(1, "B")], done=[Done(SEVEN + DAY + HOUR, "A")])
    assert [line.outcome for line in found.lines] == ["missed", "done"]


def test_a_second_review_on_one_shift_and_one_before_the_first_are_kept_apart() -> None:
    early, first, second = Done(SEVEN - HOUR, "A"), Done(SEVEN + HOUR, "A"), Done(SEVEN + 2 * HOUR, "B")
    found = ledger(roster=on(0, "A"), done=[second, early, first])
    assert found.extra == (early, second)
    assert found.lines[0].done_at == first.at


@given(
    st.dictionaries(st.integers(0, 20), st.sets(st.sampled_from("ABCD"), min_size=1), max_size=12),
    st.lists(st.builds(Done, st.integers(-30, 600).map(lambda hours: SEVEN + hours * HOUR), st.sampled_from("ABCD")), max_size=20),
)
def test_every_shift_has_one_line_with_one_person_and_every_review_is_somewhere(crews: dict[int, set[str]], done: list[Done]) -> None:
    found = ledger(roster=[entry for day, names in crews.items() for entry in on(day, *names)], done=done)
    assert [line.due_from for line in found.lines] == sorted(SEVEN + day * DAY for day in crews)
    assert all(line.owed_by in crews[(line.due_from - SEVEN).days] for line in found.lines)
    answered = [line.done_at for line in found.lines if line.done_at is not None]
    assert sorted([*answered, *(review.at for review in found.extra)]) == sorted(review.at for review in done)
    assert found.count("done") + found.count("late") + found.count("missed") == len(found.lines)
