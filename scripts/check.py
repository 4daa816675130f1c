"""Every check but the tests, one line each; all of them run, and any failure fails the whole."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
MANAGE = str(ROOT / "manage.py")


def checks(production: Mapping[str, str], plain: Mapping[str, str]) -> list[tuple[str, list[str], Mapping[str, str]]]:
    """What is checked, how, and with which settings."""
    return [
        ("Lint", [str(BIN / "ruff"), "check", "--quiet", "."], plain),
        ("Format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."], plain),
        ("Types, strict in core and actions, and in what measures", [str(BIN / "mypy")], plain),
        ("Import contracts", [str(BIN / "lint-imports"), "--no-cache"], plain),
        ("Deployment settings", [PYTHON, MANAGE, "check", "--deploy", "--fail-level", "WARNING"], production),
        ("Migrations", [PYTHON, MANAGE, "makemigrations", "--check", "--dry-run"], plain),
        ("Generated docs", [str(BIN / "lodestar"), "docs", "check"], plain),
    ]


def passed(name: str, command: list[str], settings: Mapping[str, str]) -> bool:
    """Run one; show what it said only where it failed."""
    begun = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True, check=False)
    good = done.returncode == 0
    print(f"  {'ok  ' if good else 'FAIL'}  {name}  ({time.monotonic() - begun:.1f} s)", flush=True)
    if not good:
        print(done.stdout + done.stderr, flush=True)
    return good


def share_in_core() -> str:
    """How much of the specification needs no database."""
    listed = subprocess.run(
        [str(BIN / "pytest"), "--collect-only", "-q", "-p", "no:randomly", "tests"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    tests = [line for line in listed.stdout.splitlines() if "::" in line and line.startswith("tests/")]
    core = sum(line.startswith("tests/core/") for line in tests)
    return f"{core} of {len(tests)} tests ({core / len(tests):.0%}) are in tests/core" if tests else "no tests were found"


def main() -> int:
    """All of them, then the share of tests that are pure."""
    with tempfile.TemporaryDirectory() as folder:
        plain = {"LODESTAR_VAR": folder, "DJANGO_SETTINGS_MODULE": "lodestar.config.settings"}
        production = {
            **plain,
            "LODESTAR_ENV": "production",
            "LODESTAR_SECRET_KEY": "-".join(str(number) for number in range(7, 60)),
            "LODESTAR_HOSTS": "lodestar.force.example",
        }
        results = [passed(*check) for check in checks(production, plain)]
    print(f"  {share_in_core()}")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
