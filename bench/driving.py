"""Clients: closed loops over real connections to a real server, and listeners on the push stream."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Times:
    """What a run measured, in milliseconds."""

    count: int
    median: float
    p95: float
    most: float
    a_second: float


def summed(times: list[float], seconds: float) -> Times:
    """The run in a few figures."""
    ordered = sorted(times)
    return Times(len(ordered), median(ordered), ordered[int(len(ordered) * 0.95)], ordered[-1], len(ordered) / seconds)


def closed_loop(*, clients: int, seconds: float, ask: Callable[[http.client.HTTPConnection, int, int], None], port: int) -> Times:
    """So many clients, each asking again as soon as it is answered."""
    times: list[list[float]] = [[] for _ in range(clients)]
    begun, stop = time.perf_counter(), time.perf_counter() + seconds

    def run(place: int) -> None:
        line, number = http.client.HTTPConnection("127.0.0.1", port, timeout=60), 0
        while time.perf_counter() < stop:
            at = time.perf_counter()
            ask(line, place, number)
            times[place].append((time.perf_counter() - at) * 1000)
            number += 1

    threads = [threading.Thread(target=run, args=(place,)) for place in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return summed([one for some in times for one in some], time.perf_counter() - begun)


def asking_board(session: str) -> Callable[[http.client.HTTPConnection, int, int], None]:
    """Ask for the board as somebody signed in."""

    def ask(line: http.client.HTTPConnection, _place: int, _number: int) -> None:
        line.request("GET", "/board/", headers={"Cookie": f"sessionid={session}"})
        answer = line.getresponse()
        body = answer.read()
        if answer.status != 200 or b"<h1" not in body:
            raise SystemExit(f"the board answered {answer.status}")

    return ask


def sending_reports(key: str, run: str) -> Callable[[http.client.HTTPConnection, int, int], None]:
    """Send a new report each time."""

    def ask(line: http.client.HTTPConnection, place: int, number: int) -> None:
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        body = {
            "source": "bench",
            "external_id": f"{run}-{place}-{number}",
            "reported_at": at,
            "reporter_name": "Joan Marsh",
            "district": f"D{number % 6}",
            "circumstances": "Did not come home",
            "subject": {"given_name": f"New{place}", "family_name": f"{run}{number}", "birth_date": "2012-05-04"},
        }
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        line.request("POST", "/api/v1/reports", json.dumps(body), headers)
        answer = line.getresponse()
        text = answer.read()
        if answer.status != 201:
            raise SystemExit(f"a report was answered {answer.status}: {text[:200]!r}")

    return ask


def push(*, session: str, key: str, port: int, listeners: int, reports: int) -> Times:
    """How long after its report is confirmed each open page hears of it."""
    heard: list[list[float]] = [[] for _ in range(listeners)]
    ready, over = threading.Barrier(listeners + 1), threading.Event()

    def listen(place: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        line.request("GET", "/events/", headers={"Cookie": f"sessionid={session}"})
        answer = line.getresponse()
        answer.readline()
        ready.wait()
        while not over.is_set():
            if answer.readline().startswith(b"event: changed"):
                heard[place].append(time.perf_counter())

    threads = [threading.Thread(target=listen, args=(place,), daemon=True) for place in range(listeners)]
    for thread in threads:
        thread.start()
    ready.wait()
    time.sleep(1)
    line, ask, sent = http.client.HTTPConnection("127.0.0.1", port, timeout=30), sending_reports(key, "push"), []
    begun = time.perf_counter()
    for number in range(reports):
        asked = time.perf_counter()
        ask(line, 0, number)
        sent.append((asked, time.perf_counter()))
        time.sleep(2.5)
    over.set()
    # A page may hear of a commit before its sender has read the answer: that is no time at all.
    firsts = [(next((at for at in one if at >= asked), None), answered) for one in heard for asked, answered in sent]
    late = [max(0.0, at - answered) * 1000 for at, answered in firsts if at is not None]
    missing = listeners * reports - len(late)
    if missing:
        raise SystemExit(f"{missing} of {listeners * reports} pages did not hear of a report")
    return summed(late, time.perf_counter() - begun)
