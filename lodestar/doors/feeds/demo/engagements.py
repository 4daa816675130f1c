"""A year of engagements with the invented force's children: rows as each agency's export would have them.

A few children are seen with the same adults, in the same cars and places: what somebody at the hub must be able to find. How
often a child is stopped or seen says nothing of harm; most are met once or twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from lodestar.core.times import LONDON
from lodestar.doors.feeds.demo import names
from lodestar.doors.feeds.demo.dice import Dice
from lodestar.doors.feeds.demo.records import Child

EACH_YEAR, GROUPS, LATEST = 520, 7, timedelta(hours=30)
YEAR = 364 * 24  # hours
KINDS = (
    ("ENG-STOP", 0.20), ("ENG-INTELLIGENCE", 0.19), ("ENG-CRIME", 0.14), ("ENG-HOSPITAL", 0.12), ("ENG-CUSTODY", 0.07),
    ("ENG-EXCLUSION", 0.12), ("ENG-SOCIAL-CARE", 0.12), ("ENG-MISSING", 0.04),
)  # fmt: skip
PLACES = (
    "Quayside arches",
    "Mill Lane flats",
    "the retail park",
    "Station forecourt",
    "Canal boathouse",
    "Fen Road shops",
    "Old brewery yard",
)
SCHOOLS = ("Aldermere Park School", "St Osyth Academy", "Lodebank School", "Whittlemarch College")
SAID = {
    "ENG-STOP": ("Smell of cannabis from the car", "Seen to pass something to a driver", "Matched a description given an hour before"),
    "ENG-INTELLIGENCE": (
        "A child was collected from outside school by an adult who is not family.",
        "A child has a second phone and is said to be running errands for older people.",
        "Children are said to be meeting adults here late at night.",
    ),
    "ENG-CRIME": ("Threatened for a phone by people known to her", "Sent messages asking for pictures", "Hit by an older boy over money"),
    "ENG-HOSPITAL": ("Cut to the forearm", "Found drowsy by a friend", "Bruising, would not say how"),
    "ENG-CUSTODY": ("Possession with intent to supply", "Theft from a shop", "Assault on another child"),
    "ENG-EXCLUSION": ("Persistent disruptive behaviour", "Away for three weeks", "Brought a knife into school"),
    "ENG-SOCIAL-CARE": ("New clothes and cash that nobody can account for", "Home late with older people", "Parent asks for help"),
    "ENG-MISSING": ("Did not come back from a visit to family",),
}
REASONS = {
    "ENG-STOP": ("Drugs", "Drugs", "Weapons", "Other"),
    "ENG-INTELLIGENCE": ("CCE", "CSE", "DRUGS", "OTHER"),
    "ENG-CRIME": ("Violence", "Sexual", "Exploitation", "Other"),
    "ENG-HOSPITAL": ("Assault", "Drugs", "Other", "Other"),
    "ENG-CUSTODY": ("Drugs", "Theft", "Violence"),
    "ENG-EXCLUSION": ("SUSP", "SUSP", "SUSP", "PERM"),
    "ENG-SOCIAL-CARE": ("CCE", "Neglect", "Other", "Other"),
}
GRADES = ("1A", "1B", "2B", "2B", "2D", "2D", "3D")


@dataclass(frozen=True, slots=True)
class Adult:
    """An invented adult whom several engagements name."""

    name: str
    born: date
    nominal: str


@dataclass(frozen=True, slots=True)
class Group:
    """Children seen with the same adult, in the same car, at the same place."""

    adult: Adult
    vehicle: str
    phone: str
    place: str
    children: tuple[Child, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a source, about one child; whoever else it names is of the child's group."""

    source: str
    child: Child
    group: Group | None
    happened_at: datetime
    cells: Mapping[str, str]


