"""The governed formula: which tier a piece of work is in, and by which named rule.

A tier is reached by rules with reasons and authority, never by a score (College of Policing APP, missing persons: no
numerical scoring). The numbers of a formula choose only between plans that are equal in every higher tier.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

FIND, PROTECT, PURSUE, PREVENT = "find", "protect", "pursue", "prevent"
PURPOSES = frozenset({FIND, PROTECT, PURSUE, PREVENT})
RANKS = ("Constable", "Sergeant", "Inspector", "Chief Inspector", "Superintendent", "Chief Superintendent", "Assistant Chief Constable")
OTHERWISE = "otherwise"
# Who may be given work, by named rule: each is kept by the code whatever a version says of it, and a version says why.
ELIGIBILITY = ("skills", "accreditation", "officer_sex", "conflict", "own_case", "partners")
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
    eligibility: Mapping[str, Mapping[str, str]]  # who of them, by named rule
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

    def free_moves(self, issued: int) -> int:
        """How many of the issued lines a decision may take from people who are here without saying why."""
        limits = self.limits
        return max(int(limits.get("moved_lines", 1)), int(issued * limits["moved_percent"] // 100))


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
    """Read a formula from its playbook block or from the document of a version; ask ``faults.formula_faults`` first."""
    return Formula(
        version=str(table["version"]),
        tiers=MappingProxyType({code: _tier(code, row) for code, row in table["tiers"].items()}),
        rules=MappingProxyType({code: dict(row) for code, row in table["rules"].items()}),
        otherwise=table["otherwise"],
        posts=frozenset(table["posts"]),
        eligibility=MappingProxyType({code: dict(row) for code, row in table.get("eligibility", {}).items()}),  # the first had none
        statutory=frozenset(table["statutory"]),
        purposes=MappingProxyType(dict(table["purposes"])),
        crews=MappingProxyType({kind: tuple(tuple(slot) for slot in slots) for kind, slots in table["crews"].items()}),
        partners=MappingProxyType({agency: frozenset(kinds) for agency, kinds in table["partners"].items()}),
        values=MappingProxyType(dict(table["values"])),
        limits=MappingProxyType(dict(table["limits"])),
        search=MappingProxyType(dict(table["search"])),
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
