"""``lodestar inspection``: the deadline needs no database and no framework, and the help reads as a manual."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from lodestar.doors.cli.inspection import COMMANDS, inspection
from lodestar.doors.cli.inspection_deadline import deadline

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(("published", "last"), [("2022-12-09", "2023-02-02"), ("2021-12-22", "2022-02-15"), ("2023-04-05", "2023-05-30")])
def test_the_deadline_is_printed_with_the_seven_steps(published: str, last: str) -> None:
    done = CliRunner().invoke(deadline, [published, "--json"])
    found = json.loads(done.output)
    assert (found["last_day"], found["days"], [step["number"] for step in found["steps"]]) == (last, 56, [1, 2, 3, 4, 5, 6, 7])
    assert f"({last})" in CliRunner().invoke(deadline, [published]).output


@pytest.mark.parametrize("published", ["soon", "2022-02-30", "2001-01-01"])
def test_a_day_that_is_none_or_before_local_policing_bodies_is_refused(published: str) -> None:
    assert CliRunner().invoke(deadline, [published]).exit_code == 2


def test_the_deadline_starts_no_framework() -> None:
    asked = (
        "import sys; from click.testing import CliRunner; from lodestar.doors.cli.main import main; "
        "print(CliRunner().invoke(main, ['inspection', 'deadline', '2022-12-09']).output); print('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "2 February 2023" in done
    assert done.strip().endswith("False")


def test_every_command_is_one_and_stands_in_the_help() -> None:
    text = CliRunner().invoke(inspection, ["--help"]).output
    for name in COMMANDS:
        assert name in text
        assert CliRunner().invoke(inspection, [name, "--help"]).exit_code == 0, name
