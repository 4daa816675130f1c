"""Nothing in the demonstration could reach a real person: ranges kept for drama, an unused area, example domains."""

import json
import re
from dataclasses import asdict
from datetime import datetime

import pytest

from lodestar.doors.feeds.demo.demo import Demo
from lodestar.doors.feeds.demo.generate import generate

NUMBER = re.compile(r"\b0\d{3,4} \d{6}\b|\b0\d{9,10}\b|\+44")
KEPT = re.compile(r"^(01632 960\d{3}|07700 900\d{3})$")
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b")


@pytest.fixture(scope="module")
def everything(demo: Demo) -> str:
    return json.dumps(
        [asdict(item) for group in (demo.authorities, demo.staff, demo.homes, demo.children, demo.episodes) for item in group],
        default=str,
        ensure_ascii=False,
    )


def test_every_telephone_number_is_in_a_range_kept_for_drama(everything: str) -> None:
    found = NUMBER.findall(everything)
    assert len(found) > 1000
    assert [item for item in found if not KEPT.match(item)] == []


def test_every_postcode_is_of_the_unused_area(everything: str) -> None:
    found = POSTCODE.findall(everything)
    assert len(found) > 600
    assert {item[:2] for item in found} == {"ZZ"}


def test_every_address_of_mail_is_at_an_example_domain(everything: str) -> None:
    found = re.findall(r"[\w.\-]+@([\w.\-]+)", everything)
    assert len(found) > 200
    assert all(re.search(r"(^|\.)example\.(com|org|net)$", host) for host in found)


def test_no_harmful_words_about_children(everything: str) -> None:
    text = everything.lower()
    for word in (
        "streetwise",
        "promiscuous",
        "absconded",
        "absconder",
        "attention-seeking",
        "lifestyle choice",
        "prostitut",
        "putting themselves at risk",
        "rent boy",
        "sexually active",
    ):
        assert word not in text, word


def test_no_place_is_called_after_the_real_force(demo: Demo, everything: str) -> None:
    text = (demo.force_name + str(demo.districts) + str(demo.authorities) + everything).lower()
    for real in ("cambridge", "peterborough", "huntingdon", "fenland", "wisbech", "ely,"):
        assert real not in text


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(as_of: datetime) -> None:
    one, two, other = (repr(generate(seed, as_of, scale=0.2)).encode() for seed in (5, 5, 6))
    assert one == two
    assert one != other


def test_children_come_from_many_communities_and_unknown_is_not_declined(demo: Demo) -> None:
    answers = {item.ethnicity for item in demo.children}
    assert "" in answers
    assert "asked, declined" in answers
    assert len(answers) > 10
