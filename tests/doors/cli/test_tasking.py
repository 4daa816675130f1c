"""`lodestar tasking solve` and `verify`: files in and out, ended by hand, and files that cannot be used."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bench.tasking.instances import SIZES, instance
from lodestar.doors.cli import tasking_solve
from lodestar.doors.cli.tasking import tasking

ROOT = Path(__file__).parents[3]
MORNING = ROOT / "docs" / "examples" / "tasking" / "morning.json"


def run(*words: object, given: str | bytes = "") -> Result:
    return CliRunner().invoke(tasking, [str(word) for word in words], input=given)


def solved(*options: str) -> str:
    found = run("solve", MORNING, "--iterations", 300, "--json", *options)
    assert found.exit_code == 0, found.output
    return found.stdout


def written(tmp_path: Path, whole: object, name: str = "plan.json") -> Path:
    path = tmp_path / name
    path.write_text(whole if isinstance(whole, str) else json.dumps(whole), encoding="utf-8")
    return path


def test_the_plan_that_solve_writes_is_one_that_verify_passes(tmp_path: Path) -> None:
    found = run("verify", MORNING, written(tmp_path, solved()))
    assert found.exit_code == 0, found.output
    assert found.stdout == "The plan holds: 5 of 6 tasks placed, and it is worth what it says.\n"
    told = run("verify", MORNING, "-", "--json", given=solved("--seed", "2"))
    assert json.loads(told.stdout) == {"holds": True, "faults": []}


def test_the_same_problem_seed_and_steps_give_the_same_bytes_from_a_file_or_from_standard_input() -> None:
    assert solved() == solved()
    assert run("solve", "-", "--iterations", 300, "--json", given=MORNING.read_text()).stdout == solved()


def test_the_text_for_people_has_each_line_what_nobody_does_and_the_gap() -> None:
    found = run("solve", MORNING, "--iterations", 300)
    assert found.exit_code == 0
    assert found.stdout.startswith("Start")
    assert "dive: Nobody on duty who may do it holds diver. One more person on duty who holds diver, between minute 0 and " in found.stdout
    assert "below the best there can be (bound: " in found.stdout


def test_staying_on_is_suggested_where_it_places_work_and_no_longer_than_anybody_may(tmp_path: Path) -> None:
    late = {
        "places": [{"id": "station", "x": 0, "y": 0}],
        "speed_kmh": 40,
        "assets": [{"id": "ash", "name": "PC Ash", "skills": [], "shifts": [{"start": 0, "end": 60, "from": "station", "to": "station"}]}],
        "tasks": [
            {"id": "sit", "title": "Sit with them", "place": "station", "minutes": 45, "earliest": 30, "due": 30, "tier": 0, "value": 1}
        ],
    }
    file = written(tmp_path, late, "late.json")

    def change(*options: object) -> str:
        found = run("solve", file, "--iterations", 10, "--json", *options)
        assert found.exit_code == 0, found.output
        return str(json.loads(found.stdout)["unplaced"][0]["change"])

    assert change("--longest-stay", 20) == "If PC Ash stayed on 15 minutes, it could start at minute 30."
    assert change("--longest-stay", 14) == change() == "One more person on duty, between minute 30 and minute 30."
    assert run("solve", file, "--longest-stay", -1).exit_code == 2


def test_work_already_issued_stays_and_what_is_not_of_the_problem_is_refused(tmp_path: Path) -> None:
    issued = json.loads(solved())
    kept = json.loads(solved("--warm", str(written(tmp_path, issued)), "--seed", "9"))
    assert [(one["task"], one["assets"], one["start"]) for one in kept["assignments"]] == [
        (one["task"], one["assets"], one["start"]) for one in issued["assignments"]
    ]
    sick = json.loads(MORNING.read_text())
    sick["assets"][0]["shifts"] = []
    found = run("solve", written(tmp_path, sick, "sick.json"), "--warm", tmp_path / "plan.json", "--iterations", 100, "--json")
    assert found.exit_code == 0, found.output
    said = json.loads(found.stdout)
    assert all("moved" in one for one in said["unplaced"] if one["task"] != "dive")
    assert run("verify", tmp_path / "sick.json", written(tmp_path, said, "new.json")).exit_code == 0
    issued["assignments"][0]["task"] = "nothing"
    refused = run("solve", MORNING, "--warm", written(tmp_path, issued))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == "plan.json: assignments[0].task: there is no task nothing\n"


def test_seconds_end_the_search() -> None:
    solved()  # compiled by now
    began = time.monotonic()
    assert run("solve", MORNING, "--seconds", 0.2, "--json").exit_code == 0
    assert time.monotonic() - began < 5
    both = run("solve", MORNING, "--seconds", 1, "--iterations", 1)
    assert both.exit_code == 2
    assert "one of the two" in both.output


BREAKS: list[tuple[str, Any]] = [
    ("starts outside its window", lambda said: said["assignments"][0].update(start=999)),
    ("there is no task nothing", lambda said: said["assignments"][0].update(task="nothing")),
    ("must be either placed or unplaced", lambda said: said.update(unplaced=[])),
    ("objective: tier 0", lambda said: said["objective"].update({"0": 99})),
    ("bound: tier 0", lambda said: said["bound"].update({"0": 1})),
    ("this is the plan of another problem", lambda said: said.update(problem_sha256="")),
]


@pytest.mark.parametrize(("fault", "change"), BREAKS)
def test_a_broken_plan_ends_with_1_and_every_fault_by_file(tmp_path: Path, fault: str, change: Any) -> None:
    said = json.loads(solved())
    change(said)
    path = written(tmp_path, said)
    found = run("verify", MORNING, path)
    assert (found.exit_code, found.stdout) == (1, "")
    assert all(line.startswith("plan.json: ") for line in found.stderr.splitlines())
    assert fault in found.stderr
    told = json.loads(run("verify", MORNING, path, "--json").stdout)
    assert not told["holds"]
    assert any(fault in one for one in told["faults"])


def test_a_plan_nested_without_end_is_said_to_be(tmp_path: Path) -> None:
    deep: list[Any] = []
    for _ in range(700):
        deep = [deep]
    found = run("verify", MORNING, written(tmp_path, json.loads(solved()) | {"routes": deep}))
    assert (found.exit_code, found.stderr) == (2, "plan.json: it is nested too deeply.\n")


def bad(*path: Any, value: Any) -> str:
    whole = json.loads(MORNING.read_text())
    inner = whole
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return json.dumps(whole)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (bad("tasks", 0, "place", value="moon"), "tasks[0].place: there is no place moon"),
        (bad("tasks", 0, "earliest", value=-1), "tasks[0].earliest: -1 is below 0"),
        (bad("tasks", 0, "after", value=["tell"]), ".after: it can never start: "),
        (bad("tasks", 0, "crew", value=[]), "tasks[0].crew: it needs at least one slot"),
        (bad("tasks", 0, "minutes", value="45"), "tasks[0].minutes: it must be a number"),
        (bad("tasks", 0, "minutes", value=float("nan")), "tasks[0].minutes: it must be a number"),
        (bad("places", 0, "id", value="\ud800"), "places[0].id: it holds half a character"),
        ("[]", "it must be a table of keys and values"),
        ("{", "line 1 is not JSON"),
        ('{"tasks": [], "tasks": []}', "the key tasks stands twice in one object."),
        ('{"tasks": ' + "1" * 5000 + "}", "a number of thousands of digits"),
        ('{"places": [], "assets": [], "tasks": [], "speed_kmh": 1e99999999999999999999}', "speed_kmh: it must be a number"),
        ('{"places": [], "assets": [], "tasks": [], "speed_kmh": 1e999999999}', "speed_kmh: 1E+999999999 is above 1000"),
        ("[" * 200_000, "it is nested too deeply."),
    ],
)
@pytest.mark.parametrize("verb", ["solve", "verify"])
def test_a_bad_problem_ends_with_2_and_file_path_and_reason(tmp_path: Path, verb: str, text: str, said: str) -> None:
    path = written(tmp_path, text, "problem.json")
    found = run(verb, path, *([MORNING] if verb == "verify" else []))
    assert (found.exit_code, found.stdout) == (2, "")
    assert all(line.startswith("problem.json: ") for line in found.stderr.splitlines())
    assert said in found.stderr


def test_what_is_not_text_and_what_cannot_be_read_twice_is_said() -> None:
    assert "standard input: it is not UTF-8 text" in run("solve", "-", given=b"\xff\xfe{").stderr
    assert "only one of the two files" in run("verify", "-", "-").stderr


def test_a_first_plan_says_that_the_engine_is_compiled_and_later_ones_say_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    solved()
    assert run("solve", MORNING, "--iterations", 10).stderr == ""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))  # read only once, so nothing is compiled again here
    assert run("solve", MORNING, "--iterations", 10).stderr.startswith("Compiling the engine, once after an install or an upgrade")


@pytest.mark.slow
def test_control_c_gives_the_best_plan_so_far_and_is_no_failure(tmp_path: Path) -> None:
    solved()  # compiled by now
    problem = written(tmp_path, instance(size=SIZES["50x250"], seed=1), "problem.json")
    command = ["-c", "from lodestar.doors.cli.main import main; main()"]
    words = [sys.executable, *command, "tasking", "solve", str(problem), "--seconds", "300", "--json"]
    asked = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)})
    time.sleep(15)
    assert asked.poll() is None
    asked.send_signal(signal.SIGINT)
    out, err = asked.communicate(timeout=60)
    assert (asked.returncode, err) == (0, tasking_solve.FIRST.encode())
    found = run("verify", problem, written(tmp_path, out.decode()))
    assert found.exit_code == 0, found.output


def test_control_c_while_the_engine_is_compiled_gives_the_first_plan_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    solved()  # compiled by now
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(tasking_solve, "make_ready", lambda: signal.raise_signal(signal.SIGINT))
    found = run("solve", MORNING, "--seconds", 300, "--json")
    assert (found.exit_code, json.loads(found.stdout)["iterations"]) == (0, 0)
    assert json.loads(found.stdout)["assignments"]
    assert run("verify", MORNING, written(tmp_path, found.stdout)).exit_code == 0
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.slow
@pytest.mark.parametrize(("verb", "presses"), [("solve", 2), ("compile", 1)])
def test_control_c_in_the_first_compile_of_all_is_said_in_a_sentence(tmp_path: Path, verb: str, presses: int) -> None:
    command = [sys.executable, "-c", "from lodestar.doors.cli.main import main; main()", "tasking", verb]
    command += [str(MORNING)] if verb == "solve" else []
    env = os.environ | {"PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(tmp_path)}
    asked = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    assert asked.stderr is not None
    try:
        assert asked.stderr.readline().startswith(b"Compiling the engine")
        for press in range(presses):
            asked.send_signal(signal.SIGINT)
            if press < presses - 1:
                assert asked.stderr.readline() == tasking_solve.FIRST.encode()
        out, err = asked.communicate(timeout=60)
    finally:
        asked.kill()
    assert (asked.returncode, out, err) == (130, b"", tasking_solve.STOPPED.encode())


def test_the_worked_example_of_the_reference_is_what_the_command_prints() -> None:
    page = (ROOT / "docs" / "reference" / "tasking-problem.md").read_text(encoding="utf-8")
    told = run("solve", MORNING, "--iterations", 2000).stdout
    assert f"```text\n{told}```" in page


def test_bound_proves_the_most_of_every_plan_and_of_those_that_keep_what_one_has(tmp_path: Path) -> None:
    plan = written(tmp_path, solved())
    every = json.loads(run("bound", MORNING, "--rounds", 20, "--json").stdout)
    kept = json.loads(run("bound", MORNING, plan, "--rounds", 20, "--json").stdout)
    assert every.keys() == {"of", "bound_total", "bound_method", "rounds", "problem_sha256"}
    value = sum(json.loads(solved())["objective"].values())
    assert value == pytest.approx(kept["value"])
    assert value <= kept["bound_total"] <= every["bound_total"] * 1.001
    assert kept["gap"] == pytest.approx(1 - value / kept["bound_total"], abs=2e-6)
    assert every["problem_sha256"] == kept["problem_sha256"] == json.loads(solved())["problem_sha256"]
    told = run("bound", MORNING, plan, "--rounds", 20).stdout
    assert told.startswith(
        f"At most {kept['bound_total']} in all: every plan that has no less in any tier but the lowest.\nThe plan reaches"
    )


def test_bound_refuses_what_is_no_plan_and_what_is_asked_twice(tmp_path: Path) -> None:
    plan = json.loads(solved())
    plan["assignments"][0]["start"] = 100_000
    broken = run("bound", MORNING, written(tmp_path, plan), "--rounds", 1)
    assert (broken.exit_code, broken.stdout) == (1, "")
    assert broken.stderr.startswith("plan.json: ")
    assert run("bound", MORNING, written(tmp_path, {"assignments": [{}]}), "--rounds", 1).exit_code == 2
    assert run("bound", MORNING, "--rounds", 1, "--minutes", 1).exit_code == 2
    assert "only one of the two files" in run("bound", "-", "-").stderr
