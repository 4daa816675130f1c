"""Random lives of a detention: what somebody might try next, put to the same two gates as the pages put it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from lodestar.core.matters.custody.desk import CUSTODY_DESK
from lodestar.core.matters.deeds import Asked, DeedKind, record
from lodestar.core.matters.desk import Attempt, Done, Story
from lodestar.core.matters.replay import Lived, live
from lodestar.core.words import Allowed

NOW = datetime(2026, 6, 4, 8, tzinfo=UTC)
WORDS = "Four words at the least"
# What is tried more often than chance would, in this life or that: otherwise most end in an early release.
LIKELY = ("child_charged", "bail_refused", "review_after_charge")
ENDS = ("child_released", "brought_to_court", "senior_directed")
LEANS: tuple[tuple[tuple[str, ...], dict[str, str]], ...] = (
    (("place_requested", "place_answered", "certified_impracticable", "child_moved", "child_came_back"), {}),
    (
        ("secure_approved", "place_requested", "answer_noted", "adequacy_assessed", "certified_serious_harm"),
        {
            "type": "secure",
            "answer": "refused",
            "adequate": "no",
            "bail": "still_refused",
            "imprisonable": "yes",
            "grounds": "own_interests",
        },
    ),
    (("place_requested", "place_answered", "child_moved", "child_came_back"), {"answer": "offered", "grounds": "own_protection"}),
    (
        ("certified_impracticable", "brought_to_court"),
        {"reason": "extreme_weather", "grounds": "own_interests", "bail": "still_refused", "certificate_produced": "yes"},
    ),
)


def opened(age: int | None) -> Story:
    """A child of this age, just detained."""
    born = date(2026 - age, 1, 1) if age is not None else None
    return Story(kind="custody", state="detained", reported_at=NOW, opened_at=NOW, born=born, is_child=True)


def lived(*, age: int | None, seed: int, tries: int, lean: int | None = None) -> Lived:
    """So many attempts, each answered by chance; the ones that both gates let through are done."""
    dice, story, at = Random(seed), opened(age), NOW
    codes, leaning = LEANS[lean] if lean is not None else dice.choice(LEANS)
    done = [Done(1, "detention_authorised", NOW, NOW, 2, {"authorised_at": NOW.isoformat(), "age_basis": "stated"})]
    now = live(desk=CUSTODY_DESK, story=story, done=done).story
    for _ in range(tries):
        kinds = [kind for kind in CUSTODY_DESK.deeds.values() if not kind.states or now.state in kind.states]
        kinds = [kind for kind in kinds if kind.code not in ("detention_authorised", "custody_opened_in_error")]
        if not kinds:
            break
        at += timedelta(minutes=dice.choice((0, 1, 20, 90, 400)))
        kind = dice.choices(kinds, [_weight(kind.code, codes) for kind in kinds])[0]
        said, by = answers(kind, now, at, dice, leaning), dice.choice((1, 2))
        if isinstance(record(kind=kind, state=now.state, at=at, said=said, opened_at=NOW, now=at), Allowed) and not CUSTODY_DESK.refuse(
            Attempt(now, kind.code, said, at, by, at)
        ):
            done.append(Done(len(done) + 1, kind.code, at, at, by, said))
            now = live(desk=CUSTODY_DESK, story=story, done=done).story
    return live(desk=CUSTODY_DESK, story=story, done=done)


def _weight(code: str, codes: tuple[str, ...]) -> float:
    return 10 if code in (*LIKELY, *codes) else 0.3 if code in ENDS else 1


def answers(kind: DeedKind, story: Story, at: datetime, dice: Random, lean: dict[str, str]) -> dict[str, str]:
    """An answer to every question, or now and then to none; what the life leans to, mostly."""
    found = {asked.name: _answer(asked, story, at, dice) for asked in kind.asks if dice.random() > 0.01}
    leaning = {asked.name for asked in kind.asks if lean.get(asked.name) in asked.choices and dice.random() < 0.8}
    return found | {name: lean[name] for name in leaning}


def _answer(asked: Asked, story: Story, at: datetime, dice: Random) -> str:
    match asked.asked_as:
        case "choice":
            return dice.choice(asked.choices)
        case "many":
            return ", ".join(sorted(dice.sample(asked.choices, dice.choice((1, 1, 2)))))
        case "time":
            return (at + timedelta(minutes=dice.choice((-10, 0, 30, 600)))).isoformat()
        case "deed":
            earlier = story.all(*asked.choices)
            return str(dice.choice(earlier).id) if earlier else "999"
    return WORDS


def prefixes(whole: Lived, age: int | None) -> list[Lived]:
    """The life as it stood after each deed."""
    done = whole.story.done
    return [live(desk=CUSTODY_DESK, story=replace(opened(age)), done=done[: number + 1]) for number in range(len(done))]
