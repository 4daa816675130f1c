"""People for the tests of linkage, in one line each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from lodestar.core.identity.model import Model, read_model
from lodestar.core.identity.record import Record, Statement, prepare
from lodestar.core.people.identifiers import Key

DOCUMENT: dict[str, Any] = json.loads((Path(__file__).parents[3] / "docs" / "examples" / "identity" / "model.json").read_text())
MODEL: Model = read_model(DOCUMENT)
ROOTS = {"alfie": "alfred", "alf": "alfred", "alfred": "alfred"}
DEFAULT: Mapping[str, Any] = {"given_name": "Ada", "family_name": "Marlowe", "birth_date": date(2011, 5, 6), "sex": "female"}


def record(id: str = "A", **said: Any) -> Record:
    """One statement made ready; what is not said is Ada Marlowe's."""
    number = said.pop("number", "")
    keys = (Key("force_person_id", number),) if number else ()
    home = said.pop("postcode", "")
    return prepare(Statement(id, **{**DEFAULT, "postcodes": (home,) if home else (), "keys": keys, **said}), roots=ROOTS)
