"""The set checklist, applied to every case: each item done, not applicable with a reason, open or overdue, by whom and when.

The list itself is data (playbooks/checklists/online.toml). An item that must be done for each child, device or event is
done only when it is done for every one of them, so it opens again when another becomes known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from lodestar.core.matters.desk import Attempt, CheckItem, Done, Item, Story
from lodestar.core.matters.online.contact import approved_plan
from lodestar.core.matters.online.cps import actions_open
from lodestar.core.matters.online.identifiers import is_checked
from lodestar.core.matters.online.kirat import grade_matches, kirat_check, regrade_since
from lodestar.core.matters.online.moves import reached
from lodestar.core.matters.online.sharing import children, undecided, unsettled
from lodestar.core.words import Refusal, Refusals

AUTHORITY = "The force's set checklist, applied to each case"
Judged = tuple[bool, Done | None]  # whether it is done for every one there is, and the newest deed that did it


def checklist(story: Story, at: datetime) -> tuple[Item, ...]:
    """Every item of the list that the story carries as it stands, in the list's order."""
    return standing(story=story, items=story.checklist, at=at)


def standing(*, story: Story, items: tuple[CheckItem, ...], at: datetime) -> tuple[Item, ...]:
    """Every item as it stands: overdue once its hours from its stage have passed undone, never before its stage is reached."""
    stages = reached(story=story)
    return tuple(_item(story, item, stages.get(item.stage), at) for item in items)


def open_items(*, story: Story, stages: frozenset[str], but: str = "") -> tuple[Item, ...]:
    """The items of these stages still to be done, leaving out what the deed ``but`` is itself about to do."""
    if not story.checklist:
        raise ValueError("the set checklist of the online desk is not to hand")
    items = tuple(item for item in story.checklist if item.stage in stages and not (but and item.deed == but))
    found = standing(story=story, items=items, at=story.opened_at)
    return tuple(item for item in found if item.standing not in ("done", "not_applicable"))


def item_gaps(items: tuple[Item, ...]) -> Refusals:
    """Each open item as a refusal that says what to do."""
    return tuple(
        Refusal(
            f"online.item_{item.code}",
            f"{item.title}: do it and record it, or say with a reason that it does not apply.",
            item.source or AUTHORITY,
        )
        for item in items
    )


def refuse_not_applicable(attempt: Attempt) -> Refusals:
    """Only an item of the list can be set aside, with a reason of its own, and never while a linked child has no outcome."""
    return tuple(_not_applicable_gaps(attempt))


def _not_applicable_gaps(attempt: Attempt) -> Iterator[Refusal]:
    story, code = attempt.story, attempt.said.get("item", "")
    item = next((one for one in story.checklist if one.code == code), None)
    if item is None:
        yield Refusal("online.no_such_item", "Choose an item of the set checklist by its code.", AUTHORITY, "item")
    elif item.each in _EACH and not _EACH[item.each](story)[0] and _is_about_something(story, item.each):
        sentence = "There is something this item is about, so it applies. Do it, and record it."
        yield Refusal("online.item_applies", sentence, item.source or AUTHORITY, "item")
    if len(attempt.said.get("reason", "").split()) < 3:
        yield Refusal("online.item_reason", "Say in your own words why it does not apply to this case.", AUTHORITY, "reason")


def _item(story: Story, item: CheckItem, reached_at: datetime | None, at: datetime) -> Item:
    owed_from = _child_known_at(story, item.each) or reached_at
    due = owed_from + timedelta(hours=item.hours) if owed_from is not None and item.hours is not None else None
    is_done, deed = _done(story, item)
    aside = _set_aside(story, item) if not is_done else None
    by = deed if is_done else aside
    late = due is not None and at > due
    return Item(
        code=item.code,
        stage=item.stage,
        title=item.title,
        standing="done" if is_done else "not_applicable" if aside else "overdue" if late else "open",
        source=item.source,
        due_at=due,
        at=by.at if by else None,
        by=by.by if by else None,
        reason=aside.said.get("reason", "") if aside else "",
    )


def _child_known_at(story: Story, each: str) -> datetime | None:
    """What is owed about a child is owed from when the first child still waiting was known, whatever the stage."""
    waiting = {"child": undecided, "child_shared": unsettled}.get(each)
    found = waiting(story=story) if waiting else ()
    return min((max(child.linked_at, story.reported_at) for child in found), default=None)


def _done(story: Story, item: CheckItem) -> Judged:
    if item.each:
        return _EACH[item.each](story)
    deed = story.last(item.deed)
    return deed is not None, deed


def _set_aside(story: Story, item: CheckItem) -> Done | None:
    """The word that it does not apply, unless something it is about has come up since."""
    said = [done for done in story.all("checklist_item_not_applicable") if done.said.get("item") == item.code]
    return said[-1] if said and not _is_about_something(story, item.each) else None


def _is_about_something(story: Story, each: str) -> bool:
    match each:
        case "child" | "child_shared":
            return any(not child.mistaken for child in children(story=story))
        case "ip_event":
            return bool(story.all("ip_event_recorded"))
        case "ip_pair":
            return len(story.all("ip_event_recorded")) > 1
        case "device_triaged" | "device_examined":
            return bool(story.all("device_seized"))
        case "cps_action":
            return bool(story.all("cps_action_set"))
        case "plan":
            return bool(story.all("enforcement_planned_out"))
    return each in ("kirat", "grade")  # these apply to every case


def _each_child(story: Story) -> Judged:
    found = children(story=story)
    return bool(found) and all(child.decided for child in found), story.last("share_decided", "child_link_mistaken")


def _each_child_shared(story: Story) -> Judged:
    found = children(story=story)
    return bool(found) and all(child.settled for child in found), story.last("child_shared", "share_decided", "child_link_mistaken")


def _each_ip_event(story: Story) -> Judged:
    events = story.all("ip_event_recorded")
    return bool(events) and all(is_checked(story=story, event=event) for event in events), story.last("time_zone_checked")


def _each_device(code: str) -> Callable[[Story], Judged]:
    def judge(story: Story) -> Judged:
        settled = {done.said.get("device") for done in story.all(code)}
        if code == "device_examined":  # triage that found nothing, or could not read it, ends a device's way
            settled |= {done.said.get("device") for done in story.all("device_triaged") if done.said.get("result") == "nothing_found"}
        devices = story.all("device_seized")
        return bool(devices) and all(str(device.id) in settled for device in devices), story.last(code, "device_triaged")

    return judge


def _each_cps_action(story: Story) -> Judged:
    return bool(story.all("cps_action_set")) and not actions_open(story=story), story.last("cps_action_done")


def _kirat(story: Story) -> Judged:
    check = kirat_check(story=story)
    return check is not None, check


def _grade(story: Story) -> Judged:
    graded = story.last("graded")
    return graded is not None and grade_matches(story=story) and regrade_since(story=story) is None, graded


def _plan(story: Story) -> Judged:
    approval = approved_plan(story=story)
    return approval is not None, approval


def _ip_pair(story: Story) -> Judged:
    compared = story.last("ip_events_compared")
    return compared is not None, compared


_EACH: Mapping[str, Callable[[Story], Judged]] = {
    "child": _each_child,
    "child_shared": _each_child_shared,
    "ip_event": _each_ip_event,
    "ip_pair": _ip_pair,
    "device_triaged": _each_device("device_triaged"),
    "device_examined": _each_device("device_examined"),
    "cps_action": _each_cps_action,
    "kirat": _kirat,
    "grade": _grade,
    "plan": _plan,
}
EACH = frozenset(_EACH)
