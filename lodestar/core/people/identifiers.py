"""National and local identifiers: how each is written, and the check that each carries.

An identifier that fails its check is kept as given and never used to link. It is a caution and not a refusal: nobody turns
a child's report away over a slip in a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lodestar.core.words import Caution

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
CHECK_MODULUS = 23
NHS_LENGTH = 10
NHS_MODULUS = 11

_UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]$")
_PNC = re.compile(r"(?P<year>[0-9]{2}|[0-9]{4})/(?P<serial>[0-9]{1,7})(?P<check>[A-Z])$")


@dataclass(frozen=True, slots=True)
class Scheme:
    """One kind of identifier: its name in sentences, whether it is national, and how it is read."""

    code: str
    title: str
    national: bool
    read: Callable[[str], str]  # the comparable form, or "" where the check fails
    example: str


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """An exact identifier in its comparable form. An authority's number carries the authority, because others use it too."""

    scheme: str
    value: str
    issuer: str = ""

    @property
    def text(self) -> str:
        """The value with its issuer, as one string to store: "CAM/4711"."""
        return f"{self.issuer}/{self.value}" if self.issuer else self.value


def nhs_number(text: str) -> str:
    """Ten digits whose last is the check digit modulo 11 (NHS Data Dictionary); anything else reads as nothing."""
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"[0-9]{10}", digits):
        return ""
    weighted = sum(int(digit) * (NHS_LENGTH - place) for place, digit in enumerate(digits[:-1]))
    check = (NHS_MODULUS - weighted % NHS_MODULUS) % NHS_MODULUS
    return digits if check == int(digits[-1]) else ""


def upn(text: str) -> str:
    """A check letter and twelve figures, the last a letter on a temporary one (DfE); anything else reads as nothing."""
    joined = re.sub(r"\s", "", text).upper()
    if not _UPN.match(joined) or joined[-1] in "IOS":
        return ""
    figures = [int(mark) if mark.isascii() and mark.isdigit() else UPN_LETTERS.index(mark) for mark in joined[1:]]
    check = sum(figure * weight for weight, figure in enumerate(figures, start=2)) % CHECK_MODULUS
    return joined if UPN_LETTERS[check] == joined[0] else ""


def pnc_id(text: str) -> str:
    """Year, stroke, serial and check letter ("2003/0062845E"); the two-figure year is kept so that both spellings meet."""
    match = _PNC.match(re.sub(r"\s", "", text).upper())
    if not match:
        return ""
    year, serial = match["year"][-2:], match["serial"].zfill(7)
    return f"{year}/{serial}{match['check']}" if PNC_LETTERS[int(year + serial) % CHECK_MODULUS] == match["check"] else ""


def local_id(text: str) -> str:
    """A local number without spaces and in capitals; it carries no check."""
    return re.sub(r"\s", "", text).upper()


SCHEMES: dict[str, Scheme] = {
    scheme.code: scheme
    for scheme in (
        Scheme("pnc_id", "PNC ID", True, pnc_id, "2003/0062845E"),
        Scheme("nhs_number", "NHS number", True, nhs_number, "943 476 5919"),
        Scheme("upn", "unique pupil number", True, upn, "H801200001001"),
        Scheme("force_person_id", "force person number", False, local_id, "P104477"),
        Scheme("la_child_id", "local authority child number", False, local_id, "4711"),
    )
}


def read_key(*, scheme: str, text: str, issuer: str = "") -> Key | Caution | None:
    """An identifier that passes its check is a key; one that does not is a caution; a blank one is nothing.

    A local authority's number without the authority is a caution: the same number is another child elsewhere.
    """
    kind = SCHEMES[scheme]
    if not text.strip():
        return None
    value = kind.read(text)
    if not value:
        sentence = f"The {kind.title} is not written like {kind.example} or fails its check. It is kept but not used to link."
        return Caution(f"people.{scheme}_unreadable", f"{sentence} Check it with whoever gave it.", field=scheme)
    if scheme == "la_child_id" and not issuer.strip():
        sentence = "Say which authority gave the local authority child number. Without it the number cannot be used to link."
        return Caution("people.la_child_id_no_authority", sentence, field="responsible_authority")
    # Only an authority's number repeats elsewhere; the force's own is the force's whichever authority looks after the child.
    return Key(scheme, value, local_id(issuer) if scheme == "la_child_id" else "")
