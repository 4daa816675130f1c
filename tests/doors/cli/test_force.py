"""A real force from its own files: the same file twice changes nothing, and a fault is named where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from lodestar.doors.cli.force import force as command
from lodestar.store.models import AuditRow, Authority, District, Place, Post, Shift
from tests.actions.conftest import Force, make_force

pytestmark = pytest.mark.django_db
EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "force" / "force.toml"


@pytest.fixture
def force(db: None) -> Force:
    """The small force of the actions' tests."""
    return make_force()


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, list(words))
    return done.exit_code, done.output + (done.stderr if done.stderr_bytes else "")


def written(tmp_path: Path, text: str, name: str = "rota.csv") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_example_sets_a_force_and_setting_it_again_changes_nothing() -> None:
    assert run("set", str(EXAMPLE)) == (0, "1 authorities, 1 districts, 1 places, 3 posts made or changed.\n")
    assert run("set", str(EXAMPLE)) == (0, "0 authorities, 0 districts, 0 places, 0 posts made or changed.\n")
    assert Post.objects.get(code="duty_sergeant.NORTH").district == District.objects.get(code="NORTH")
    assert AuditRow.objects.filter(verb="force.set").count() == 2
    assert "district NORTH: North, Shire County Council" in run("show")[1]


def test_a_new_name_is_taken_and_nothing_is_taken_away(tmp_path: Path) -> None:
    run("set", str(EXAMPLE))
    run("set", written(tmp_path, '[[authority]]\ncode = "SHIRE"\nname = "The Shire"\n', "force.toml"))
    assert Authority.objects.get().name == "The Shire"
    assert District.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[district]]\ncode = "X"\nname = "X"\nauthority = "NONE"\n', "there is no authority NONE"),
        ('[[post]]\ncode = "X"\nkind = "king"\ntitle = "X"\n', "there is no kind of post king"),
        ('[[post]]\ncode = "X"\nkind = "duty_sergeant"\n', "give it a title"),
        ('[[authority]]\ncode = "X"\nname = "X"\ncolour = "red"\n', "nothing reads colour"),
        ('[[authority]]\ncode = "X"\nname = "X"\n[[authority]]\ncode = "X"\nname = "Y"\n', "stands twice"),
        ('[[place]]\ncode = "P"\nname = "P"\ndistrict = "NONE"\nx_km = 1\ny_km = 1\n', "there is no district NONE"),
        ('[[place]]\ncode = "P"\nname = "P"\ndistrict = "NONE"\nx_km = "far"\ny_km = 1\n', "its x_km is not a number of kilometres"),
        ('[[place]]\ncode = "P"\nname = "P"\ndistrict = "NONE"\nx_km = 1\ny_km = 1\nbase = "no"\n', "its base is true or false"),
        ('[[post]]\ncode = "X"\nkind = "duty_sergeant"\ntitle = "X"\nbase = "NONE"\n', "there is no place NONE"),
        ("[[authority\n", "cannot be read"),
        ('[[king]]\ncode = "X"\n', "nothing reads king"),
    ],
)
def test_a_file_with_a_fault_changes_nothing_and_says_where(tmp_path: Path, text: str, says: str) -> None:
    code, output = run("set", written(tmp_path, text, "force.toml"))
    assert code == 2
    assert says in output
    assert not Authority.objects.exists()


def test_good_rows_of_a_rota_are_in_and_each_bad_one_is_named(tmp_path: Path, force: Force) -> None:
    post = Post.objects.get(kind="duty_inspector").code
    before = Shift.objects.count()
    text = (
        "username,post,from,until,lead\n"
        f"elm,{post},01/06/2027 07:00,01/06/2027 15:00,yes\n"
        f"nobody,{post},01/06/2027 07:00,01/06/2027 15:00,\n"
        "elm,no_such_post,02/06/2027 07:00,02/06/2027 15:00,\n"
        f"elm,{post},28/03/2027 01:30,28/03/2027 09:00,\n"
        f"elm,{post},01/06/2027 10:00,01/06/2027 18:00,\n"
        f"elm,{post},03/06/2027,03/06/2027 15:00,\n"
    )
    path = written(tmp_path, text)
    code, output = run("roster", path)
    assert code == 1
    assert "1 shifts made, 0 there already, 5 rows not taken." in output
    assert all(f"row {number}:" in output for number in (3, 4, 5, 6, 7))
    assert Shift.objects.count() == before + 1
    assert "0 shifts made, 1 there already" in run("roster", path)[1]
    assert Shift.objects.count() == before + 1


def test_a_lead_that_is_neither_yes_nor_no_is_refused_with_its_file_and_row(tmp_path: Path, force: Force) -> None:
    post, before = Post.objects.get(kind="duty_inspector").code, Shift.objects.count()
    rows = (f"elm,{post},01/06/2027 07:00,01/06/2027 15:00,perhaps\n", f"elm,{post},02/06/2027 07:00,02/06/2027 15:00,No\n")
    code, output = run("roster", written(tmp_path, "username,post,from,until,lead\n" + "".join(rows)))
    assert code == 1
    assert "rota.csv, row 2: lead: “perhaps” is neither yes nor no." in output
    assert Shift.objects.count() == before + 1, "the row after it is in, and leads nothing"
    assert not Shift.objects.latest("pk").lead


def test_a_rota_without_its_columns_is_refused(tmp_path: Path) -> None:
    assert run("roster", written(tmp_path, "who,when\na,b\n"))[0] == 2
    assert run("roster", written(tmp_path, "username,post,from,until\n"))[0] == 2


TWO_PLACES = """
[[authority]]
code = "SHIRE"
name = "Shire"
[[district]]
code = "NORTH"
name = "North"
authority = "SHIRE"
[[place]]
code = "OLD"
name = "Old station"
district = "NORTH"
x_km = 1
y_km = 2
base = {old}
[[place]]
code = "NEW"
name = "New station"
district = "NORTH"
x_km = 3.25
y_km = 4
base = {new}
"""


def test_a_district_has_one_base_and_it_may_move(tmp_path: Path) -> None:
    assert "it has two bases" in run("set", written(tmp_path, TWO_PLACES.format(old="true", new="true"), "force.toml"))[1]
    run("set", written(tmp_path, TWO_PLACES.format(old="true", new="false"), "force.toml"))
    run("set", written(tmp_path, TWO_PLACES.format(old="false", new="true"), "force.toml"))
    assert [place.code for place in Place.objects.filter(is_base=True)] == ["NEW"]
    assert "0 places" in run("set", written(tmp_path, TWO_PLACES.format(old="false", new="true"), "force.toml"))[1]
