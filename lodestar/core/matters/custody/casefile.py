"""A child's detention as a case file tells it: read into what was done, in order, or refused with the field that is wrong.

The format is documented in ``docs/reference/custody-case-file.md``. A case file says what happened; whether it was lawful is
for the desk's rules (``check``), which are the same that the pages use. What is left out is taken as not done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lodestar.core.matters.custody import casefields as field
from lodestar.core.matters.custody.casefields import BadCase
from lodestar.core.matters.custody.certificates import ACCEPTED, REFUSED
from lodestar.core.matters.custody.charges import EXCUSES, GROUNDS
from lodestar.core.matters.custody.deeds import DEEDS
from lodestar.core.matters.custody.hospital import BACK, GONE, QUESTIONED
from lodestar.core.matters.deeds import DeedKind

INSPECTOR, OFFICER = 1, 2  # who did it, where the file names only the post
TOP = (
    "id dob age appears_under_18 times charges courts court bail reviews requests adequacy certificates failed_to_provide"
    " moved hospital court_production steps now"
)
HOW = ("bail", "bail_with_conditions", "unconditional", "no_charge")
TRANSFER = ("asked_again", "place_found", "impracticable_still", "no_change")
NOT_STEPS = (
    "detention_authorised", "child_charged", "bail_refused", "place_requested", "brought_to_court",
    GONE, QUESTIONED, BACK,
)  # fmt: skip  # they have their own fields

__all__ = ["BadCase", "CaseFile", "Entry", "read"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a case file says was done. ``of`` is the place of the request it is about."""

    where: str  # the field of the file, like requests[0]
    code: str
    at: datetime
    by: int
    said: Mapping[str, str]
    of: int | None = None
    whole: bool = False  # given as the desk asks it, question by question


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A whole case: who, and everything done, in the order of time."""

    born: date | None
    opened_at: datetime
    entries: tuple[Entry, ...]
    asked_at: datetime | None  # the instant the question is put for; None asks about the end of what is known


def read(case: Mapping[str, Any]) -> CaseFile:
    """The case file as what was done; raises ``BadCase`` naming the first field that cannot be read."""
    field.known(case, "", TOP)
    times = field.table(case, "times")
    field.known(times, "times", "detention_authorised_at relevant_time charged_at")
    authorised = field.at(times, "times.detention_authorised_at")
    born = field.born(case, authorised)
    opening = {
        "authorised_at": authorised.isoformat(),
        "relevant_time": (field.maybe_at(times, "times.relevant_time") or authorised).isoformat(),
        "age_basis": "appears_under_18" if born is None or field.flag(case, "appears_under_18") else "stated",
    }
    entries = [Entry("times.detention_authorised_at", "detention_authorised", authorised, OFFICER, opening)]
    entries += [entry for part in _PARTS for entry in part(case)]
    early = next((entry for entry in entries if entry.at < authorised), None)
    if early is not None:
        raise BadCase(f"{early.where}: this is before detention was authorised. Check both times.")
    entries.sort(key=lambda entry: entry.at)
    return CaseFile(born, authorised, tuple(entries), field.maybe_at(case, "now"))


def _charged_at(case: Mapping[str, Any]) -> datetime | None:
    return field.maybe_at(field.table(case, "times"), "times.charged_at")


def _charge(case: Mapping[str, Any]) -> Iterator[Entry]:
    at, rows = _charged_at(case), field.rows(case, "charges")
    if at is None:
        if rows:
            raise BadCase("times.charged_at: there are charges, so this is needed.")
        return
    if not rows:
        raise BadCase('charges: say with what the child is charged, like [{"offence": "Theft", "imprisonable": true}].')
    flags: dict[str, str] = {"imprisonable": "no", "specified": "no", "murder": "no", "section_25": "no"}
    for place, row in enumerate(rows):
        where = f"charges[{place}]"
        field.known(row, where, "offence imprisonable specified sch18 murder section_25 s25")
        field.text(row, f"{where}.offence")
        for name, *others in (("imprisonable",), ("specified", "sch18"), ("murder",), ("section_25", "s25")):
            if field.flag(row, f"{where}.{name}", *others):
                flags[name] = "yes"
    offences = "\n".join(str(row.get("offence", "")) for row in rows)
    sittings = [field.moment(item, f"courts[{place}]") for place, item in enumerate(field.items(case, "courts"))]
    first = min((found for found in sittings if found > at), default=None)
    sitting = first.isoformat() if first is not None else ""
    said = {"charges": offences, **flags, "court": field.text(case, "court"), "sitting": sitting}
    if "courts" not in case:  # nobody has said when courts sit: the last lawful day is owed all the same
        said["sittings"] = "not_known"
    yield Entry("times.charged_at", "child_charged", at, OFFICER, said)


def _bail(case: Mapping[str, Any]) -> Iterator[Entry]:
    if "bail" not in case:
        return
    bail = field.table(case, "bail")
    field.known(bail, "bail", "at decision grounds recorded_in_presence appropriate_adult told_at how conditions exceptional")
    at = field.at(bail, "bail.at")
    if field.choice(bail, "bail.decision", ("refused", "released")) == "released":
        how = field.choice(bail, "bail.how", HOW, default="bail")
        words = {name: field.text(bail, f"bail.{name}") for name in ("conditions", "exceptional")}
        yield Entry("bail", "child_released", at, OFFICER, {"how": how, **words})
        return
    present, presence_why = field.yes_or_why(bail, "bail.recorded_in_presence", EXCUSES)
    adult, adult_why = field.yes_or_why(bail, "bail.appropriate_adult")
    told = field.maybe_at(bail, "bail.told_at")
    said = {"presence": present, "presence_why": presence_why, "adult_present": adult, "adult_why": adult_why}
    said["told_at"] = told.isoformat() if told is not None else ""
    yield Entry("bail", "bail_refused", at, OFFICER, {**said, **_grounds(bail)})


def _grounds(bail: Mapping[str, Any]) -> dict[str, str]:
    """The grounds with their facts; one without facts leaves the facts blank, which the rules refuse."""
    codes, facts = [], []
    for place, row in enumerate(field.rows(bail, "grounds", "bail.grounds")):
        where = f"bail.grounds[{place}]"
        field.known(row, where, "code facts")
        codes.append(field.choice(row, f"{where}.code", tuple(GROUNDS)))
        facts.append(field.text(row, f"{where}.facts").strip())
    return {"grounds": ", ".join(codes), "facts": "\n".join(facts) if all(facts) else ""}


def _reviews(case: Mapping[str, Any]) -> Iterator[Entry]:
    charged = _charged_at(case)
    for place, row in enumerate(field.rows(case, "reviews")):
        where = f"reviews[{place}]"
        field.known(row, where, "at postponed reason bail bail_why transfer why authority_contacted")
        at = field.at(row, f"{where}.at")
        postponed = "yes" if field.flag(row, f"{where}.postponed") else "no"
        said = {"postponed": postponed, "postponed_why": field.text(row, f"{where}.reason")}
        after = charged is not None and at >= charged
        if after:
            said |= {
                "bail": field.choice(row, f"{where}.bail", ("still_refused", "release_now"), default="still_refused"),
                "bail_why": field.text(row, f"{where}.bail_why"),
                "transfer": field.choice(row, f"{where}.transfer", TRANSFER, default="no_change"),
                "transfer_why": field.text(row, f"{where}.why"),
                "authority_contacted": "yes" if field.flag(row, f"{where}.authority_contacted") else "no",
            }
        yield Entry(where, "review_after_charge" if after else "review_before_charge", at, OFFICER if after else INSPECTOR, said)


def _requests(case: Mapping[str, Any]) -> Iterator[Entry]:
    for place, row in enumerate(field.rows(case, "requests")):
        where = f"requests[{place}]"
        field.known(row, where, "at type authority approved_by_inspector harm not_enough test answer")
        at = field.at(row, f"{where}.at")
        kind = field.choice(row, f"{where}.type", ("secure", "non_secure"), default="non_secure")
        said = {name: field.text(row, f"{where}.{name}") for name in ("authority", "harm", "not_enough", "test")}
        if field.flag(row, f"{where}.approved_by_inspector"):
            yield Entry(where, "secure_approved", at, INSPECTOR, {"harm": said["harm"], "reason": said["not_enough"]})
        yield Entry(where, "place_requested", at, OFFICER, {**said, "type": kind}, of=place)
        if "answer" in row:
            yield _answer(field.table(row, "answer", f"{where}.answer"), f"{where}.answer", place)


def _answer(row: Mapping[str, Any], where: str, of: int) -> Entry:
    field.known(row, where, "at answer reason")
    word = field.choice(row, f"{where}.answer", ("offered", "partly", "refused", "no_reply"))
    said = {"answer": word, "why": field.text(row, f"{where}.reason")}
    return Entry(where, "answer_noted", field.at(row, f"{where}.at"), OFFICER, said, of=of)


def _adequacy(case: Mapping[str, Any]) -> Iterator[Entry]:
    for place, row in enumerate(field.rows(case, "adequacy")):
        where = f"adequacy[{place}]"
        field.known(row, where, "at adequate why")
        word = field.choice(row, f"{where}.adequate", ("yes", "no", "not_known"))
        said = {"adequate": word, "why": field.text(row, f"{where}.why")}
        yield Entry(where, "adequacy_assessed", field.at(row, f"{where}.at"), OFFICER, said)


def _certificates(case: Mapping[str, Any]) -> Iterator[Entry]:
    words = ("circumstances", "inspector", "serious_harm", "not_adequate", "test")
    for place, row in enumerate(field.rows(case, "certificates")):
        where = f"certificates[{place}]"
        field.known(row, where, f"at limb reason arrives_at court_at {' '.join(words)}")
        at = field.at(row, f"{where}.at")
        said = {name: field.text(row, f"{where}.{name}") for name in words}
        if field.choice(row, f"{where}.limb", ("a", "b")) == "b":
            yield Entry(where, "certified_serious_harm", at, OFFICER, said)
            continue
        said["reason"] = field.choice(row, f"{where}.reason", (*ACCEPTED, *REFUSED))
        for name in ("arrives_at", "court_at"):
            said |= _said_at(row, f"{where}.{name}", name)
        yield Entry(where, "certified_impracticable", at, OFFICER, said)


def _said_at(row: Mapping[str, Any], where: str, name: str) -> dict[str, str]:
    found = field.maybe_at(row, where)
    return {name: found.isoformat() if found is not None else ""}


def _hospital(case: Mapping[str, Any]) -> Iterator[Entry]:
    for place, row in enumerate(field.rows(case, "hospital")):
        where = f"hospital[{place}]"
        field.known(row, where, "left_at purpose well_enough questioned back_at sitting")
        said = {"purpose": field.choice(row, f"{where}.purpose", ("treatment", "evidence"), default="treatment")}
        said["well_enough"] = "yes" if "well_enough" not in row or field.flag(row, f"{where}.well_enough") else "no"
        yield Entry(where, GONE, field.at(row, f"{where}.left_at"), OFFICER, said)
        for number, span in enumerate(field.rows(row, "questioned", f"{where}.questioned")):
            inner = f"{where}.questioned[{number}]"
            field.known(span, inner, "from until")
            since, until = field.at(span, f"{inner}.from"), field.at(span, f"{inner}.until")
            yield Entry(inner, QUESTIONED, until, OFFICER, {"from_at": since.isoformat(), "until_at": until.isoformat()})
        back = field.maybe_at(row, f"{where}.back_at")
        if back is not None:
            yield Entry(where, BACK, back, OFFICER, _said_at(row, f"{where}.sitting", "sitting"))


def _afterwards(case: Mapping[str, Any]) -> Iterator[Entry]:
    asked = len(field.rows(case, "requests"))
    if "failed_to_provide" in case:
        row, where = field.table(case, "failed_to_provide"), "failed_to_provide"
        field.known(row, where, "at request escalated")
        said = {"escalated": field.text(row, f"{where}.escalated")}
        of = field.place(row, f"{where}.request", asked)
        yield Entry(where, "failure_to_provide", field.at(row, f"{where}.at"), OFFICER, said, of=of)
    if "moved" in case:
        row = field.table(case, "moved")
        field.known(row, "moved", "at request")
        yield Entry("moved", "child_moved", field.at(row, "moved.at"), OFFICER, {}, of=field.place(row, "moved.request", asked))
    if "court_production" in case:
        yield _production(field.table(case, "court_production"))


def _production(row: Mapping[str, Any]) -> Entry:
    where = "court_production"
    field.known(row, where, "at court certificate_produced_to straight_to_court")
    to = field.text(row, f"{where}.certificate_produced_to")
    said = {
        "court": field.text(row, f"{where}.court"),
        "certificate_produced": "yes" if to else "none_made",
        "produced_to": to,
        "straight": "yes" if "straight_to_court" in row else "no",
    }
    straight = field.table(row, "straight_to_court", f"{where}.straight_to_court")
    field.known(straight, f"{where}.straight_to_court", "sat_at left_at")
    for name in ("sat_at", "left_at"):
        said |= _said_at(straight, f"{where}.straight_to_court.{name}", name)
    return Entry(where, "brought_to_court", field.at(row, f"{where}.at"), OFFICER, said)


def _steps(case: Mapping[str, Any]) -> Iterator[Entry]:
    """Anything else that the desk records, by its code, with the answers the desk asks for."""
    codes = tuple(code for code in DEEDS if code not in NOT_STEPS)
    asked = len(field.rows(case, "requests"))
    for place, row in enumerate(field.rows(case, "steps")):
        where = f"steps[{place}]"
        field.known(row, where, "step at request answers by_inspector")
        kind = DEEDS[field.choice(row, f"{where}.step", codes)]
        about = kind.about
        of = field.place(row, f"{where}.request", asked) if about is not None else None
        by = INSPECTOR if field.flag(row, f"{where}.by_inspector") else OFFICER
        yield Entry(where, kind.code, field.at(row, f"{where}.at"), by, _answers(row, where, kind), of=of, whole=True)


def _answers(row: Mapping[str, Any], where: str, kind: DeedKind) -> dict[str, str]:
    given = field.table(row, "answers", f"{where}.answers")
    names = [asked.name for asked in kind.asks if asked is not kind.about]
    field.known(given, f"{where}.answers", " ".join(names))
    return {name: field.text(given, f"{where}.answers.{name}") for name in names if name in given}


_PARTS: Sequence[Callable[[Mapping[str, Any]], Iterator[Entry]]] = (
    _charge, _bail, _reviews, _requests, _adequacy, _certificates, _hospital, _steps, _afterwards,
)  # fmt: skip
