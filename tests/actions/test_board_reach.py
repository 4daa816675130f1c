"""The board shows each person what their roles reach and no more; its counts are its lists, its cost does not grow, looks are on record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lodestar.core.access.scope import Actor, Grant, MatterPlace
from lodestar.core.matters.kinds import DESKS
from lodestar.core.reports.draft import Subject
from lodestar.core.reports.intake import raw_digest
from lodestar.doors.feeds.bringing import bring_in
from lodestar.doors.feeds.commands import exports
from lodestar.store.guard import writing
from lodestar.store.models import AuditRow, Handover, ImportRun, Matter, Person, RoleGrant, Task
from lodestar.store.playbooks import playbook
from lodestar.store.queries import access
from lodestar.store.queries.priority import Board, BoardFilter, board, duty_list
from tests.actions import conftest as small
from tests.actions.conftest import HOUR, NOW, Force, make_force

ROLES = sorted(playbook("ACCESS-ROLES").in_force(NOW).values["roles"])
DISTRICTS, AUTHORITIES = ("north", "south", ""), ("shire", "city", "")
SCOPES = ((), ("north",), ("south", "shire"), ("north", "south", "shire", "city"))
ME = "rowan"


def add_matters(rows: Iterable[dict[str, Any]]) -> list[Matter]:
    """Matters straight into the table: what is on trial is who sees them, not how they came."""
    times = dict.fromkeys(("reported_at", "recorded_at", "opened_at"), NOW)
    with writing():
        made = []
        for row in rows:
            person = Person.objects.create(given_name="Kit", family_name="Fenn", name_key="fenn kit", created_at=NOW)
            made.append(Matter.objects.create(person=person, **{"state": "reported", **times, **row}))
    return made


@pytest.fixture
def matters(force: Force) -> list[Matter]:
    """One matter of each kind in each place, open and ended; some are this person's by one tie and some were."""
    kinds = [
        {"kind": kind, "district": district, "authority": authority, "is_open": is_open, "tier": 1 + place % 4, "next_due_at": due}
        for place, (kind, district, authority, is_open) in enumerate(product(DESKS, DISTRICTS, AUTHORITIES, (True, False)))
        for due in (NOW - HOUR if place % 3 else NOW + HOUR,)
    ]
    made = add_matters(kinds)
    me, other = force.users[ME], force.users["cedar"]
    common: dict[str, Any] = {"kind": "x", "title": "x", "minutes": 5, "earliest_at": NOW, "due_at": NOW, "created_at": NOW}
    ties: tuple[Callable[[Matter], object], ...] = (
        lambda row: Matter.objects.filter(pk=row.pk).update(holder=me),
        lambda row: Matter.objects.filter(pk=row.pk).update(holder=other),
        lambda row: Task.objects.create(matter=row, assignee=me, **common),
        lambda row: Task.objects.create(matter=row, assignee=me, is_open=False, state="done", **common),
        lambda row: Handover.objects.create(matter=row, giver=other, receiver=me, offered_at=NOW),
        lambda row: Handover.objects.create(matter=row, giver=other, receiver=me, offered_at=NOW, state="refused"),
        lambda row: None,
    )
    with writing():
        for place, row in enumerate(made):
            ties[(place // 2) % len(ties)](row)
    return list(Matter.objects.order_by("pk"))


def actor_with(force: Force, *held: tuple[str, tuple[str, ...]]) -> Actor:
    known = access.roles(NOW)
    grants: tuple[Grant, ...] = tuple(grant for role, places in held for grant in known[role].grants(frozenset(places)))
    return Actor(id=force.users[ME].pk, name="x", grants=grants)


def whole(actor: Actor, wanted: BoardFilter | None = None, size: int = 7) -> tuple[Board, list[int]]:
    """Every page of the board; the first with its counts, and the ids of all."""
    first = board(actor=actor, wanted=wanted or BoardFilter(), page=1, at=NOW, size=size)
    pages = [board(actor=actor, wanted=wanted or BoardFilter(), page=page, at=NOW, size=size) for page in range(1, first.pages + 1)]
    return first, [row.id for found in pages for row in found.rows]


def reached(actor: Actor, matters: Iterable[Matter], people: dict[int, frozenset[int]]) -> set[int]:
    """What core's rules of scope let this person read, of what is open."""
    return {
        row.pk
        for row in matters
        if row.is_open
        and actor.may("matters.read", MatterPlace(row.district, row.authority, row.is_open, people.get(row.pk, frozenset()), row.kind))
    }


def ties_of(matters: Iterable[Matter]) -> dict[int, frozenset[int]]:
    """Who is tied to each matter: who holds it, has open work on it, or is asked to take it over."""
    found = {row.pk: {row.holder_id} - {None} for row in matters}
    for task in Task.objects.filter(is_open=True):
        found[task.matter_id].add(task.assignee_id)
    for offer in Handover.objects.filter(state="offered"):
        found[offer.matter_id].add(offer.receiver_id)
    return {pk: frozenset(people) for pk, people in found.items()}  # type: ignore[arg-type]


def agrees(actor: Actor, matters: list[Matter], wanted: BoardFilter, keep: Callable[[Matter], bool]) -> None:
    """Counts, list and reach say the same."""
    rows = {row.pk: row for row in matters}
    expected = {pk for pk in reached(actor, matters, ties_of(matters)) if keep(rows[pk])}
    first, ids = whole(actor, wanted)
    assert len(ids) == len(set(ids)) == first.total == sum(first.by_tier.values())
    assert ids == sorted(expected, key=lambda pk: (rows[pk].tier, rows[pk].next_due_at, pk)), "by tier, then by what is owed next"
    assert first.by_tier == {tier: n for tier in (1, 2, 3, 4) if (n := sum(rows[pk].tier == tier for pk in expected))}
    assert first.late == sum(rows[pk].next_due_at < NOW for pk in expected)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_exactly_what_it_reaches_wherever_it_is_given(force: Force, matters: list[Matter], role: str) -> None:
    for places in SCOPES:
        actor = actor_with(force, (role, places))
        agrees(actor, matters, BoardFilter(), lambda _: True)
        assert {row.id for row in duty_list(actor=actor, at=NOW)} == set(whole(actor)[1])


FILTERS: tuple[tuple[BoardFilter, Callable[[Matter], bool]], ...] = (
    (BoardFilter(tier=2), lambda row: row.tier == 2),
    (BoardFilter(district="north"), lambda row: row.district == "north"),
    (BoardFilter(kind="missing"), lambda row: row.kind == "missing"),
    (BoardFilter(late=True), lambda row: row.next_due_at < NOW),
    (BoardFilter(state="located"), lambda row: row.state == "located"),
)


@pytest.mark.parametrize("role", ["hub_sergeant", "response_sergeant", "response_officer", "local_authority_worker", "polit_officer"])
def test_a_filter_narrows_what_is_reached_and_its_counts_with_it(force: Force, matters: list[Matter], role: str) -> None:
    actor = actor_with(force, (role, ("north", "shire")))
    for wanted, keep in FILTERS:
        agrees(actor, matters, wanted, keep)
    me = force.users[ME].pk
    agrees(actor, matters, BoardFilter(mine=True), lambda row: me in (row.holder_id, row.next_owed_by_id))


def test_two_narrow_roles_add_up_to_their_sum_and_no_more(force: Force, matters: list[Matter]) -> None:
    narrow = (("response_officer", ()), ("response_sergeant", ("north",)), ("local_authority_worker", ("city",)), ("polit_officer", ()))
    for one, other in product(narrow, narrow):
        actor = actor_with(force, one, other)
        agrees(actor, matters, BoardFilter(), lambda _: True)
        assert set(whole(actor)[1]) == set(whole(actor_with(force, one))[1]) | set(whole(actor_with(force, other))[1])


def test_what_is_on_the_board_opens_and_what_is_not_does_not(force: Force, matters: list[Matter]) -> None:
    for role in ROLES:
        actor = actor_with(force, (role, ("north", "shire")))
        on_board = set(whole(actor)[1])
        opens = {row.pk for row in matters if row.is_open and actor.may("matters.read", access.place_of(row))}
        assert on_board == opens, role


def test_the_trial_has_something_to_lose(force: Force, matters: list[Matter]) -> None:
    sizes = {role: len(whole(actor_with(force, (role, ("north", "shire"))))[1]) for role in ROLES}
    open_now = sum(row.is_open for row in matters)
    assert sizes["hub_sergeant"] == open_now == 36
    assert sizes["governance_reader"] == sizes["system_administrator"] == 0
    assert 0 < sizes["response_officer"] < sizes["response_sergeant"] < open_now
    assert 0 < sizes["local_authority_worker"] < open_now and 0 < sizes["call_handler"] < open_now


def queries_of(deed: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        deed()
    return len(caught)


def give_wide(force: Force, who: str) -> None:
    """Every role that sees a child, over everything, on top of their own."""
    seeing = [code for code, role in access.roles(NOW).items() if "matters.read" in role.permissions]
    assert len(seeing) > 9
    with writing():
        RoleGrant.objects.bulk_create(
            RoleGrant(user=force.users[who], role=role, places=["north", "south", "shire", "city"], from_at=NOW - HOUR) for role in seeing
        )


def many(count: int) -> None:
    add_matters({"district": "north", "authority": "shire", "next_due_at": NOW, "tier": 1 + place % 4} for place in range(count))


@pytest.mark.parametrize("deed", ["board", "duty list"])
def test_the_board_asks_as_often_for_sixty_matters_as_for_five_and_for_many_roles_as_for_one(force: Force, deed: str) -> None:
    asked: dict[tuple[str, int], int] = {}
    give_wide(force, "elm")
    for count in (5, 55):
        many(count)
        for who in ("alder", "elm"):
            actor = force.actor(who)
            run = {
                "board": lambda actor=actor: board(actor=actor, wanted=BoardFilter(), page=1, at=NOW),
                "duty list": lambda actor=actor: duty_list(actor=actor, at=NOW),
            }[deed]
            asked[who, Matter.objects.count()] = queries_of(run)
    assert set(asked.values()) == {2 if deed == "board" else 1}, asked


@pytest.mark.parametrize("path", ["/board/", "/duty-list/", "/board/?mine=on&late=on"])
def test_a_whole_page_asks_as_often_for_sixty_as_for_five(force: Force, path: str) -> None:
    """From the session to the audit row."""
    give_wide(force, "elm")
    asked: dict[tuple[str, int], int] = {}
    for who in ("alder", "elm"):
        signed_in(force, who).get(path)  # what a process works out once is worked out
    for count in (5, 55):
        many(count)
        for who in ("alder", "elm"):
            client = signed_in(force, who)
            asked[who, Matter.objects.count()] = queries_of(lambda client=client: client.get(path))
    for who in ("alder", "elm"):
        assert asked[who, 5] == asked[who, 60], asked
    # Who decides proposals is told whether one waits, which is one question more however wide they reach.
    assert asked["elm", 5] - asked["alder", 5] <= 1, asked


def signed_in(force: Force, who: str) -> Client:
    client = Client()
    client.force_login(force.users[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def today(db: None, monkeypatch: pytest.MonkeyPatch) -> Force:
    """The small force, on duty today: pages ask what the time is."""
    monkeypatch.setattr(small, "NOW", timezone.now().replace(second=0, microsecond=0) - timedelta(hours=4))
    return make_force()


def seen(verb: str, **of: Any) -> list[AuditRow]:
    return list(AuditRow.objects.filter(verb=verb, **of).order_by("pk"))


def here(force: Force, **changes: Any) -> Matter:
    at = small.NOW + HOUR
    return force.report(at=at, since_from=at, since_to=at, **changes)


def test_the_board_leaves_one_row_that_names_every_matter_it_showed_and_no_other(today: Force) -> None:
    mine = here(today)
    here(today, external_id="R-2", district="south", subject=Subject(given_name="Kit", family_name="Fenn"))
    signed_in(today, "alder").get("/board/")
    (row,) = seen("board.seen")
    assert (row.actor_id, row.actor_name, row.roles, row.door) == (today.users["alder"].pk, "Sgt Maud Alder", "response_sergeant", "web")
    assert (row.outcome, row.subject_kind, row.subject_id, row.detail) == ("seen", "matter", "list", {"ids": [mine.pk]})
    assert row.request_id


def test_a_page_of_the_board_names_only_its_own_rows(today: Force) -> None:
    many(60)
    signed_in(today, "hazel").get("/board/?page=2")
    (row,) = seen("board.seen")
    assert len(row.detail["ids"]) == 10
    assert set(row.detail["ids"]) < set(Matter.objects.values_list("pk", flat=True))


def test_a_child_s_matter_and_record_leave_who_looked_and_a_refused_look_too(today: Force) -> None:
    matter = here(today)
    for path, verb, kind, pk in (
        (f"/matters/{matter.pk}/", "matter.seen", "matter", matter.pk),
        (f"/people/{matter.person_id}/", "person.seen", "person", matter.person_id),
    ):
        assert signed_in(today, "alder").get(path).status_code == 200
        assert signed_in(today, "birch").get(path).status_code == 404
        rows = [(row.actor_name, row.outcome, row.subject_kind, row.subject_id, row.detail) for row in seen(verb)]
        assert rows == [
            ("Sgt Maud Alder", "seen", kind, str(pk), {}),
            ("Sgt Ivo Birch", "refused", kind, str(pk), {"codes": ["not_visible"]}),
        ]


def test_the_printed_duty_list_leaves_who_printed_it(today: Force) -> None:
    matter = here(today)
    signed_in(today, "alder").get("/duty-list/")
    (printed,) = seen("duty_list.printed")
    assert (printed.actor_name, printed.detail["ids"]) == ("Sgt Maud Alder", [matter.pk])


def test_a_search_leaves_whom_it_found_and_not_what_was_typed(today: Force) -> None:
    matter = here(today)
    client = signed_in(today, "alder")
    assert b"Mina Marsh" in client.post("/people/", {"name": "mars", "birth_date": ""}).content
    client.post("/people/", {"name": "nobody-at-all", "birth_date": ""})
    rows = seen("people.searched")
    assert [(row.outcome, row.subject_kind, row.detail) for row in rows] == [
        ("seen", "person", {"ids": [matter.person_id]}),
        ("seen", "person", {"ids": []}),
    ]
    assert not any(word in str(list(AuditRow.objects.values())).casefold() for word in ("mars", "nobody-at-all", "mina"))


def test_a_search_finds_only_children_in_reach(today: Force) -> None:
    here(today)
    assert b"Mina" not in signed_in(today, "birch").post("/people/", {"name": "marsh", "birth_date": ""}).content
    assert seen("people.searched")[0].detail == {"ids": []}


def test_an_export_leaves_who_took_what_with_its_digest(today: Force, tmp_path: Path) -> None:
    mina = Subject("Mina", "Marsh", small.date(2011, 5, 4), looked_after=True, responsible_authority="shire", keys={"la_child_id": "77"})
    here(today, subject=mina)
    out = tmp_path / "return.csv"
    year = str(small.NOW.year + (small.NOW.month > 3))
    result = CliRunner().invoke(exports, ["ssda903", "shire", "--year", year, "--out", str(out), "--as", "hazel"])
    assert (result.exit_code, result.output) == (0, f"1 rows written to {out}.\n")
    (row,) = seen("ssda903.exported")
    assert (row.actor_name, row.door, row.outcome, row.subject_kind, row.subject_id) == ("Sgt Tom Hazel", "cli", "seen", "report", "export")
    assert row.detail == {"rows": 1, "sha256": raw_digest(out.read_bytes())}


def test_an_export_by_somebody_whose_role_has_none_is_refused_in_words_and_writes_nothing(today: Force, tmp_path: Path) -> None:
    out = tmp_path / "return.csv"
    result = CliRunner().invoke(exports, ["ssda903", "shire", "--year", "2026", "--out", str(out), "--as", "alder"])
    assert result.exit_code == 1
    assert "Your role does not include this" in result.stderr
    assert not out.exists()
    assert [row.outcome for row in seen("ssda903.exported")] == ["refused"]


def test_an_export_that_could_not_be_put_on_record_is_not_written(today: Force, tmp_path: Path, broken_audit: Callable[[], Any]) -> None:
    out = tmp_path / "return.csv"
    with broken_audit():
        result = CliRunner().invoke(exports, ["ssda903", "shire", "--year", "2026", "--out", str(out), "--as", "hazel"])
    assert result.exit_code == 1
    assert not out.exists()


def test_the_rows_that_could_not_be_read_leave_who_took_them(today: Force) -> None:
    bad = b"Report reference,Surname,Date reported,Reported by\n1,Fenn,31/02/2026 10:00,Lena Dunn\n"
    bring_in(actor=today.actor("hazel", timezone.now()), kind="missing", source="s", file_name="x.csv", content=bad, now=timezone.now())
    run = ImportRun.objects.get()
    answer = signed_in(today, "hazel").get(f"/files/{run.pk}/errors.csv")
    (row,) = seen("import.errors_exported")
    assert (row.actor_name, row.detail) == ("Sgt Tom Hazel", {"rows": 1, "sha256": raw_digest(answer.content)})
    assert signed_in(today, "alder").get(f"/files/{run.pk}/errors.csv").status_code == 404
