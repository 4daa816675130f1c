"""What the record says, as known at one instant, that the measures read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lodestar.core.matters.desk import Story
from lodestar.core.measures.episodes import Episode
from lodestar.core.words import Period


@dataclass(frozen=True, slots=True)
class Interview:
    """What came of the return home interview of one missing episode, each with when it was written down."""

    episode: str
    offered_at: datetime | None = None
    held_at: datetime | None = None
    declined_at: datetime | None = None
    held_recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class About:
    """Whom a matter is about, as recorded: what its groups are told apart by. Empty is not asked."""

    sex: str = ""
    ethnicity: str = ""
    looked_after: bool | None = None
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One matter of another desk as its deeds tell it. ``child`` is whom it is about, to tell one from several of the same."""

    id: str
    child: str
    district: str
    story: Story
    about: About = About()

    def by(self, at: datetime) -> Story:
        """The story up to a data cut: what was done later is not yet done."""
        done = tuple(one for one in self.story.done if one.at <= at)
        return self.story if len(done) == len(self.story.done) else replace(self.story, done=done)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that was due: by which clock, by when, and what was recorded of it, if anything.

    ``complete`` says whether every answer that was owed was given; ``cancelled_at`` that it was no longer owed from then.
    """

    id: str
    child: str
    district: str
    rule: str
    started_at: datetime
    due_at: datetime
    cancelled_at: datetime | None = None
    done_at: datetime | None = None
    recorded_at: datetime | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a measure may be handed; each reads its own part."""

    episodes: tuple[Episode, ...] = ()
    interviews: tuple[Interview, ...] = ()
    cases: tuple[Case, ...] = ()
    dues: tuple[Due, ...] = ()

    def near(self, period: Period, *, look_back: timedelta) -> Facts:
        """The part that can matter to a period: what began in it or so long before, and what has no start."""
        earliest = period.from_at - look_back
        return replace(
            self,
            episodes=tuple(row for row in self.episodes if _near(row, earliest, period)),
            dues=tuple(row for row in self.dues if period.holds(row.due_at)),
        )

    def of_district(self, code: str) -> Facts:
        """The part that is one district's."""
        here: Callable[[Episode | Case | Due], bool] = lambda row: row.district == code  # noqa: E731
        return replace(
            self,
            episodes=tuple(filter(here, self.episodes)),
            cases=tuple(filter(here, self.cases)),
            dues=tuple(filter(here, self.dues)),
        )


def _near(row: Episode, earliest: datetime, period: Period) -> bool:
    instants = [at for at in (row.reported_at, row.since_to, row.since_from) if at is not None]
    return not instants or any(at >= earliest and (period.until_at is None or at < period.until_at) for at in instants)
