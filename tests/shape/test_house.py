"""The rules of the house that a machine can hold: sizes, names, and what stands where."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib

import pytest

from tests.shape.source import ROOT, length, positional, sources

MOST_LINES, MOST_FUNCTION_LINES, USUAL_FUNCTION_LINES, MOST_POSITIONAL = 400, 80, 35, 4
DUMPING_ROOMS = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "base_utils", "lib"}
UNFINISHED = re.compile(r"TO" r"DO|FIX" r"ME|NotImplemented" r"Error|pragma: no " r"cover|x" r"fail|\bski" r"p\(")
ROOMS = {"config", "doors", "actions", "store", "core", "playbooks"}


def imports_in(function: ast.AST) -> list[ast.stmt]:
    return [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]


def test_the_house_has_the_rooms_of_the_design_and_no_other() -> None:
    found = {path.parent.name for path in (ROOT / "lodestar").glob("*/*") if path.parent.name != "__pycache__"}
    assert found == ROOMS


def test_playbooks_hold_data_and_no_code() -> None:
    held = {path.suffix for path in (ROOT / "lodestar" / "playbooks").rglob("*") if path.is_file()}
    assert held == {".toml"}


def test_the_import_contracts_have_no_exceptions() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert settings["root_packages"] == ["lodestar"]
    for contract in settings["contracts"]:
        assert "ignore_imports" not in contract, contract["name"]
        assert contract.get("unmatched_ignore_imports_alerting", "error") == "error", contract["name"]
    named = [contract["type"] for contract in settings["contracts"]]
    assert {"layers", "independence", "forbidden"} <= set(named)


def test_core_starts_without_django() -> None:
    names = [source.path[: -len(".py")].replace("/", ".") for source in sources("lodestar/core")]
    program = f"import importlib, sys\nfor name in {names!r}: importlib.import_module(name)\nprint('django' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "False"


def test_numpy_and_scipy_stay_in_the_nouns_that_count() -> None:
    allowed = ("lodestar/core/measures/", "lodestar/core/tasking/", "lodestar/core/forecast/", "lodestar/core/identity/")
    strays = [
        source.path
        for source in sources("lodestar/core")
        if not source.path.startswith(allowed) and re.search(r"^\s*(from|import) (numpy|scipy)\b", source.text, re.MULTILINE)
    ]
    assert strays == []


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    assert [f"{source.path}: {source.lines}" for source in sources("lodestar", "tests", "scripts") if source.lines > MOST_LINES] == []


def test_functions_are_short() -> None:
    lengths = sorted(length(function) for source in sources("lodestar") for function in source.functions)
    assert lengths[int(len(lengths) * 0.95)] <= USUAL_FUNCTION_LINES
    long = [
        f"{source.path}:{function.lineno} {function.name}"
        for source in sources("lodestar")
        for function in source.functions
        if length(function) > MOST_FUNCTION_LINES
    ]
    assert long == []


def test_few_arguments_are_given_by_place() -> None:
    """A function that only its own file calls may take one more: its reader sees both ends."""
    many = [
        f"{source.path}:{function.lineno} {function.name}"
        for source in sources("lodestar")
        for function in source.functions
        if positional(function) > MOST_POSITIONAL + function.name.startswith("_")
    ]
    assert many == []


def test_public_functions_of_core_and_actions_are_typed_and_documented() -> None:
    bare = []
    for source in sources("lodestar/core", "lodestar/actions"):
        for node in source.tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
                typed = node.returns is not None and all(argument.annotation for argument in arguments)
                if not typed or ast.get_docstring(node) is None:
                    bare.append(f"{source.path}:{node.lineno} {node.name}")
    assert bare == []


def test_imports_stand_at_the_head_of_a_file() -> None:
    inside = [
        f"{source.path}:{function.lineno} {function.name}"
        for source in sources("lodestar", "tests", "scripts")
        for function in source.functions
        if imports_in(function)
    ]
    assert inside == []


def test_there_is_no_dumping_room() -> None:
    parts = [source.path for source in sources("lodestar", "tests", "scripts")]
    assert [path for path in parts if DUMPING_ROOMS & set(path.removesuffix(".py").split("/"))] == []


def test_nothing_is_marked_as_unfinished_or_left_unchecked() -> None:
    marked = [
        f"{source.path}:{number}"
        for source in sources("lodestar", "tests", "scripts")
        for number, line in enumerate(source.text.splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert marked == []


@pytest.mark.parametrize("room", ["core", "actions", "store"])
def test_only_the_command_prints(room: str) -> None:
    printed = [
        f"{source.path}:{node.lineno}"
        for source in sources(f"lodestar/{room}")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printed == []
