"""Whatever is written afterwards, a figure kept of what was known comes out the same; what is known now may differ, and says so."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lodestar.actions import measures
from lodestar.actions.known import of_row
from lodestar.actions.matters import deeds, finding
from lodestar.core.measures.catalogue import entry
from lodestar.core.reports.draft import Subject
from lodestar.core.words import Period
from lodestar.store.guard import writing
from lodestar.store.models import Figure, Matter, MatterKnown, MatterStep, ObligationKnown, Person, PersonKnown
from lodestar.store.queries import measures as queries
from tests.actions.conftest import HOUR, NOW, Force
from tests.actions.test_duty_histories import Step, Story, taken_back
from tests.actions.test_hospital import detention, record
from tests.actions.test_packs import CHARGED
from tests.actions.test_packs import KEPT as KEPT_AFTER_CHARGE

DAY = 24 * HOUR
PERIOD = Period(NOW - 30 * DAY, NOW + 60 * DAY)
KEPT = {
    "M1": ("mature", "live", "child clock"),
    "M2": ("all",),
    "M3": ("R1", "R4"),
    "M4": ("held in time", "held ever"),
    "M9": ("a recorded", "b recorded in time"),
}


@dataclass
class Kept(Story):
    """A history in which figures are kept between the writes."""

    kept: list[int] = field(default_factory=list)

    def freeze(self, _: int, __: int) -> None:
        for code, lines in KEPT.items():
            made = measures.freeze(actor=self.force.actor("hazel", self.at), code=code, period=PERIOD, now=self.at, lines=lines)
            self.kept += [row.pk for row in made]
        self.at += timedelta(seconds=1)  # what is written in the very instant of keeping is written in it

    def found(self, pick: int, _: int) -> None:
        if matter := self.matter(pick):
            self.force.found(matter, self.at, by="hazel")

    def correct(self, pick: int, _: int) -> None:
        if matter := self.matter(pick):
            actor = self.force.actor("hazel", self.at)
            finding.correct_found(actor=actor, matter_id=matter.pk, seen_version=matter.version, reason="Not her", now=self.at)

    def earlier(self, pick: int, hours: int) -> None:
        """The same absence reported again with an earlier time, and a date of birth that was not known: both change the record."""
        if matter := self.matter(pick):
            person = matter.person
            subject = Subject(person.given_name, person.family_name, date(2011, 5, 4), responsible_authority="shire")
            number = f"E-{sum(self.done.values())}"
            self.force.report(
                self.at, external_id=number, subject=subject, reported_at=matter.reported_at - hours * HOUR, district=matter.district
            )

    def interview(self, pick: int, hours: int) -> None:
        """Held some hours ago, and written down now."""
        if matter := self.matter(pick):
            said = {"held_by": "Una Lime, Shire", "learnt": "Nothing"}
            actor = self.force.actor("lime", self.at)
            deeds.record_deed(actor=actor, matter_id=matter.pk, code="rhi_held", at=self.at - hours * HOUR, said=said, now=self.at)


VERBS = (
    "report",
    "grade",
    "sweep",
    "close",
    "reopen",
    "void",
    "pass_on",
    "found",
    "found",
    "correct",
    "earlier",
    "interview",
    "freeze",
    "freeze",
)
STEP = st.tuples(st.sampled_from(VERBS), st.sampled_from((1, 20, 90)), st.integers(0, 5), st.integers(0, 7))
EVERYTHING: list[Step] = [
    ("freeze", 5, 0, 0),
    ("found", 90, 0, 0),
    ("freeze", 5, 0, 0),
    ("correct", 20, 0, 0),
    ("freeze", 5, 0, 0),
    ("earlier", 20, 0, 5),
    ("report", 5, 1, 0),
    ("close", 90, 0, 0),
    ("interview", 20, 0, 1),
    ("freeze", 5, 0, 0),
    ("reopen", 20, 0, 0),
    ("void", 5, 1, 0),
    ("sweep", 0, 0, 7),
    ("freeze", 5, 0, 0),
]


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(steps=EVERYTHING)
@given(steps=st.lists(STEP, min_size=4, max_size=14))
def test_every_figure_kept_between_writes_comes_out_the_same_at_the_end(force: Force, steps: list[Step]) -> None:
    with taken_back():
        story = Kept(force)
        story.take("report", 0, 0, 0)
        for step in (*steps, ("freeze", 1, 0, 0)):
            story.take(*step)
        for figure in Figure.objects.filter(pk__in=story.kept):
            again = measures.rebuild(figure)
            assert again.same, (figure.code, figure.filters, again.differs)
        newest = Figure.objects.order_by("-pk").first()
        assert newest is not None
        assert queries.revised(newest).same, "nothing has been written since the last was kept"


def test_what_everything_says_now_is_what_is_known_now(force: Force) -> None:
    story = Kept(force)
    story.take("report", 0, 0, 0)
    for step in EVERYTHING:
        story.take(*step)
    assert story.done["freeze refused"] == 0 and story.done["freeze"] == 5
    assert {verb for verb in story.done if not verb.endswith("refused")} >= {
        "found",
        "correct",
        "earlier",
        "interview",
        "close",
        "reopen",
        "void",
    }
    for code in queries.codes():
        now = queries.figures_of(code, period=PERIOD, at=story.at)
        then = queries.figures_of(code, period=PERIOD, at=story.at, known_at=story.at)
        assert now == then, code


def test_a_later_view_shows_the_revision_and_how_many_rows_it_is(force: Force) -> None:
    matter = force.report()
    figure = measures.freeze(actor=force.actor("hazel"), code="M1", period=PERIOD, now=NOW + 30 * HOUR, lines=("mature",))[0]
    assert (figure.value["numerator"], figure.value["denominator"]) == (0, 1)
    force.grade(matter, at=NOW + 31 * HOUR)
    actor, seen = force.actor("alder"), {"by": "PC Rowan", "where": "Bus station"}
    matter.refresh_from_db()
    # Found after two hours, and written down a day later.
    finding.locate(actor=actor, matter_id=matter.pk, seen_version=matter.version, at=NOW + 2 * HOUR, now=NOW + 31 * HOUR, **seen)
    assert measures.rebuild(figure).same
    found = queries.revised(figure)
    assert (found.rows_changed, found.same) == (1, False)
    again = measures.freeze(actor=force.actor("hazel"), code="M1", period=PERIOD, now=NOW + 30 * HOUR, lines=("mature",))[0]
    assert again.content_hash == figure.content_hash


def test_each_value_is_kept_with_since_when_and_none_is_ever_changed(force: Force) -> None:
    matter = force.report()
    force.grade(matter)
    force.found(matter)
    rows = list(MatterKnown.objects.filter(matter=matter).order_by("known_from", "pk"))
    assert [row.state for row in rows] == ["reported", "graded", "located", "located", "returned"][-len(rows) :]
    assert [row.known_from for row in rows] == sorted(row.known_from for row in rows)
    assert rows[0].located_at is None and rows[-1].returned_at == NOW + HOUR
    assert PersonKnown.objects.get(person=matter.person).birth_date == date(2011, 5, 4)
    assert ObligationKnown.objects.filter(obligation__matter=matter).count() > matter.obligations.count()
    with pytest.raises(TypeError, match="never changed"):
        rows[0].save()


def test_a_year_takes_no_more_questions_of_the_database_than_a_day(force: Force) -> None:
    def asked(code: str, days: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            queries.figures_of(code, period=Period(NOW - days * DAY, NOW + 2 * DAY), at=NOW + 2 * DAY, known_at=NOW + 2 * DAY)
        return len(seen)

    for number in range(6):
        subject = replace(force.draft().subject, given_name=f"Child{number}")
        force.grade(force.report(external_id=f"Q-{number}", subject=subject))
    for code in queries.codes():
        assert asked(code, 365) == asked(code, 1) <= 8, code


def test_a_series_is_of_whole_months_and_reads_its_facts_once(force: Force) -> None:
    force.report()
    later = NOW + 120 * DAY
    with CaptureQueriesContext(connection) as seen:
        points = queries.series("M1", at=later, months=3)
    assert len(seen) <= 4
    assert [(point.denominator, point.value) for point in points] == [(1, None), (0, None), (0, None)], "one child is too few for a share"
    assert points[-1].period.until_at is not None and points[-1].period.until_at <= later


def test_a_figure_opens_to_the_rows_that_the_viewer_may_read_and_counts_the_rest(force: Force) -> None:
    near = force.report()
    far = force.report(external_id="R-2", subject=Subject("Kit", "Fenn", date(2012, 1, 1)), district="south")
    at = NOW + 2 * DAY
    opened = queries.rows_of("M1", period=PERIOD, at=at, actor=force.actor("alder"))
    assert opened is not None
    assert ([row.matter_id for row in opened.rows], opened.outside) == ([near.pk], 1)
    whole = queries.rows_of("M1", period=PERIOD, at=at, actor=force.actor("hazel"))
    assert whole is not None
    assert ([row.matter_id for row in whole.rows], whole.outside, [row.counted for row in whole.rows]) == (
        [near.pk, far.pk],
        0,
        [False, False],
    )
    assert queries.rows_of("M1", line="no such line", period=PERIOD, at=at, actor=force.actor("hazel")) is None


def test_every_line_that_is_drawn_is_in_the_catalogue(force: Force) -> None:
    force.grade(force.report())
    for code in queries.codes():
        for found in queries.figures_of(code, period=PERIOD, at=NOW + 5 * DAY):
            assert entry(code).line(found.line).unit == found.unit, (code, found.line)
    assert Matter.objects.count() == 1


def test_what_was_held_before_is_told_once_from_its_steps(force: Force) -> None:
    """The migration: a row without history gets one from its own steps, and one that has a history is left alone."""
    kept = force.report()
    before = MatterKnown.objects.filter(matter=kept).count()
    told = {"kind": "missing", "person": kept.person, "district": "north", "recorded_at": NOW, "opened_at": NOW, "reported_at": NOW}
    with writing():
        old = Matter.objects.create(**told, state="returned", located_at=NOW + HOUR, returned_at=NOW + 2 * HOUR, first_level="high")
        for number, (verb, target, at) in enumerate(
            (("open", "reported", 0), ("locate", "located", 1), ("return", "returned", 2)), start=1
        ):
            when = NOW + at * HOUR
            MatterStep.objects.create(matter=old, number=number, verb=verb, target=target, at=when, recorded_at=when + HOUR)
        import_module("lodestar.store.migrations.0017_known_before").remember(apps, None)
    rows = MatterKnown.objects.filter(matter=old).order_by("known_from", "pk")
    assert [(row.state, row.known_from, row.located_at is None, row.returned_at is None) for row in rows] == [
        ("reported", NOW, True, True),
        ("located", NOW + 2 * HOUR, False, True),
        ("returned", NOW + 3 * HOUR, False, False),
        ("returned", NOW + 3 * HOUR, False, False),
    ]
    assert MatterKnown.objects.filter(matter=kept).count() == before


def test_a_group_is_told_apart_by_what_was_recorded_of_the_child_then(force: Force) -> None:
    """What was not yet kept of a person or a matter, in a history from before it was, is as it is now."""
    row = detention(force)
    record(force, row, "child_charged", NOW + 4 * HOUR, **CHARGED)
    record(force, row, "bail_refused", NOW + 5 * HOUR, **KEPT_AFTER_CHARGE)
    made = measures.freeze(actor=force.actor("hazel"), code="M8", period=PERIOD, now=NOW + 6 * HOUR)
    groups = {figure.filters["line"] for figure in made if figure.filters["line"].startswith("by ")}
    assert {"by authority: shire", "by ethnicity: not asked", "by offence: theft and burglary"} <= groups
    person = Person.objects.get(pk=row.person_id)
    with writing():
        person.ethnicity, person.sex = "asian", "female"
        person.save()
        (version,) = of_row(person, now=NOW + 7 * HOUR, changed=("ethnicity", "sex"))
        version.save()
    assert all(queries.rebuild(figure).same for figure in made)
    now = {one.line for one in queries.figures_of("M8", period=PERIOD, at=NOW + 8 * HOUR)}
    assert "by ethnicity: asian" in now and "by ethnicity: not asked" not in now
    with writing():
        PersonKnown.objects.create(person=person, known_from=NOW + 9 * HOUR, written_at=NOW + 9 * HOUR, birth_date=None)
    later = {one.line for one in queries.figures_of("M8", period=PERIOD, at=NOW + 10 * HOUR, known_at=NOW + 10 * HOUR)}
    assert {"by ethnicity: asian", "by sex: female"} <= later
