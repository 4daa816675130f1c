"""Writing down what was done, told or held, and carrying out what it brings about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Model

from lodestar.actions import clocks, duty, holds
from lodestar.actions.matters import work
from lodestar.actions.matters.moving import did, settle, step
from lodestar.actions.perform import Act, perform
from lodestar.core.access.scope import Actor
from lodestar.core.matters import deeds as rules
from lodestar.core.matters.desk import Attempt, Following, Started
from lodestar.core.matters.kinds import deed_kind, deed_title, desk, every_deed
from lodestar.core.words import NotVisible, Refusal, Refused, insist, require
from lodestar.store.models import Deed, Disclosure, Involvement, Matter, Task
from lodestar.store.queries.stories import as_done, story_of
from lodestar.store.queries.tasks import asked_by


def record_deed(*, actor: Actor, matter_id: int, code: str, at: datetime, said: Mapping[str, str], now: datetime) -> int:
    """Something was done on a matter: recorded with its evidence, stopping the clocks it satisfies and starting what follows.

    Refuses what says too little, comes too early in the matter's life, lies in the future, or is against the desk's rules.
    """
    kind = every_deed().get(code)
    if kind is None:
        raise NotVisible
    with perform(f"deed.{code}", actor=actor, now=now, permission=kind.permission) as act:
        matter = act.claim(Matter, matter_id)
        deed = write_down(act, matter, code, at=at, said=said)
        act.changed(matter.pk)
        settle(act, matter)
        return int(deed.pk)


def write_down(act: Act, matter: Matter, code: str, *, at: datetime, said: Mapping[str, str]) -> Deed:
    """A deed is the same whether recorded by itself, on opening, or as what a finished task amounts to: one gate, one effect."""
    known = deed_kind(kind=matter.kind, code=code)
    if known is None:
        raise NotVisible
    kind = insist(rules.record(kind=known, state=matter.state, at=at, said=said, opened_at=matter.reported_at, now=act.now))
    answers = {asked.name: str(said.get(asked.name, "")).strip() for asked in kind.asks}
    told = desk(kind=matter.kind)
    attempt = Attempt(story_of(matter, at=act.now), code, answers, at, act.actor.id, act.now)
    require(*told.refuse(attempt))
    deed = did(act, matter, code, at=at, detail=answers, about=_about(matter, kind, answers))
    if kind.recipient:
        _disclose(act, matter, deed, kind.recipient, answers)
    act.record(deed, verb=f"deed.{code}", detail={"matter": matter.pk})
    story = story_of(matter, at=act.now)
    _carry_out(act, matter, deed, told.follow(story, as_done(deed)))
    holds.bring_up_to_date(act, matter, story)
    if code == "rhi_held":
        _tell_exploitation(act, matter, deed)
    return deed


def _tell_exploitation(act: Act, missing: Matter, deed: Deed) -> None:
    """What a return interview told is on the child's exploitation record too, where it waits until an assessment weighs it."""
    for record in Matter.objects.filter(kind="exploitation", person_id=missing.person_id, is_open=True):
        said = {"missing_reference": missing.reference, "held_by": deed.detail["held_by"], "learnt": deed.detail["learnt"]}
        told = did(act, record, "return_intelligence_received", at=deed.at, detail=said)
        act.record(told, verb="deed.return_intelligence_received", detail={"matter": record.pk, "from": missing.pk})
        act.changed(record.pk)
        _carry_out(act, record, told, desk(kind=record.kind).follow(story_of(record, at=act.now), as_done(told)))
        settle(act, record)


def _about(matter: Matter, kind: rules.DeedKind, answers: Mapping[str, str]) -> Model | None:
    """The earlier deed, or the person in the matter, that a deed is about; one of another matter is refused."""
    asked = kind.about
    answer = answers.get(asked.name, "") if asked else ""
    if asked is None or not answer:
        return None
    found: Deed | Involvement | None
    if asked.asked_as == "deed":
        found = Deed.objects.filter(matter=matter, pk=answer, code__in=asked.choices).first()
    else:
        found = Involvement.objects.filter(matter=matter, pk=answer, role__in=asked.choices).first()
    if found is None:
        raise Refused(Refusal(f"deed.{asked.name}", f"{asked.question}: choose one from the list.", "", asked.name))
    row: Model = found
    return row


def _carry_out(act: Act, matter: Matter, deed: Deed, following: Following) -> None:
    for verb in following.verbs:
        reason = str(deed.detail.get("reason") or deed.detail.get("why") or "")
        was_open = matter.is_open
        made = step(act, matter, verb, at=deed.at, reason=reason, detail={"deed": deed.pk}, **_ending(matter, verb, act.now))
        if was_open and not matter.is_open:
            duty.lapse_offers(act, matter, why="has ended")
        if was_open and made.target == "opened_in_error":
            clocks.cancel(act, matter, reason="Opened in error.")
        if not was_open and matter.is_open:
            clocks.begin(act, matter, "reopened", at=act.now)
    for started in following.starts:
        start(act, matter, started, deed=deed)
    for earlier in following.settles:
        work.withdraw(act, matter, asked_by(matter.pk, earlier), why=f"{deed_title(code=deed.code)}.")
    for wanted in following.work:
        work.ask(act, matter, origin=deed, wanted=wanted)


def amounts_to(act: Act, task: Task, *, at: datetime, evidence: Mapping[str, str]) -> None:
    """A finished task that a deed of its own matter asked for is, by the desk's rules, a deed too: written down by the one gate."""
    matter, origin = task.matter, task.origin
    if origin is None or origin.matter_id != matter.pk or not matter.is_open:
        return
    made = desk(kind=matter.kind).amounts(story_of(matter, at=act.now), as_done(origin), evidence)
    if made is not None:
        write_down(act, matter, made[0], at=at, said=made[1])


def _ending(matter: Matter, verb: str, now: datetime) -> dict[str, object]:
    """What else changes when a move ends a matter, or opens it again."""
    row = desk(kind=matter.kind).lifecycle.row(state=matter.state, verb=verb)
    if row is None:
        return {}
    if row.target in ("closed", "opened_in_error"):
        return {"closed_at": now, "outcome": row.target}
    return {"closed_at": None, "outcome": ""} if matter.state == "closed" else {}


def start(act: Act, matter: Matter, started: Started, *, deed: Deed | None = None) -> None:
    """An event of a desk, told to the clock engine: about the matter, the deed that started it, or the person that deed names."""
    about: Model | None = None
    if started.about == "deed":
        about = deed
    elif started.about == "involved" and deed is not None:
        kind = deed_kind(kind=matter.kind, code=deed.code)
        about = _about(matter, kind, deed.detail) if kind is not None else None
    clocks.begin(act, matter, started.event, at=started.at, chosen=started.chosen, about=about, after=deed)


def _disclose(act: Act, matter: Matter, deed: Deed, recipient: str, said: Mapping[str, str]) -> None:
    act.add(
        Disclosure(
            matter=matter,
            deed=deed,
            recipient=said.get("recipient") or recipient,
            person_told=said.get("person_told", ""),
            power=said.get("power", ""),
            what=said.get("what") or deed.code.replace("_", " "),
            told_at=deed.at,
            by_id=act.actor.id,
        )
    )
