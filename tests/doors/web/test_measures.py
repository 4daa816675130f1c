"""The pages of measures: what is flagged and asked, what a reader may open, what is on record, and what may leave."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from lodestar.actions import measures as actions
from lodestar.core.measures.publication import quarters
from lodestar.doors.web import measures as door
from lodestar.doors.web.publication import forget_publication
from lodestar.store.models import AuditRow
from lodestar.store.queries import measures as queries
from lodestar.store.queries import readings
from tests.actions.conftest import Force
from tests.actions.year import a_year_of_missing

pytestmark = pytest.mark.django_db
PageOf = Callable[[str], Client]


@pytest.fixture
def year(force: Force) -> Iterator[None]:
    """A year with a last month that went wrong; no home of another test is shown."""
    door.forget_home()
    forget_publication()
    a_year_of_missing(now=timezone.now())
    yield
    door.forget_home()
    forget_publication()


def words(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_the_home_says_what_changed_what_to_ask_and_how_much_is_chance(year: None, page_of: PageOf) -> None:
    told = words(page_of("spruce"), "/measures/")
    assert told.index("What changed beyond chance") < told.index("What to ask") < told.index("What is owed") < told.index("Every measure")
    assert "Concern: lower than chance gives" in told
    assert "Found within 24 hours was 40.0% in" in told
    assert "would still flag" in told
    assert told.count("lodestar-verdict--") == 2


def test_the_home_without_a_child_s_record_says_nothing_of_who_owes(year: None, page_of: PageOf) -> None:
    assert "Your role does not read what is owed." in words(page_of("oak"), "/measures/")


def test_a_measure_shows_its_chart_its_numbers_and_its_definition(year: None, page_of: PageOf) -> None:
    told = words(page_of("spruce"), "/measures/M1/")
    assert told.count('<svg xmlns="http://www.w3.org/2000/svg"') >= 4
    assert 'id="M1-control-title"' in told and 'id="M1-control-narrow-title"' in told
    assert 'style="' not in told
    assert "mdc-7-7-screened" in told
    for part in ("Every number of the chart", "outside limits (for the worse)", "What the figure means", "Not yet verified", "Caveats"):
        assert part in told


def test_a_measure_or_line_that_is_not_there_is_not_found(year: None, page_of: PageOf) -> None:
    for path in ("/measures/M99/", "/measures/M1/?line=nothing", "/measures/M99/rows/"):
        assert page_of("spruce").get(path).status_code == 404


def test_rows_open_to_those_who_may_and_who_looked_is_on_record(year: None, page_of: PageOf, force: Force) -> None:
    told = words(page_of("spruce"), "/measures/M1/rows/?days=91&only=not")
    looked = AuditRow.objects.get(verb="measures.rows_seen")
    assert looked.actor_id == force.users["spruce"].pk
    assert looked.detail["ids"]
    for number in looked.detail["ids"]:
        assert f"/matters/{number}/" in told
    assert "Wren" not in told


@pytest.mark.parametrize("who", ["oak", "maple", "yew", "ivy"])
def test_rows_are_not_found_by_those_without_reach(who: str, year: None, page_of: PageOf) -> None:
    assert page_of(who).get("/measures/M1/rows/").status_code == 404
    assert not AuditRow.objects.filter(verb="measures.rows_seen").exists()


def test_the_reader_without_reach_sees_the_figure_and_no_way_to_its_rows(year: None, page_of: PageOf) -> None:
    told = words(page_of("oak"), "/measures/M1/")
    assert "Open the rows" not in told and "/matters/" not in told


def test_as_known_on_a_day_counts_no_later_report(year: None, page_of: PageOf) -> None:
    told = words(page_of("spruce"), "/measures/M1/?known=2021-01-01")
    assert "not shown" in told and "0 of 0" in told and "as known on 1 January 2021 at 11:59pm" in told
    told = words(page_of("spruce"), "/measures/M1/?known=2001-01-01&days=7&district=nowhere")
    assert "1 January 2001" not in told and "as known on" in told


def test_what_was_kept_stands_beside_what_is_known_now(year: None, page_of: PageOf, force: Force) -> None:
    now = timezone.now()
    actions.freeze(actor=force.actor("hazel", now), code="M1", period=queries.last_days(days=365, at=now), now=now)
    told = words(page_of("spruce"), "/measures/M1/")
    assert "Figures kept, newest first" in told and ">No<" in told


def test_the_publication_hides_and_leaves_with_its_digest_on_record(year: None, page_of: PageOf) -> None:
    assert "Hidden. Fewer than 10 children." in words(page_of("oak"), f"/measures/published/?quarter={quarters(at=timezone.now())[7].code}")
    assert page_of("oak").get("/measures/published.csv").status_code == 404
    hub = page_of("hazel")
    csv = hub.get("/measures/published.csv")
    assert csv["Content-Type"].startswith("text/csv") and b"Why hidden" in csv.content
    book = load_workbook(io.BytesIO(hub.get("/measures/published.xlsx").content))
    assert book.sheetnames == ["Measures", "Data dictionary"]
    assert AuditRow.objects.filter(verb="measures.published_exported").count() == 2


def test_no_publication_has_a_chart(year: None, page_of: PageOf) -> None:
    assert "<svg" not in words(page_of("hazel"), "/measures/published/").replace("lodestar/icon.svg", "")


def test_a_figure_read_from_shared_facts_is_the_figure_read_alone(year: None) -> None:
    now = timezone.now()
    asked = readings.Asked(queries.last_days(days=365, at=now), now)
    shelf = readings.Shelf(asked)
    for code in queries.codes():
        one = readings.reading_of(code, asked, shelf=shelf)
        assert one is not None
        assert one.figure == queries.drawn_of(code, period=asked.period, at=now, line=one.line.code)[0].measure
        if one.control is not None and one.control.kind != "t":
            alone = [point.value for point in queries.series(code, at=now, months=24) if point.value is not None]
            assert [point.value for point in one.control.points] == alone


@pytest.mark.parametrize("code", queries.codes())
def test_every_measure_of_the_catalogue_opens(code: str, year: None, page_of: PageOf) -> None:
    told = words(page_of("spruce"), f"/measures/{code}/")
    assert "What the figure means" in told
    assert words(page_of("spruce"), f"/measures/{code}/rows/").count("<h1") == 1
