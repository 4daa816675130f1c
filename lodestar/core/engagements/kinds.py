"""The kinds of engagement there are, whom each may name, who may read it, and when one means high harm. Told by a playbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lodestar.core.access.permissions import Permission


@dataclass(frozen=True, slots=True)
class Harm:
    """What of a kind means high harm: in which roles and, where any are named, for which reasons."""

    roles: frozenset[str]
    reasons: frozenset[str]  # empty: whatever the reason
    because: str

    def holds(self, *, role: str, reason: str) -> bool:
        """Whether it is so of a person in this role, in an engagement for this reason."""
        return role in self.roles and (not self.reasons or reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of engagement."""

    code: str
    title: str
    agency: str
    roles: Mapping[str, str]  # code to words
    reasons: Mapping[str, str]
    reader: Permission  # what one must be permitted to read what it says
    fresh_days: int  # an older one is history: it goes on the record and is nobody's news
    opens: str  # the kind of matter that it opens, where it is a desk's own report
    harms: tuple[Harm, ...]

    def harm(self, *, role: str, reason: str) -> Harm | None:
        """Why this means high harm to that person, or None where it does not."""
        return next((harm for harm in self.harms if harm.holds(role=role, reason=reason)), None)


Kinds = Mapping[str, Kind]


def kinds_from(values: Mapping[str, Any]) -> Kinds:
    """The kinds as a block of their playbook says; a harm in a role or for a reason that its kind lacks is ``ValueError``."""
    kinds = {code: _kind(code, table) for code, table in values["kinds"].items()}
    for kind in kinds.values():
        for harm in kind.harms:
            unknown = sorted((harm.roles - kind.roles.keys()) | (harm.reasons - kind.reasons.keys()))
            if unknown:
                raise ValueError(f"{kind.code}: a harm names what the kind lacks: {', '.join(unknown)}")
    return kinds


def _kind(code: str, table: Mapping[str, Any]) -> Kind:
    return Kind(
        code=code,
        title=table["title"],
        agency=table["agency"],
        roles=table["roles"],
        reasons=table.get("reasons", {}),
        reader=Permission(table["reader"]),
        fresh_days=table["fresh_days"],
        opens=table.get("opens", ""),
        harms=tuple(Harm(frozenset(one["roles"]), frozenset(one.get("reasons", ())), one["because"]) for one in table.get("harms", ())),
    )
