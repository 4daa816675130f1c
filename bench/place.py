"""A database of its own and a server of its own, on which to measure; both gone afterwards."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from scripts.postgres import postgres

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 60
MANNERS = ("--lifespan", "off", "--no-access-log", "--no-server-header", "--log-level", "warning", "--timeout-graceful-shutdown", "3")


_huge: list[bool] = []  # of each PostgreSQL of this run: whether the machine kept huge pages for it


def database() -> str:
    """The PostgreSQL that was measured, as scripts/postgres.py sets one that is to last."""
    return f"PostgreSQL from a wheel with a quarter of the memory for its pages{', huge ones' if _huge and all(_huge) else ''}"


@dataclass
class Place:
    """Where one database's measurements happen."""

    name: str
    environment: dict[str, str]
    workers: int
    key: str = ""
    port: int = field(default=0)

    def inside(self, what: str, **given: Any) -> Any:
        """Do something with Django set up on this database."""
        return self._ask("bench.inside", what, given)

    def outside(self, what: str, **given: Any) -> Any:
        """Ask the server, from another process."""
        return self._ask("bench.asking", what, {"port": self.port, **given})

    def begin(self, module: str, what: str, given: dict[str, Any]) -> subprocess.Popen[str]:
        """Start one of the processes without waiting for it."""
        words = [sys.executable, "-m", module, what, json.dumps(given)]
        return subprocess.Popen(words, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True)

    def _ask(self, module: str, what: str, given: dict[str, Any]) -> Any:
        return answer(self.begin(module, what, given))

    @contextmanager
    def served(self) -> Iterator[int]:
        """The real server, as ``lodestar run`` starts it, on a free port; the number of its process."""
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            self.port = trial.getsockname()[1]
        words = ["-m", "uvicorn", "bench.serving:application", "--host", "127.0.0.1", "--port", str(self.port)]
        server = subprocess.Popen([sys.executable, *words, "--workers", str(self.workers), *MANNERS], cwd=ROOT, env=self.environment)
        try:
            self._wait(server)
            yield server.pid
        finally:
            server.terminate()
            server.wait(15)

    def _wait(self, server: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            if server.poll() is not None:
                raise SystemExit(f"The server ended by itself with code {server.returncode}.")
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                time.sleep(0.2)
        raise SystemExit("The server did not answer within a minute.")


def answer(running: subprocess.Popen[str]) -> Any:
    """What a process answered on its last line; a failure there is a failure here."""
    said, _ = running.communicate()
    if running.returncode:
        raise SystemExit(f"A part of the benchmark failed with code {running.returncode}. What it said is above.")
    return json.loads(said.strip().splitlines()[-1])


@contextmanager
def place(name: str, *, workers: int, force: bool = True) -> Iterator[Place]:
    """An empty database with the people of the demonstration force in it, or without them and without tables."""
    ready = _prepared if force else lambda made: made
    with tempfile.TemporaryDirectory(prefix="lodestar-bench-") as folder:
        Path(folder, "static").mkdir()
        plain = {key: value for key, value in os.environ.items() if not key.startswith("LODESTAR_")}
        environment = {**plain, "LODESTAR_ENV": "demo", "LODESTAR_VAR": folder, "PYTHONPATH": str(ROOT)}
        if name == "SQLite":
            yield ready(Place(name, environment, workers))
        else:
            with postgres(durable=True) as address:
                with psycopg.connect(address) as line:
                    _huge.append(line.execute("SHOW huge_pages_status").fetchone() == ("on",))
                yield ready(Place(name, {**environment, "LODESTAR_DATABASE_URL": address}, workers))


def _prepared(made: Place) -> Place:
    made.key = made.inside("prepare")["key"]
    return made
