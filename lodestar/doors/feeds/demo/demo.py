"""The whole demonstration force, and what is true of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lodestar.doors.feeds.demo.desks import DeskMatter, Someone
from lodestar.doors.feeds.demo.dirty import Dirty
from lodestar.doors.feeds.demo.episode import Episode
from lodestar.doors.feeds.demo.records import Authority, Child, District, Home, Post, Shift, Staff
from lodestar.doors.feeds.demo.rota import Rota


@dataclass(frozen=True, slots=True)
class Figures:
    """What an all-knowing reader would print, and what a naive one would."""

    episodes: int
    children: int
    within_24h: int  # of the mature cohort
    mature: int
    share_within_24h: float  # M1, mature cohort
    median_hours: float  # M2, all ages
    median_hours_by_band: tuple[tuple[str, float], ...]
    closed_only_share: tuple[tuple[int, float], ...]  # by window in days: the naive percentage
    open_as_failure_share: tuple[tuple[int, float], ...]
    repeat_r1: float
    repeat_r2: float
    repeat_r3: float
    returns: int
    interviews_held_in_72h: int


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """What is true of the other desks over the year up to the data cut."""

    referrals: int  # M5: received
    referrals_shared: int  # about which something was shared
    referrals_shared_in_72h: int
    cases_open: int  # M6, at the cut
    files_decided: int  # M7: decisions of the CPS
    decision_median_days: float  # of those decided, from the first submission: it leaves the open out, and so is short
    detentions: int  # M8: charged and refused bail
    detentions_asked: int
    detentions_moved: int
    detentions_looked_at: int  # M10: by the daily meeting


@dataclass(frozen=True, slots=True)
class Truth:
    """The true value of the measures, published with the data so that estimators can be judged."""

    shape: str
    expected_within_24h: float  # of the law the durations are drawn from
    expected_median_hours: float
    happened: Figures  # true times, before any dirt, the end of open ones included
    recorded: Figures  # the recorded times by the rules of measures.md 1.2; open ones counted as not within 24 h
    desks: DeskFigures
    dirt: tuple[tuple[str, int], ...]  # how many episodes each switch touched


@dataclass(frozen=True, slots=True)
class Demo:
    """One invented force: its places, people, rota, children and what happened to them up to ``as_of``."""

    seed: int
    as_of: datetime
    scale: float
    years: int
    shape: str
    dirty: Dirty
    force_name: str
    authorities: tuple[Authority, ...]
    districts: tuple[District, ...]
    staff: tuple[Staff, ...]
    posts: tuple[Post, ...]
    shifts: tuple[Shift, ...]
    homes: tuple[Home, ...]
    children: tuple[Child, ...]
    episodes: tuple[Episode, ...]  # by reported_at
    desks: tuple[DeskMatter, ...]  # the matters of the other desks
    people: tuple[Someone, ...]  # whom they are about or name, beside the children
    rota: Rota
    truth: Truth

    @property
    def live(self) -> tuple[Episode, ...]:
        """The matters open at the data cut."""
        return tuple(episode for episode in self.episodes if episode.is_open)

    @property
    def sign_ins(self) -> tuple[tuple[str, str], ...]:
        """For each role, somebody to sign in as: on duty at the data cut where anybody is, and a lead if there is one."""
        away = {person.username for person in self.staff if any(span.from_at <= self.as_of < span.until_at for span in person.leave)}
        now = [shift for shift in self.shifts if shift.from_at <= self.as_of < shift.until_at]
        on_duty = {shift.username: 1 + shift.lead for shift in sorted(now, key=lambda item: item.lead)}
        best: dict[str, tuple[int, str]] = {}
        for person in self.staff:
            rank = 0 if person.username in away else 1 + on_duty.get(person.username, 0)
            if person.role not in best or rank > best[person.role][0]:
                best[person.role] = (rank, person.username)
        return tuple((role, username) for role, (_, username) in best.items())
