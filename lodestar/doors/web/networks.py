"""Whom and what somebody, or something, is linked to: a picture, the same facts as a list, and how two are linked."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions import leads as actions
from lodestar.actions import networks as looking
from lodestar.core.access.permissions import Permission as P
from lodestar.core.networks.chains import shortest
from lodestar.core.networks.facts import OBJECTS, PERSON, THING, Node
from lodestar.core.words import NotVisible, Refused
from lodestar.doors.web.drawing import Sheet, choices, sheet
from lodestar.doors.web.forms.leads import WhatForm
from lodestar.doors.web.language import saved
from lodestar.doors.web.page import actor_of, asked_ahead, page, show
from lodestar.store.queries import networks
from lodestar.store.queries.journeys import together

# Puts on record that what was asked for was looked at, with everybody named in it; answers its title. The last may be done while
# that is kept.
Opened = Callable[[Callable[[], Any], Collection[int], datetime, Callable[[], object]], str]


class _Ahead(NamedTuple):
    """What a network's page asks before it is known who reads it."""

    record: Callable[[], Any]
    begun: networks.Begun


def _ahead(request: HttpRequest, *, person_id: int | None = None, thing_id: int = 0) -> _Ahead:
    node = Node(THING, thing_id) if person_id is None else Node(PERSON, person_id)
    return _Ahead(networks.record_soon(node), networks.begin(node, at=timezone.now(), further=request.GET.get("further") == "1"))


@page(P.NETWORKS_READ, ahead=_ahead)
@require_GET
def person_network(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person's network, two steps out."""

    def opened(asked: Callable[[], Any], named: Collection[int], at: datetime, draw: Callable[[], object]) -> str:
        row = looking.open_person(actor=actor_of(request), person_id=person_id, asked=asked, named=named, now=at, meanwhile=draw)
        return f"{row.given_name} {row.family_name}".strip() or f"Person {row.pk}"

    return _shown(request, opened)


@page(P.NETWORKS_READ, ahead=_ahead)
@require_GET
def thing_network(request: HttpRequest, thing_id: int) -> HttpResponse:
    """One place's, phone's or vehicle's network, two steps out."""

    def opened(asked: Callable[[], Any], named: Collection[int], at: datetime, draw: Callable[[], object]) -> str:
        thing = asked()
        if thing is None:
            raise NotVisible
        looking.note_thing(actor=actor_of(request), thing_id=thing_id, named=named, now=at, meanwhile=draw)
        return str(thing.value)

    return _shown(request, opened)


def _shown(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The network once what was looked at is on record; ``opened`` sees to that and answers the title."""
    actor, end = actor_of(request), _node(request.GET.get("to", ""))
    with together():
        asked, begun = asked_ahead(request)
        own = networks.network_begun(begun, actor=actor)
    node, at, rules = begun.centre, begun.at, begun.rules
    found = own if end is None else networks.network(centre=[node, end], at=at, rules=rules, actor=actor)
    if node.kind == THING and node not in found.world.by_node:
        raise NotVisible  # no event of it is within reach, so for this reader it is not there
    chain = shortest(world=found.world, start=node, end=end, rules=rules) if end else ()
    linked = [side.node for step in chain for side in (step.one, step.other)]
    ids = sorted(one.id for one in own.names if one.kind == PERSON)

    @cache  # drawn once: while the database keeps that it is looked at, or else now
    def drawn() -> Sheet:
        met = {one: own.world.exposure(one) for one in ids}
        return sheet(network=own, centre=[node], rules=rules, at=at, exposure=met)

    title = opened(asked, {*ids, *(one.id for one in linked if one.kind == PERSON)}, at, drawn)
    context = {  # of what was found only what the template reads: a template holds on to all it is given until Python looks for rubbish
        "node": node,
        "title": title,
        "capped": own.capped,
        "further": own.further,
        "sheet": drawn(),
        "choices": choices(own.names, centre=node, chosen=end if end in found.names else None),
        "chain": chain,
        "when": {step.event: found.world.when(step.event) for step in chain},
        "names": {one: found.names.get(one) for one in linked},
        "end": end if end in found.names else None,
        "asked": end is not None,
        "objects": OBJECTS,
        "what": own.world.objects.get(node.id, "") if node.kind == THING else "",
        "discounted": rules.discounted,
        "may_say": node.kind == THING and actor.may(P.LEADS_DECIDE),
        "at": at,
    }
    return show(request, "leads/network.html", context)


def _node(text: str) -> Node | None:
    """A node as an address names it: "person-12"."""
    kind, _, number = text.partition("-")
    return Node(kind, int(number)) if kind in (PERSON, THING) and number.isdigit() and len(number) < 12 else None


@page(P.LEADS_DECIDE)
@require_http_methods(["GET", "POST"])
def thing_what(request: HttpRequest, thing_id: int) -> HttpResponse:
    """Say what an object is, so that it is counted or discounted as that."""
    actor, at = actor_of(request), timezone.now()
    thing = networks.thing(pk=thing_id)
    node = Node(THING, thing_id)
    if thing is None or node not in networks.network(centre=[node], at=at, rules=networks.rules(at=at), actor=actor, steps=1).world.by_node:
        raise NotVisible
    form = WhatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.say_what(actor=actor, thing_id=thing_id, now=at, **form.cleaned_data)
        except Refused as refused:
            form.refuse(*refused.refusals)
        else:
            saved(request, "Noted. From the next night on it counts as that.", form)
            return redirect("thing_network", thing_id)
    context = {"form": form, "thing": thing, "errors": form.summary()}
    return show(request, "leads/what.html", context, status=422 if form.errors else 200)
