"""References only: nothing written on an online case may look like an image, a video or a hash."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.matters.desk import Attempt
from lodestar.core.matters.online.deeds import DEEDS
from lodestar.core.matters.online.desk import ONLINE_DESK
from lodestar.core.matters.online.references import harmful, is_reference
from tests.core.matters.online.examples import AT, told
from tests.core.matters.online.replay import SAYS

HEX = "0123456789abcdefABCDEF"


@given(
    st.sampled_from((32, 40, 64, 128)).flatmap(lambda size: st.text(HEX, min_size=size, max_size=size)), st.sampled_from(("", "md5: ", "("))
)
def test_a_run_of_hex_digits_as_long_as_a_hash_is_refused_wherever_it_stands(digest: str, before: str) -> None:
    assert [(refusal.code, refusal.field) for refusal in harmful(said={"what": f"{before}{digest} seen"})] == [("online.hash", "what")]


@given(st.integers(16, 64).flatmap(lambda pairs: st.lists(st.text(HEX, min_size=2, max_size=2), min_size=pairs, max_size=pairs)))
def test_a_hash_written_in_pairs_is_still_a_hash(pairs: list[str]) -> None:
    assert [refusal.code for refusal in harmful(said={"note": ":".join(pairs)})] == ["online.hash"]


@pytest.mark.parametrize(
    "text",
    [
        "IMG_0042.jpg", "see holiday.PNG, attached", "C:\\cases\\clip.mp4", "frame001.jpeg.", "video (1).mov", "photo.heic",
        "data:image/png;xyz", "base64,AAAA", "A" * 240,
    ],
)  # fmt: skip
def test_what_looks_like_an_image_or_a_video_is_refused(text: str) -> None:
    assert [refusal.code for refusal in harmful(said={"what": text})] == ["online.image"]


@pytest.mark.parametrize(
    "text",
    [
        "Exhibit JH/1",
        "NCA-2026-0417", "2001:db8:85a3:8d3:1319:8a2e:370:7348", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "00:1a:2b:3c:4d:5e",
        "IMEI 490154203237518", "Seen at 9.30am. Moved on at noon.", "user_5521@example.test", "Counts: A 3, B 0, C 12",
        "CAID ref 88121/4.",
    ],
)  # fmt: skip
def test_references_addresses_and_sentences_are_kept(text: str) -> None:
    assert harmful(said={"what": text}) == ()


@pytest.mark.parametrize("code", sorted(DEEDS))
def test_no_deed_takes_a_hash_or_a_picture_in_any_of_its_written_answers(code: str) -> None:
    state = (DEEDS[code].states or ("researched",))[0]
    for asked in DEEDS[code].asks:
        for text in ("d41d8cd98f00b204e9800998ecf8427e", "IMG_0042.jpg") if asked.asked_as == "text" else ():
            attempt = Attempt(told(state=state), code, {asked.name: text}, AT, 1, AT)
            found = [refusal.code for refusal in ONLINE_DESK.refuse(attempt) if refusal.field == asked.name]
            assert {"online.hash", "online.image"} & set(found), asked.name


@pytest.mark.parametrize("code", sorted(SAYS))
def test_what_an_ordinary_case_says_is_kept(code: str) -> None:
    assert harmful(said=SAYS[code]) == ()


@pytest.mark.parametrize(
    ("text", "holds"), [("DOC-88121", True), ("none", False), ("N/A", False), ("to follow.", False), ("the email", False)]
)
def test_a_reference_points_at_something(text: str, holds: bool) -> None:
    assert is_reference(text) is holds
