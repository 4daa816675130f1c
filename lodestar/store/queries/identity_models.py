"""Models of linkage: which one weighs at an instant, what each showed, who agreed to it, and how common names are on the index."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from django.db.models import QuerySet

from lodestar.core.identity.bands import BandRules, band_rules
from lodestar.core.identity.commonness import Counted, counted_from
from lodestar.core.identity.governing import Turn, weighing
from lodestar.core.identity.model import Model, prior_at, read_model
from lodestar.core.identity.weighing import Weigher
from lodestar.core.times import local_date
from lodestar.store.models import CommonValues, IdentityModel, Label, ModelInForce
from lodestar.store.playbooks import playbook
from lodestar.store.queries import kept


@dataclass(frozen=True, slots=True)
class InForce:
    """The model that weighs at an instant. ``number`` None: the one that Lodestar comes with."""

    model: Model
    trained_on: int
    labels: int
    link_from: float | None
    number: int | None = None
    since: datetime | None = None

    @property
    def digest(self) -> str:
        """What the model is known by; every decision keeps it."""
        return self.model.digest


@dataclass(frozen=True, slots=True)
class Standing:
    """The index as it was last counted: how large, and how many answers people here had given."""

    size: int = 0
    labels: int = 0
    counted_at: datetime | None = None


def weigher_at(*, at: datetime) -> tuple[Weigher, InForce]:
    """The model in force at work on the index as it was last counted.

    Rule: the prior follows the size of the index, and the model is never made bolder than it was where it was trained. It joins
    by itself only from the playbook's number of answers on, given here and known to the model.
    """
    last = kept.soon(_last_counts)
    model, counts = model_in_force(at=at), last()
    pk, sha256, size, labels = counts[0] if counts else (0, "", 0, 0)
    bands = bands_at(at=at).thresholds(labels=min(labels, model.labels), link_from=model.link_from)
    prior = prior_at(prior=model.model.prior, trained_on=model.trained_on, size=max(size, model.trained_on))
    return Weigher(model.model, _kept(pk, sha256).commonness() if pk else {}, prior, bands), model


def model_in_force(*, at: datetime) -> InForce:
    """The model that weighs at an instant; the one that Lodestar comes with where none is activated."""
    held = weighing(turns(), at=at)
    if not held:
        return starting_model()
    last = held[-1]
    row = IdentityModel.objects.defer("document", "report").get(pk=last.model)
    return InForce(_compiled(row.pk, row.digest), row.trained_on, row.labels, row.link_from, row.number, last.from_at)


def document_of(model: InForce) -> Mapping[str, Any]:
    """The settings of a model in force, as Splink saved them."""
    if not model.number:
        return starting_document()
    found: Mapping[str, Any] = IdentityModel.objects.values_list("document", flat=True).get(pk=model.number)
    return found


def weighs_own(*, at: datetime) -> bool:
    """Whether a model of the force's own weighs at an instant, so that there is a step back."""
    return bool(weighing(turns(), at=at))


def turns() -> tuple[Turn, ...]:
    """Every activation and every step back, in the order in which they were written."""
    return tuple(Turn(model or 0, from_at, how) for model, from_at, how in kept.found(_turns))


def _turns() -> Any:
    return ModelInForce.objects.order_by("pk").values_list("model_id", "from_at", "how")


def _last_counts() -> Any:
    return CommonValues.objects.order_by("-pk").values_list("pk", "sha256", "size", "labels")[:1]


@cache
def starting_model() -> InForce:
    """The model that Lodestar comes with: trained on invented people, so it joins nothing by itself."""
    document = starting_document()
    return InForce(read_model(document), int(document["trained_on"]), 0, None)


@cache
def starting_document() -> Mapping[str, Any]:
    """The settings of that model, as Splink saved them."""
    made: Mapping[str, Any] = json.loads((files("lodestar.store") / "starting_model.json").read_text(encoding="utf-8"))
    return made


def bands_at(*, at: datetime) -> BandRules:
    """The rules of the bands in force."""
    return _bands(local_date(at))


def standing() -> Standing:
    """The index as it was last counted."""
    row = CommonValues.objects.order_by("-pk").values_list("size", "labels", "counted_at").first()
    return Standing(*row) if row else Standing()


def labels_here() -> int:
    """Of how many pairs of a report and a person somebody here has said whether they are the same."""
    return Label.objects.values("report_id", "person_id").distinct().count()


def models() -> QuerySet[IdentityModel]:
    """Every model that was put forward, newest first."""
    return IdentityModel.objects.select_related("proposed_by").prefetch_related("approvals__by", "in_force__by").order_by("-number")


def model(*, number: int) -> IdentityModel | None:
    """One model."""
    return models().filter(number=number).first()


def next_number() -> int:
    """The number of the next model."""
    return (IdentityModel.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1


def same_digest(*, digest: str) -> int | None:
    """The model that weighs just so, where one does."""
    return IdentityModel.objects.filter(digest=digest).exclude(state="dropped").values_list("number", flat=True).first()


def history() -> QuerySet[ModelInForce]:
    """Which model weighed from when, the newest first."""
    return ModelInForce.objects.select_related("model", "by").defer("model__document", "model__report").order_by("-from_at", "-pk")


@cache
def _bands(on: Any) -> BandRules:
    return band_rules(playbook("IDENTITY-BANDS"), on=on)


@lru_cache(maxsize=8)
def _compiled(pk: int, digest: str) -> Model:
    made = read_model(IdentityModel.objects.values_list("document", flat=True).get(pk=pk))
    if made.digest != digest:
        raise ValueError("a model is not what its digest says")
    return made


@lru_cache(maxsize=2)
def _kept(pk: int, sha256: str) -> Counted:
    """The counts of one row; the digest is in the key because a row that was taken back leaves its number to another."""
    row = CommonValues.objects.get(pk=pk, sha256=sha256)
    return counted_from(row.document)
