"""The lodestar command: a manual at its head, every part where it says, and a service that starts and stops cleanly."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from lodestar.doors.cli.main import PARTS, main
from lodestar.doors.cli.system import OURSELVES

ROOT = Path(__file__).resolve().parents[3]
STARTS_WITHIN = 60.0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def settings_of(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LODESTAR_", "DJANGO_"))}
    return {**kept, "LODESTAR_VAR": str(folder), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command from another folder, as a person types it."""
    return subprocess.run([*OURSELVES, *words], env=settings_of(folder), cwd=folder, capture_output=True, text=True, check=False)


@contextmanager
def running(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """The whole service with an empty database, until it answers."""
    service = subprocess.Popen(
        [*OURSELVES, "run", "--empty", "--port", str(port)],
        env=settings_of(folder),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        wait_for(port, service)
        yield service
    finally:
        if service.poll() is None:
            os.killpg(service.pid, signal.SIGKILL)
        service.wait()


def wait_for(port: int, service: subprocess.Popen[str]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        assert service.poll() is None, service.stdout.read() if service.stdout else ""
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the service did not answer")


def status(port: int, path: str) -> int:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def stopped(service: subprocess.Popen[str], how: signal.Signals) -> str:
    service.send_signal(how)
    said, _ = service.communicate(timeout=30)
    assert service.returncode == 0, said
    return said


def test_the_manual_names_every_part_with_one_line_and_gives_examples() -> None:
    manual = " ".join(CliRunner().invoke(main, ["--help"]).output.split())
    assert [name for name, part in PARTS.items() if f"{name} {part.line}" not in manual] == []
    assert "Examples: lodestar run" in manual
    assert "Exit codes: 0 done" in manual


def test_every_part_of_the_manual_is_where_it_says() -> None:
    places = {name: ROOT / "lodestar" / "doors" / part.where.split(":")[0].replace(".", "/") for name, part in PARTS.items()}
    missing = [name for name, place in places.items() if not (place.with_suffix(".py").is_file() or (place / "__init__.py").is_file())]
    assert missing == []


@pytest.mark.parametrize("name", [name for name, part in PARTS.items() if not part.needs_django])
def test_figures_from_a_file_start_without_the_framework(name: str) -> None:
    asked = (
        f"import sys; from click.testing import CliRunner; from lodestar.doors.cli.main import main; CliRunner().invoke(main, [{name!r}])"
    )
    told = subprocess.run(
        [sys.executable, "-c", f"{asked}; print('django' in sys.modules)"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "False"


def test_a_command_that_is_not_there_ends_with_two() -> None:
    result = CliRunner().invoke(main, ["nonsense"])
    assert (result.exit_code, "No such command" in result.output) == (2, True)


def test_the_launcher_finds_the_code_from_any_folder(tmp_path: Path) -> None:
    launcher = ROOT / ".venv" / "bin" / "lodestar"
    told = subprocess.run([launcher, "--version"], cwd=tmp_path, env=settings_of(tmp_path), capture_output=True, text=True, check=True)
    assert re.fullmatch(r"lodestar, version \d+\.\d+\.\d+", told.stdout.strip())


def two_children(service: subprocess.Popen[str]) -> list[str]:
    """The server and its jobs, once the command that says as whom one may sign in has ended."""
    children, until = Path(f"/proc/{service.pid}/task/{service.pid}/children"), time.monotonic() + 60
    while len(found := children.read_text().split()) > 2 and time.monotonic() < until:
        time.sleep(0.1)
    assert len(found) == 2
    return found


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_service_starts_answers_and_stops_both_its_processes(tmp_path: Path, how: signal.Signals) -> None:
    port = free_port()
    with running(tmp_path, port) as service:
        assert status(port, "/sign-in/login/") == 200
        children = two_children(service)
        said = stopped(service, how)
    assert "Stopped. Everything that was confirmed is kept." in said
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


@pytest.mark.slow
def test_a_second_run_keeps_what_the_first_wrote(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port) as service:
        stopped(service, signal.SIGTERM)
    key = (tmp_path / "secret").read_bytes()
    with closing(sqlite3.connect(tmp_path / "lodestar.sqlite3")) as database, database:
        database.execute("INSERT INTO django_session VALUES ('written between', '', '2030-01-01')")
    with running(tmp_path, port) as service:
        stopped(service, signal.SIGTERM)
    with closing(sqlite3.connect(tmp_path / "lodestar.sqlite3")) as database:
        kept = database.execute("SELECT count(*) FROM django_session WHERE session_key = 'written between'").fetchone()
    assert (kept, (tmp_path / "secret").read_bytes()) == ((1,), key)


@pytest.mark.slow
def test_a_busy_port_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = command(tmp_path, "run", "--port", str(port))
    assert told.returncode == 1
    assert (
        told.stderr
        == f"Error: Port {port} of 127.0.0.1 cannot be opened. Something else is using it. Choose another: lodestar run --port 8001\n"
    )
    assert not (tmp_path / "lodestar.sqlite3").exists()


@pytest.mark.slow
def test_a_service_killed_outright_leaves_nothing_on_the_port(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port) as service:
        children = Path(f"/proc/{service.pid}/task/{service.pid}/children").read_text().split()
        service.kill()
        service.communicate(timeout=30)  # until nobody holds the other end of its output: the children too
        time.sleep(0.5)
    assert [pid for pid in children if alive(pid)] == []
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))


def alive(pid: str) -> bool:
    """Whether a process still runs; one that ended and waits to be counted does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
