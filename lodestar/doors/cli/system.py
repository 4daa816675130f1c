"""``lodestar run`` and ``lodestar migrate``: the database brought up to date, the server, and the jobs beside it."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

import click
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command

SERVED = "lodestar.config.asgi:application"
ROOT = Path(__file__).resolve().parents[3]
GRACE_SECONDS = 10.0
PROCESSES = max(1, min(8, os.cpu_count() or 1))  # one a core: a page is work for the processor
BEAT_SECONDS = 0.2
READY_SECONDS = 60.0
RESTART_SECONDS = 5.0
LIBC = ctypes.CDLL(None)  # opened here: nothing may be loaded between fork and exec
SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of Linux's prctl(2)
OURSELVES = (sys.executable, "-c", "from lodestar.doors.cli.main import main; main(prog_name='lodestar')")


class Stopped(Exception):
    """Somebody asked for the service to stop."""


@click.command()
def migrate() -> None:
    """Bring the database up to this version; what is in it is kept."""
    prepare()
    click.echo("The database is up to date.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--workers", default=PROCESSES, show_default=True, type=click.IntRange(1, 64), help="Server processes.")
@click.option("--empty", is_flag=True, help="Do not load the demonstration force the first time.")
def run(host: str, port: int, workers: int, empty: bool) -> None:
    """Start the service and its jobs; the first time, with a demonstration force.

    The database is made or brought up to date, and kept from one run to the next. Stop with Ctrl-C.
    """
    refuse_if_busy(host, port)
    prepare()
    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    first = not empty and not settings.PRODUCTION and not get_user_model().objects.exists()
    try:
        if first:
            step("Loading the demonstration force", lambda: child("demo", "load"))
        serve(host, port, workers)
    except Stopped as asked:
        raise click.ClickException("Stopped before it had started.") from asked


def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
    """A signal is a request to stop both processes, cleanly."""
    raise Stopped


def step(sentence: str, work: Callable[[], None]) -> None:
    """One progress line for one piece of work, with the time it took."""
    click.echo(f"  {sentence} ... ", nl=False)
    sys.stdout.flush()
    begun = time.monotonic()
    work()
    click.echo(f"{time.monotonic() - begun:.0f} s")


def refuse_if_busy(host: str, port: int) -> None:
    """Another program on the port is found out before anything is done, and said in a sentence."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            why = "Something else is using it" if error.errno == errno.EADDRINUSE else (error.strerror or "It cannot be used")
            raise click.ClickException(
                f"Port {port} of {host} cannot be opened. {why}. Choose another: lodestar run --port 8001"
            ) from error


def prepare() -> None:
    """The data folder, the tables, and in production the static files under their lasting names."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # inside the data folder
    step("Bringing the database up to date", lambda: call_command("migrate", verbosity=0, interactive=False))
    if settings.PRODUCTION:
        step("Gathering the static files", lambda: call_command("collectstatic", verbosity=0, interactive=False))


def child(*words: str) -> None:
    """One of our own commands in a process of its own; where it fails, so do we."""
    if subprocess.run([*OURSELVES, *words], env=environment(), check=False).returncode:
        raise click.ClickException(f"`lodestar {' '.join(words)}` did not finish. What it said is above.")


def environment() -> dict[str, str]:
    """Where the children find the code, wherever this was called from."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))}


def start(*command: str) -> subprocess.Popen[bytes]:
    """A child that gets its signals from us, so that Ctrl-C stops each once and in order."""
    tied = end_with_us if sys.platform == "linux" else None  # this process has one thread, so the hook is safe
    return subprocess.Popen([sys.executable, *command], env=environment(), start_new_session=True, preexec_fn=tied)  # noqa: PLW1509


def end_with_us() -> None:
    """In the child, before it becomes the command: should we be killed outright, it stops too, and the port is free again."""
    LIBC.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def start_server(host: str, port: int, workers: int) -> subprocess.Popen[bytes]:
    """The web server. It keeps no access log: addresses of pages say whose record was read, and the audit has that."""
    places = ("--host", host, "--port", str(port), "--workers", str(workers))
    manners = ("--lifespan", "off", "--no-access-log", "--no-server-header", "--log-level", "warning", "--timeout-graceful-shutdown", "3")
    return start("-m", "uvicorn", SERVED, *places, *manners)


def start_jobs() -> subprocess.Popen[bytes]:
    """The sweeper, notices and the audit's seal."""
    return start(*OURSELVES[1:], "jobs", "loop")


def serve(host: str, port: int, workers: int) -> None:
    """The server and its jobs until somebody asks them to stop, or the server fails."""
    server, jobs = start_server(host, port, workers), start_jobs()
    failed = False
    try:
        wait_until_it_answers(server, host, port)
        announce(host, port)
        while server.poll() is None:
            time.sleep(BEAT_SECONDS)
            jobs = jobs if jobs.poll() is None else again()
        failed = True
    except Stopped:
        click.echo("\nStopping ...")
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        stop(server, jobs)
    if failed:
        raise click.ClickException(f"The server ended by itself with code {server.returncode}. What it said is above.")
    click.echo("Stopped. Everything that was confirmed is kept.")


def again() -> subprocess.Popen[bytes]:
    """The jobs ended by themselves; the board says so until they run again."""
    click.echo("The jobs ended by themselves; starting them again.", err=True)
    time.sleep(RESTART_SECONDS)
    return start_jobs()


def stop(*running: subprocess.Popen[bytes]) -> None:
    """Ask each to finish what it is doing; end what does not."""
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with suppress(ProcessLookupError):  # server processes whose own parent was killed outright still hold the port
            os.killpg(process.pid, signal.SIGKILL)


def wait_until_it_answers(server: subprocess.Popen[bytes], host: str, port: int) -> None:
    """Say the address only when it can be opened."""
    until = time.monotonic() + READY_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            with socket.create_connection((reached(host), port), timeout=1):
                return
        except OSError:
            time.sleep(BEAT_SECONDS)


def announce(host: str, port: int) -> None:
    """Where to go, and in a demonstration, as whom."""
    shown = f"[{reached(host)}]" if ":" in reached(host) else reached(host)
    click.echo(f"\nLodestar is at http://{shown}:{port}   (stop with Ctrl-C)\n")
    if not settings.PRODUCTION:
        subprocess.run([*OURSELVES, "demo", "accounts"], env=environment(), check=False)
    sys.stdout.flush()


def reached(host: str) -> str:
    """An address one can open, where the server listens on all of them."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
