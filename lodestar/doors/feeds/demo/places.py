"""The invented force, its six districts, two local authorities and children's homes."""

from __future__ import annotations

from lodestar.doors.feeds.demo import names
from lodestar.doors.feeds.demo.dice import Dice
from lodestar.doors.feeds.demo.records import Authority, District, Home

FORCE_NAME = "Aldermere Police"
OTHER_FORCES = ("Northfell Police", "Vale of Corrin Constabulary", "Eastmarsh Police", "Stourmoor Constabulary")

AUTHORITIES = (
    Authority("ACC", "Aldermere County Council", "01632 960011"),
    Authority("HCC", "Harrowmere City Council", "01632 960022"),
)

# Residents add up to 894,500: a force of that size (measures.md section 7).
DISTRICTS = (
    District("HAR", "Harrowmere", "HCC", 215_700, ("Harrowmere", "Thorpe Lantern", "Orlock"), ((40, 42), (45.5, 47), (36, 37.5))),
    District("EDD", "Eddlestowe", "ACC", 147_600, ("Eddlestowe", "Newlode", "Cherry Mallow"), ((18, 55), (11, 60.5), (24.5, 49))),
    District("BRA", "Brackwater", "ACC", 181_800, ("Brackwater", "Oswinstead", "Godmarsh"), ((22, 74), (30, 79.5), (15.5, 68))),
    District("PEL", "Pellinghurst", "ACC", 162_000, ("Pellinghurst", "Camley", "Great Sallow"), ((52, 25), (60, 21), (47.5, 31))),
    District("SAL", "Sallowfen", "ACC", 102_500, ("Sallowfen", "Whittlemarch", "Chatterlode"), ((63, 58), (70.5, 63), (58, 52))),
    District("WYC", "Wychmoor", "ACC", 84_900, ("Wychmoor", "Littlelode", "Drove End"), ((74, 79), (80, 73), (69, 85.5))),
)
# Two neighbouring districts share the five teams of response.
PAIRS = (("HAR", "PEL"), ("EDD", "BRA"), ("SAL", "WYC"))

DISTRICT = {district.code: district for district in DISTRICTS}
_HOMES_EACH = {"HAR": 5, "EDD": 3, "BRA": 3, "PEL": 3, "SAL": 3, "WYC": 2}


def homes(*, seed: int) -> tuple[Home, ...]:
    """The children's homes, more where more people live."""
    dice = Dice(seed, "homes")
    words = iter(dice.some([(word, kind) for word in names.HOMES for kind in names.HOME_KINDS], sum(_HOMES_EACH.values())))
    return tuple(
        _home(dice, district, number, *next(words)) for district in DISTRICTS for number in range(1, _HOMES_EACH[district.code] + 1)
    )


def _home(dice: Dice, district: District, number: int, word: str, kind: str) -> Home:
    name = f"{word} {kind}"
    return Home(
        code=f"{district.code}-H{number}",
        name=name,
        authority=district.authority,
        district=district.code,
        address=f"{name}, {names.address(dice, dice.pick(district.towns))}",
        postcode=names.postcode(dice, outward(district.code)),
        phone=names.landline(dice),
        email=f"duty@{word.lower()}{kind.lower()}.example.org",
    )


def outward(district: str) -> int:
    """The number after ZZ in this district's postcodes."""
    return 1 + [item.code for item in DISTRICTS].index(district)
