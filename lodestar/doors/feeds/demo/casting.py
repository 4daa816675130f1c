"""Finding a child for each scene: one already known where that fits, a new one otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from lodestar.doors.feeds.demo.children import age_on, child, local_day
from lodestar.doors.feeds.demo.dice import Dice
from lodestar.doors.feeds.demo.live import Cast
from lodestar.doors.feeds.demo.records import Child, Home
from lodestar.doors.feeds.demo.scenes import SCENES, Scene

_REST = timedelta(hours=12)


def cast(dice: Dice, *, children: list[Child], last_return: dict[str, datetime], homes: tuple[Home, ...], as_of: datetime) -> list[Cast]:
    """One child for each scene, no child twice; new ones are added to ``children``."""
    taken: set[str] = set()
    made = []
    for number, scene in enumerate(SCENES, 1):
        since = as_of - timedelta(hours=scene.reported) - _REST
        rested = [item for item in children if item.key not in taken and last_return.get(item.key, as_of) < since]
        chosen = _known(dice, scene, rested, local_day(as_of)) or _new(dice, scene, children, homes, as_of)
        taken.add(chosen.key)
        other = _other(dice, chosen, children, taken) if scene.unsure else None
        made.append(Cast(scene, f"L{as_of:%y%m%d}-{number:02d}", chosen, other))
    return made


def _known(dice: Dice, scene: Scene, rested: list[Child], today: date) -> Child | None:
    fitting = [item for item in rested if _fits(scene, item, today)] if scene.known_before else []
    return dice.pick(fitting) if fitting else None


def _fits(scene: Scene, item: Child, today: date) -> bool:
    # A week on each side keeps the age the same through the longest scene.
    ages = age_on(item.birth_date, today - timedelta(days=10)), age_on(item.birth_date, today + timedelta(days=10))
    return (
        scene.ages[0] <= ages[0]
        and ages[1] <= scene.ages[1]
        and scene.care in (None, item.looked_after)
        and scene.girl in (None, item.sex == "female")
    )


def _new(dice: Dice, scene: Scene, children: list[Child], homes: tuple[Home, ...], as_of: datetime) -> Child:
    age = dice.whole(*scene.ages)
    born = local_day(as_of) - timedelta(days=int((age + dice.between(0.1, 0.9)) * 365.2425))
    if (born.month, born.day) == (2, 29):
        born -= timedelta(days=1)
    care = dice.chance(0.3) if scene.care is None else scene.care
    made = child(dice, number=len(children) + 1, born=born, looked_after=care, homes=homes, girl=scene.girl)
    children.append(made)
    return made


def _other(dice: Dice, chosen: Child, children: list[Child], taken: set[str]) -> Child:
    """Somebody known with the same first name: renamed so before anything is written about them."""
    fitting = [
        number
        for number, item in enumerate(children)
        if item.key not in taken and item.sex == chosen.sex and abs((item.birth_date - chosen.birth_date).days) < 700
    ]
    number = dice.pick(fitting) if fitting else next(n for n, item in enumerate(children) if item.key not in taken)
    children[number] = replace(children[number], given_name=chosen.given_name)
    taken.add(children[number].key)
    return children[number]
