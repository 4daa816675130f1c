"""``python -m bench.identity.starting``: train the model that Lodestar comes with, and write it.

On invented people, of whose records made where they lived before none knows where they live now: so it is. Trained where each
knew, a model took two addresses of one person for two people, and did not put them before anybody. It joins nothing by itself.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bench.identity.measuring import population
from lodestar.doors.feeds.linking.training import trained

ROOT = Path(__file__).parents[2]
FILES = (ROOT / "lodestar" / "store" / "starting_model.json", ROOT / "docs" / "examples" / "identity" / "model.json")
PEOPLE, SEED = 20_000, 7


def main() -> int:
    """Train it, and write it where the service reads it and where the examples have it."""
    document = trained(population(people=PEOPLE, seed=SEED, moved=1.0).records.values())
    document.pop("linker_uid", None)  # of this run alone
    for level in (level for comparison in document["comparisons"] for level in comparison["comparison_levels"]):
        level.update({name: float(f"{level[name]:.10g}") for name in ("m_probability", "u_probability") if name in level})
    for file in FILES:
        file.write_text(json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Trained on {document['trained_on']:,} records.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
