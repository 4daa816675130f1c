"""No page names a child without leaving who looked: every address is opened, whatever it is, and none of them may slip through."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from inspect import signature

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from lodestar.actions import detectors, duty, tasking, tasks
from lodestar.actions.matters import grading, news, transfers
from lodestar.core.access.scope import system_actor
from lodestar.core.reports.draft import Subject
from lodestar.doors.feeds.bringing import bring_in
from lodestar.doors.web.urls import pages
from lodestar.store.models import (
    AuditRow,
    BadRow,
    Deed,
    Downgrade,
    Handover,
    Hit,
    ImportRun,
    Involvement,
    LinkQuestion,
    Matter,
    News,
    Notice,
    Obligation,
    Proposal,
    ReplyPaper,
    Report,
    RoleGrant,
    Task,
    Thing,
    Transfer,
)
from tests.actions.conftest import HOUR, Force
from tests.actions.engaged import engaged
from tests.actions.inspecting import inspected
from tests.actions.meeting import held_today
from tests.journeys.models import put_forward

PageOf = Callable[[str], Client]
CHILD = b"Marsh"
NOTE = {"open_lines": "Two friends", "family_promises": "Call Joan Marsh at noon", "next_actions": "Ring the school"}
WORDS = {"measure_code": "M1", "kind": "missing", "code": "told_children_services", "part": "child", "outcome": "searched"}


@pytest.fixture
def one_of_everything(force: Force) -> dict[str, int]:
    """A child with one of everything that has an address; the number behind each."""
    at = timezone.now() - HOUR
    matter = force.report(at=at, since_from=at, since_to=at)
    force.grade(matter, "high", at=at)
    alder, hazel = force.actor("alder", at), force.actor("hazel", at)
    tasks.ask_for_task(actor=alder, matter_id=matter.pk, kind="premises_search", detail="", earliest_at=at, due_at=at + 6 * HOUR, now=at)
    news.add_news(actor=force.actor("ivy", at), matter_id=matter.pk, from_whom="Joan Marsh", contact="", text="Seen in Tern Street", now=at)
    tasking.propose(actor=hazel, now=at)
    lower = force.wanted(matter, "low", at, reason="She rang her aunt")
    grading.grade_matter(actor=hazel, matter_id=matter.pk, seen_version=fresh(matter), wanted=lower, now=at)
    duty.offer_handover(
        actor=alder, matter_id=matter.pk, seen_version=fresh(matter), receiver_id=force.users["hazel"].pk, note=NOTE, now=at
    )
    said = {"other_force": "Fenshire", "receiver_named": "Insp Reed", "reason": "She lives there"}
    transfers.offer_transfer(actor=hazel, matter_id=matter.pk, seen_version=fresh(matter), now=at, **said)
    alike = Subject("Minna", "Marsh", date(2011, 5, 4), responsible_authority="shire")
    force.report(at=at, external_id="R-2", since_from=None, since_to=None, subject=alike)
    bad = b"Report reference,Surname,Date reported,Reported by\n1,Marsh,31/02/2026 10:00,Joan Marsh\n"
    bring_in(actor=hazel, kind="missing", source="s", file_name="x.csv", content=bad, now=at)
    detectors.look(actor=system_actor("test"), now=at + 3 * HOUR)
    held = held_today(force, now=timezone.now(), matter_id=matter.pk)
    about = inspected(force, timezone.now())
    ids = {"audit_id": about.pop("case_audit"), "case_id": about.pop("sampled_case"), **{f"{name}_id": row for name, row in about.items()}}
    paper = ReplyPaper.objects.get(inspection_id=ids["inspection_id"]).pk
    stated = engaged(force, now=timezone.now(), given="Mabel", family="Marsh")
    return {
        **numbers(matter),
        **ids,
        "engagement_id": stated["engagement"],
        "look_id": stated["look"],
        "mapping_number": stated["mapping"],
        "thing_id": Thing.objects.earliest("pk").pk,
        "model_number": put_forward(force, timezone.now()),
        "paper_id": paper,
        **{f"{name.removeprefix('meeting_')}_id": number for name, number in held.items()},
        "item": 1,
    }


def fresh(matter: Matter) -> int:
    matter.refresh_from_db()
    return int(matter.version)


def numbers(matter: Matter) -> dict[str, int]:
    models = {
        "news_id": News, "downgrade_id": Downgrade, "transfer_id": Transfer, "question_id": LinkQuestion, "run_id": ImportRun,
        "row_id": BadRow, "handover_id": Handover, "task_id": Task, "proposal_id": Proposal, "grant_id": RoleGrant, "notice_id": Notice,
        "hit_id": Hit,
    }  # fmt: skip
    found = {name: int(model.objects.order_by("pk").values_list("pk", flat=True)[0]) for name, model in models.items()}
    report = Report.objects.get(external_id="R-1")
    owed = Obligation.objects.filter(matter=matter, is_open=True).earliest("pk")
    return {**found, "matter_id": matter.pk, "person_id": matter.person_id, "report_id": report.pk, "obligation_id": owed.pk, "user_id": 1}


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Every page of ours, by name and address."""
    named = signature(pages).parameters  # the readers and writers that are handed in, whichever they are
    ours = {pattern.name for pattern in pages(**dict.fromkeys(named, print))}  # type: ignore[arg-type]
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLPattern) and pattern.name in ours:
            yield "/" + str(pattern.pattern), pattern


