"""Every test on SQLite and the same tests on a real PostgreSQL; any failure on either fails the whole.

The two databases share nothing, so what needs no browser runs on both at once, one to a processor. The journeys follow,
one database after the other: what they promise of seconds would not hold on a machine that is full.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
PYTEST = [PYTHON, "-m", "pytest", "-q", "tests"]
ON_POSTGRES = [PYTHON, str(ROOT / "scripts" / "postgres.py"), "--"]
WITHOUT_BROWSER, JOURNEYS = ["-m", "not journey"], ["-m", "journey"]


def heading(words: str, begun: float) -> None:
    """Say what comes, and how long it has taken so far."""
    print(f"== {words}  ({time.monotonic() - begun:.0f} s)", flush=True)


def side_by_side(begun: float) -> list[int]:
    """What needs no browser on both databases at once; the second one's words wait until the first has said all of its own."""
    with tempfile.TemporaryFile() as kept:
        postgres = subprocess.Popen([*ON_POSTGRES, *PYTEST, *WITHOUT_BROWSER], cwd=ROOT, stdout=kept, stderr=subprocess.STDOUT)
        try:
            heading("Tests on SQLite; beside them, the same on PostgreSQL", begun)
            sqlite = subprocess.run([*PYTEST, *WITHOUT_BROWSER], cwd=ROOT, check=False).returncode
            postgres.wait()
        finally:
            postgres.terminate()
        heading("What they said on PostgreSQL", begun)
        kept.seek(0)
        sys.stdout.buffer.write(kept.read())
        sys.stdout.flush()
        return [sqlite, postgres.returncode]


def main() -> int:
    """All four runs, whatever each of them found."""
    begun = time.monotonic()
    codes = side_by_side(begun)
    for name, before in (("SQLite", []), ("PostgreSQL", ON_POSTGRES)):
        heading(f"Journeys in a browser on {name}", begun)
        codes.append(subprocess.run([*before, *PYTEST, *JOURNEYS], cwd=ROOT, check=False).returncode)
    heading("All passed" if not any(codes) else "Something failed: it is above", begun)
    return 1 if any(codes) else 0


if __name__ == "__main__":
    sys.exit(main())
