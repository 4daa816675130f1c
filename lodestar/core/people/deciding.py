"""Who a report is about: sure, unsure (a person decides) or somebody new. The door that any linker comes through.

A cleverer linker answers with these same three verdicts. A rule never joins on names alone, and nothing that points to two
people is joined by a rule: a wrong link puts another family's history on a child.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lodestar.core.people.comparing import SWAPPED, Field, compare, disjoint
from lodestar.core.people.identifiers import SCHEMES, Key
from lodestar.core.people.identity import Decision, Holder, Identity
from lodestar.core.people.rules import NEEDS_A_PERSON, NOBODY_MATCHED, PERSON_SAID, LinkRules
from lodestar.core.words import listed

AUTHORITY = "Lodestar linkage study, section 5: exact keys first, vetoes to review"
# Rules by which a record may be joined, the surest first. Rules on one line say the same of two records in different ways.
JOINING = (("LINK-NATIONAL-ID",), ("LINK-LOCAL-ID",), ("LINK-NAME-BIRTH-PLACE", "LINK-STRICT", "LINK-MODEL"))
# What the weighing joins by itself, and the rule that it is then joined by. Its own playbook says when it may.
BY_WEIGHT = {"strict rule": "LINK-STRICT", "model": "LINK-MODEL"}
COMPARED = "compared field by field"


@dataclass(frozen=True, slots=True)
class Veto:
    """Why a rule may not join these two by itself, in a sentence for whoever decides."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """What weighing field by field says of one person on record: link, review or apart, by which rule, and its account.

    The account is put into words by ``explain``, of whoever is shown: most who are weighed are not.
    ``stops`` stop every rule, the exact ones too.
    """

    person: int
    band: str
    rule: str
    explain: Callable[[], Mapping[str, Any]]
    stops: tuple[Veto, ...] = ()

    @property
    def joins_by(self) -> str:
        """The rule by which the weighing alone would join; empty where it would not."""
        return BY_WEIGHT.get(self.rule, "") if self.band == "link" else ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person it may be: how they were found, the fields side by side, and what stops a rule from joining them."""

    person: int
    found_by: tuple[str, ...]
    fields: tuple[Field, ...]
    vetoes: tuple[Veto, ...]
    explanation: Mapping[str, Any] | None = None  # the account of the weighing, where they were weighed

    def as_document(self) -> dict[str, Any]:
        """Plain values to be kept, all of it."""
        return {
            "person": self.person,
            "found_by": self.found_by,
            "fields": [field.as_document() for field in self.fields],
            "vetoes": [{"code": veto.code, "sentence": veto.sentence} for veto in self.vetoes],
            "explanation": self.explanation,
        }

    @property
    def agrees(self) -> tuple[str, ...]:
        """The names of the fields that agree."""
        return tuple(field.name for field in self.fields if field.how == "agrees")

    @property
    def differs(self) -> tuple[str, ...]:
        """The names of the fields that differ or are only near."""
        return tuple(field.name for field in self.fields if field.how in ("differs", "near"))

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the fields that one side does not know."""
        return tuple(field.name for field in self.fields if field.how == "missing")


@dataclass(frozen=True, slots=True)
class Sure:
    """A rule, or a person before, says that it is this one."""

    person: int
    rule: str
    version: str
    evidence: Candidate | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may be one of these; a person decides."""

    candidates: tuple[Candidate, ...]
    rule: str
    version: str
    sentence: str


@dataclass(frozen=True, slots=True)
class New:
    """Nobody on record may be this one. ``withheld`` are keys that a record which a person ruled out already holds."""

    rule: str
    version: str
    sentence: str
    withheld: tuple[Key, ...] = ()


Verdict = Sure | Unsure | New


def decide(
    *,
    subject: Identity,
    holders: Iterable[Holder],
    rules: LinkRules,
    decisions: Sequence[Decision] = (),
    weighed: Iterable[Weighed] = (),
) -> Verdict:
    """What a person said counts first; then a rule joins where exactly one record fits it and nothing speaks against.

    ``weighed`` is what a linker found of some of the holders: it may show more of them, join by its own rules where nothing
    speaks against, and stop any rule. Refuses to join on names alone, across conflicting identifiers or birth dates, to a
    twin or other child of the home, and where keys point to two people: those are for a person to decide.
    """
    last = {decision.person: decision for decision in sorted(decisions, key=lambda one: one.at)}
    known = tuple(holders)
    said = [decision for decision in last.values() if decision.same]
    apart = {person for person, decision in last.items() if not decision.same}
    accounts = {one.person: one for one in weighed}
    found = _found(subject, (holder for holder in known if holder.person not in apart), rules, accounts)
    if said:
        return _as_said(said, known, subject, rules)
    withheld = tuple(sorted({key for holder in known if holder.person in apart for key in holder.identity.keys} & set(subject.keys)))
    return _by_rule(found, rules, withheld)


def _as_said(said: list[Decision], known: tuple[Holder, ...], subject: Identity, rules: LinkRules) -> Verdict:
    if len(said) > 1:
        both = tuple(_candidate(subject, holder, rules) for holder in known if holder.person in {one.person for one in said})
        sentence = "People have said that this is each of these records. Undo one of the decisions, or join the records."
        return Unsure(both, PERSON_SAID, rules.version, sentence)
    holder = next((one for one in known if one.person == said[0].person), None)
    evidence = _candidate(subject, holder, rules) if holder else None
    return Sure(said[0].person, PERSON_SAID, rules.version, evidence, f"{said[0].by} said that this is the same person.")


