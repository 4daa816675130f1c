"""The demonstration's commands on an empty database."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from lodestar.doors.feeds.demo import commands
from lodestar.store.models import User

pytestmark = pytest.mark.django_db


def test_without_people_there_is_nobody_to_list() -> None:
    said = CliRunner().invoke(commands.demo, ["accounts"])
    assert said.exit_code != 0 and "Load the demonstration first" in said.output


def test_an_instant_without_its_offset_is_refused() -> None:
    said = CliRunner().invoke(commands.demo, ["load", "--as-of", "2026-11-23T08:00:00"])
    assert said.exit_code != 0 and "offset" in said.output
    assert not User.objects.exists()
