"""The governed formula: which tier a piece of work is in, and by which named rule.

A tier is reached by rules with reasons and authority, never by a score (College of Policing APP, missing persons: no
numerical scoring). The numbers of a formula choose only between plans that are equal in every higher tier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

FIND, PROTECT, PURSUE, PREVENT = "find", "protect", "pursue", "prevent"
PURPOSES = frozenset({FIND, PROTECT, PURSUE, PREVENT})
RANKS = ("Constable", "Sergeant", "Inspector", "Chief Inspector", "Superintendent", "Chief Superintendent", "Assistant Chief Constable")
OTHERWISE = "otherwise"
KNOWN_RISK = 3  # a matter in this tier or above is about a child at known risk


@dataclass(frozen=True, slots=True)
class Work:
    """What the rules look at in one piece of work. More risk, or more owed, can only raise its tier (tested)."""

    kind: str
    purpose: str  # find, protect, pursue, prevent
    matter: str  # the kind of matter
    matter_tier: int  # as the board has it, 1 the highest
    owed: frozenset[str] = frozenset()  # the clocks in law that finishing it would stop
    located: bool = True


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier of the formula: nought is the highest."""

    code: str
    tier: int
    title: str
    authority: str
    decay: Decimal  # the share of a task's value lost from its earliest start to its last
    risk_span: timedelta  # how long what nobody can do may be accepted for
    risk_rank: str  # the lowest rank that may accept it


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a piece of work is in its tier."""

    rule: str
    tier: Tier
    sentence: str
    authority: str


@dataclass(frozen=True, slots=True)
class Formula:
    """One version of the formula, as the playbook or an approved version gives it."""

    version: str
    tiers: Mapping[str, Tier]
    rules: Mapping[str, Mapping[str, str]]
    otherwise: str
    posts: frozenset[str]  # whose people can be given work
    statutory: frozenset[str]
    purposes: Mapping[str, str]
    crews: Mapping[str, tuple[tuple[str, ...], ...]]
    partners: Mapping[str, frozenset[str]]
    values: Mapping[str, Any]
    limits: Mapping[str, Any]
    search: Mapping[str, int]

    def purpose(self, kind: str) -> str:
        """What a kind of work is for; a kind that is not listed protects, because unknown is not low."""
        return self.purposes.get(kind, PROTECT)

    def crew(self, kind: str, skills: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """A slot for each person who goes, with the skills that person must hold."""
        return self.crews.get(kind, (skills,))

    def worth(self, matter_tier: int) -> Decimal:
        """What a piece of work is worth inside its tier."""
        by = self.values["by_matter_tier"]
        return Decimal(str(by[min(max(matter_tier, 1), len(by)) - 1]))

    def at(self, number: int) -> Tier:
        """The tier with this number."""
        return next(tier for tier in self.tiers.values() if tier.tier == number)

    def needs_second(self, number: int) -> bool:
        """Whether a decision that issues work of this tier needs a second person."""
        return self.at(number).code in self.limits["second_person"]


Rule = Callable[[Work], bool]

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "child_in_danger_now": lambda work: work.matter_tier == 1 and work.purpose in (FIND, PROTECT),
        "duty_in_law": lambda work: bool(work.owed),
        "child_not_found": lambda work: work.matter == "missing" and work.purpose == FIND and not work.located,
        "child_at_known_risk": lambda work: work.matter_tier <= KNOWN_RISK and work.purpose in (FIND, PROTECT),
        "pursues": lambda work: work.purpose == PURSUE,
    }
)


def judge(*, work: Work, formula: Formula) -> tuple[Reason, ...]:
    """Every rule that holds, the most pressing first: its tier is the work's. With none the formula's last word holds."""
    found = sorted(
        (
            Reason(code, formula.tiers[rule["tier"]], rule["sentence"], rule["authority"])
            for code, rule in formula.rules.items()
            if RULES[code](work)
        ),
        key=lambda reason: reason.tier.tier,
    )
    if found:
        return tuple(found)
    last = formula.tiers[formula.otherwise]
    return (Reason(OTHERWISE, last, "No rule of a higher tier holds.", last.authority),)


def formula_from(table: Mapping[str, Any]) -> Formula:
    """Read a formula from its playbook block or from the document of a version; ask ``formula_faults`` first."""
    return Formula(
        version=str(table["version"]),
        tiers=MappingProxyType({code: _tier(code, row) for code, row in table["tiers"].items()}),
        rules=MappingProxyType({code: dict(row) for code, row in table["rules"].items()}),
        otherwise=table["otherwise"],
        posts=frozenset(table["posts"]),
        statutory=frozenset(table["statutory"]),
        purposes=MappingProxyType(dict(table["purposes"])),
        crews=MappingProxyType({kind: tuple(tuple(slot) for slot in slots) for kind, slots in table["crews"].items()}),
        partners=MappingProxyType({agency: frozenset(kinds) for agency, kinds in table["partners"].items()}),
        values=MappingProxyType(dict(table["values"])),
        limits=MappingProxyType(dict(table["limits"])),
        search=MappingProxyType(dict(table["search"])),
    )


def formula_faults(table: Mapping[str, Any], *, clocks: frozenset[str], kinds: frozenset[str], posts: frozenset[str]) -> tuple[str, ...]:
    """What a formula says that cannot be followed, each as a sentence; ``clocks``, ``kinds`` and ``posts`` are the codes there are."""
    missing = [f"it lacks {key}" for key in sorted(_KEYS - table.keys())]
    if missing:
        return tuple(missing)
    nobody = [f"posts: there is no kind of post {kind}" for kind in sorted(set(table["posts"]) - posts)]
    words = _word_faults(table, clocks, kinds)
    return (*_tier_faults(table), *_rule_faults(table), *nobody, *words, *_value_faults(table), *_number_faults(table))


_KEYS = frozenset(
    {"version", "tiers", "rules", "otherwise", "posts", "statutory", "purposes", "crews", "partners", "values", "limits", "search"}
)


def _tier(code: str, row: Mapping[str, Any]) -> Tier:
    return Tier(
        code=code,
        tier=row["tier"],
        title=row["title"],
        authority=row["authority"],
        decay=Decimal(str(row["decay"])),
        risk_span=timedelta(hours=row["risk_hours"]),
        risk_rank=row["risk_rank"],
    )


def _tier_faults(table: Mapping[str, Any]) -> Iterator[str]:
    numbers = sorted(row["tier"] for row in table["tiers"].values())
    if numbers != list(range(len(numbers))):
        yield "its tiers must be numbered from 0, each once"
    for code, row in table["tiers"].items():
        if not str(row.get("authority", "")).strip():
            yield f"the tier {code} names no authority"
        if not 0 <= row["decay"] <= 1:
            yield f"the tier {code} loses a share of {row['decay']}: give one from 0 to 1"
        if row["risk_rank"] not in RANKS:
            yield f"the tier {code} asks for the rank {row['risk_rank']}, which is not one of: {', '.join(RANKS)}"
    if table["otherwise"] not in table["tiers"]:
        yield f"otherwise names no tier there is: {table['otherwise']}"


def _rule_faults(table: Mapping[str, Any]) -> Iterator[str]:
    for code in sorted(table["rules"].keys() - RULES.keys()):
        yield f"there is no rule {code}"
    for code in sorted(RULES.keys() - table["rules"].keys()):
        yield f"the rule {code} is left out: give it a tier"
    for code, row in table["rules"].items():
        if row["tier"] not in table["tiers"]:
            yield f"the rule {code} leads to no tier there is: {row['tier']}"
        if not row["authority"].strip():
            yield f"the rule {code} names no authority"


def _word_faults(table: Mapping[str, Any], clocks: frozenset[str], kinds: frozenset[str]) -> Iterator[str]:
    for code in sorted(set(table["statutory"]) - clocks):
        yield f"there is no clock {code}"
    for where in ("purposes", "crews"):
        for kind in sorted(table[where].keys() - kinds):
            yield f"{where}: there is no kind of work {kind}"
    for agency, asked in table["partners"].items():
        for kind in sorted(set(asked) - kinds):
            yield f"partners, {agency}: there is no kind of work {kind}"


def _value_faults(table: Mapping[str, Any]) -> Iterator[str]:
    for kind, purpose in table["purposes"].items():
        if purpose not in PURPOSES:
            yield f"purposes: {kind} is for {purpose}, which is not one of: {', '.join(sorted(PURPOSES))}"
    for kind, slots in table["crews"].items():
        if not slots:
            yield f"crews: {kind} sends nobody"
    for code in table["limits"]["second_person"]:
        if code not in table["tiers"]:
            yield f"limits: second_person names no tier there is: {code}"


def _number_faults(table: Mapping[str, Any]) -> Iterator[str]:
    by = table["values"]["by_matter_tier"]
    if list(by) != sorted(by, reverse=True) or min(by, default=0) <= 0:
        yield "values: by_matter_tier must fall, and stay above 0"
    for name in ("speed_kmh", "horizon_hours", "shift_minutes"):
        if table["limits"][name] <= 0:
            yield f"limits: {name} must be above 0"
    for name in ("travel_minute", "continuity", "fairness_minute"):
        if table["values"][name] < 0:
            yield f"values: {name} cannot be below 0"
    if table["search"]["iterations"] < 1:
        yield "search: iterations must be 1 or more"
