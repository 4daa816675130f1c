"""Closed-loop clients: each asks again as soon as it is answered. A process of their own, apart from the server.

Run as ``python -m bench.asking WHAT JSON``; the last line printed is the answer as JSON.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import statistics
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bench.reports import body

Ask = Callable[[http.client.HTTPConnection, int, int], float]


def summary(values: list[float]) -> dict[str, float]:
    """Median, 95th percentile and most, in milliseconds."""
    ordered = sorted(values)
    return {"median": statistics.median(ordered), "p95": ordered[int(0.95 * (len(ordered) - 1))], "most": ordered[-1]}


def board(*, port: int, cookie: str, clients: int, seconds: float) -> dict[str, Any]:
    """The board page over and over, as one person in several windows."""

    def ask(line: http.client.HTTPConnection, _client: int, _number: int) -> float:
        line.request("GET", "/board/", headers={"Cookie": cookie})
        answer = line.getresponse()
        text = answer.read()
        if answer.status != 200 or b"M-" not in text:
            raise SystemExit(f"The board answered {answer.status} without a matter on it.")
        return float(answer.headers["x-bench-ms"])

    return _loop(ask, port=port, clients=clients, seconds=seconds)


def child(*, port: int, cookie: str, person: int, clients: int, seconds: float) -> dict[str, Any]:
    """One child's page over and over."""

    def ask(line: http.client.HTTPConnection, _client: int, _number: int) -> float:
        line.request("GET", f"/people/{person}/", headers={"Cookie": cookie})
        answer = line.getresponse()
        text = answer.read()
        if answer.status != 200 or text.count(b"moj-timeline__item") < 400:
            raise SystemExit(f"The child's page answered {answer.status} with {text.count(b'moj-timeline__item')} entries.")
        return float(answer.headers["x-bench-ms"])

    return _loop(ask, port=port, clients=clients, seconds=seconds)


def intake(*, port: int, key: str, clients: int, seconds: float, mark: str) -> dict[str, Any]:
    """New reports one after another, each of another child."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def ask(line: http.client.HTTPConnection, client: int, number: int) -> float:
        said = body(f"{mark}-{client}-{number}", now=datetime.now(UTC))  # noqa: TID251 - a client's own clock
        line.request("POST", "/api/v1/reports", body=json.dumps(said), headers=headers)
        answer = line.getresponse()
        text = answer.read()
        if answer.status != 201:
            raise SystemExit(f"A new report was answered {answer.status}: {text[:300]!r}")
        return float(answer.headers["x-bench-ms"])

    return _loop(ask, port=port, clients=clients, seconds=seconds)


def _loop(ask: Ask, *, port: int, clients: int, seconds: float) -> dict[str, Any]:
    served: list[float] = []
    walls: list[float] = []
    failed: list[BaseException] = []
    start = threading.Barrier(clients)
    until = [0.0]

    def run(client: int) -> None:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            ask(line, client, 0)  # the first answer opens the connection and warms caches: not counted
            start.wait()
            until[0] = until[0] or time.perf_counter() + seconds
            number = 0
            while time.perf_counter() < until[0]:
                number += 1
                begun = time.perf_counter()
                inside = ask(line, client, number)
                walls.append((time.perf_counter() - begun) * 1000)
                served.append(inside)
        except BaseException as error:  # a client that failed must fail the benchmark, not shorten its list
            failed.append(error)
            start.abort()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise next((error for error in failed if isinstance(error, SystemExit)), failed[0])
    return {"answers": len(walls), "a_second": len(walls) / seconds, "server": summary(served), "wall": summary(walls)}


def listen(*, port: int, cookies: list[str], seconds: float) -> list[list[float]]:
    """Keep the push stream of each cookie open; returns the instants at which each heard of a change."""
    return asyncio.run(_listen(port, cookies, seconds))


async def _listen(port: int, cookies: list[str], seconds: float) -> list[list[float]]:
    ready = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(_hear(port, cookie, seconds, ready)) for cookie in cookies]
    for _ in cookies:
        await ready.acquire()
    print("listening", flush=True)
    return await asyncio.gather(*tasks)


async def _hear(port: int, cookie: str, seconds: float, ready: asyncio.Semaphore) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /events/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
    heard: list[float] = []
    told = False
    try:
        async with asyncio.timeout(seconds):
            while line := await reader.readline():
                if line.startswith(b"event: changed"):
                    heard.append(time.monotonic())
                elif line.startswith(b"event: notices") and not told:
                    told = True
                    ready.release()
        raise SystemExit("A push stream was closed by the server.")
    except TimeoutError:
        return heard
    finally:
        writer.close()


if __name__ == "__main__":
    what, given = sys.argv[1], json.loads(sys.argv[2])
    parts: dict[str, Callable[..., Any]] = {"board": board, "child": child, "intake": intake, "listen": listen}
    print(json.dumps(parts[what](**given)))
