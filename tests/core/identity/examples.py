"""How the examples in the playbooks of linkage are run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lodestar.core.identity.bands import band_rules, banded
from lodestar.core.identity.harm import Facts, harm_rules, placed
from lodestar.core.identity.live import Told, live_rules
from lodestar.core.identity.reviewing import Answer, Question, review_rules, standing
from lodestar.core.identity.scoring import score
from lodestar.core.playbook import Playbook
from tests.core.identity.people import MODEL, record


def run_identity(book: Playbook, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Two records under the rules of a day, with a model that has so many labels and this threshold."""
    bands = band_rules(book, on=given["on"]).thresholds(labels=given["labels"], link_from=given["threshold"])
    left, right = record("L", **given["left"]), record("R", **given["right"])
    found = banded(left, right, score(left, right, model=MODEL, commonness={}), thresholds=bands)
    return {"link_from": "none" if bands.link_from is None else str(bands.link_from), "band": found.band, "rule": found.rule}


def run_identity_review(book: Playbook, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answers in order, each by somebody else: whose turn it then is, and what it came to."""
    said = [answer.split() for answer in given["answers"]]
    answers = tuple(Answer(by, "first", word, *(int(person) for person in about)) for by, (word, *about) in enumerate(said))
    question = Question(tuple(given["offered"]), given["double"], answers)
    found = standing(question, rules=review_rules(book, on=given["on"]))
    settled = "no" if found.outcome is None else f"same {found.outcome.person}" if found.outcome.person else "somebody_new"
    return {"turn": found.turn, "settled": settled}


def run_identity_harm(book: Playbook, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is known of a question: the two rules that place it."""
    facts = Facts(frozenset(given["conditions"]), given.get("bits"))
    found = placed(facts, rules=harm_rules(book, on=given["on"]))
    return {"harm": found.harm.code, "chance": found.chance.code, "place": found.place}


def run_live(book: Playbook, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a report of this kind, in this role and for this reason, would put on a child who carries these flags."""
    told = Told(given["kind"], given["role"], given.get("reason", ""))
    found = live_rules(book, on=given["on"]).flags(told, carried=given["carried"])
    return {"flags": ", ".join(found)}
