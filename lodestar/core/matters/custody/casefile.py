"""A child's detention as a case file tells it: read into what was done, in order, or refused with the field that is wrong.

The format is documented in ``docs/reference/custody-case-file.md``. A case file says what happened; whether it was lawful is
for the desk's rules (``check``), which are the same that the pages use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from lodestar.core.matters.deeds import instant
from lodestar.core.times import local_date

INSPECTOR, OFFICER = 1, 2  # who did it, where the file names only the post


class BadCase(ValueError):
    """A case file that cannot be read: the sentence names the field and says what to write."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a case file says was done. ``of`` is the place of the request it is about."""

    where: str  # the field of the file, like requests[0]
    code: str
    at: datetime
    by: int
    said: Mapping[str, str]
    of: int | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A whole case: who, and everything done, in the order of time."""

    born: date | None
    opened_at: datetime
    entries: tuple[Entry, ...]
    asked_at: datetime | None  # the instant the question is put for; None asks about the end of what is known


def read(case: Mapping[str, Any]) -> CaseFile:
    """The case file as what was done; raises ``BadCase`` naming the first field that cannot be read."""
    times = _table(case, "times")
    authorised = _time(times, "times.detention_authorised_at", owed=True)
    if authorised is None:
        raise BadCase("times.detention_authorised_at: this is needed, like 2026-06-04T09:00:00+01:00.")
    born = _born(case, authorised)
    opening = {
        "authorised_at": authorised.isoformat(),
        "relevant_time": (_time(times, "times.relevant_time") or authorised).isoformat(),
        "age_basis": "appears_under_18" if born is None or case.get("appears_under_18") else "stated",
    }
    entries = [Entry("times.detention_authorised_at", "detention_authorised", authorised, OFFICER, opening)]
    entries += [entry for part in _PARTS for entry in part(case)]
    entries.sort(key=lambda entry: entry.at)
    return CaseFile(born, authorised, tuple(entries), _time(case, "now"))


def _born(case: Mapping[str, Any], at: datetime) -> date | None:
    dob, age = case.get("dob"), case.get("age")
    if dob is not None:
        try:
            return date.fromisoformat(str(dob))
        except ValueError:
            raise BadCase("dob: give the date of birth like 2010-06-04.") from None
    if age is None:
        return None
    if not isinstance(age, int) or isinstance(age, bool) or not 0 <= age <= 120:
        raise BadCase("age: give a whole number of years, or the date of birth in dob.")
    eve = local_date(at) - timedelta(days=1)  # of that age, and had their birthday
    return eve.replace(year=eve.year - age, day=min(eve.day, 28))


def _charge(case: Mapping[str, Any]) -> Iterator[Entry]:
    at = _time(_table(case, "times"), "times.charged_at")
    rows = _rows(case, "charges")
    if at is None:
        if rows:
            raise BadCase("times.charged_at: there are charges, so this is needed.")
        return
    if not rows:
        raise BadCase('charges: say with what the child is charged, like [{"offence": "Theft", "imprisonable": true}].')
    flags = {
        name: "yes" if any(_flag(row, f"charges.{name}") for row in rows) else "no"
        for name in ("imprisonable", "specified", "murder", "section_25")
    }
    sittings = sorted(
        found for found in (_instant(item, f"courts[{place}]") for place, item in enumerate(_list(case, "courts"))) if found > at
    )
    said = {"charges": "\n".join(str(row.get("offence", "")) for row in rows), **flags, "court": str(case.get("court", ""))}
    yield Entry("times.charged_at", "child_charged", at, OFFICER, {**said, "sitting": sittings[0].isoformat() if sittings else ""})


def _bail(case: Mapping[str, Any]) -> Iterator[Entry]:
    if "bail" not in case:
        return
    bail = _table(case, "bail")
    at = _time(bail, "bail.at", owed=True)
    decision = _choice(bail, "bail.decision", ("refused", "released"))
    if at is None:
        return
    if decision == "released":
        yield Entry("bail", "child_released", at, OFFICER, {"how": "bail"})
        return
    grounds = _rows(bail, "grounds", "bail.grounds")
    present = bail.get("recorded_in_presence", True)
    adult = bail.get("appropriate_adult", True)
    yield Entry(
        "bail", "bail_refused", at, OFFICER,
        {
            "grounds": ", ".join(str(row.get("code", "")) for row in grounds),
            "facts": "\n".join(str(row.get("facts", "")) for row in grounds),
            "presence": "yes" if present is True else "no", "presence_why": "" if present is True else str(present or ""),
            "adult_present": "yes" if adult is True else "no", "adult_why": "" if adult is True else str(adult or ""),
            "told_at": str(bail.get("told_at", at.isoformat())),
        },
    )  # fmt: skip


def _reviews(case: Mapping[str, Any]) -> Iterator[Entry]:
    charged = _time(_table(case, "times"), "times.charged_at")
    for place, row in enumerate(_rows(case, "reviews")):
        where = f"reviews[{place}]"
        at = _time(row, f"{where}.at", owed=True)
        if at is None:
            continue
        after = charged is not None and at >= charged
        said = {"postponed": "yes" if _flag(row, f"{where}.postponed") else "no", "postponed_why": str(row.get("reason", ""))}
        if after:
            contacted = "yes" if row.get("authority_contacted", True) else "no"
            said |= {
                "transfer": str(row.get("transfer", "asked_again")),
                "transfer_why": str(row.get("why", "")),
                "authority_contacted": contacted,
            }
        yield Entry(where, "review_after_charge" if after else "review_before_charge", at, OFFICER if after else INSPECTOR, said)


def _requests(case: Mapping[str, Any]) -> Iterator[Entry]:
    for place, row in enumerate(_rows(case, "requests")):
        where = f"requests[{place}]"
        at = _time(row, f"{where}.at", owed=True)
        if at is None:
            continue
        kind = _choice(row, f"{where}.type", ("secure", "non_secure"), default="non_secure")
        if row.get("approved_by_inspector"):
            yield Entry(
                where, "secure_approved", at - timedelta(seconds=1), INSPECTOR, {"harm": str(row.get("harm", "")), "reason": "Approved"}
            )
        said = {name: str(row.get(name, "")) for name in ("authority", "harm", "not_enough", "test")}
        yield Entry(where, "place_requested", at, OFFICER, {**said, "type": kind}, of=place)
        if "answer" in row:
            answer = _table(row, "answer", f"{where}.answer")
            answered = _time(answer, f"{where}.answer.at", owed=True)
            word = _choice(answer, f"{where}.answer.answer", ("offered", "partly", "refused", "no_reply"))
            if answered is not None:
                yield Entry(
                    f"{where}.answer", "answer_noted", answered, OFFICER, {"answer": word, "why": str(answer.get("reason", ""))}, of=place
                )


def _adequacy(case: Mapping[str, Any]) -> Iterator[Entry]:
    for place, row in enumerate(_rows(case, "adequacy")):
        where = f"adequacy[{place}]"
        at = _time(row, f"{where}.at", owed=True)
        word = _choice(row, f"{where}.adequate", ("yes", "no", "not_known"))
        if at is not None:
            yield Entry(where, "adequacy_assessed", at, OFFICER, {"adequate": word, "why": str(row.get("why", ""))})


def _certificates(case: Mapping[str, Any]) -> Iterator[Entry]:
    for place, row in enumerate(_rows(case, "certificates")):
        where = f"certificates[{place}]"
        at = _time(row, f"{where}.at", owed=True)
        limb = _choice(row, f"{where}.limb", ("a", "b"))
        said = {
            name: str(row.get(name, ""))
            for name in ("reason", "circumstances", "arrives_at", "court_at", "inspector", "serious_harm", "not_adequate", "test")
        }
        if at is not None:
            yield Entry(where, "certified_impracticable" if limb == "a" else "certified_serious_harm", at, OFFICER, said)


def _afterwards(case: Mapping[str, Any]) -> Iterator[Entry]:
    if "failed_to_provide" in case:
        failed = _table(case, "failed_to_provide")
        at = _time(failed, "failed_to_provide.at", owed=True)
        if at is not None:
            of = int(failed.get("request", 0))
            yield Entry("failed_to_provide", "failure_to_provide", at, OFFICER, {"escalated": str(failed.get("escalated", ""))}, of=of)
    if "moved" in case:
        moved = _table(case, "moved")
        at = _time(moved, "moved.at", owed=True)
        if at is not None:
            yield Entry("moved", "child_moved", at, OFFICER, {}, of=int(moved.get("request", 0)))
    if "court_production" in case:
        yield from _production(_table(case, "court_production"))


def _production(row: Mapping[str, Any]) -> Iterator[Entry]:
    at = _time(row, "court_production.at", owed=True)
    to = str(row.get("certificate_produced_to", ""))
    straight = row.get("straight_to_court")
    said = {
        "court": str(row.get("court", "")),
        "certificate_produced": str(row.get("certificate_produced", "yes" if to else "none_made")),
        "produced_to": to,
        "straight": "yes" if straight else "no",
    }
    if isinstance(straight, Mapping):
        said |= {name: str(straight.get(name, "")) for name in ("sat_at", "left_at")}
    if at is not None:
        yield Entry("court_production", "brought_to_court", at, OFFICER, said)


_PARTS: Sequence[Callable[[Mapping[str, Any]], Iterator[Entry]]] = (
    _charge, _bail, _reviews, _requests, _adequacy, _certificates, _afterwards,
)  # fmt: skip


def _table(row: Mapping[str, Any], name: str, where: str = "") -> Mapping[str, Any]:
    found = row.get(name, {})
    if not isinstance(found, Mapping):
        raise BadCase(f"{where or name}: this must be an object, in curly brackets.")
    return found


def _list(row: Mapping[str, Any], name: str, where: str = "") -> Sequence[Any]:
    found = row.get(name, [])
    if not isinstance(found, list | tuple):
        raise BadCase(f"{where or name}: this must be a list, in square brackets.")
    return found


def _rows(row: Mapping[str, Any], name: str, where: str = "") -> Sequence[Mapping[str, Any]]:
    found = _list(row, name, where)
    for place, item in enumerate(found):
        if not isinstance(item, Mapping):
            raise BadCase(f"{where or name}[{place}]: this must be an object, in curly brackets.")
    return found


def _time(row: Mapping[str, Any], where: str, *, owed: bool = False) -> datetime | None:
    value = row.get(where.rsplit(".", maxsplit=1)[-1])
    if value is None:
        if owed:
            raise BadCase(f"{where}: this is needed, like 2026-06-04T09:00:00+01:00.")
        return None
    return _instant(value, where)


def _instant(value: object, where: str) -> datetime:
    found = instant(str(value))
    if found is None:
        raise BadCase(f"{where}: give a date and time with its zone, like 2026-06-04T09:00:00+01:00.")
    return found


def _flag(row: Mapping[str, Any], where: str) -> bool:
    value = row.get(where.rsplit(".", maxsplit=1)[-1], False)
    if not isinstance(value, bool):
        raise BadCase(f"{where}: write true or false.")
    return value


def _choice(row: Mapping[str, Any], where: str, choices: tuple[str, ...], *, default: str = "") -> str:
    value = str(row.get(where.rsplit(".", maxsplit=1)[-1], default))
    if value not in choices:
        raise BadCase(f"{where}: write {' or '.join(choices)}.")
    return value
