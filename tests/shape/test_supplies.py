"""What is brought in: locked by hash, from no named address, and without the marks that belong to gov.uk."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import metadata
from pathlib import Path

import pytest

from tests.shape.source import ROOT, kept

VENDOR = ROOT / "lodestar" / "doors" / "web" / "static" / "vendor"
STATIC = VENDOR.parent
ADDRESS = re.compile(r"https?://|--index-url|--extra-index-url|--find-links", re.IGNORECASE)
FONTS = {".woff", ".woff2", ".ttf", ".otf", ".eot"}


@pytest.mark.parametrize("name", ["base", "dev"])
def test_every_locked_package_has_a_version_and_a_hash(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    packages = re.split(r"\n(?=[a-z0-9])", "\n" + text.split("\n", 2)[-1])
    named = [block for block in packages if re.match(r"\n?[a-z0-9][\w.-]*==", block.lstrip("\n"))]
    assert len(named) > 20
    assert [block.splitlines()[0] for block in named if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("name", ["requirements/base.lock", "requirements/dev.lock", "package-lock.json", ".npmrc", "package.json"])
def test_no_lock_names_an_address(name: str) -> None:
    assert ADDRESS.findall((ROOT / name).read_text(encoding="utf-8")) == []


def test_everything_that_runs_is_also_in_the_lock_of_the_tests() -> None:
    pins = {
        name: dict(re.findall(r"^([a-z0-9][\w.-]*)==(\S+)", (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8"), re.M))
        for name in ("base", "dev")
    }
    assert {package: version for package, version in pins["base"].items() if pins["dev"].get(package) != version} == {}


def test_each_front_end_package_is_locked_to_its_content() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    brought = {name: entry for name, entry in packages.items() if name}
    assert brought
    assert [name for name, entry in brought.items() if not entry["integrity"].startswith("sha512-")] == []


def test_the_styles_are_of_the_release_the_macros_are_written_for() -> None:
    """The macros' own page names, beside their version, the release of GOV.UK Frontend they were compared with."""
    macros = metadata("govuk-frontend-jinja")
    page = str(macros.get_payload())
    row = next(line for line in page.splitlines() if line.startswith(f"| [{macros['Version']}]"))
    wanted = re.findall(r"\[(\d+\.\d+\.\d+)\]", row)[1]
    assert json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]["govuk-frontend"] == wanted


def test_the_front_end_files_are_there_and_not_in_git() -> None:
    assert {"govuk-frontend.min.css", "govuk-frontend.min.js", "moj-frontend.min.css", "htmx.min.js"} <= {
        path.name for path in VENDOR.iterdir()
    }
    assert [name for name in kept() if "/static/vendor/" in name or name.startswith("node_modules/")] == []


def served() -> list[Path]:
    return [path for path in STATIC.rglob("*") if path.is_file()]


def test_no_gov_uk_typeface_or_crown_is_served() -> None:
    assert [path.name for path in served() if path.suffix in FONTS or re.search("crown|crest", path.name, re.IGNORECASE)] == []
    marks = re.compile(r"GDS Transport|@font-face|govuk-crest|logotype-crown", re.IGNORECASE)
    assert [path.name for path in served() if path.suffix in {".css", ".js"} and marks.search(path.read_text(encoding="utf-8"))] == []


def test_every_picture_a_stylesheet_asks_for_is_there() -> None:
    missing = []
    for path in (item for item in served() if item.suffix == ".css"):
        for asked in re.findall(r"url\([\"']?([^)\"']+)[\"']?\)", path.read_text(encoding="utf-8")):
            if not asked.startswith("data:") and not (path.parent / asked).is_file():
                missing.append(f"{path.name}: {asked}")
    assert missing == []


def test_the_oldest_python_promised_is_the_one_the_tools_judge_by() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert settings["ruff"]["target-version"] == "py311"
    assert settings["mypy"]["python_version"] == "3.11"
