"""A small force: two districts, two sergeants, an inspector, the hub, a call handler, and one shift each around the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection

from lodestar.actions import reports, reviewing
from lodestar.actions.matters import closing, deeds, finding, grading
from lodestar.core.access.scope import Actor
from lodestar.core.identity.reviewing import Said, Standing
from lodestar.core.matters.grading import GradeWanted
from lodestar.core.reports.draft import ReportDraft, Subject
from lodestar.store.guard import writing
from lodestar.store.models import Authority, District, LinkQuestion, Matter, Post, RoleGrant, Shift, User
from lodestar.store.queries import access, matters

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PASSWORD = "a long demonstration password"
HASHED = make_password(PASSWORD)

RANKS = {
    "Supt": "Superintendent", "Ch Insp": "Chief Inspector", "Insp": "Inspector", "Sgt": "Sergeant", "PC": "Constable",
    "Det Con": "Detective Constable",
}  # fmt: skip
PEOPLE = (
    ("alder", "Sgt Maud Alder", "response_sergeant", ["north"], "duty_sergeant", "north", True),
    ("birch", "Sgt Ivo Birch", "response_sergeant", ["south"], "duty_sergeant", "south", True),
    ("cedar", "Sgt Nell Cedar", "response_sergeant", ["north"], "duty_sergeant", "north", False),
    ("elm", "Insp Ruth Elm", "duty_inspector", [], "duty_inspector", "", True),
    ("spruce", "Supt Wyn Spruce", "duty_superintendent", [], "duty_superintendent", "", True),
    ("hazel", "Sgt Tom Hazel", "hub_sergeant", [], "hub_sergeant", "", True),
    ("holly", "PC Ada Holly", "hub_officer", [], "hub_officer", "", False),
    ("ivy", "Ivy Call", "call_handler", [], "control_room", "", True),
    ("rowan", "PC Sam Rowan", "response_officer", [], "response_officer", "north", False),
    ("lime", "Una Lime", "local_authority_worker", ["shire"], "children_services", "", True),
    ("briar", "Bo Briar", "youth_justice_worker", ["shire"], "", "", False),
    ("bramble", "Di Bramble", "youth_justice_worker", ["city"], "", "", False),
    ("oak", "Gil Oak", "governance_reader", [], "", "", False),
    ("maple", "Supt Jo Maple", "tasking_governance", [], "", "", False),
    ("willow", "Ch Insp Fay Willow", "inspection_lead", [], "", "", False),
    ("beech", "Noor Beech", "governance_board", [], "", "", False),
    ("yew", "Kit Yew", "system_administrator", [], "", "", False),
    ("ash", "Det Con Ash", "polit_officer", [], "", "", False),
    ("fir", "Sgt Fir", "custody_officer", [], "", "", False),
    ("pine", "Ana Pine", "analyst", [], "", "", False),
)


@dataclass(frozen=True)
class Force:
    """The people of the small force, and the steps that tests take with them."""

    users: dict[str, User]

    def actor(self, name: str, at: datetime = NOW) -> Actor:
        """Somebody as they act."""
        return access.actor_for(user=self.users[name], at=at, door="test")

    def draft(self, **changes: Any) -> ReportDraft:
        """A whole report."""
        whole = ReportDraft(
            source="test",
            external_id="R-1",
            reported_at=NOW,
            recorded_at=NOW,
            subject=Subject(given_name="Mina", family_name="Marsh", birth_date=date(2011, 5, 4), responsible_authority="shire"),
            reporter_name="Joan Marsh",
            reporter_relationship="mother",
            reporter_contact="01632 960123",
            district="north",
            since_from=NOW - HOUR,
            since_to=NOW - HOUR,
            circumstances="Did not come home from school",
        )
        return replace(whole, **changes)

    def report(self, at: datetime = NOW, **changes: Any) -> Matter:
        """A report taken in; returns its matter."""
        draft = self.draft(**{"reported_at": at, "recorded_at": at, **changes})
        made = reports.receive(actor=self.actor("ivy", at), draft=draft, raw="raw", now=at)
        return Matter.objects.get(pk=made.matter_id)

    def wanted(self, matter: Matter, level: str = "medium", at: datetime = NOW, **changes: Any) -> GradeWanted:
        """A whole grade."""
        whole = GradeWanted(
            level=level,
            rationale="Young, phone off, not like her",
            relied_on=("Mother, by phone",),
            saw=matters.held(matter, at=at).digest,
            steps_agreed="Check friends and the bus station",
            review_at=at + 2 * HOUR,
        )
        return replace(whole, **changes)

    def grade(self, matter: Matter, level: str = "medium", by: str = "alder", at: datetime = NOW, **changes: Any) -> bool:
        """Grade a matter; true when in force at once."""
        matter.refresh_from_db()
        wanted = self.wanted(matter, level, at, **changes)
        done = grading.grade_matter(actor=self.actor(by, at), matter_id=matter.pk, seen_version=matter.version, wanted=wanted, now=at)
        matter.refresh_from_db()
        return done

    def found(self, matter: Matter, at: datetime = NOW + HOUR, by: str = "alder") -> None:
        """Located, seen, and back."""
        seen = {"by": "PC Rowan", "where": "Bus station, Tern Street", "at": at, "now": at}
        for step in (finding.locate, finding.confirm_wellbeing):
            matter.refresh_from_db()
            step(actor=self.actor(by, at), matter_id=matter.pk, seen_version=matter.version, **seen)  # type: ignore[operator]
        matter.refresh_from_db()
        finding.record_return(actor=self.actor(by, at), matter_id=matter.pk, seen_version=matter.version, at=at, now=at)
        matter.refresh_from_db()

    def evidence(self, matter: Matter, at: datetime = NOW + 2 * HOUR) -> None:
        """Everything that closing needs, by two people."""
        told = {"person_told": "Una Lime, duty worker", "power": "Children Act 2004 s.11", "what": "Returned"}
        said = {"where": "At home", "face_to_face": "yes", "child_said": "I was with my brother", "harm": "none"}
        referral = {"decision": "not made", "reason": "Already known to her social worker"}
        for who, code, answers in (
            ("holly", "prevention_interview_recorded", said),
            ("holly", "referral_decided", referral),
            ("holly", "rhi_requested", told),
            ("hazel", "supervisor_checked", {"checked": "Spoke to the officer and read the notes"}),
        ):
            deeds.record_deed(actor=self.actor(who, at), matter_id=matter.pk, code=code, at=at, said=answers, now=at)
        matter.refresh_from_db()

    def answer(
        self, question: LinkQuestion, word: str, person: int | None = None, *, by: str = "holly", at: datetime = NOW, **said: str
    ) -> Standing:
        """Somebody's word on who a report is about."""
        question.refresh_from_db()
        words = Said(word, person, **{"reason": "Her mother said so", **said})
        actor = self.actor(by, at)
        return reviewing.answer_question(actor=actor, question_id=question.pk, seen_version=question.version, said=words, now=at)

    def close(self, matter: Matter, at: datetime = NOW + 3 * HOUR, by: str = "hazel") -> None:
        """Close it."""
        matter.refresh_from_db()
        closing.close_matter(actor=self.actor(by, at), matter_id=matter.pk, seen_version=matter.version, now=at)
        matter.refresh_from_db()