# What there is none of here: a draft of the formula, an incoming transfer, papers, anybody else in the matter, a key, a lead.
NONE_OF = {
    "forecast_run",
    "forecast_scenario",
    "formula",
    "transfer_in",
    "certificate_pdf",
    "certificate_docx",
    "involve_end",
    "access_revoke",
    "conflict_end",
    "lead",
    "lead_accept",
    "lead_dismiss",
}
NEVER_ENDING = {"events"}  # tells only that something changed


def addresses(at: dict[str, int]) -> Iterator[str]:
    for path, pattern in routes():
        if pattern.name not in NONE_OF | NEVER_ENDING:
            yield re.sub(r"<\w+:(\w+)>", lambda found: str(WORDS.get(found[1]) or at[found[1]]), path)


def names_her(answer: object) -> bool:
    return answer.status_code == 200 and CHILD in answer.content  # type: ignore[attr-defined]


def looks(who: int) -> int:
    return AuditRow.objects.filter(actor_id=who, outcome="seen").count()


def test_every_address_that_names_the_child_leaves_who_looked(one_of_everything: dict[str, int], page_of: PageOf, force: Force) -> None:
    named, slipped = [], []
    hub = page_of("hazel")
    for path in addresses(one_of_everything):
        before = looks(force.users["hazel"].pk)
        if names_her(hub.get(path)):
            named.append(path)
            slipped += [path] if looks(force.users["hazel"].pk) == before else []
    assert slipped == []
    expected = (
        "matters",
        "people",
        "news",
        "lower-grades",
        "transfers",
        "reports",
        "hand-overs",
        "tasks",
        "rows",
        "board",
        "who-is-this",
        "engagements",
        "things",
    )
    assert {path.split("/")[1] for path in named} >= set(expected), "or nothing was on trial"
    assert len(named) > 25


def test_an_end_to_somebody_s_role_and_a_task_s_end_leave_who_looked(
    one_of_everything: dict[str, int], page_of: PageOf, force: Force
) -> None:
    task = one_of_everything["task_id"]
    tasking.decide_proposal(
        actor=force.actor("elm", timezone.now()),
        proposal_id=one_of_everything["proposal_id"],
        seen_version=1,
        wanted={task: (force.users["rowan"].pk, force.users["holly"].pk)},
        reason="Next door",
        refused=False,
        now=timezone.now(),
    )
    tasking.second(
        actor=force.actor("hazel", timezone.now()),
        proposal_id=one_of_everything["proposal_id"],
        seen_version=2,
        verb="second",
        reason="",
        now=timezone.now(),
    )
    me, matter = force.users["rowan"].pk, one_of_everything["matter_id"]
    for path, named in ((f"/tasks/{task}/", True), (f"/tasks/{task}/finish/searched/", False), (f"/matters/{matter}/", True)):
        before = looks(me)
        assert names_her(page_of("rowan").get(path)) is named, path
        assert looks(me) == before + 1, path


@pytest.mark.parametrize("who", ["birch", "oak", "yew"])
def test_no_address_names_the_child_to_those_who_may_not_see_her(who: str, one_of_everything: dict[str, int], page_of: PageOf) -> None:
    client = page_of(who)
    assert [path for path in addresses(one_of_everything) if names_her(client.get(path))] == []


def test_every_address_was_tried_or_is_named_above(one_of_everything: dict[str, int]) -> None:
    names = {pattern.name for _, pattern in routes()}
    assert names >= NONE_OF | NEVER_ENDING
    assert len(list(addresses(one_of_everything))) == len(names) - len(NONE_OF | NEVER_ENDING)
    assert not Involvement.objects.exists() and not Deed.objects.filter(code="certificate_made").exists()


@pytest.mark.parametrize(
    "at", ["/news/{news_id}/", "/transfers/{transfer_id}/", "/lower-grades/{downgrade_id}/", "/reports/{report_id}/take-off/"]
)
def test_a_look_by_a_page_of_one_thing_is_found_again_by_that_thing(
    at: str, one_of_everything: dict[str, int], page_of: PageOf, force: Force
) -> None:
    page_of("hazel").get(at.format(**one_of_everything))
    row = AuditRow.objects.filter(actor_id=force.users["hazel"].pk, outcome="seen").latest("pk")
    kind = "report" if "reports" in at else "matter"
    assert (row.subject_kind, row.subject_id) == (kind, str(one_of_everything[f"{kind}_id"]))
