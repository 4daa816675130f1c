"""An answer that is whole goes back to the loop in one turn; a stream keeps its own pace, on one thread, and is closed there."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from lodestar.config.threads import Threads

SCOPE = {
    "type": "http",
    "method": "GET",
    "path": "/board/",
    "query_string": b"a=1",
    "http_version": "1.1",
    "headers": [(b"cookie", b"x=y")],
}


class Answer:
    """What Django hands the server."""

    def __init__(self, parts: Iterable[bytes], *, streaming: bool) -> None:
        self.parts, self.streaming = parts, streaming
        self.closed_on = ""

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.parts)

    def close(self) -> None:
        self.closed_on = threading.current_thread().name


def asked(pages: Callable[..., Any]) -> list[dict[str, Any]]:
    """Every message that one request is answered with."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append({**message, "on": threading.current_thread().name})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    asyncio.run(Threads(pages, threads=2)(SCOPE, receive, send))
    return sent


def test_a_whole_answer_is_a_head_and_a_body_and_is_closed_before_it_is_sent() -> None:
    answer = Answer([b"<p>", b"whole</p>"], streaming=False)

    def pages(environ: dict[str, Any], start: Callable[..., Any]) -> Answer:
        assert (environ["PATH_INFO"], environ["QUERY_STRING"], environ["HTTP_COOKIE"]) == ("/board/", "a=1", "x=y")
        start("200 OK", [("Content-Type", "text/html"), ("Set-Cookie", "a=b")])
        return answer

    head, body = asked(pages)
    assert head["status"] == 200
    assert head["headers"] == [(b"content-type", b"text/html"), (b"set-cookie", b"a=b")]
    assert body["body"] == b"<p>whole</p>"
    assert not body.get("more_body")
    assert head["on"] == body["on"] != answer.closed_on


def test_a_stream_is_sent_as_it_is_made_on_the_thread_that_it_is_closed_on() -> None:
    made: list[str] = []

    def parts() -> Iterator[bytes]:
        for part in (b"one", b"two"):
            made.append(threading.current_thread().name)
            yield part

    answer = Answer(parts(), streaming=True)

    def pages(_: dict[str, Any], start: Callable[..., Any]) -> Answer:
        start("206 Partial Content", [("X", " y ")])
        return answer

    head, *bodies = asked(pages)
    assert (head["status"], head["headers"]) == (206, [(b"x", b"y")])
    assert [(one["body"], one.get("more_body", False)) for one in bodies] == [(b"one", True), (b"two", True), (b"", False)]
    assert {*made, answer.closed_on} == {answer.closed_on}


def test_what_breaks_while_an_answer_is_made_closes_it_and_is_the_servers_to_hear() -> None:
    def parts() -> Iterator[bytes]:
        yield b"one"
        raise RuntimeError("broken")

    answer = Answer(parts(), streaming=True)

    def pages(_: dict[str, Any], start: Callable[..., Any]) -> Answer:
        start("200 OK", [])
        return answer

    with pytest.raises(RuntimeError, match="broken"):
        asked(pages)
    assert answer.closed_on
