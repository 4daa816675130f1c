"""The day of a plan, looked at: bars in order, what lies outside one's reach unnamed, and the same lines as a table."""

from __future__ import annotations

from typing import Any

from lodestar.core.tasking.picture import LEFT, WIDTH, days

PROBLEM: dict[str, Any] = {
    "assets": [
        {"id": "P-1", "name": "PC Rowan", "shifts": [{"start": 0, "end": 480}]},
        {"id": "P-2", "name": "PC Holly", "shifts": [{"start": 60, "end": 480}]},
        {"id": "P-3", "name": "PC Idle", "shifts": [{"start": 0, "end": 600}]},
    ]
}
PLAN: dict[str, Any] = {
    "routes": [
        {
            "asset": "P-2",
            "travel": 10,
            "stops": [
                {"start": 60, "end": 90, "place": "NOR", "travel": 0},
                {"task": "T-9", "start": 100, "end": 130, "place": "SOU", "travel": 10},
            ],
        },
        {"asset": "P-1", "travel": 5, "stops": [{"task": "T-4", "start": 5, "end": 65, "place": "NOR", "travel": 5}]},
        {"asset": "P-3", "travel": 0, "stops": []},
    ]
}
DAY = days(problem=PROBLEM, plan=PLAN, titles={"T-4": ("Search premises, M-1", "Life and immediate safety")})


def test_only_whoever_has_work_has_a_row_and_the_scale_is_their_longest_shift() -> None:
    assert [person.name for person in DAY.people] == ["PC Rowan", "PC Holly"]
    assert (DAY.x(0), DAY.x(DAY.end), DAY.x(DAY.end + 60)) == (LEFT, WIDTH, WIDTH)


def test_the_table_has_every_bar_but_the_way_there_by_time_and_what_is_beyond_reach_has_no_name() -> None:
    lines = [(bar.start, person.name, bar.title, bar.note) for bar, person in DAY.lines()]
    assert lines == [
        (5, "PC Rowan", "Search premises, M-1", "Life and immediate safety"),
        (60, "PC Holly", "Already given away", ""),
        (100, "PC Holly", "Other work", ""),
    ]
    assert [bar.kind for bar in DAY.people[1].bars] == ["busy", "way", "task"]
