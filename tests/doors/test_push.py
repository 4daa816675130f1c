"""Push, against a real server: every open stream hears of one commit within two seconds, and nothing about a child is on it."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest

from tests.journeys.conftest import PASSWORD
from tests.journeys.world import World, new_world

pytestmark = pytest.mark.slow
STREAMS = 20


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A server of this test's own."""
    made = new_world()
    yield made
    made.end()


def signed_in(world: World, name: str) -> str:
    """The cookies of somebody who signed in through the page."""
    with closing(http.client.HTTPConnection("127.0.0.1", world.port, timeout=10)) as asking:
        asking.request("GET", "/sign-in/login/")
        answer = asking.getresponse()
        token = answer.read().decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        sent = urlencode({"login": name, "password": PASSWORD, "csrfmiddlewaretoken": token})
        head = {"Cookie": cookies_of(answer), "Content-Type": "application/x-www-form-urlencoded"}
        asking.request("POST", "/sign-in/login/", sent, head)
        answer = asking.getresponse()
        answer.read()
        assert answer.status == 302, "signing in did not work"
        return cookies_of(answer)


def cookies_of(answer: http.client.HTTPResponse) -> str:
    jar = SimpleCookie()
    for line in answer.headers.get_all("Set-Cookie") or []:
        jar.load(line)
    return "; ".join(f"{name}={crumb.value}" for name, crumb in jar.items())


class Stream(threading.Thread):
    """One open page, listening; it notes when it first hears of a change."""

    def __init__(self, world: World, cookies: str) -> None:
        super().__init__(daemon=True)
        self.asking = http.client.HTTPConnection("127.0.0.1", world.port, timeout=20)
        self.cookies, self.open, self.heard_at, self.lines = cookies, threading.Event(), threading.Event(), list[str]()
        self.when = 0.0

    def run(self) -> None:
        with closing(self.asking):
            self.asking.request("GET", "/events/", headers={"Cookie": self.cookies})
            with closing(self.asking.getresponse()) as answer:
                self.listen(answer)

    def listen(self, answer: http.client.HTTPResponse) -> None:
        """Read until a change is told."""
        while line := answer.readline().decode():
            self.lines.append(line.strip())
            if line.startswith("data:"):
                self.open.set()
            if line.startswith("event: changed"):
                self.when = time.time()
                self.heard_at.set()
                return


def test_twenty_open_streams_hear_of_one_commit_within_two_seconds(world: World) -> None:
    cookies = [signed_in(world, name) for name in ("hazel", "alder", "cedar", "birch")]
    streams = [Stream(world, cookies[number % len(cookies)]) for number in range(STREAMS)]
    for stream in streams:
        stream.start()
    assert all(stream.open.wait(10) for stream in streams), "a stream did not open"
    time.sleep(0.6)  # what signing in wrote has passed
    for stream in streams:
        assert not stream.heard_at.is_set(), stream.lines
    committed = world.do("report_and_when", given="Vera", family="Stream")
    assert all(stream.heard_at.wait(5) for stream in streams), "a stream heard nothing"
    took = sorted(stream.when - committed for stream in streams)
    print(f"commit to {STREAMS} streams: first {took[0]:.2f} s, last {took[-1]:.2f} s")
    assert took[-1] < 2
    assert not any("Vera" in line or "Stream" in line for stream in streams for line in stream.lines)


def test_nobody_signed_out_can_listen(world: World) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", world.port, timeout=10)) as asking:
        asking.request("GET", "/events/")
        answer = asking.getresponse()
        answer.read()
        assert answer.status == 403
