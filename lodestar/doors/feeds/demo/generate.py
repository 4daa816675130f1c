"""Make the whole demonstration force from a seed and an instant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from lodestar.doors.feeds.demo import children as people
from lodestar.doors.feeds.demo import force, history, live, names, places, repeats, reporting, shapes
from lodestar.doors.feeds.demo.casting import cast
from lodestar.doors.feeds.demo.course import course, soiling
from lodestar.doors.feeds.demo.custody import custody
from lodestar.doors.feeds.demo.demo import Demo
from lodestar.doors.feeds.demo.dice import Dice
from lodestar.doors.feeds.demo.dirty import Dirty
from lodestar.doors.feeds.demo.episode import Episode, News
from lodestar.doors.feeds.demo.exploitation import exploitation
from lodestar.doors.feeds.demo.history import Case, World
from lodestar.doors.feeds.demo.live import Cast
from lodestar.doors.feeds.demo.online import online
from lodestar.doors.feeds.demo.records import Child, Home
from lodestar.doors.feeds.demo.rota import LONDON, rota
from lodestar.doors.feeds.demo.spans import Choices, Missing, Pattern, change_nights, patterns
from lodestar.doors.feeds.demo.truth import truth

_DAY = timedelta(days=1)
_MARGIN = timedelta(days=3)
STORY_SHIFTS, STORY_DONE = 49, 16  # reviews due and done (IOPC on this kind of force, September 2021)
_STORY_DAYS_AGO = 110


def generate(
    seed: int, as_of: datetime, scale: float = 1.0, years: int = 1, *, shape: str = "national", dirty: Dirty | None = None
) -> Demo:
    """A force, its year (or years) of episodes and its live day at ``as_of``; refuses an instant without a zone."""
    if as_of.tzinfo is None:
        raise ValueError("as_of needs a time zone")
    if scale <= 0 or years < 1:
        raise ValueError("scale is more than 0 and years at least 1")
    as_of = as_of.astimezone(UTC).replace(second=0, microsecond=0)
    dirty = Dirty.all() if dirty is None else dirty
    law = shapes.shape(shape)
    homes = places.homes(seed=seed)
    made = _patterns(seed, as_of, scale, years, Choices(law, dirty.missing_again_60min, dirty.dst_nights))
    children = _children(seed, made, homes, dirty)
    last_return = {child.key: pattern.spans[-1].returned_at for child, pattern in zip(children, made, strict=True)}
    known = len(children)
    dice = Dice(seed, "live")
    casts = cast(dice, children=children, last_return=last_return, homes=homes, as_of=as_of)
    duty = rota(staff=force.staff(seed=seed), from_at=as_of - years * 365 * _DAY - _MARGIN, as_of=as_of)
    nights = change_nights(as_of - years * 365 * _DAY - _MARGIN, as_of)
    world = World(duty, {home.code: home for home in homes}, as_of, nights)
    episodes = [
        *_history(seed, world, made, children[:known], dirty),
        _story(seed, world, children, homes),
        *_live(dice, world, casts, law),
    ]
    _ring_back(dice, world, episodes)
    episodes = repeats.referred(Dice(seed, "repeats"), episodes=episodes, rota=duty, as_of=as_of)
    desks, people_named = online(seed=seed, rota=duty, children=children, as_of=as_of, scale=scale)
    held = custody(seed=seed, rota=duty, children=children, as_of=as_of, scale=scale)
    away = {item.child for item in episodes if not item.returned_at and not item.closed_at}
    exploited, adults = exploitation(seed=seed, rota=duty, children=children, missing=away, as_of=as_of, scale=scale)
    ordered = tuple(sorted(episodes, key=lambda item: (item.reported_at, item.key)))
    matters = (*desks, *held, *exploited)
    return Demo(
        seed=seed, as_of=as_of, scale=scale, years=years, shape=shape, dirty=dirty, force_name=places.FORCE_NAME,
        authorities=places.AUTHORITIES, districts=places.DISTRICTS, staff=duty.staff, posts=force.posts(), shifts=duty.shifts,
        homes=homes, children=tuple(children), episodes=ordered, desks=matters,
        people=(*people_named, *adults), rota=duty,
        truth=truth(episodes=ordered, children=tuple(children), desks=matters, as_of=as_of, shape=law, dirty=dirty),
    )  # fmt: skip


def _patterns(seed: int, as_of: datetime, scale: float, years: int, choices: Choices) -> list[Pattern]:
    count = round(shapes.EPISODES_A_YEAR * scale)
    return [pattern for year in range(years) for pattern in patterns(seed=seed, as_of=as_of, year=year, episodes=count, choices=choices)]


def _children(seed: int, made: list[Pattern], homes: tuple[Home, ...], dirty: Dirty) -> list[Child]:
    dice = Dice(seed, "children")
    born = people.births(seed=seed, patterns=made, dirty=dirty)
    return [
        people.child(dice, number=number, born=day, looked_after=pattern.looked_after, homes=homes)
        for number, (pattern, day) in enumerate(zip(made, born, strict=True), 1)
    ]


def _history(seed: int, world: World, made: list[Pattern], children: list[Child], dirty: Dirty) -> Iterator[Episode]:
    spans = [(span, _grown_up(span, child)) for pattern, child in zip(made, children, strict=True) for span in pattern.spans]
    true, spared = [span for span, _ in spans], [grown_up for _, grown_up in spans]
    dirt = iter(soiling(seed=seed, spans=true, spared=spared, as_of=world.as_of, dirty=dirty))
    dice = Dice(seed, "history")
    number = 0
    for pattern, child in zip(made, children, strict=True):
        before: datetime | None = None
        for span in pattern.spans:
            number += 1
            written = course(dice, span=span, before=before, dirt=next(dirt), dirty=dirty)
            written = replace(written, dirt=tuple(sorted((*written.dirt, *_by_nature(span, child, written.reported_at, world)))))
            before = max(span.returned_at, written.returned_at or span.returned_at)
            yield history.closed(dice, world, Case(f"E{number:06d}", child, pattern.band, written))


def _grown_up(span: Missing, child: Child) -> bool:
    return people.age_on(child.birth_date, people.local_day(span.located_at)) >= 18


def _by_nature(span: Missing, child: Child, reported_at: datetime, world: World) -> Iterator[str]:
    """The switches that show in the facts themselves, named so that they are counted and found."""
    if _grown_up(span, child):
        yield "turns_18"
    if (child.birth_date.month, child.birth_date.day) == (2, 29):
        yield "leap_births"
    if any(from_at <= reported_at < until_at for from_at, until_at in world.changes):
        yield "dst_nights"
    if reported_at != span.reported_at:
        yield "digit_preference"


def _story(seed: int, world: World, children: list[Child], homes: tuple[Home, ...]) -> Episode:
    """49 early shifts on which a review was due, 16 of them done: what the review ledger must find out by itself."""
    dice = Dice(seed, "story")
    first = (world.as_of - _STORY_DAYS_AGO * _DAY).astimezone(LONDON).date()
    reported_at, located_at = _local(first, 18), _local(first + STORY_SHIFTS * _DAY, 18)
    born = date(first.year - 16, 5, 14) if first > date(first.year, 7, 1) else date(first.year - 17, 5, 14)
    child = people.child(dice, number=len(children) + 1, born=born, looked_after=True, homes=homes, girl=True)
    children.append(child)
    span = Missing(reported_at, located_at, located_at + _DAY / 24, False)
    done = set(dice.some(range(STORY_SHIFTS), STORY_DONE))
    case = Case(
        "S49", child, "15-17", course(dice, span=span, before=None, dirt=frozenset(), dirty=Dirty.none()),
        scene="reviews_16_of_49", level="medium", reviews_done=tuple(number in done for number in range(STORY_SHIFTS)),
    )  # fmt: skip
    return history.closed(dice, world, case)


def _local(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=LONDON).astimezone(UTC)


def _live(dice: Dice, world: World, casts: list[Cast], law: shapes.Duration) -> Iterator[Episode]:
    for item in casts:
        yield live.staged(dice, world, item, law)


def _ring_back(dice: Dice, world: World, episodes: list[Episode]) -> None:
    """Half an hour ago somebody called about a matter closed last week, and nobody has assessed it yet."""
    closed = [number for number, item in enumerate(episodes) if item.closed_at and not item.news and not item.scene]
    number = max(closed, key=lambda index: episodes[index].closed_at)
    at = max(world.as_of - timedelta(minutes=35), episodes[number].closed_at + timedelta(minutes=1))
    text = "Saw the child get into the same silver car again, by the retail park, and is worried about who was driving."
    news = News(at, reporting.taken_by(world.rota, at), names.grown_up(dice), names.mobile(dice), text, None, "", "", "")
    episodes[number] = replace(episodes[number], news=(news,))