def engagements(*, seed: int, children: Sequence[Child], as_of: datetime, scale: float) -> tuple[tuple[Adult, ...], tuple[Row, ...]]:
    """The adults, and a year of rows up to a day before ``as_of``, oldest first. The same seed gives the same rows."""
    dice = Dice(seed, "engagements")
    wanted = max(8, round(EACH_YEAR * scale))
    met = dice.some(children, max(4, wanted // 2))
    groups = _groups(dice, met, as_of, max(2, round(GROUPS * min(scale, 1.0))))
    of = {child.key: group for group in groups for child in group.children}
    rows = [_row(dice, number, _whom(dice, met, groups), as_of, of) for number in range(1, wanted + 1)]
    return tuple(group.adult for group in groups), tuple(sorted(rows, key=lambda row: row.happened_at))


def _groups(dice: Dice, met: Sequence[Child], as_of: datetime, count: int) -> list[Group]:
    left, groups = list(met), []
    for number in range(count):
        chosen, left = left[: (size := 2 + number % 3)], left[size:]
        if not chosen:
            break
        adult = Adult(names.grown_up(dice), date(as_of.year - dice.whole(21, 44), dice.whole(2, 12), dice.whole(2, 28)), f"N9{number:05d}")
        vehicle = f"{dice.pick('ABCDEFGHK')}{dice.pick('ABCDEFGHK')}{dice.whole(10, 24)} ZZ{dice.pick('ABCDEFGHK')}"
        groups.append(Group(adult, vehicle, f"07700 9008{number:02d}", PLACES[number % len(PLACES)], tuple(chosen)))
    return groups


def _whom(dice: Dice, met: Sequence[Child], groups: Sequence[Group]) -> Child:
    """Somebody of a group in one of four engagements, else anybody."""
    return dice.pick(dice.pick(groups).children) if dice.chance(0.25) else dice.pick(met)


def _row(dice: Dice, number: int, child: Child, as_of: datetime, of: Mapping[str, Group]) -> Row:
    source = dice.weighted(KINDS)
    happened_at = as_of - LATEST - timedelta(hours=dice.between(0, YEAR))
    group = of.get(child.key) if dice.chance(0.7) else None
    cells = _CELLS[source](dice, number, child, happened_at.replace(second=0, microsecond=0), group)
    return Row(source, child, group, happened_at, {heading: cell for heading, cell in cells.items() if cell})


def _local(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%d/%m/%Y %H:%M}"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _sex(child: Child) -> str:
    return "F" if child.sex == "female" else "M"


def _friend(dice: Dice, child: Child, group: Group | None) -> str:
    others = [one for one in group.children if one.key != child.key] if group else []
    if not others:
        return ""
    friend = dice.pick(others)
    return f"{friend.given_name} {friend.family_name}"


def _stop(dice: Dice, number: int, child: Child, at: datetime, group: Group | None) -> dict[str, str]:
    return {
        "Search ref": f"SS/{number:05d}", "Date and time": _local(at), "LPA": child.district,
        "Object of search": dice.pick(REASONS["ENG-STOP"]), "Grounds": dice.pick(SAID["ENG-STOP"]), "Outcome": "Nothing found",
        "First name": child.given_name, "Last name": child.family_name, "Date of birth": _day(child.birth_date), "Gender": _sex(child),
        "Address given": child.address, "Postcode given": child.postcode, "Stopped with": _friend(dice, child, group),
        "Location": group.place if group else "", "VRM": group.vehicle if group and dice.chance(0.5) else "",
    }  # fmt: skip


def _intelligence(dice: Dice, number: int, child: Child, at: datetime, group: Group | None) -> dict[str, str]:
    return {
        "Log URN": f"IN-{number:06d}", "Event time": f"{at.astimezone(UTC):%Y-%m-%d %H:%M}", "Area": child.district,
        "Evaluation": dice.pick(GRADES), "Category": dice.pick(REASONS["ENG-INTELLIGENCE"]),
        "Sanitised text": dice.pick(SAID["ENG-INTELLIGENCE"]), "Child forename": child.given_name, "Child surname": child.family_name,
        "Child DOB": child.birth_date.isoformat(), "Child nominal": child.police_id, "Adult name": group.adult.name if group else "",
        "Adult DOB": group.adult.born.isoformat() if group else "", "Adult nominal": group.adult.nominal if group else "",
        "Locations": group.place if group else "", "Vehicles": group.vehicle if group else "", "Telephones": group.phone if group else "",
    }  # fmt: skip


def _crime(dice: Dice, number: int, child: Child, at: datetime, group: Group | None) -> dict[str, str]:
    return {
        "Crime number": f"35/{number:05d}", "Person no": "1", "Committed from": _local(at), "Beat area": child.district,
        "Offence class": dice.pick(REASONS["ENG-CRIME"]), "MO summary": dice.pick(SAID["ENG-CRIME"]),
        "Involvement": dice.weighted((("Victim", 0.7), ("Witness", 0.3))), "Forenames": child.given_name,
        "Family name": child.family_name, "Born": _day(child.birth_date), "Sex": _sex(child), "Address": child.address,
        "Postcode": child.postcode, "Scene": group.place if group else "",
    }  # fmt: skip


def _hospital(dice: Dice, number: int, child: Child, at: datetime, group: Group | None) -> dict[str, str]:
    return {
        "Attendance ID": f"ED-{number:06d}", "Arrival time": _local(at), "Site": child.district,
        "Attendance reason": dice.pick(REASONS["ENG-HOSPITAL"]), "Presenting complaint": dice.pick(SAID["ENG-HOSPITAL"]),
        "Outcome": dice.pick(("Treated and went home", "Admitted", "Left before treatment")), "Patient forename": child.given_name,
        "Patient surname": child.family_name, "Patient DOB": _day(child.birth_date), "Sex": _sex(child), "Address": child.address,
        "Postcode": child.postcode, "Phone": child.phone, "Accompanied by": group.adult.name if group and dice.chance(0.5) else "",
    }  # fmt: skip


def _custody(dice: Dice, number: int, child: Child, at: datetime, group: Group | None) -> dict[str, str]:  # noqa: ARG001 - all alike
    return {
        "Custody no": f"CU/{number:05d}", "Arrived": _local(at), "Station": child.district,
        "Offence group": dice.pick(REASONS["ENG-CUSTODY"]), "Offence": dice.pick(SAID["ENG-CUSTODY"]),
        "Disposal": dice.pick(("Released under investigation", "No further action", "Community resolution")),
        "DP forename": child.given_name, "DP surname": child.family_name, "DP DOB": _day(child.birth_date), "DP sex": _sex(child),
        "DP address": child.address, "DP postcode": child.postcode, "LAC": "Y" if child.looked_after else "N",
    }  # fmt: skip


def _exclusion(dice: Dice, number: int, child: Child, at: datetime, group: Group | None) -> dict[str, str]:  # noqa: ARG001 - all alike
    return {
        "UPN": f"Z8{number:011d}", "Start date": _day(at.astimezone(LONDON).date()), "Area": child.district,
        "Category": dice.pick(REASONS["ENG-EXCLUSION"]), "Reason": dice.pick(SAID["ENG-EXCLUSION"]), "Sessions": str(dice.whole(2, 30)),
        "Pupil forename": child.given_name, "Pupil surname": child.family_name, "Pupil DOB": _day(child.birth_date), "Sex": _sex(child),
        "Address": child.address, "Postcode": child.postcode, "School": dice.pick(SCHOOLS),
    }  # fmt: skip


def _social_care(dice: Dice, number: int, child: Child, at: datetime, group: Group | None) -> dict[str, str]:  # noqa: ARG001 - all alike
    return {
        "Contact ID": f"C-{number:06d}", "Contact date": _day(at.astimezone(LONDON).date()), "Locality": child.district,
        "Primary concern": dice.pick(REASONS["ENG-SOCIAL-CARE"]),
        "Basis": dice.pick(("Observed", "Reported concern", "Professional judgement")),
        "Summary": dice.pick(SAID["ENG-SOCIAL-CARE"]), "Decision": dice.pick(("No further action", "Assessment", "Early help")),
        "Child first name": child.given_name, "Child last name": child.family_name, "Child DOB": _day(child.birth_date),
        "Address": child.address, "Postcode": child.postcode, "Child ID": child.local_authority_id, "Authority": child.authority,
        "Looked after": "Yes" if child.looked_after else "No",
    }  # fmt: skip


def _missing(dice: Dice, number: int, child: Child, at: datetime, group: Group | None) -> dict[str, str]:
    return {
        "Misper ref": f"NF/{number:05d}", "Reported": _local(at), "Circumstances": dice.pick(SAID["ENG-MISSING"]), "Traced": "Yes",
        "Forename": child.given_name, "Surname": child.family_name, "DOB": _day(child.birth_date), "Sex": _sex(child),
        "Home address": child.address, "Home postcode": child.postcode, "Thought to be with": _friend(dice, child, group),
        "Last seen at": group.place if group else "",
    }  # fmt: skip


_CELLS = {
    "ENG-STOP": _stop,
    "ENG-INTELLIGENCE": _intelligence,
    "ENG-CRIME": _crime,
    "ENG-HOSPITAL": _hospital,
    "ENG-CUSTODY": _custody,
    "ENG-EXCLUSION": _exclusion,
    "ENG-SOCIAL-CARE": _social_care,
    "ENG-MISSING": _missing,
}


def of_today(*, rows: Sequence[Row], children: Sequence[Child], as_of: datetime, seed: int) -> Iterator[Row]:
    """What comes in on the live day: three children hurt in the night, taken in by the real action as any file's rows are."""
    dice = Dice(seed, "engagements today")
    met = [row.child for row in rows]
    for number, child in enumerate(dice.some([one for one in children if one not in met], 3), start=900_001):
        at = (as_of - timedelta(hours=dice.whole(2, 9))).replace(second=0, microsecond=0)
        cells = {
            **_hospital(dice, number, child, at, None),
            "Attendance reason": "Assault",
            "Presenting complaint": SAID["ENG-HOSPITAL"][0],
        }
        yield Row("ENG-HOSPITAL", child, None, at, {heading: cell for heading, cell in cells.items() if cell})
