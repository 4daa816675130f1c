"""Whoever acts is written down with every role they hold, and what is written down stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from lodestar.actions.matters import news
from lodestar.store.guard import writing
from lodestar.store.models import AuditRow, RoleGrant
from lodestar.store.queries import access
from tests.actions.conftest import NOW, Force


def test_a_person_with_every_role_there_is_can_act_and_each_role_is_on_the_row(force: Force) -> None:
    alder = force.users["alder"]
    every = list(access.roles(NOW))
    with writing():
        for role in every:
            RoleGrant.objects.create(user=alder, role=role, places=["north"], from_at=NOW - timedelta(days=1))
    actor = force.actor("alder")
    assert len(",".join(actor.roles)) > 200, "more than the field once held, and PostgreSQL refuses what is longer"
    matter = force.report()
    news.add_news(actor=actor, matter_id=matter.pk, from_whom="Neighbour", contact="", text="Seen at the bridge", now=NOW)
    row = AuditRow.objects.filter(actor_id=alder.pk).latest("pk")
    assert set(row.roles.split(",")) == set(actor.roles)
    assert AuditRow._meta.get_field("roles").max_length is None


def test_a_row_of_the_audit_is_never_changed_or_deleted_after_every_migration(force: Force) -> None:
    force.report()
    row = AuditRow.objects.latest("pk")
    for words in ("UPDATE store_auditrow SET roles = 'none' WHERE id = %s", "DELETE FROM store_auditrow WHERE id = %s"):
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(words, [row.pk])
