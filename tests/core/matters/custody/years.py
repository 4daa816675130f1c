"""The two years that ship in docs/examples/custody, a case file a line.

The counts are published: Cambridgeshire, year to 29 February 2024, 48 children refused bail, 33 requests, 2 moved (HMICFRS,
custody inspection of Cambridgeshire, April 2024); West Midlands, 2016, 384 refused bail, 239 requests, 22 places (Express and
Star, June 2017). Everything else is invented: the children, times, charges, answers, reasons and certificates, and that each
child who was asked for was asked for once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

OFFENCES = (
    "Burglary, Theft Act 1968 s.9",
    "Possession of a knife in a public place, Criminal Justice Act 1988 s.139",
    "Affray, Public Order Act 1986 s.3",
)
ROBBERY = "Robbery, Theft Act 1968 s.8"
WEATHER = "Snow has closed every road to the placement; the control room's log of closures is attached."
HARM = {
    "serious_harm": "He means to stab the person he robbed.",
    "not_adequate": "He left two homes this week to look for them.",
    "test": "He said he will stab that person, as in the robbery charged.",
}
TEST = {"harm": HARM["serious_harm"], "not_enough": HARM["not_adequate"], "test": HARM["test"]}
ANSWERED = {"refused": "refused", "no_answer": "no_reply", "offered_too_late": "offered", "moved": "offered"}
GROUND = {"code": "will_not_answer_bail", "facts": "Missed two court dates this year."}


@dataclass(frozen=True)
class Year:
    """A published year: how many of its children stood where."""

    name: str
    prefix: str
    authority: str
    start: date
    days: int
    stride: int  # shares no factor with the total, so the outcomes lie all through the year
    outcomes: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return sum(count for _, count in self.outcomes)


YEARS = (
    Year(
        "cambridgeshire-2023-24",
        "CB",
        "Fenshire Council",
        date(2023, 3, 1),
        366,
        29,
        (("no_request", 15), ("secure_refused", 12), ("refused", 8), ("no_answer", 9), ("offered_too_late", 2), ("moved", 2)),
    ),
    Year(
        "west-midlands-2016",
        "WM",
        "Tamefield Council",
        date(2016, 1, 1),
        366,
        145,
        (("no_request", 145), ("secure_refused", 58), ("refused", 107), ("no_answer", 52), ("moved", 22)),
    ),
)


def year_jsonl(year: Year) -> str:
    """The file, whole."""
    return "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases(year))


def cases(year: Year) -> Iterator[dict[str, Any]]:
    """Every child of the year, in the order of charge."""
    outcomes = [outcome for outcome, count in year.outcomes for _ in range(count)]
    for number in range(year.total):
        yield _case(year, number, outcomes[number * year.stride % year.total])


def _case(year: Year, number: int, outcome: str) -> dict[str, Any]:
    start = datetime(year.start.year, year.start.month, year.start.day, 10, tzinfo=UTC)
    charged = start + timedelta(days=number * year.days // year.total, minutes=number * 67 % 720)
    offence = ROBBERY if outcome == "secure_refused" else OFFENCES[number % len(OFFENCES)]
    return {
        "id": f"{year.prefix}-{number + 1:03}",
        "dob": f"{(charged - timedelta(days=365 * 14 + number * 97 % 1300)):%Y-%m-%d}",
        "times": {
            "relevant_time": said(charged - timedelta(hours=9)),
            "detention_authorised_at": said(charged - timedelta(hours=8, minutes=50)),
            "charged_at": said(charged),
        },
        "charges": [{"offence": offence, "imprisonable": True, "specified": offence == ROBBERY}],
        "bail": {"at": said(charged + timedelta(minutes=20)), "decision": "refused", "grounds": [GROUND], **record(charged)},
        **_course(year, outcome, charged),
    }


def _course(year: Year, outcome: str, charged: datetime) -> dict[str, Any]:
    """What was asked, answered, certified and moved."""
    if outcome == "no_request":
        return {"requests": []}
    secure = outcome == "secure_refused"
    asked = {**TEST, "type": "secure", "approved_by_inspector": True} if secure else {"type": "non_secure"}
    word = "refused" if secure else ANSWERED[outcome]
    answer = {"at": said(charged + timedelta(hours=2)), "answer": word, "reason": "" if word == "offered" else "No place tonight."}
    request = {"at": said(charged + timedelta(minutes=45)), "authority": year.authority, **asked, "answer": answer}
    course: dict[str, Any] = {"requests": [request]}
    if outcome == "moved":
        return {**course, "moved": {"at": said(charged + timedelta(hours=3)), "request": 0}}
    certificate = {"limb": "b", **HARM} if secure else {"limb": "a", "reason": "extreme_weather", "circumstances": WEATHER}
    course["certificates"] = [{"at": said(charged + timedelta(hours=4)), **certificate}]
    if secure:
        course["adequacy"] = [{"at": said(charged + timedelta(hours=3)), "adequate": "no", "why": HARM["not_adequate"]}]
    if outcome in ("refused", "no_answer"):
        course["failed_to_provide"] = {"at": said(charged + timedelta(hours=3)), "request": 0, "escalated": "The director on call."}
    return course


def record(charged: datetime) -> dict[str, Any]:
    """How the refusal of bail was recorded."""
    return {"recorded_in_presence": True, "told_at": said(charged + timedelta(minutes=25)), "appropriate_adult": True}


def said(at: datetime) -> str:
    """An instant as a case file gives it."""
    return at.isoformat().replace("+00:00", "Z")
