"""Children missing again and again: what APP wants at the third report in 90 days, done for nearly all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from lodestar.doors.feeds.demo import doing, names, wording
from lodestar.doors.feeds.demo.dice import Dice
from lodestar.doors.feeds.demo.episode import Deed, Episode
from lodestar.doors.feeds.demo.rota import Rota

REPORTS, WITHIN = 3, timedelta(days=90)
DONE = 0.94  # the rest is what the detectors are for
_MINUTE = timedelta(minutes=1)


def referred(dice: Dice, *, episodes: Sequence[Episode], rota: Rota, as_of: datetime) -> list[Episode]:
    """The same episodes in the same order, with a referral where a run of reports reached the number; a few are never made."""
    theirs: dict[str, list[Episode]] = defaultdict(list)
    for episode in sorted(episodes, key=lambda item: (item.reported_at, item.key)):
        theirs[episode.child].append(episode)
    made = {key: deed for child in theirs.values() for key, deed in _child(dice, child, rota, as_of)}
    return [_with(episode, made[episode.key]) if episode.key in made else episode for episode in episodes]


def _child(dice: Dice, episodes: Sequence[Episode], rota: Rota, as_of: datetime) -> Iterator[tuple[str, Deed]]:
    run: list[datetime] = []
    for episode in episodes:
        run = [at for at in (*run, episode.reported_at) if episode.reported_at - at <= WITHIN]
        at = episode.recorded_at + dice.whole(60, 20 * 60) * _MINUTE
        if len(run) >= REPORTS and at < as_of and dice.chance(DONE):
            said = {
                "person_told": f"{names.grown_up(dice)}, duty social worker",
                "what": "Missing three times in 90 days: each report, what was learnt on return, and what is feared.",
                "power": wording.POWER,
            }
            yield episode.key, doing.deed("multi_agency_referral_made", at, rota.lead("duty_inspector", at).username, **said)
            run = []


def _with(episode: Episode, deed: Deed) -> Episode:
    return replace(episode, deeds=tuple(sorted((*episode.deeds, deed), key=lambda item: item.at)))
