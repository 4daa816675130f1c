"""The force's own places and posts: set from its file, and changed by setting it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.duty.plan import Plan
from lodestar.store.models import Authority, District, Place, Post

METRE = Decimal("0.001")


def set_force(*, actor: Actor, plan: Plan, now: datetime) -> dict[str, int]:
    """Make what is new and rename what has another name; nothing is taken away. The same plan twice changes nothing.

    Returns how many were made and changed, by noun. Refuses whoever may not manage access.
    """
    with perform("force.set", actor=actor, now=now, permission=P.ACCESS_MANAGE) as act:
        counts = {"authorities": 0, "districts": 0, "places": 0, "posts": 0}
        for row in plan.authorities:
            wanted: dict[str, object] = {"name": row["name"], "out_of_hours_contact": row.get("out_of_hours_contact", "")}
            counts["authorities"] += _put(act, Authority, row["code"], wanted)
        for row in plan.districts:
            authority = Authority.objects.get(code=row["authority"])
            counts["districts"] += _put(act, District, row["code"], {"name": row["name"], "authority_id": authority.pk})
        for row in plan.places:
            counts["places"] += _put_place(act, row)
        for row in plan.posts:
            district = District.objects.filter(code=row.get("district", "")).first()
            wanted = {
                "kind": row["kind"],
                "title": row["title"],
                "desk": row.get("desk", ""),
                "district_id": district.pk if district else None,
                "base_id": Place.objects.get(code=row["base"]).pk if row.get("base") else None,
            }
            counts["posts"] += _put(act, Post, row["code"], wanted)
        act.subject = ("force", "")
        act.record(detail=counts)
        return counts


def _put_place(act: Act, row: Mapping[str, str]) -> bool:
    district, is_base = District.objects.get(code=row["district"]), row.get("base") == "True"
    if is_base:  # the base may move to another place: the old one stays a place
        for old in Place.objects.filter(district=district, is_base=True).exclude(code=row["code"]):
            old.is_base = False
            old.save()
    wanted: dict[str, object] = {
        "name": row["name"],
        "district_id": district.pk,
        "x_km": Decimal(row["x_km"]).quantize(METRE),
        "y_km": Decimal(row["y_km"]).quantize(METRE),
        "is_base": is_base,
    }
    return _put(act, Place, row["code"], wanted)


def _put(act: Act, model: type[Authority | District | Place | Post], code: str, wanted: Mapping[str, object]) -> bool:
    """True where the row was made or changed."""
    row = model._default_manager.filter(code=code).first()
    if row is None:
        act.add(model(code=code, **wanted))
        return True
    if all(getattr(row, name) == value for name, value in wanted.items()):
        return False
    for name, value in wanted.items():
        setattr(row, name, value)
    row.save()
    return True
