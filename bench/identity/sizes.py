"""What a benchmark at several sizes of a force is told, and where what it finds goes."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from bench.identity import aims


def words(name: str, what: str, page: Path) -> ArgumentParser:
    """The words that it knows: how many people, and whether its page is written."""
    known = ArgumentParser(prog=f"python -m bench.identity.{name}", description=f"Measure {what} on this machine.")
    known.add_argument("--people", default="100000,1000000")
    known.add_argument("--write", action="store_true", help=f"write {page.name} too")
    return known


def sizes(asked: Namespace) -> list[int]:
    """How many people, the fewest first."""
    return sorted(int(size) for size in asked.people.split(","))


def tell(text: str, page: Path, asked: Namespace) -> None:
    """Print the page, and write it where that was asked for."""
    print(text)
    if asked.write:
        page.write_text(text, encoding="utf-8")
        aims.gather()
