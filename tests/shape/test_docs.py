"""The generated pages say what the code says, and what is written by hand leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from lodestar.core.times import say_date
from lodestar.doors.cli import docs
from lodestar.doors.cli.docs import pages, reference, stale
from lodestar.doors.cli.main import PARTS
from lodestar.doors.cli.reference.settings import MEANINGS
from lodestar.doors.cli.reference.states import LIFE_OF
from lodestar.store.playbooks import everything

ROOT = Path(__file__).resolve().parents[2]
PROSE = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(#[^)]*)?\)")
FENCE = re.compile(r"```.*?```", re.DOTALL)


def test_every_generated_page_is_what_the_code_says() -> None:
    assert stale() == (), "Run: lodestar docs build"


def test_no_page_is_in_the_reference_that_nothing_writes() -> None:
    measured = {
        f"benchmarks{part}.md"
        for part in ("", "-measures", "-identity", "-identity-goals", "-identity-live", "-identity-networks", "-tasking")
    }
    by_hand = measured | {"rulesets.md", "custody-case-file.md", "tasking-problem.md", "forecast-scenario.md"}
    assert {path.name for path in reference().glob("*.md")} - by_hand == pages().keys()


def test_writing_the_pages_twice_gives_the_same_bytes() -> None:
    assert pages() == pages()


def test_a_stale_page_is_named_and_the_check_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs, "reference", lambda: tmp_path)
    for name, text in pages().items():
        (tmp_path / name).write_text(text if name != "roles.md" else text + "A role nobody has.\n", encoding="utf-8")
    (tmp_path / "fields.md").unlink()
    done = CliRunner().invoke(docs.docs, ["check"])
    assert done.exit_code == 1
    assert "docs/reference/roles.md" in done.output
    assert "docs/reference/fields.md" in done.output
    assert "docs/reference/states.md" not in done.output


def test_every_playbook_is_on_a_page() -> None:
    whole = "\n".join(text for name, text in pages().items() if name != "routes.md")
    missing = [book.code for book in everything() if book.code != "ACCESS-ROLES" and f"`{book.code}`" not in whole]
    assert missing == []


def test_every_value_not_verified_shows_its_mark_and_why() -> None:
    whole = "\n".join(pages().values())
    for book in everything():
        for block in book.blocks:
            if not block.verified:
                assert block.note in whole, book.code
    assert "⚠ **unverified**" in whole


def test_every_diagram_is_drawn_from_its_table() -> None:
    page = pages()["states.md"]
    for _, life, _ in LIFE_OF:
        assert f"```mermaid\n{life.diagram()}\n```" in page


def test_every_setting_that_the_code_reads_is_explained() -> None:
    read = {
        name
        for path in (ROOT / "lodestar").rglob("*.py")
        for name in re.findall(r'\("(LODESTAR_[A-Z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert read == MEANINGS.keys()


def links() -> Iterator[tuple[Path, str]]:
    for path in PROSE:
        for target, _ in LINK.findall(FENCE.sub("", path.read_text(encoding="utf-8"))):
            if target:
                yield path, target


def test_every_link_in_the_documents_leads_to_a_file() -> None:
    broken = [f"{path.relative_to(ROOT)} -> {target}" for path, target in links() if not (path.parent / target).exists()]
    assert broken == []


def test_every_file_of_code_named_in_the_documents_is_there() -> None:
    gone = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in PROSE
        for name in re.findall(
            r"`((?:lodestar|tests|scripts|docs|requirements)/[\w./-]+\.(?:py|toml|md|txt|csv|html))`", path.read_text(encoding="utf-8")
        )
        if not (ROOT / name).exists()
    ]
    assert gone == []


def test_every_command_named_in_the_documents_is_one() -> None:
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    texts = [path.read_text(encoding="utf-8") for path in PROSE]
    named = {word for text in texts for word in re.findall(r"(?:^|`)make ([a-z-]+)(?=`|$)", text, re.MULTILINE)}
    assert named >= {"run", "test"}
    assert named - known == set()
    parts = {word for text in texts for word in re.findall(r"`(?:\.venv/bin/)?lodestar ([a-z]+)", text)}
    assert len(parts) > 5
    assert parts - PARTS.keys() == set()


def test_the_decisions_are_numbered_without_a_gap_and_each_says_context_options_choice_and_consequence() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        heads = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert heads == ["Context", "Options", "Choice", "Consequence"], path.name


def test_every_playbook_s_newest_value_is_in_the_change_log_with_its_day() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    newest = {book.code: say_date(book.blocks[-1].from_date) for book in everything()}
    missing = [code for code, day in newest.items() if not any(f"| `{code}` |" in line and f"| {day} |" in line for line in lines)]
    assert missing == []


def test_the_licence_is_the_one_that_is_promised() -> None:
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")


def test_every_picture_is_shown_on_a_page() -> None:
    shown = {name for page in PROSE for name in re.findall(r"pictures/([a-z-]+\.png)", page.read_text(encoding="utf-8"))}
    assert {path.name for path in (ROOT / "docs" / "pictures").iterdir()} == shown