def make_force() -> Force:
    """Write the small force's rows."""
    users: dict[str, User] = {}
    shifts: list[Shift] = []
    with writing():
        shire = Authority.objects.create(code="shire", name="Shire Council")
        city = Authority.objects.create(code="city", name="City Council")
        districts = {
            "north": District.objects.create(code="north", name="North", authority=shire),
            "south": District.objects.create(code="south", name="South", authority=city),
        }
        for username, name, role, places, kind, district, lead in PEOPLE:
            rank = next((rank for short, rank in RANKS.items() if name.startswith(short)), "")
            user = User(username=username, name=name, rank=rank, email=f"{username}@force.example", skills=["search", "missing_enquiry"])
            user.password = HASHED
            user.save()
            users[username] = user
            RoleGrant.objects.create(user=user, role=role, places=places, from_at=NOW - 400 * 24 * HOUR)
            if kind:
                post = Post.objects.create(code=f"{kind}-{username}", kind=kind, title=name, district=districts.get(district))
                for day in range(-3, 12):
                    start = NOW.replace(hour=0) + timedelta(days=day)
                    shifts.append(Shift(post=post, user=user, from_at=start, until_at=start + 24 * HOUR, lead=lead))
        Shift.objects.bulk_create(shifts)
    return Force(users)


@pytest.fixture
def force(db: None) -> Force:
    """The small force."""
    return make_force()


@pytest.fixture
def broken_audit() -> Callable[[], Any]:
    """Make the audit's table refuse to be written, at the edge of the machine: the database."""
    refuse, again = {
        "postgresql": (
            "ALTER TABLE store_auditrow ADD CONSTRAINT full_disk CHECK (false) NOT VALID",
            "ALTER TABLE store_auditrow DROP CONSTRAINT full_disk",
        ),
        "sqlite": (
            "CREATE TEMP TRIGGER full_disk BEFORE INSERT ON store_auditrow BEGIN SELECT RAISE(ABORT, 'disk full'); END",
            "DROP TRIGGER full_disk",
        ),
    }[connection.vendor]

    @contextmanager
    def broken() -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute(refuse)
            yield
            cursor.execute(again)

    return broken
