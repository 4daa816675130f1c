"""Whatever happens, in whatever order: each open matter has exactly one holder at every instant, and what was written stays written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lodestar.actions import duty, sweeping
from lodestar.actions.audit import seal_rows, verify_chain
from lodestar.actions.matters import closing, transfers
from lodestar.core.access.scope import system_actor
from lodestar.core.reports.draft import Subject
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.store import models
from lodestar.store.guard import WriteOutsideAction
from lodestar.store.models import Handover, Holding, LadderTold, Matter, Obligation, Transfer
from lodestar.store.models.base import AppendOnly
from tests.actions.conftest import HOUR, NOW, Force

SYSTEM = system_actor("test")
NOTE = {"open_lines": "Two friends", "family_promises": "A call at noon", "next_actions": "Ring the school"}
PEOPLE = ("alder", "birch", "cedar", "elm", "hazel", "rowan")
CHILDREN = (("Mina", "Marsh", "north"), ("Kit", "Fenn", "south"), ("Ada", "Weir", "north"))
HISTORY = [model for name in models.__all__ if issubclass(model := getattr(models, name), AppendOnly)]
Chain = list[tuple[datetime, str]]


@dataclass
class Story:
    """A history as it is made, and who ought to hold each matter by it: only an accepted offer may change that."""

    force: Force
    at: datetime = NOW
    chains: dict[int, Chain] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)

    def matter(self, pick: int) -> Matter | None:
        rows = list(Matter.objects.order_by("pk"))
        return rows[pick % len(rows)] if rows else None

    def by(self, matter: Matter, pick: int) -> str:
        """The holder, three times in four; else anybody."""
        assert matter.holder is not None
        return matter.holder.username if pick % 4 else PEOPLE[pick % len(PEOPLE)]

    def report(self, pick: int, _: int) -> None:
        given_name, family_name, district = CHILDREN[pick % len(CHILDREN)]
        subject = Subject(given_name, family_name, date(2011, 5, 4), responsible_authority="shire")
        number = f"R-{sum(self.done.values())}-{self.at:%d%H%M}"
        before = set(Matter.objects.values_list("pk", flat=True))
        made = self.force.report(self.at, external_id=number, subject=subject, district=district, since_from=None, since_to=None)
        if made.pk not in before:
            self.chains[made.pk] = [(self.at, "alder" if district == "north" else "birch")]
            self.force.grade(made, "medium", by="elm", at=self.at)

    def grade(self, pick: int, _: int) -> None:
        if matter := self.matter(pick):
            self.force.grade(matter, "medium", by="elm", at=self.at)

    def offer(self, pick: int, whom: int) -> None:
        if matter := self.matter(pick):
            giver, waiting = self.by(matter, whom), matter.handovers.filter(state="offered").exists()
            duty.offer_handover(
                actor=self.force.actor(giver, self.at),
                matter_id=matter.pk,
                seen_version=matter.version,
                receiver_id=self.force.users[PEOPLE[(pick + whom) % len(PEOPLE)]].pk,
                note=NOTE,
                now=self.at,
            )
            assert giver == self.chains[matter.pk][-1][1], "only whoever answers offers"
            assert not waiting, "one offer at a time"

    def answer(self, verb: str, pick: int, whom: int) -> None:
        """The one who may answer, three times in four; else anybody. Of several offers the newest, also where it has been answered."""
        offers = list(Handover.objects.select_related("giver", "receiver").order_by("-pk"))
        if not offers:
            raise NotVisible
        offer = offers[pick % min(2, len(offers))]
        proper = offer.giver if verb == "withdraw" else offer.receiver
        who = proper.username if whom % 4 else PEOPLE[whom % len(PEOPLE)]
        actor = self.force.actor(who, self.at)
        duty.answer_handover(actor=actor, handover_id=offer.pk, seen_version=offer.version, verb=verb, reason="I am off", now=self.at)
        assert (who, offer.state) == (proper.username, "offered"), "only whoever it was offered to answers, and once"
        if verb == "accept":
            self.chains[offer.matter_id].append((self.at, offer.receiver.username))

    def accept(self, pick: int, whom: int) -> None:
        self.answer("accept", pick, whom)

    def refuse(self, pick: int, whom: int) -> None:
        self.answer("refuse", pick, whom)

    def withdraw(self, pick: int, whom: int) -> None:
        self.answer("withdraw", pick, whom)

    def sweep(self, _: int, hours: int) -> None:
        """Time goes by, and with it the ladders are climbed."""
        self.at += (1 + hours) * HOUR
        sweeping.sweep(actor=SYSTEM, now=self.at)

    def close(self, pick: int, _: int) -> None:
        if matter := self.matter(pick):
            self.force.found(matter, self.at, by="hazel")
            self.force.evidence(matter, self.at)
            self.force.close(matter, self.at)

    def reopen(self, pick: int, _: int) -> None:
        if matter := Matter.objects.filter(state="closed").first() or self.matter(pick):
            actor = self.force.actor("hazel", self.at)
            closing.reopen_matter(actor=actor, matter_id=matter.pk, seen_version=matter.version, reason="Not her", now=self.at)

    def void(self, pick: int, _: int) -> None:
        if matter := self.matter(pick):
            actor = self.force.actor("hazel", self.at)
            closing.void_matter(actor=actor, matter_id=matter.pk, seen_version=matter.version, reason="Not missing", now=self.at)

    def pass_on(self, pick: int, _: int) -> None:
        """To another force, which accepts."""
        if matter := self.matter(pick):
            actor, said = self.force.actor("hazel", self.at), {"other_force": "Fenshire", "receiver_named": "Insp Reed"}
            offer = transfers.offer_transfer(
                actor=actor, matter_id=matter.pk, seen_version=matter.version, reason="She lives there", now=self.at, **said
            )
            seen = Transfer.objects.get(pk=offer).version
            transfers.answer_transfer(
                actor=actor, transfer_id=offer, seen_version=seen, verb="accept", answered_by="Insp Reed", reason="", now=self.at
            )

    def take(self, verb: str, minutes: int, pick: int, whom: int) -> None:
        """One step, some minutes after the last; where it is refused nothing has happened."""
        self.at += timedelta(minutes=minutes)
        step: Callable[[int, int], None] = getattr(self, verb)
        try:
            with transaction.atomic():
                step(pick, whom)
        except (Refused, Conflict, NotVisible):
            self.done[f"{verb} refused"] += 1
        else:
            self.done[verb] += 1


def written() -> dict[str, dict[int, dict[str, Any]]]:
    """Everything that is history, row by row."""
    return {model.__name__: {row["id"]: row for row in model._default_manager.values()} for model in HISTORY}


def check_written(before: dict[str, dict[int, dict[str, Any]]], after: dict[str, dict[int, dict[str, Any]]]) -> None:
    """Whatever was there is there, letter for letter."""
    for name, rows in before.items():
        assert {pk: after[name].get(pk) for pk in rows} == rows, name


def check_holders(story: Story) -> None:
    """One holder at every instant from opening to now: a chain without gaps that says what happened and nothing else."""
    for matter in Matter.objects.select_related("holder"):
        chain = list(Holding.objects.filter(matter=matter).order_by("number").values_list("number", "from_at", "user__username"))
        assert [number for number, _, _ in chain] == list(range(1, len(chain) + 1))
        assert [(at, who) for _, at, who in chain] == story.chains[matter.pk]
        instants = [at for _, at, _ in chain]
        assert instants[0] == matter.opened_at, "from the first instant on"
        assert instants == sorted(instants) and instants[-1] <= story.at
        assert matter.holder is not None
        assert matter.holder.username == chain[-1][2], "what the board shows is the end of the chain"
        assert matter.handovers.filter(state="offered").count() <= 1
    assert not Obligation.objects.filter(is_open=True, matter__isnull=False, owed_by__is_active=False).exists()


@contextmanager
def taken_back() -> Iterator[None]:
    """What happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


