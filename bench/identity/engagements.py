"""Invented engagements in which the truth is known: families, twins, false names and groups of names by origin.

Nobody here is real. Names are made of syllables, postcodes lie in an area that does not exist (ZZ), telephone numbers in
the ranges that Ofcom keeps for drama. The shares of errors are ours and say so: they are there to test a direction, not to
describe any force's data. A seed makes the same people and the same slips every time; training and test take different seeds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

from lodestar.core.identity.record import Statement
from lodestar.core.people.identifiers import Key
from lodestar.doors.feeds.demo.dice import Dice

FIRST_BIRTH, LAST_BIRTH = date(2007, 1, 1), date(2018, 12, 31)


@dataclass(frozen=True, slots=True)
class Origin:
    """A group of names: how many people bear them, and how concentrated they are."""

    name: str
    share: float
    forenames: tuple[str, ...]
    surnames: tuple[str, ...]
    slope: float  # of Zipf's law: higher is more people with the same few names


def _made(starts: str, ends: str, most: int, middles: str = "") -> tuple[str, ...]:
    joined = (start + middle + end for middle, end, start in product(["", *middles.split()], ends.split(), starts.split()))
    return tuple(name for name, _ in zip(joined, range(most), strict=False))


# Each: name, share of people and slope; how many given names, their starts and ends; the same of family names, and middles.
_ORIGINS = """
white British | 0.66 | 0.7
  180: Al Ben Cal Dan Ed Fin Gra Har Jo Ka Le Mat Na Ol Pen Ro Sam To Wil Za
  fie die lum son mie ley ria lie iel by
  2600: Ash Barn Bell Birk Bram Chalk Cor Cross Dain Dun East Elm Ever Fair Fen Fox Garn Gor Hal Hark Hart Hawk
  wick ley field well ford brook mere low ham stead worth croft den combe gate hurst
  er ing le en el or
Pakistani or Bangladeshi | 0.08 | 1.1
  60: Ay Fa Ha Im Ja Kh Mu Na Ra Sa Ta Za
  esha tima mza ran mila alid hammed dia shid ira hir inab
  16: Ahm Beg Cho Hus Iqb Kha Mah Mia Rah Uddi
  ed um san al
  -
Indian | 0.05 | 0.9
  80: An Ar De Gur Har Jas Kir Man Pri Raj Sim Vik
  jali jun epak preet leen pal an veer ya esh ran ram
  60: Bha Cha Dha Gil Jo Ka Me Pa Ran Sha Sid Ver
  tia dha liwal lani shi poor hta tel ma hu
  -
Somali | 0.02 | 1.2
  40: Ab Am Ay Fa Ha Id Mo Sa Ya
  di ina aan rah san ris hamed hra sin
  12: Ab Al Far Has Jam Mo Nu War Yus
  di i ah san a hamed r same uf
  -
Polish | 0.06 | 0.8
  70: Ag Ba Da Fi Ha Ja Ka Le Ma Ol Pi Zo
  ata rtek wid lip nia kub cper na ja iwia otr fia
  110: Bor Dab Gru Jan Kam Kow Lew Maz Now Paw Sob Woj Zie
  kowski rowski dzinski kowicz inski alski andowski urek ak lak
  -
Romanian | 0.04 | 0.9
  60: Al An Cri Da El Flo Ga Io Mi Ni Ra So
  in drei stina ria ena rin briel ana hai colae du rin
  70: Al Bal Cio Con Du Geo Io Mar Mol Pop Rad Sto
  escu an canu stantin mitru rgescu nescu in dovan a u ica
  -
Turkish | 0.02 | 0.9
  50: Ah Ay Bu Ce El Em Fa Ha Me Mu Se Ze
  met se rak m if re tma san hmet stafa lin ynep
  60: Ak Ars Ay Ce De Do Kar Kay Oz Sah Yil Yil
  in lan din lik mir gan a a turk in diz maz
  -
West African | 0.05 | 0.9
  60: Ab Ad Am Chi Ef Em Fe Im Ko Kwa Ol Ya
  ena aeze ara di ua eka mi ani fi bena uchi w
  60: Ab Ade As Boa Chi Ez Men Mok Nkan Okon
  iola yokun ante tengu kwanda eokafor sah oena sahu jero
  -
