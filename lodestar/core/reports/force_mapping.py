"""Which heading of a force's export is which field, and what its codes mean on a day. Told by a dated playbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from lodestar.core.playbook import Playbook
from lodestar.core.times import zone_named
from lodestar.core.words import Refusal, Refusals, listed

RISK = "risk_"  # what the field of a question begins with


def plain(text: str) -> str:
    """A heading or code without regard to case, spaces and punctuation."""
    return "".join(mark for mark in text.casefold() if mark.isalnum())


@dataclass(frozen=True, slots=True)
class ForceMapping:
    """The mapping in force: fields by plain heading, headings that must be there, and each code list by plain code."""

    version: str
    zone: ZoneInfo  # whose clocks the export's times show
    fields: Mapping[str, str]  # plain heading to field
    headings: Mapping[str, str]  # field to the documented heading
    required: tuple[str, ...]
    codes: Mapping[str, Mapping[str, str]]  # list, then plain code, to meaning

    def meaning(self, *, list_name: str, code: str) -> str | None:
        """What a source's code means here; ``None`` where the list does not know it."""
        return self.codes[list_name].get(plain(code))


@dataclass(frozen=True, slots=True)
class Columns:
    """A file's own headings: the one that each field is read from, and those that nothing reads."""

    by_field: Mapping[str, str]
    unread: tuple[str, ...]


def force_mapping(playbook: Playbook, *, on: date) -> ForceMapping:
    """The mapping in force on a day; two fields that share a heading, or a time zone that is none, raise ``ValueError``."""
    values = playbook.in_force(on).values
    zone = zone_named(values["time_zone"])
    if zone is None:
        raise ValueError(f"{playbook.code}: there is no time zone {values['time_zone']}; it is named as Europe/London")
    named = {**values["columns"], **{RISK + code: names for code, names in values["risk"].items()}}
    return ForceMapping(
        version=f"{values['version']} ({playbook.content_hash[:12]})",
        zone=zone,
        fields=turned(playbook.code, named),
        headings={field: names[0] for field, names in named.items()},
        required=tuple(values["required"]),
        codes={name: turned(playbook.code, codes) for name, codes in values["codes"].items()},
    )


def columns_of(*, columns: Iterable[str], mapping: ForceMapping) -> Columns | Refusals:
    """A file's headings as fields; refused where one that is owed is not there or two columns give the same field."""
    by_field: dict[str, str] = {}
    unread, refusals = [], []
    for heading in columns:
        field = mapping.fields.get(plain(heading))
        if field is None:
            unread.append(heading)
        elif field in by_field:
            sentence = f"“{by_field[field]}” and “{heading}” mean the same. Remove one of them."
            refusals.append(Refusal("export.same_field", sentence, field=field))
        else:
            by_field[field] = heading
    lacking = [mapping.headings[field] for field in mapping.required if field not in by_field]
    if lacking:
        sentence = f"The file lacks {listed(f'“{name}”' for name in lacking)}. Check that it is the force's export of missing reports."
        refusals.append(Refusal("export.columns_missing", sentence))
    return tuple(refusals) or Columns(by_field, tuple(unread))


def turned(code: str, names: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Each spelling, folded, with what it means. Raises ``ValueError`` where one stands for two things."""
    found: dict[str, str] = {}
    for meaning, spellings in names.items():
        for spelling in spellings:
            if found.setdefault(plain(spelling), meaning) != meaning:
                raise ValueError(f"{code}: “{spelling}” stands for two things")
    return found
