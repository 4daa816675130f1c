"""What is brought in: locked to its content, and of releases that belong together."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from importlib.metadata import metadata
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


def front_end() -> dict[str, str]:
    wanted: dict[str, str] = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return wanted


def pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9][\w.-]*)==(\S+)", text, re.MULTILINE))


def test_the_tests_stand_on_settings_of_their_own() -> None:
    told = "DJANGO_SETTINGS_MODULE was set before the tests began, so they read another place's settings. Unset it."
    assert settings.ENVIRONMENT == "test", told


def test_what_runs_is_what_is_tested() -> None:
    tested = pins("dev")
    assert {package: version for package, version in pins("base").items() if tested.get(package) != version} == {}


def test_each_front_end_package_is_locked_to_its_content() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    brought = {name: entry for name, entry in packages.items() if name}
    assert {name.removeprefix("node_modules/"): entry["version"] for name, entry in brought.items()} == front_end()
    assert [name for name, entry in brought.items() if not entry["integrity"].startswith("sha512-")] == []


def test_the_styles_are_of_the_release_the_macros_are_written_for() -> None:
    """The macros' own page names, beside their version, the release of GOV.UK Frontend they were compared with."""
    macros = metadata("govuk-frontend-jinja")
    row = next(line for line in str(macros.get_payload()).splitlines() if line.startswith(f"| [{macros['Version']}]"))
    assert front_end()["govuk-frontend"] == re.findall(r"\[(\d+\.\d+\.\d+)\]", row)[1]


def test_what_others_keep_is_not_kept_here() -> None:
    words = ["git", "ls-files", "lodestar/doors/web/static/vendor", "node_modules", ".venv", "var"]
    assert subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout == ""


def test_the_oldest_python_promised_is_the_one_the_tools_judge_by() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert tools["ruff"]["target-version"] == "py311"
    assert tools["mypy"]["python_version"] == "3.11"