VERBS = ("report", "grade", "offer", "accept", "refuse", "withdraw", "sweep", "close", "reopen", "void", "pass_on")
OFTEN = ("offer", "offer", "offer", "offer", "offer", "accept", "accept", "accept", "refuse", "sweep", "close", "reopen", "reopen")
STEP = st.tuples(st.sampled_from(VERBS + OFTEN), st.sampled_from((0, 1, 20, 90)), st.integers(0, 5), st.integers(0, 7))
Step = tuple[str, int, int, int]
# One of each, so that none of what follows can be true for want of anything happening.
EVERYTHING: list[Step] = [
    ("offer", 5, 0, 2),  # to cedar
    ("accept", 0, 0, 5),
    ("grade", 5, 0, 0),
    ("offer", 5, 0, 3),  # to elm, who lets it lie
    ("sweep", 0, 0, 6),
    ("offer", 0, 0, 1),  # a second beside the first: refused
    ("accept", 0, 0, 4),  # by somebody who was not asked: refused
    ("refuse", 5, 0, 5),
    ("accept", 0, 0, 5),  # after all; an offer is answered once: refused
    ("offer", 0, 1, 4),  # by hazel, who does not answer for it, to rowan: refused
    ("offer", 0, 0, 1),
    ("withdraw", 5, 0, 5),
    ("close", 5, 0, 0),
    ("reopen", 30, 0, 0),
    ("offer", 5, 0, 3),
    ("accept", 5, 0, 5),
    ("report", 5, 1, 0),
    ("void", 5, 1, 0),
    ("report", 5, 2, 0),
    ("grade", 5, 2, 0),
    ("pass_on", 5, 2, 0),
    ("accept", 5, 0, 4),  # what was accepted already: refused
]