def _by_rule(found: tuple[Candidate, ...], rules: LinkRules, withheld: tuple[Key, ...]) -> Verdict:
    for codes in JOINING:
        may = [code for code in codes if code in rules.may_join or code in BY_WEIGHT.values()]
        fits = [one for one in found if set(may) & set(one.found_by)]
        if not fits:
            continue
        if len(fits) == 1 and not fits[0].vetoes and not _points_elsewhere(found, fits[0]):
            one = fits[0]
            code = next(code for code in may if code in one.found_by)
            return Sure(one.person, code, rules.version, one, _joined(one))
        break
    if found:
        return Unsure(found, NEEDS_A_PERSON, rules.version, _why_ask(found))
    return New(NOBODY_MATCHED, rules.version, "Nobody on record fits what the report says.", withheld)


def _points_elsewhere(found: tuple[Candidate, ...], one: Candidate) -> bool:
    """Another record holds one of the report's keys too, so the keys point to two people."""
    return any({"LINK-NATIONAL-ID", "LINK-LOCAL-ID"} & set(other.found_by) for other in found if other.person != one.person)


def _found(subject: Identity, holders: Iterable[Holder], rules: LinkRules, accounts: Mapping[int, Weighed]) -> tuple[Candidate, ...]:
    candidates = (_with_account(_candidate(subject, holder, rules), accounts.get(holder.person)) for holder in holders)
    worth = [one for one in candidates if one.found_by]
    return tuple(sorted(worth, key=lambda one: (-len(one.agrees), len(one.differs), one.person)))


def _with_account(one: Candidate, weighed: Weighed | None) -> Candidate:
    """A candidate with what the weighing says of them: how it found them, its account, and what stops every rule."""
    if weighed is None:
        return one
    ways = [*one.found_by, *([weighed.joins_by] if weighed.joins_by else ())]
    if not ways and weighed.band != "apart":
        ways.append(COMPARED)
    if not ways:
        return one
    return replace(one, found_by=tuple(ways), vetoes=(*one.vetoes, *weighed.stops), explanation=weighed.explain())


def _candidate(subject: Identity, holder: Holder, rules: LinkRules) -> Candidate:
    fields = compare(subject=subject, holder=holder, rules=rules)
    how = {field.name: field.how for field in fields if field.name not in SCHEMES}
    shared = set(subject.keys) & set(holder.identity.keys)
    vetoes = list(_vetoes(how, subject, holder))
    if any(field.note == SWAPPED for field in fields):
        vetoes.append(Veto("link.names_swapped", "The names agree only if given and family name are swapped."))
    return Candidate(holder.person, tuple(_ways(how, shared)), fields, tuple(vetoes))


def _ways(how: Mapping[str, str], shared: set[Key]) -> Iterable[str]:
    """Every way in which this record is worth showing, the exact keys first."""
    if any(SCHEMES[key.scheme].national for key in shared):
        yield "LINK-NATIONAL-ID"
    if any(not SCHEMES[key.scheme].national for key in shared):
        yield "LINK-LOCAL-ID"
    same = {name for name, kind in how.items() if kind == "agrees"}
    like = same | {name for name, kind in how.items() if kind == "near"}
    if {"given_name", "family_name", "birth_date"} <= same and same & {"postcode", "phone"}:
        yield "LINK-NAME-BIRTH-PLACE"
    yield from (code for code, names, exact in _PAIRS if names <= (same if exact else like))
    if {"given_name", "family_name"} <= like and how["birth_date"] == "missing":
        yield "name, with no birth date to compare"


_PAIRS: tuple[tuple[str, frozenset[str], bool], ...] = (
    ("name and birth date", frozenset({"given_name", "family_name", "birth_date"}), False),
    ("name and postcode", frozenset({"given_name", "family_name", "postcode"}), False),
    ("birth date and postcode", frozenset({"birth_date", "postcode"}), True),
    ("telephone and given name", frozenset({"phone", "given_name"}), False),
    ("telephone and birth date", frozenset({"phone", "birth_date"}), False),
    ("family name and birth date", frozenset({"family_name", "birth_date"}), False),
    ("given name and birth date", frozenset({"given_name", "birth_date"}), True),
)


def _vetoes(how: Mapping[str, str], subject: Identity, holder: Holder) -> Iterable[Veto]:
    for scheme in disjoint(subject.keys, holder.identity.keys):
        yield Veto("link.identifiers_differ", f"Both have a {SCHEMES[scheme].title} and they differ.")
    if how["birth_date"] in ("differs", "near"):
        yield Veto("link.birth_dates_differ", "The birth dates differ.")
    if how["given_name"] == "differs":
        yield _name_veto(how)
    if how["sex"] == "differs" and how["family_name"] != "agrees":
        yield Veto("link.sex_and_name_differ", "Neither the sex nor the family name agrees.")


def _name_veto(how: Mapping[str, str]) -> Veto:
    home = how["family_name"] == "agrees" and how["birth_date"] == "agrees"
    if home:
        return Veto("link.twins", "Same family name and birth date, another given name: they may be twins.")
    return Veto("link.given_names_differ", "The given names differ: it may be a brother, a sister or somebody else at the home.")


def _joined(one: Candidate) -> str:
    titles = [field.title.lower() if not field.title[:2].isupper() else field.title for field in one.fields if field.how == "agrees"]
    return f"The same {listed(titles)}, and nothing differs that matters."


def _why_ask(found: tuple[Candidate, ...]) -> str:
    reasons = list(dict.fromkeys(veto.sentence for one in found for veto in one.vetoes))
    start = "One record may be this person" if len(found) == 1 else f"{len(found)} records may be this person"
    return " ".join([f"{start}. Compare them, then say which it is or that it is somebody new.", *reasons])
