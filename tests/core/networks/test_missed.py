"""Safeguarding actions missed for several children in one place: distinct children, dates by hand, and how many it was owed to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lodestar.core.networks.facts import World
from lodestar.core.networks.leads import found
from lodestar.core.networks.missed import Owed, windows
from lodestar.store.playbooks import playbook
from tests.core.networks.examples import in_force, owed

AT = datetime(2026, 6, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = in_force(playbook("NETWORKS"), AT)
SUBJECT = ("MIS-RHI-HELD", "authority", "shire")


def due(number: int, child: int, *, ago: float = 10, done: float | None = None, which: str = "shire") -> Owed:
    at = AT - DAY * ago
    return owed(number, child=child, due_at=at, done_at=None if done is None else at + DAY * done, which=which)


THREE = (due(1, 1), due(2, 2), due(3, 3, done=4))


def keys(*rows: Owed) -> list[str]:
    return [one.key for one in found(world=World(()), rules=RULES, at=AT, owed=rows)]


def test_one_duty_missed_for_three_children_by_one_authority_is_a_lead_about_the_duty() -> None:
    small = World((), episodes={1: (AT - 12 * DAY,), 2: (AT - 200 * DAY,)})
    (lead,) = found(world=small, rules=RULES, at=AT, owed=(*THREE, due(4, 4, done=0)))
    assert lead.key == "missed:MIS-RHI-HELD:authority:shire"
    assert lead.reason == (
        "Return home interview held, owed by Shire Council: missed for 3 of the 4 children it was owed to, 3 times of 4; "
        "done later once, in 90 days. Missed is not on record within 1 day of its time."
    )
    assert (lead.children, lead.events, lead.people, lead.subject) == ((1, 2, 3), ("M-1", "M-2", "M-3"), (1, 2, 3), None)
    assert lead.missing == 1, "of them, who went missing in that time"


@pytest.mark.parametrize(
    "rows",
    [
        (due(1, 1), due(2, 2), due(3, 2), due(4, 1)),  # four times, two children
        (due(1, 1), due(2, 2), due(3, 3, which="city")),  # two bodies
        (due(1, 1), due(2, 2), due(3, 3, done=0.9)),  # within the grace
        (due(1, 1), due(2, 2), due(3, 3, ago=0.5)),  # its grace is not over
        (due(1, 1), due(2, 2), due(3, 3, ago=91)),  # before the window
    ],
)
def test_less_is_no_lead(rows: tuple[Owed, ...]) -> None:
    assert keys(*rows) == []


def test_what_was_done_at_the_end_of_its_grace_was_done_and_a_moment_later_was_not() -> None:
    assert keys(*THREE[:2], due(3, 3, done=1)) == []
    assert keys(*THREE[:2], due(3, 3, done=1.001)) == ["missed:MIS-RHI-HELD:authority:shire"]


def test_the_windows_stand_beside_the_year_before_with_how_many_it_was_owed_to() -> None:
    before = (due(5, 1, ago=375), due(6, 2, ago=376, done=0))
    got = windows(owed=(*THREE, due(4, 4, ago=60, done=0), *before), subject=SUBJECT, rules=RULES, at=AT)
    said = {days: ((len(now.children), now.owed_to), (len(was.children), was.owed_to)) for days, (now, was) in got.items()}
    assert said == {30: ((3, 3), (1, 2)), 90: ((3, 4), (1, 2)), 365: ((3, 4), (1, 2))}
    assert got[30][1].line() == "missed for 1 of the 2 children it was owed to, once of 2; done later never"
    assert windows(owed=(), subject=SUBJECT, rules=RULES, at=AT)[30][0].line() == "it was owed to no child"


def test_every_duty_that_is_looked_at_is_a_clock_and_is_looked_at_once() -> None:
    named = [*RULES.missed["authority"], *RULES.missed["district"]]
    assert len(named) == len(set(named))
    assert {playbook(code).noun for code in named} == {"clock"}
