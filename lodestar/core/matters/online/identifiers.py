"""The wrong door: what an address, its port and its time must say before anybody relies on them.

Innocent people have been arrested, and children taken from home, over a mistyped address or a time in the wrong zone
(interception commissioner's error reports). So an address is copied from an attached source, its original time and zone
are kept, a second person converts the time afresh, and more than one event is resolved and compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from ipaddress import ip_address, ip_network
from zoneinfo import ZoneInfo, available_timezones

from lodestar.core.matters.deeds import instant
from lodestar.core.matters.desk import Attempt, Done, Story
from lodestar.core.matters.online.references import is_reference
from lodestar.core.times import say
from lodestar.core.words import Refusal, Refusals

AUTHORITY = "Interception commissioner's error reports on wrongly resolved addresses"
_PRIVATE = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
        "::/128", "::1/128", "fc00::/7", "fe80::/10", "ff00::/8",
    )
)  # fmt: skip
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)
_ABBREVIATIONS = {
    "utc": 0, "gmt": 0, "z": 0, "zulu": 0, "bst": 60, "cet": 60, "cest": 120,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip
_SHAPES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M")


def refuse_event(attempt: Attempt) -> Refusals:
    """An IP event needs a public address, a real port, an attached source, and a time that converts as its zone says."""
    return tuple(_event_gaps(attempt))


def refuse_check(attempt: Attempt) -> Refusals:
    """The conversion is checked by somebody else, from the source itself."""
    event = attempt.story.one(attempt.said.get("event", ""))
    if event is None or event.code != "ip_event_recorded":
        return (_refusal("event", "Choose the IP event whose time you have converted.", "event"),)
    gaps = []
    if attempt.by is None or attempt.by == event.by:
        gaps.append(_refusal("same_person", "Somebody other than the person who recorded the event must convert its time afresh.", "event"))
    if not is_reference(attempt.said.get("read_from", "")):
        gaps.append(_refusal("check_source", "Give the reference of the source document that you read the time from.", "read_from"))
    return tuple(gaps)


def refuse_comparison(attempt: Attempt) -> Refusals:
    """Two different events are compared, each with a time that a second person has checked."""
    pair = [attempt.story.one(attempt.said.get(name, "")) for name in ("first", "second")]
    events = [event for event in pair if event is not None and event.code == "ip_event_recorded"]
    if len(events) < 2 or events[0].id == events[1].id:
        return (_refusal("two_events", "Choose two different events of the same activity.", "second"),)
    return tuple(
        _refusal("unchecked", f"The time of event {event.id} has not been checked by a second person, or the check disagreed.", name)
        for name, event in zip(("first", "second"), events, strict=True)
        if not is_checked(story=attempt.story, event=event)
    )


def is_checked(*, story: Story, event: Done) -> bool:
    """An event may be relied on once the newest check, by another person, agrees with its address and its time."""
    checks = [check for check in story.all("time_zone_checked") if check.said.get("event") == str(event.id) and check.by != event.by]
    return bool(checks) and _agrees(event, checks[-1])


def convert(*, text: str, zone: str) -> datetime | None:
    """The instant that a source's own words mean, or None where they are not among the ways we can read for certain."""
    wall = _wall(text.strip())
    if wall is None:
        return None
    if wall.tzinfo is not None:
        return wall.astimezone(UTC)
    offset = _offset(zone.strip())
    if offset is not None:
        return (wall - offset).replace(tzinfo=UTC)
    if zone.strip() in available_timezones():
        first, second = (wall.replace(tzinfo=ZoneInfo(zone.strip()), fold=fold).astimezone(UTC) for fold in (0, 1))
        return first if first == second else None  # an hour that came twice, or never: only a person can say
    return None


def _event_gaps(attempt: Attempt) -> Iterator[Refusal]:
    said = attempt.said
    if not is_reference(said.get("source_document", "")):
        word = "A typed address is not accepted without" if said.get("entered") == "typed" else "Attach"
        yield _refusal(
            "source", f"{word} the source document: give its reference, so that the address can be read again.", "source_document"
        )
    yield from _address_gaps(said.get("ip", ""))
    if said.get("port_given") == "yes" and not (said.get("port", "").isdecimal() and 0 < int(said["port"]) < 65536):
        yield _refusal("port", "A port is a whole number from 1 to 65535. Read it from the source.", "port")
    yield from _time_gaps(attempt)


def _address_gaps(text: str) -> Iterator[Refusal]:
    try:
        address = ip_address(text.strip())
    except ValueError:
        yield _refusal("address", "This is not an IP address. Copy it from the source by machine.", "ip")
        return
    if any(address.version == network.version and address in network for network in _PRIVATE):
        yield _refusal("private", "This address is used inside networks and leads to nobody's door. Look again at the source.", "ip")


def _time_gaps(attempt: Attempt) -> Iterator[Refusal]:
    said = attempt.said
    claimed, read = instant(said.get("converted_at", "")), convert(text=said.get("time_text", ""), zone=said.get("zone", ""))
    if claimed is not None and claimed > attempt.now:
        yield _refusal("future", "The event lies in the future once converted. Look again at the time and its zone.", "converted_at")
    if claimed is not None and read is not None and abs(claimed - read) >= timedelta(minutes=1):
        yield _refusal(
            "conversion", f"The source's own words mean {say(read)}. Look again at the conversion, or at the zone.", "converted_at"
        )


def _agrees(event: Done, check: Done) -> bool:
    ours, theirs = instant(event.said.get("converted_at", "")), instant(check.said.get("converted_at", ""))
    same_time = ours is not None and theirs is not None and abs(ours - theirs) < timedelta(minutes=1)
    return same_time and check.said.get("address_agrees") == "yes"


def _wall(text: str) -> datetime | None:
    for shape in _SHAPES:
        try:
            return datetime.strptime(text, shape)  # noqa: DTZ007 - the zone stands apart, as the source gave it
        except ValueError:
            continue
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _offset(zone: str) -> timedelta | None:
    minutes = _ABBREVIATIONS.get(zone.casefold())
    if minutes is not None:
        return timezone(timedelta(minutes=minutes)).utcoffset(None)
    match = _OFFSET.fullmatch(zone)
    if match is None:
        return None
    size = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return -size if match[1] == "-" else size


def _refusal(code: str, sentence: str, field: str) -> Refusal:
    return Refusal(f"online.identifier_{code}", sentence, AUTHORITY, field)
