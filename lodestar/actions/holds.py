"""Clocks that deeds hold: kept as pauses, brought up to date with what is on record."""

from __future__ import annotations

from lodestar.actions import clocks
from lodestar.actions.perform import Act
from lodestar.core.matters.desk import Hold, Story
from lodestar.core.matters.kinds import desk
from lodestar.store.models import Matter, Obligation, Pause
from lodestar.store.queries.clocks import rule_of


def bring_up_to_date(act: Act, matter: Matter, story: Story) -> None:
    """What deeds say holds a clock, holds it: each clock of the matter whose playbook names the hold, and no other.

    One that was taken back stays as it was; one that is done is judged by it too, since a stay may be recorded late.
    """
    holds = {hold.name: hold for hold in desk(kind=matter.kind).holds(story) if hold.periods}
    if not holds:
        return
    for row in Obligation.objects.filter(matter=matter, cancelled_at=None).prefetch_related("pauses"):
        hold = holds.get(rule_of(row).held_by)
        if hold is not None and _hold(act, row, hold):
            clocks.reindex(act, Obligation.objects.prefetch_related("pauses").get(pk=row.pk))


def _hold(act: Act, row: Obligation, hold: Hold) -> bool:
    """Each period as one pause, told by when it begins; a pause only ever ends or is cut, it is never taken off."""
    have = {pause.from_at: pause for pause in row.pauses.all()}
    changed = False
    for period in hold.periods:
        pause = have.get(period.from_at)
        if pause is None:
            act.add(Pause(obligation=row, from_at=period.from_at, until_at=period.until_at, reason=hold.words, by_id=act.actor.id))
        elif pause.until_at != period.until_at:
            pause.until_at = period.until_at
            pause.save(update_fields=["until_at"])
        else:
            continue
        changed = True
    return changed