Vietnamese | 0.02 | 1.3
  30: An Bao Dinh Hoa Lan Linh Minh Nga Phu Thu
  h a n g
  8: Ngu Tra Le Pha Hoa Vu Da Bui
  yen n m ng
  -
"""


def _origins(text: str) -> Iterator[Origin]:
    lines = [line.strip() for line in text.strip().splitlines()]
    for head, given, given_ends, family, family_ends, middles in zip(*(lines[place::6] for place in range(6)), strict=True):
        name, share, slope = head.split(" | ")
        (most, starts), (most_family, starts_family) = given.split(": "), family.split(": ")
        surnames = _made(starts_family, family_ends, int(most_family), middles.strip("-"))
        yield Origin(name, float(share), _made(starts, given_ends, int(most)), surnames, float(slope))


ORIGINS: tuple[Origin, ...] = tuple(_origins(_ORIGINS))

FORMS = {"fie": "f", "die": "d", "mie": "m", "lie": "l", "iel": "i"}  # a shorter form of some names, as people are called


@dataclass(frozen=True, slots=True)
class Known:
    """One person as they are: the truth, which no record holds whole."""

    number: int
    household: int
    origin: str
    statement: Statement
    former: str
    twin: bool


@dataclass(frozen=True, slots=True)
class Engagement:
    """One record and, beside it, who it is about."""

    statement: Statement
    person: int
    household: int
    origin: str
    twin: bool


def engagements(*, people: int, seed: int, moved: float = 0.0) -> list[Engagement]:
    """About 2.2 records for each of so many people, in an order that says nothing.

    Of the records that were made where somebody lived before, so many (``moved``) know nothing of where they live now. The others
    hold both, as a record does that is kept up.
    """
    dice = Dice(seed, "engagements")
    made = [record for known in population(people=people, seed=seed) for record in _records(known, dice, moved)]
    order = dice.rng.permutation(len(made))
    return [replace(made[place], statement=made[place].statement._replace(id=f"R{number}")) for number, place in enumerate(order)]


def population(*, people: int, seed: int) -> Iterator[Known]:
    """Children in households: brothers and sisters share a surname, an address and often a telephone; some are twins."""
    dice = Dice(seed, "population")
    tables = {origin.name: (_zipf(len(origin.forenames), origin.slope), _zipf(len(origin.surnames), origin.slope)) for origin in ORIGINS}
    number = household = 0
    while number < people:
        origin = dice.weighted([(one, one.share) for one in ORIGINS])
        forenames, surnames = tables[origin.name]
        surname = origin.surnames[_place(surnames, dice.unit())]
        home = _place_of(dice, people)
        former, phone = _nearby(home, dice, people), _phone(dice)
        born = _day(dice)
        called: set[str] = set()
        for child in range(min(dice.weighted([(1, 0.45), (2, 0.35), (3, 0.14), (4, 0.06)]), people - number)):
            twin = child > 0 and dice.chance(0.03)
            born = born if twin or child == 0 else _day(dice)
            given = origin.forenames[_place(forenames, dice.unit())]
            while given in called:  # no home calls two of its children by one name
                given = origin.forenames[_place(forenames, dice.unit())]
            called.add(given)
            yield Known(
                number,
                household,
                origin.name,
                Statement(
                    id="",
                    given_name=given,
                    family_name=surname if dice.chance(0.9) else origin.surnames[_place(surnames, dice.unit())],
                    birth_date=born,
                    sex=dice.pick(("female", "male")),
                    postcodes=(_postcode(home),),
                    phone=phone if dice.chance(0.7) else _phone(dice),
                    keys=(Key("force_person_id", f"P{number}"),),
                ),
                _postcode(former),
                twin,
            )
            number += 1
        household += 1


def _records(known: Known, dice: Dice, moved: float) -> Iterator[Engagement]:
    for _ in range(dice.weighted([(1, 0.42), (2, 0.27), (3, 0.14), (4, 0.09), (6, 0.08)])):
        said = stated(known, dice, moved)
        yield Engagement(said, known.number, known.household, known.origin, known.twin)


def stated(known: Known, dice: Dice, moved: float = 0.0) -> Statement:
    """What one source writes down of a person: slips, gaps, an old address, now and then a false name."""
    true = known.statement
    given, family, born = true.given_name, true.family_name, true.birth_date
    if dice.chance(0.015):  # a false name, given with the right birth date
        given, family = _slip("Alex", dice), _slip("Smith", dice)
    given = _form(given) if dice.chance(0.08) else _slip(given, dice) if dice.chance(0.07) else given
    family = _slip(family, dice) if dice.chance(0.06) else family
    if dice.chance(0.012):
        given, family = family, given
    year = None
    if dice.chance(0.12):
        born, year = None, (born.year + dice.pick((-1, 0, 0, 0)) if born and dice.chance(0.6) else None)
    elif born and dice.chance(0.07):
        born = _wrong_day(born, dice)
    home = _homes(known, dice, moved)
    return Statement(
        id="",
        given_name="" if dice.chance(0.01) else given,
        family_name=family,
        birth_date=born,
        birth_year=year,
        sex=true.sex if dice.chance(0.93) else "",
        postcodes=() if dice.chance(0.15) else home,
        phone=true.phone if dice.chance(0.45) else "",
        keys=true.keys if dice.chance(0.12) else (),
    )


def _homes(known: Known, dice: Dice, moved: float) -> tuple[str, ...]:
    """What a record says of where somebody lives and lived, the present home as it has it first."""
    now = known.statement.postcodes
    if dice.chance(0.12):
        return (known.former,) if moved and dice.chance(moved) else (known.former, *now)
    return (*now, known.former) if dice.chance(0.1) else now


def _form(name: str) -> str:
    return next((name.removesuffix(end) + short for end, short in FORMS.items() if name.endswith(end)), name)


def _slip(word: str, dice: Dice) -> str:
    """One slip of the pen: two letters changed about, one left out, one doubled or one wrong."""
    if len(word) < 3:
        return word
    at = dice.whole(1, len(word) - 2)
    kind = dice.whole(0, 3)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + word[at] + word[at:]
    return word[:at] + dice.pick("aeiourstlnm") + word[at + 1 :]


def _wrong_day(born: date, dice: Dice) -> date:
    kind = dice.whole(0, 3)
    if kind == 0 and born.day <= 12:
        return date(born.year, born.day, born.month)
    if kind == 1:
        return date(born.year, 1, 1)
    if kind == 2:
        return born + timedelta(days=dice.pick((-10, -1, 1, 10)))
    return date(born.year - dice.pick((-1, 1)), born.month, min(born.day, 28))


def _zipf(size: int, slope: float) -> list[float]:
    weights = [1 / (rank + 3) ** slope for rank in range(size)]
    whole, so_far, out = sum(weights), 0.0, []
    for weight in weights:
        so_far += weight / whole
        out.append(so_far)
    return out


def _place(shares: list[float], at: float) -> int:
    low, high = 0, len(shares) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if shares[middle] < at else (low, middle)
    return low


def _place_of(dice: Dice, people: int) -> int:
    """About fifteen homes to a postcode, as in this country."""
    return dice.whole(0, max(20, people // 35) - 1)


def _nearby(home: int, dice: Dice, people: int) -> int:
    """Where a family lived before: mostly a few streets off, sometimes anywhere."""
    if dice.chance(0.3):
        return _place_of(dice, people)
    return max(0, home + dice.whole(-60, 60))


def _postcode(place: int) -> str:
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    street, sector = place % 40, place // 40
    return f"ZZ{1 + sector // 10 % 98} {sector % 10}{letters[street // 20]}{letters[street % 20]}"


def _phone(dice: Dice) -> str:
    return f"07700 9{dice.whole(0, 99_999):05d}"


def _day(dice: Dice) -> date:
    return FIRST_BIRTH + timedelta(days=dice.whole(0, (LAST_BIRTH - FIRST_BIRTH).days))


def variants() -> Iterator[tuple[str, str]]:
    """Each forename that has a shorter form, and that form."""
    names = (name for origin in ORIGINS for name in origin.forenames)
    return ((name, short) for name in names if (short := _form(name)) != name)


def pairs_true(records: list[Engagement]) -> int:
    """How many pairs of records are of one person."""
    counts: dict[int, int] = {}
    for record in records:
        counts[record.person] = counts.get(record.person, 0) + 1
    return sum(math.comb(count, 2) for count in counts.values())
