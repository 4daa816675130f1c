"""A real server in its own process, with its own database: Django's own live server would empty tables that refuse to be emptied."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

ROOT = Path(__file__).parents[2]
START_WITHIN = 30.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_postgres(address: str) -> str:
    """A fresh database beside the one that the address names."""
    parts = urlsplit(address)
    name = f"lodestar_world_{uuid4().hex[:12]}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(parts._replace(path=f"/{name}"))


def drop_postgres(address: str, name: str) -> None:
    """Take the fresh database away again."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@dataclass
class World:
    """One place with a database, and the server that may be running on it."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="lodestar-world-")))
    port: int = field(default_factory=free_port)
    server: subprocess.Popen[bytes] | None = None
    keys: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        given = os.environ.get("LODESTAR_DATABASE_URL", "")
        self.near = given if given.startswith("postgres") else ""
        address = new_postgres(self.near) if self.near else f"sqlite:///{self.folder}/lodestar.sqlite3"
        self.environment = {
            **os.environ,
            "LODESTAR_ENV": "test",
            "LODESTAR_VAR": str(self.folder),
            "LODESTAR_DATABASE_URL": address,
            "LODESTAR_LOCK_OUT_AFTER": "5",
        }
        (self.folder / "static").mkdir()

    @property
    def url(self) -> str:
        """Where the server answers; a passkey needs a name rather than a number."""
        return f"http://localhost:{self.port}"

    def do(self, what: str, **words: Any) -> Any:
        """Do something outside the server, in a process of its own, on the same database."""
        asked = [sys.executable, "-m", "tests.journeys.outside", what, json.dumps(words)]
        done = subprocess.run(asked, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=900, check=False)
        if done.returncode:
            raise AssertionError(f"{what} failed:\n{done.stdout}\n{done.stderr}")
        return json.loads(done.stdout.splitlines()[-1])

    def start(self) -> None:
        """Start the server and wait until it is ready."""
        words = ["-m", "uvicorn", "lodestar.config.asgi:application", "--host", "127.0.0.1", "--port", str(self.port)]
        with (self.folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, *words, "--log-level", "warning"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        until = time.monotonic() + START_WITHIN
        while time.monotonic() < until:
            if self.server.poll() is not None:
                break
            if self.ready():
                return
            time.sleep(0.1)
        raise AssertionError("The server did not start:\n" + (self.folder / "server.log").read_text()[-3000:])

    def ready(self) -> bool:
        """True when the server answers and its database does."""
        asking = HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            asking.request("GET", "/readyz")
            return asking.getresponse().status == 200
        except OSError:
            return False
        finally:
            asking.close()

    def stop(self, *, outright: bool = False) -> None:
        """Stop the server; outright is kill -9."""
        if self.server is None:
            return
        if outright:
            self.server.kill()
        else:
            self.server.terminate()
        try:
            self.server.wait(timeout=5)
        except subprocess.TimeoutExpired:  # open event streams may hold a polite stop up
            self.server.kill()
            self.server.wait(timeout=5)
        self.server = None

    def end(self) -> None:
        """Stop, and leave nothing behind."""
        self.stop()
        if self.near:
            drop_postgres(self.near, urlsplit(self.environment["LODESTAR_DATABASE_URL"]).path.lstrip("/"))
        shutil.rmtree(self.folder, ignore_errors=True)


def new_world() -> World:
    """A world with the small force in it, and its server running."""
    world = World()
    try:
        world.keys = world.do("fill")
        world.start()
    except BaseException:
        world.end()
        raise
    return world
