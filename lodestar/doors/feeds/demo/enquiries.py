"""The enquiries of the last quarter's closed episodes: asked for, issued and done, as a shadow run of the formula needs them."""

from __future__ import annotations

from datetime import datetime, timedelta

from lodestar.doors.feeds.demo.dice import Dice
from lodestar.doors.feeds.demo.episode import Grade, Task
from lodestar.doors.feeds.demo.rota import Rota
from lodestar.store.queries.tasks import kinds

KEPT = timedelta(days=100)  # the last quarter, and some days before it
MINUTE = timedelta(minutes=1)

# Kinds of work by their code in the playbook, and from which level on each is asked for.
ALWAYS = ("records_check", "phone_enquiry")
FROM_MEDIUM = ("address_check", "family_contact", "hospital_check")
FROM_HIGH = ("premises_search", "area_search", "bank_enquiry")


def done(*, key: str, rota: Rota, district: str, grades: tuple[Grade, ...], until_at: datetime, as_of: datetime) -> tuple[Task, ...]:
    """What was asked for while a child was missing, by the level it was first graded; nothing for what is long past.

    Drawn from dice of its own, so that the rest of the demonstration is what it was.
    """
    first = grades[0]
    if first.at < as_of - KEPT:
        return ()
    dice = Dice(sum(key.encode()), f"enquiries {key}")
    choices = ALWAYS + (FROM_MEDIUM if first.level in ("medium", "high") else ()) + (FROM_HIGH if first.level == "high" else ())
    count = {"high": dice.whole(3, 5), "medium": dice.whole(1, 3)}.get(first.level, dice.whole(0, 1))
    made = []
    known = kinds(kind="missing", at=as_of)
    for kind in (known[code] for code in dice.some(choices, count)):
        asked_at = first.at + dice.whole(3, 90) * MINUTE
        if asked_at >= until_at:
            continue
        officer = dice.pick(rota.officers(district, asked_at))
        issued_at = asked_at + dice.whole(4, 25) * MINUTE
        ended_at = min(issued_at + (kind.minutes + dice.whole(5, 60)) * MINUTE, as_of - MINUTE)
        due_at = asked_at + dice.whole(2, 8) * 60 * MINUTE
        made.append(
            Task(
                kind.code, kind.title, "", "done", kind.minutes, kind.skills, asked_at, due_at, asked_at, first.by, officer,
                issued_at, "", ended_at, kind.outcomes[0].code,
            )
        )  # fmt: skip
    return tuple(made)
