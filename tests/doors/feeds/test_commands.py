"""A file brought in from the command line says there what the page would say of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lodestar.doors.feeds.commands import imports
from tests.actions.conftest import Force, make_force

RETURN = "CHILD,DOB,MISSING,MIS_START,MIS_END\n4711,06/05/2011,M,04/06/2025,05/06/2025\n"
NOBODY = "4712,07/05/2011,,,\n"


@pytest.fixture
def force(db: None) -> Force:
    """The small force."""
    return make_force()


def brought(folder: Path, text: str) -> Result:
    """Bring a return of the authority's in."""
    file = folder / "missing.csv"
    file.write_text(text)
    done = CliRunner().invoke(imports, ["ssda903", str(file), "--authority", "shire"])
    assert done.exit_code == 0, done.output
    return done


def test_what_to_look_at_in_the_file_is_printed(force: Force, tmp_path: Path) -> None:
    done = brought(tmp_path, RETURN)
    assert "missing.csv: Rule 576. Not checked: needs last year's Missing table." in done.stderr
    assert "Not checked: needs the return's Episodes table." in done.stderr


def test_a_row_that_reports_nobody_missing_is_counted_as_kept(force: Force, tmp_path: Path) -> None:
    assert (
        "2 rows, 1 new, 0 already in, 0 could not be read, 1 kept that report nobody missing." in brought(tmp_path, RETURN + NOBODY).stdout
    )
