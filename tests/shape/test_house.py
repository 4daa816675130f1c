"""The house's own rules: short files, short functions, no rooms without a name, no exceptions to the contracts."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import quantiles

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "lodestar"
TESTS = ROOT / "tests"
VENDOR = CODE / "doors" / "web" / "static" / "vendor"
LOCKS = ("base", "dev", "bench", "splink4")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
P95_FUNCTION = 35
MOST_POSITIONAL = 4
WORDS_FILE_LINES = 200
PLAYBOOKS_LOADER = "lodestar.store.playbooks"  # reads TOML; nothing of Django
NO_ROOM = {"utils", "util", "helpers", "helper", "common", "misc", "shared"}
# In parts, so that this file does not find itself.
UNFINISHED = tuple(
    one + other for one, other in (("TO", "DO"), ("FIX", "ME"), ("XX", "X:"), ("NotImpl", "emented"), ("pragma: no ", "cover"))
)
SKIPPED = tuple(one + other for one, other in (("mark.sk", "ip"), ("pytest.sk", "ip("), ("mark.xf", "ail"), ("pytest.xf", "ail(")))

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: Path) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def named(path: Path, node: ast.AST | None = None) -> str:
    place = f"{path.relative_to(ROOT)}"
    return f"{place}:{getattr(node, 'lineno', 1)} {getattr(node, 'name', '')}".strip() if node else place


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
    return found


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files(CODE, ROOT / "scripts", TESTS)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    long = [
        f"{named(path, one)} ({length(one)})"
        for path in python_files(CODE, TESTS)
        for one in functions(path)
        if length(one) > LONGEST_FUNCTION
    ]
    assert long == []


def test_nineteen_functions_in_twenty_fit_in_35_lines() -> None:
    lengths = [length(one) for path in python_files(CODE) for one in functions(path)]
    assert quantiles(lengths, n=20)[-1] <= P95_FUNCTION


def test_no_public_function_takes_more_than_four_arguments_by_place_and_no_private_one_more_than_five() -> None:
    many = []
    for path in python_files(CODE):
        for one in functions(path):
            by_place = [argument.arg for argument in (*one.args.posonlyargs, *one.args.args) if argument.arg not in ("self", "cls", "_cls")]
            commands = any("click" in ast.dump(item) or "option" in ast.dump(item) for item in one.decorator_list)
            if len(by_place) > MOST_POSITIONAL + one.name.startswith("_") and not commands:
                many.append(f"{named(path, one)} ({len(by_place)})")
    assert many == []


def test_nothing_is_imported_inside_a_function() -> None:
    inside = [
        named(path, node)
        for path in python_files(CODE)
        for one in functions(path)
        for node in ast.walk(one)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_every_module_is_named_for_a_noun_of_the_service() -> None:
    nameless = [named(path) for path in python_files(CODE) if {path.stem, *path.relative_to(CODE).parts} & NO_ROOM]
    assert nameless == []


def test_the_shared_words_stay_few() -> None:
    assert len((CODE / "core" / "words.py").read_text(encoding="utf-8").splitlines()) <= WORDS_FILE_LINES


def test_every_public_function_of_core_and_actions_says_its_rule() -> None:
    silent = [
        named(path, node)
        for path in python_files(CODE / "core", CODE / "actions")
        for node in tree(path).body
        if isinstance(node, Function) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [named(path) for path in python_files(CODE) if tree(path).body and not ast.get_docstring(tree(path))]
    assert silent == []


def test_playbooks_hold_data_and_no_code() -> None:
    assert [named(path) for path in (CODE / "playbooks").rglob("*") if path.is_file() and path.suffix != ".toml"] == []


@pytest.mark.parametrize("word", UNFINISHED)
def test_nothing_is_left_for_later(word: str) -> None:
    texts = (*python_files(CODE, TESTS, ROOT / "scripts"), *CODE.rglob("*.html"), *CODE.rglob("*.toml"))
    assert [named(path) for path in texts if re.search(rf"\b{re.escape(word)}", path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("word", SKIPPED)
def test_no_test_is_left_out(word: str) -> None:
    assert [named(path) for path in python_files(TESTS) if word in path.read_text(encoding="utf-8")] == []


def test_the_import_contracts_have_no_exceptions() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    excepting = ("ignore_imports", "unmatched_ignore_imports_alerting", "exclude_type_checking_imports")
    assert [key for contract in (settings, *settings["contracts"]) for key in contract if key in excepting] == []
    assert {contract["type"] for contract in settings["contracts"]} >= {"layers", "independence", "forbidden"}


def test_every_door_is_in_the_contract_that_keeps_doors_apart() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    apart = next(contract["modules"] for contract in settings["contracts"] if contract["type"] == "independence")
    assert set(apart) == {f"lodestar.doors.{path.parent.name}" for path in (CODE / "doors").glob("*/__init__.py")}


def test_a_paper_carries_no_crown_and_only_pictures_that_say_what_they_show() -> None:
    files = [path for path in (CODE / "doors" / "papers").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {path.suffix for path in files} == {".py", ".typ"}
    marks = re.compile(r"crown|crest|add_picture|gds transport", re.IGNORECASE)
    assert [named(path) for path in files if marks.search(path.read_text(encoding="utf-8"))] == []
    drawn = [call for path in files for call in re.findall(r"\bimage\([^\n]*", path.read_text(encoding="utf-8"))]
    assert drawn and all(call.startswith("image(bytes(picture.svg)") and "alt: picture.alt" in call for call in drawn)


def test_only_an_action_opens_the_database_for_writing() -> None:
    opening = [
        named(path)
        for path in python_files(CODE)
        if any(
            isinstance(node, ast.Attribute | ast.Name) and "writing" in (getattr(node, "attr", ""), getattr(node, "id", ""))
            for node in ast.walk(tree(path))
        )
        and any(name.startswith("lodestar.store.guard") or name == "lodestar.store.guard" for name in imports(path))
    ]
    assert opening == ["lodestar/actions/perform.py"]


def test_the_tests_of_core_know_no_framework() -> None:
    framework = ("django", "ninja", "pytest_django", "lodestar.store", "lodestar.actions", "lodestar.doors", "lodestar.config")
    knowing = {
        named(path): sorted(name for name in imports(path) if name.startswith(framework) and not name.startswith(PLAYBOOKS_LOADER))
        for path in python_files(TESTS / "core")
    }
    assert {name: found for name, found in knowing.items() if found} == {}


def test_the_loader_of_playbooks_and_the_files_commands_need_no_framework() -> None:
    modules = (PLAYBOOKS_LOADER, "lodestar.doors.cli.measures", "lodestar.doors.cli.duty", "lodestar.doors.cli.main")
    asked = f"import sys, {', '.join(modules)}; print('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() == "False"


def test_the_tests_of_core_pretend_nothing() -> None:
    pretending = [
        named(path)
        for path in python_files(TESTS / "core")
        if any(name.startswith("unittest.mock") for name in imports(path)) or "monkeypatch" in path.read_text(encoding="utf-8")
    ]
    assert pretending == []


@pytest.mark.parametrize("name", ["package-lock.json", *(f"requirements/{lock}.lock" for lock in LOCKS)])
def test_no_lock_file_holds_an_address(name: str) -> None:
    assert ":/" + "/" not in (ROOT / name).read_text(encoding="utf-8")


def test_every_locked_package_has_a_hash() -> None:
    for name in LOCKS:
        text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
        pins = re.findall(r"^[\w.\[\],-]+==.*(?:\n {4}--hash=.*)*", text, re.MULTILINE)
        assert len(pins) > 20
        assert [pin.split("==")[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_the_front_end_shows_no_mark_of_gov_uk() -> None:
    files = [path for path in VENDOR.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"govuk-frontend.min.css", "govuk-frontend.min.js", "moj-frontend.min.css", "htmx.min.js"}
    assert [path.name for path in files if path.suffix in (".woff", ".woff2", ".ttf", ".otf") or "crown" in path.name] == []
    marks = re.compile("crown|crest|gds[ -]transport|@font-face", re.IGNORECASE)
    assert [path.name for path in files if path.suffix in (".css", ".js") and marks.search(path.read_text(encoding="utf-8"))] == []


def test_every_image_a_stylesheet_names_is_there() -> None:
    sheets = {path: path.read_text(encoding="utf-8") for path in VENDOR.glob("*.css")}
    assert [name for text in sheets.values() for name in re.findall(r"url\(([^)]+)\)", text) if not (VENDOR / name).is_file()] == []


def test_no_page_or_style_of_ours_names_the_typeface_or_crown() -> None:
    marks = re.compile("gds transport|govuk-logo|crown", re.IGNORECASE)
    ours = [*(CODE / "doors" / "web" / "templates").rglob("*.html"), *(CODE / "doors" / "web" / "static" / "lodestar").rglob("*.*s*")]
    assert [named(path) for path in ours if marks.search(path.read_text(encoding="utf-8"))] == []
