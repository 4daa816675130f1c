"""Writes invented engagements as the files that ``lodestar identity`` reads, with answers a reviewer might have given."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from bench.identity.engagements import Engagement, engagements

COLUMNS = (
    "number",
    "given_name",
    "family_name",
    "birth_date",
    "birth_year",
    "sex",
    "postcode",
    "former_postcodes",
    "phone",
    "force_person_id",
)
TRUTH = ("person", "household", "origin")


def row_of(one: Engagement) -> dict[str, object]:
    """One engagement as a row, with the truth in columns that no model reads."""
    said = one.statement
    return {
        "number": said.id,
        "given_name": said.given_name,
        "family_name": said.family_name,
        "birth_date": said.birth_date.isoformat() if said.birth_date else "",
        "birth_year": said.birth_year or "",
        "sex": said.sex,
        "postcode": said.postcodes[0] if said.postcodes else "",
        "former_postcodes": ";".join(said.postcodes[1:]),
        "phone": said.phone,
        "force_person_id": next((key.value for key in said.keys if key.scheme == "force_person_id"), ""),
        "person": one.person,
        "household": one.household,
        "origin": one.origin,
    }


def write(path: Path, records: list[Engagement]) -> None:
    """A CSV of all of them."""
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, [*COLUMNS, *TRUTH])
        writer.writeheader()
        writer.writerows(row_of(one) for one in records)


if __name__ == "__main__":
    write(Path(sys.argv[1]), engagements(people=int(sys.argv[2]), seed=int(sys.argv[3])))