def told(force: Force, steps: list[Step]) -> Story:
    """A whole history, held against every rule after every step."""
    story = Story(force)
    story.take("report", 0, 0, 0)
    now = written()
    for step in steps:
        story.take(*step)
        check_holders(story)
        before, now = now, written()
        check_written(before, now)
    return story


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(EVERYTHING)
@given(st.lists(STEP, min_size=4, max_size=12))
def test_each_matter_has_one_holder_at_every_instant_and_history_only_grows(force: Force, steps: list[Step]) -> None:
    with taken_back():
        told(force, steps)
        seal_rows(actor=SYSTEM, now=NOW)
        assert verify_chain(actor=SYSTEM, now=NOW)[2] is None


def test_the_history_of_everything_is_one(force: Force) -> None:
    story = told(force, EVERYTHING)
    assert set(VERBS) <= set(story.done), story.done
    assert (story.done["offer refused"], story.done["accept refused"]) == (2, 3)
    assert LadderTold.objects.exists(), "an unanswered offer climbed"
    assert set(Handover.objects.values_list("state", flat=True)) == {"accepted", "refused", "withdrawn"}
    assert set(Matter.objects.values_list("state", flat=True)) == {"active", "opened_in_error", "transferred"}
    assert [len(chain) for chain in story.chains.values()] == [3, 1, 1]


def test_an_offer_that_climbs_moves_nobody_s_answer(force: Force) -> None:
    story = told(force, [("offer", 0, 0, 2), *[("sweep", 0, 0, 5)] * 4])
    (chain,) = story.chains.values()
    assert LadderTold.objects.filter(obligation__subject_kind="handover").exists()
    assert [who for _, who in chain] == ["alder"]
    assert Handover.objects.get().state == "offered"


def test_a_matter_that_is_opened_again_is_held_by_whoever_held_it_without_a_gap(force: Force) -> None:
    story = told(force, [("offer", 5, 0, 2), ("accept", 5, 0, 5), ("grade", 0, 0, 0), ("close", 5, 0, 0), ("reopen", 600, 0, 0)])
    assert story.done["reopen"] == 1
    matter = Matter.objects.get()
    assert (matter.is_open, matter.holder) == (True, force.users["cedar"])
    (chain,) = story.chains.values()
    assert [who for _, who in chain] == ["alder", "cedar"]


@pytest.mark.parametrize("table", ["holding", "matterstep", "laddertold", "breach", "deed"])
@pytest.mark.parametrize("deed", ["UPDATE store_{} SET id = id", "DELETE FROM store_{}"])
def test_history_refuses_to_be_changed_or_deleted_by_any_hand(force: Force, table: str, deed: str) -> None:
    told(force, [("grade", 0, 0, 0), *[("sweep", 0, 0, 6)] * 2])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM store_{table}")
        assert cursor.fetchone()[0] > 0
        with pytest.raises(DatabaseError, match="never changed or deleted"):
            cursor.execute(deed.format(table))


def test_history_refuses_to_be_changed_by_our_own_hand(force: Force) -> None:
    told(force, [])
    row = Holding.objects.get()
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()
    with pytest.raises(WriteOutsideAction):
        Holding.objects.update(user_id=1)
