"""Pack the source of this commit, with its sum beside it. Nothing that is not committed is packed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "var" / "release"


def git(*words: str) -> str:
    """What git says."""
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def main() -> int:
    """Refuse a work tree with changes; else write the archive and its sum."""
    if git("status", "--porcelain"):
        print("release: there are changes that are not committed. Commit them, so that the archive is a commit.", file=sys.stderr)
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    name = f"lodestar-{git('describe', '--tags', '--always')}"
    archive = TARGET / f"{name}.tar.gz"
    git("archive", "--format=tar.gz", f"--prefix={name}/", f"--output={archive}", "HEAD")
    total = hashlib.sha256(archive.read_bytes()).hexdigest()
    archive.with_suffix(".gz.sha256").write_text(f"{total}  {archive.name}\n")
    print(f"{archive.relative_to(ROOT)}  {archive.stat().st_size // 1024} KiB  sha256 {total}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
