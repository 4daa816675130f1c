"""Nothing written on an online case may carry an image, or a hash that picks out a victim: references only.

The wording is checked because the harm is done by keeping it. What looks like an image or video file, an embedded picture,
or a digest of 32, 40, 64 or 128 hex digits is refused, whichever question it answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lodestar.core.words import Refusal, Refusals

AUTHORITY = "Protection of Children Act 1978 s.1; Lodestar holds references only"
_KINDS = "jpe?g|jfif|png|gif|bmp|webp|hei[cf]|tiff?|raw|svg|avif|ico|psd|mp4|m4v|mov|avi|mkv|wmv|flv|mpe?g|3gp|webm|vob"
_FILE = re.compile(rf"[^\s.,;:/\\]\.(?:{_KINDS})(?![a-z0-9])", re.IGNORECASE)
_DATA = re.compile(r"data:(?:image|video)/|base64,|[A-Za-z0-9+/]{200,}={0,2}", re.IGNORECASE)
_DIGEST = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{128}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9a-f])", re.IGNORECASE)
_SPACED = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{2}[ :-]){15,}[0-9a-f]{2}(?![0-9a-f])", re.IGNORECASE)
_NO_REFERENCE = frozenset({"none", "n/a", "na", "nil", "no", "not known", "unknown", "tbc", "see above", "as above", "to follow", "-", "."})


def harmful(*, said: Mapping[str, str]) -> Refusals:
    """No answer may look like an image, a video or a hash; each one that does is refused by name."""
    return tuple(refusal for name, answer in said.items() for refusal in _found(name, str(answer)))


def is_reference(text: str) -> bool:
    """A reference points at something: it has a digit, and is not one of the words people write to fill a box."""
    said = text.strip().casefold().rstrip(".")
    return said not in _NO_REFERENCE and any(letter.isdigit() for letter in said)


def _found(name: str, answer: str) -> Iterator[Refusal]:
    if _FILE.search(answer) or _DATA.search(answer):
        yield Refusal(
            "online.image",
            "This looks like an image or video file. Write the exhibit or database reference instead; no file or file name is kept here.",
            AUTHORITY,
            name,
        )
    if _DIGEST.search(answer) or _SPACED.search(answer):
        yield Refusal(
            "online.hash",
            "This looks like a hash. A hash can pick out a victim: write the exhibit or database reference instead.",
            AUTHORITY,
            name,
        )
