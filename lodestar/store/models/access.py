"""People who sign in, the roles they hold, and the machines that call the API."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from lodestar.store.models.base import Record


class User(AbstractUser):
    """A person who signs in.

    The one row that is not a guarded ``Record``: the sign-in libraries write it (passwords, last sign-in). What a
    person may do is never on it but in ``RoleGrant``, which is guarded.
    """

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=120)
    rank = models.CharField(max_length=60, blank=True)
    agency = models.CharField(max_length=60, default="police")
    skills = models.JSONField(default=list, blank=True)
    skills_until = models.JSONField(default=dict, blank=True)  # the last day of an accreditation that ends, by skill
    sex = models.CharField(max_length=10, blank=True)  # as they say themselves, for where a child asks for a woman or a man

    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class RoleGrant(Record):
    """One role held by one person over some places, from one instant to another."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=40)
    places = models.JSONField(default=list)  # district or authority codes, by the role's reach
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "until_at"])]


class ApiClient(Record):
    """A machine that may call the API, acting with the roles of one account. Only the key's digest is kept."""

    name = models.CharField(max_length=80, unique=True)
    key_digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
