"""The linking rules in force: which joins a rule may make by itself, and which spellings are one name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lodestar.core.people.reading import fold
from lodestar.core.playbook import Playbook

RULES = {
    "LINK-NATIONAL-ID": "the same national identifier",
    "LINK-LOCAL-ID": "the same local number from the same issuer",
    "LINK-NAME-BIRTH-PLACE": "the same given name, family name and birth date, and the same postcode or telephone number",
}
# What a verdict says where no rule of the playbook made it.
PERSON_SAID, NOBODY_MATCHED, NEEDS_A_PERSON = "LINK-PERSON-SAID", "LINK-NOBODY", "LINK-ASK"


@dataclass(frozen=True, slots=True)
class LinkRules:
    """The rules of one day: those that may join by themselves, and the sets of given names that are one name."""

    version: str
    may_join: frozenset[str]
    variants: tuple[frozenset[str], ...]

    def one_name(self, left: str, right: str) -> bool:
        """Two given names are one: folded alike, a shortening or initial of each other, or listed together."""
        first, second = fold(left), fold(right)
        if not first or not second or first == second:
            return bool(first) and first == second
        short, long = sorted((first.split()[0], second.split()[0]), key=len)
        if len(short) == 1:
            return long.startswith(short)
        return short == long or any({short, long} <= names for names in self.variants)


def link_rules(playbook: Playbook, *, on: date) -> LinkRules:
    """The linking rules in force on a day; a rule that no code knows is refused with ``ValueError``."""
    block = playbook.in_force(on)
    joins: Mapping[str, Any] = block.values["may_join"]
    if unknown := joins.keys() - RULES.keys():
        raise ValueError(f"{playbook.code} names rules that nothing reads: {', '.join(sorted(unknown))}")
    return LinkRules(
        version=f"{block.values['version']} ({playbook.content_hash[:12]})",
        may_join=frozenset(code for code, joined in joins.items() if joined),
        variants=tuple(frozenset(fold(name) for name in names) for names in block.values["variants"]),
    )
