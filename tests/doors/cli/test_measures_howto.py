"""What the guide for analysts shows is what the commands print, and the page of rulesets says what the code holds."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from lodestar.core.measures.spc.false_flags import LENGTHS, SHARES
from lodestar.core.measures.spc.rare import G_EXACT, T_EXACT, t_factors
from lodestar.core.measures.spc.rules import RULESETS
from lodestar.doors.cli.measures import measures

DOCS = Path(__file__).resolve().parents[3] / "docs"
GUIDE = (DOCS / "howto" / "measure-from-a-file.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```\n\$ lodestar measures ([^\n]+)\n(.*?)\n```", GUIDE, re.DOTALL)


def test_the_guide_shows_every_kind_of_figure() -> None:
    assert {command.split()[0] for command, _ in SHOWN} == {"km", "competing", "mcf", "spc", "tchart", "funnel", "interval"}


@pytest.mark.parametrize(("command", "shown"), SHOWN, ids=[command for command, _ in SHOWN])
def test_what_the_guide_shows_is_what_comes_out(command: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DOCS.parent)
    done = CliRunner().invoke(measures, shlex.split(command))
    printed = (done.stdout or done.stderr).rstrip("\n")
    before, cut, after = shown.partition("\n...")
    assert printed == shown or (cut and printed.startswith(before + "\n") and printed.endswith(after))


def test_the_page_of_rulesets_says_what_the_code_holds() -> None:
    page = (DOCS / "reference" / "rulesets.md").read_text(encoding="utf-8")
    assert [name for name in (*RULESETS, T_EXACT.id, G_EXACT.id) if f"`{name}`" not in page] == []
    assert all(f"{t_factors(gaps)[2]:.3f}" in page for gaps in (10, 15, 25, 50))
    for points in (8, 12, 24, 36, 60):
        place = LENGTHS.index(points)
        shares = (SHARES[which, screened][place] for screened in (True, False) for which in ("latest", "any"))
        line = f"| {points} | " + " | ".join(f"{100 * share:.1f}%" for share in shares) + " |"
        assert line in page, line
