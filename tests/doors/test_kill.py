"""kill -9 under load loses nothing that was confirmed: each report is there once, with its matter and its audit row."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.journeys.world import World, new_world

pytestmark = pytest.mark.slow
SENDERS, ENOUGH = 4, 25


@pytest.fixture
def world() -> Iterator[World]:
    """A server of this test's own, to be killed."""
    made = new_world()
    yield made
    made.end()


def a_report(number: str) -> dict[str, Any]:
    """One report, of a child of its own."""
    given, family = (f"{word}{number.replace('-', '')}" for word in ("Given", "Family"))
    return {
        "source": "kill",
        "external_id": number,
        "reported_at": "2026-03-02T09:00:00+00:00",
        "reporter_name": "Control room",
        "district": "north",
        "circumstances": "Did not come home",
        "subject": {"given_name": given, "family_name": family, "birth_date": "2012-05-04", "force_person_id": f"P-{number}"},
    }


def sent(world: World, number: str) -> tuple[int, dict[str, Any]]:
    """Send one report; the status and what was answered."""
    asking = http.client.HTTPConnection("127.0.0.1", world.port, timeout=15)
    head = {"Authorization": f"Bearer {world.keys['test machine']}", "Content-Type": "application/json"}
    try:
        asking.request("POST", "/api/v1/reports", json.dumps(a_report(number)), head)
        answer = asking.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        asking.close()


@dataclass
class Load:
    """Several machines sending as fast as they can, until the server is gone."""

    world: World
    confirmed: dict[str, dict[str, Any]] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)
    others: list[int] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)

    def run(self, sender: int) -> None:
        """Send until the connection breaks."""
        for turn in range(10_000):
            number = f"{sender}-{turn}"
            self.tried.add(number)
            try:
                status, answer = sent(self.world, number)
            except (OSError, http.client.HTTPException, json.JSONDecodeError):
                return
            if status in (200, 201):
                self.confirmed[number] = answer
            else:
                self.others.append(status)
            if len(self.confirmed) >= ENOUGH:
                self.enough.set()


def killed_under_load(world: World) -> Load:
    """Load the server, kill it outright in the middle, and start it again."""
    load = Load(world)
    senders = [threading.Thread(target=load.run, args=(number,)) for number in range(SENDERS)]
    for thread in senders:
        thread.start()
    assert load.enough.wait(60), f"only {len(load.confirmed)} were confirmed; others {load.others[:5]}"
    world.stop(outright=True)
    for thread in senders:
        thread.join(30)
    world.start()
    return load


def test_nothing_confirmed_is_lost_and_nothing_is_there_twice(world: World) -> None:
    load = killed_under_load(world)
    assert load.others == []
    kept = world.do("kept", source="kill")
    assert kept["broken"] == "", "the audit's chain is whole"
    for number, answer in load.confirmed.items():
        report, matter, audited = kept["reports"][number]
        assert (report, matter, audited) == (answer["report"], answer["matter"], True)
    assert set(kept["reports"]) <= load.tried, "nothing is there that nobody sent"
    for pk, matter, audited in kept["reports"].values():
        assert matter, f"report {pk} has no matter"
        assert audited, f"report {pk} has no audit row"
    for number, first in load.confirmed.items():
        status, again = sent(world, number)
        assert (status, again["repeated"], again["report"], again["matter"]) == (200, True, first["report"], first["matter"])
    for number in load.tried - set(load.confirmed):
        assert sent(world, number)[0] in (200, 201)
    after = world.do("kept", source="kill")
    assert set(after["reports"]) == load.tried
    assert after["count"] == len(load.tried), "no report is there twice"
    assert after["broken"] == ""
    print(f"confirmed {len(load.confirmed)} before the kill, {len(load.tried)} sent; all are there once")
