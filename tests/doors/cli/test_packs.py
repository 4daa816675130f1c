"""``lodestar packs``: a pack that comes out again is said to, and one whose text was changed by hand is named."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from lodestar.config.writers import WRITERS
from lodestar.doors.cli import packs
from lodestar.store.models import Meeting
from lodestar.store.queries import packs as queries
from tests.actions import conftest as small
from tests.actions.conftest import NOW, Force
from tests.actions.meeting import held_today

force = small.force


@pytest.fixture
def held(force: Force) -> dict[str, int]:
    """A meeting of today with its pack."""
    matter = force.report(NOW)
    force.grade(matter)
    return held_today(force, now=NOW, matter_id=matter.pk)


def test_a_pack_is_made_again_to_the_same_bytes_and_a_writer_that_differs_is_named(held: dict[str, int]) -> None:
    done = CliRunner().invoke(packs.packs, ["rebuild", str(held["pack"])])
    assert done.exit_code == 0, done.output
    assert "the same bytes in every form" in done.output
    other = replace(WRITERS, html=lambda paper: WRITERS.html(paper) + b"\n")
    found = queries.check(pack_id=held["pack"], writers=other)
    assert (found.whole, found.text, found.forms) == (False, True, ("anonymised.html", "named.html"))
    said = json.loads(CliRunner().invoke(packs.packs, ["rebuild", "--all", "--json"]).output)
    assert [(row["pack"], row["same"], row["figures"]) for row in said] == [(held["pack"], True, [])]


def test_what_is_planned_is_listed_and_a_pack_that_is_not_there_is_refused(held: dict[str, int]) -> None:
    listed = CliRunner().invoke(packs.packs, ["list"]).output
    assert "Quarterly Youth Justice Management Board" in listed and "planned" in listed
    assert str(held["meeting"]) not in [line.split("\t")[0] for line in listed.splitlines()]
    assert CliRunner().invoke(packs.packs, ["rebuild", "99999"]).exit_code == 2
    assert CliRunner().invoke(packs.packs, ["rebuild"]).exit_code == 2
    assert Meeting.objects.filter(state="planned").count() == len(listed.splitlines())
