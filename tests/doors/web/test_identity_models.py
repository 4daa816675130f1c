"""The pages of the models of linkage: what weighs, what a model showed, two people's word, and the step back."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from lodestar.store.models import IdentityModel
from lodestar.store.queries import identity_models as queries
from tests.actions.conftest import Force
from tests.journeys.models import put_forward

PageOf = Callable[[str], Client]


def test_two_people_agree_a_third_lets_it_weigh_and_somebody_goes_back(page_of: PageOf, force: Force) -> None:
    number = put_forward(force, timezone.now())
    address = f"/linkage/{number}/"
    assert b"by origin of names" in page_of("oak").get(address).content.lower()
    for who in ("maple", "spruce"):
        version = IdentityModel.objects.get(number=number).version
        said = {"verb": "approve", "seen_version": version, "reason": "Read the gate"}
        assert page_of(who).post(address, said).status_code == 302
    maple = page_of("maple")
    again = maple.post(address, {"verb": "approve", "seen_version": 3, "reason": "Once more"})
    assert again.status_code == 422
    said = {"verb": "activate", "seen_version": 3, "reason": "Agreed by both", "from_at": ""}
    assert maple.post(address, said).status_code == 302
    assert queries.model_in_force(at=timezone.now()).number == number
    assert f"model {number}</a>, since".encode() in maple.get("/linkage/").content
    assert maple.post("/linkage/", {"reason": "Sisters were joined"}).status_code == 302
    assert queries.model_in_force(at=timezone.now()).number is None
    assert page_of("oak").post("/linkage/", {"reason": "No"}).status_code == 422
    assert page_of("hazel").get("/linkage/").status_code == 404
