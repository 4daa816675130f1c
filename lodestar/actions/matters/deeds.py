"""Writing down what was done, told or held."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lodestar.actions.matters.moving import did, settle
from lodestar.actions.perform import Act, perform
from lodestar.core.access.scope import Actor
from lodestar.core.matters import deeds as rules
from lodestar.core.matters.kinds import deed_kind, every_deed
from lodestar.core.words import NotVisible, insist
from lodestar.store.models import Deed, Disclosure, Matter


def record_deed(*, actor: Actor, matter_id: int, code: str, at: datetime, said: Mapping[str, str], now: datetime) -> int:
    """Something was done on a matter: recorded with its evidence, stopping the clocks it satisfies.

    Refuses what says too little, comes too early in the matter's life, or lies in the future.
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
    """A deed is the same whether it is recorded by itself or a finished task amounts to it: the same gate, the same disclosure."""
    known = deed_kind(kind=matter.kind, code=code)
    if known is None:
        raise NotVisible
    kind = insist(rules.record(kind=known, state=matter.state, at=at, said=said, opened_at=matter.reported_at, now=act.now))
    answers = {asked.name: str(said.get(asked.name, "")).strip() for asked in kind.asks}
    deed = did(act, matter, code, at=at, detail=answers)
    if kind.recipient:
        _disclose(act, matter, deed, kind.recipient, answers)
    act.record(deed, verb=f"deed.{code}", detail={"matter": matter.pk})
    return deed


def _disclose(act: Act, matter: Matter, deed: Deed, recipient: str, said: Mapping[str, str]) -> None:
    act.add(
        Disclosure(
            matter=matter,
            deed=deed,
            recipient=recipient,
            person_told=said.get("person_told", ""),
            power=said.get("power", ""),
            what=said.get("what") or deed.code.replace("_", " "),
            told_at=deed.at,
            by_id=act.actor.id,
        )
    )
