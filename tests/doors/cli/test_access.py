"""People, roles and keys from the command line: for whoever runs the server, on record, and a secret is shown once or never."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from lodestar.core.access.permissions import Permission
from lodestar.doors.cli.access import access
from lodestar.store.guard import writing
from lodestar.store.models import ApiClient, AuditRow, Authority, District, Post, RoleGrant, Shift, User
from lodestar.store.queries import access as queries

pytestmark = pytest.mark.django_db
PASSWORD = "seven tall brown herons"


@pytest.fixture(autouse=True)
def _places() -> None:
    with writing():
        shire = Authority.objects.create(code="shire", name="Shire Council")
        District.objects.create(code="north", name="North", authority=shire)


def run(*words: str, typed: Sequence[str] = ()) -> Result:
    return CliRunner().invoke(access, list(words), input="".join(f"{line}\n" for line in typed))


def add(username: str = "maud", *words: str) -> Result:
    return run("add-person", username, "--name", "Sgt Maud Alder", *words, typed=(PASSWORD, PASSWORD))


def refused(result: Result) -> str:
    """What is said where nothing was done."""
    assert result.exit_code == 1, result.output
    return result.stderr.removeprefix("Error: ").strip()


def test_an_account_is_made_with_no_role_and_the_next_command_is_said() -> None:
    result = add("maud", "--email", "maud@force.example")
    user = User.objects.get()
    assert result.exit_code == 0
    assert "Give it a role with: lodestar access give-role maud ROLE" in result.stdout
    assert (user.username, user.name, user.email, user.is_active) == ("maud", "Sgt Maud Alder", "maud@force.example", True)
    assert not RoleGrant.objects.exists()
    assert queries.actor_for(user=user, at=timezone.now(), door="test").permissions == frozenset()


def test_an_account_from_here_is_no_way_round_the_roles() -> None:
    add()
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser) == (False, False)


def test_the_password_is_typed_twice_and_never_shown_or_kept() -> None:
    result = add()
    assert User.objects.get().check_password(PASSWORD)
    assert PASSWORD not in result.output
    assert PASSWORD not in User.objects.get().password
    assert PASSWORD not in str(list(AuditRow.objects.values()))


def test_two_passwords_that_differ_make_nobody() -> None:
    result = run("add-person", "maud", "--name", "Maud", typed=(PASSWORD, "another one altogether"))
    assert "do not match" in result.output
    assert not User.objects.exists()


def test_a_user_name_that_is_taken_is_refused_and_its_password_stays() -> None:
    add()
    again = run("add-person", "maud", "--name", "Another", "--password", "five short grey geese")
    assert refused(again) == "That user name is taken. Choose another."
    assert User.objects.get().check_password(PASSWORD)
    assert AuditRow.objects.filter(verb="access.person_added", outcome="refused").count() == 1


@pytest.mark.parametrize("weak", ["brief", "password123456", "maudmaudmaud"])
def test_a_password_too_weak_for_the_pages_is_too_weak_here(weak: str) -> None:
    result = run("add-person", "maudmaud", "--name", "Maud", "--password", weak)
    assert result.exit_code == 1, result.output
    assert "password" in result.stderr
    assert weak not in result.stderr
    assert not User.objects.exists()


def test_a_role_is_given_from_now_on_and_not_before() -> None:
    add()
    before = timezone.now()
    result = run("give-role", "maud", "response_sergeant", "--place", "north")
    user, grant = User.objects.get(), RoleGrant.objects.get()
    assert (result.exit_code, result.stdout) == (0, "maud is response_sergeant from now on.\n")
    assert (grant.role, grant.places, grant.until_at, grant.given_by) == ("response_sergeant", ["north"], None, None)
    assert before <= grant.from_at <= timezone.now()
    acting = queries.actor_for(user=user, at=timezone.now(), door="test")
    assert acting.roles == ("response_sergeant",)
    assert {grant.places for grant in acting.grants} == {frozenset({"north"})}
    assert not queries.actor_for(user=user, at=before - timedelta(seconds=1), door="test").grants


def test_a_role_over_several_places_names_each() -> None:
    add()
    with writing():
        District.objects.create(code="south", name="South", authority=Authority.objects.get())
    run("give-role", "maud", "response_sergeant", "--place", "north", "--place", "south")
    assert RoleGrant.objects.get().places == ["north", "south"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nobody", "analyst"), "There is no active account nobody."),
        (("maud", "king"), "Choose a role from the list."),
        (("maud", "response_sergeant", "--place", "nroth"), "This role knows no place “nroth”. Use the code of one: north."),
        (("maud", "response_sergeant", "--place", "shire"), "This role knows no place “shire”. Use the code of one: north."),
        (("maud", "local_authority_worker", "--place", "north"), "This role knows no place “north”. Use the code of one: shire."),
    ],
)
def test_a_role_that_cannot_be_given_is_refused_with_what_to_do(words: tuple[str, ...], sentence: str) -> None:
    add()
    assert refused(run("give-role", *words)) == sentence
    assert not RoleGrant.objects.exists()


def test_an_account_that_was_shut_is_given_nothing() -> None:
    add()
    User.objects.update(is_active=False)
    assert refused(run("give-role", "maud", "analyst")) == "There is no active account maud."
    assert refused(run("add-client", "cad", "--as", "maud")) == "There is no active account maud."
    assert not RoleGrant.objects.exists() and not ApiClient.objects.exists()


def test_a_role_refused_is_on_record() -> None:
    add()
    run("give-role", "maud", "king")
    row = AuditRow.objects.get(verb="access.role_given")
    assert (row.outcome, row.detail, row.door) == ("refused", {"codes": ["access.no_such_role"]}, "cli")


def key_made(name: str = "cad") -> str:
    result = run("add-client", name, "--as", "maud")
    assert result.exit_code == 0, result.output
    said, key = result.stdout.strip().rsplit(" ", 1)
    assert said == f"Key of {name}, shown once:"
    return key


def test_a_key_is_shown_once_and_only_its_digest_is_kept() -> None:
    add()
    key = key_made()
    client = ApiClient.objects.get()
    assert len(key) >= 40
    assert client.key_digest == sha256(key.encode()).hexdigest()
    assert key not in str(list(ApiClient.objects.values())) + str(list(AuditRow.objects.values()))


def test_a_machine_acts_as_its_account_and_two_machines_have_two_keys() -> None:
    add()
    run("give-role", "maud", "call_handler")
    first, second = key_made("cad"), key_made("storm")
    assert first != second
    for key in (first, second):
        acting = queries.actor_for_api_key(key=key, at=timezone.now(), door="api")
        assert acting == queries.actor_for(user=User.objects.get(), at=timezone.now(), door="api")
        assert acting is not None
        assert acting.may(Permission.REPORTS_RECEIVE)


def test_a_machine_s_name_in_use_and_an_account_that_is_not_there_are_refused() -> None:
    add()
    key_made()
    assert refused(run("add-client", "cad", "--as", "maud")) == "A client of that name exists. Revoke it or choose another."
    assert refused(run("add-client", "storm", "--as", "nobody")) == "There is no active account nobody."
    assert ApiClient.objects.count() == 1


def test_keys_are_listed_and_a_revoked_one_opens_nothing_and_is_listed_no_more() -> None:
    add()
    key = key_made("cad")
    key_made("storm")
    assert [line.split(",")[0] for line in run("clients").output.splitlines()] == ["cad", "storm"]
    assert run("revoke", "cad").output == "The key of cad is revoked.\n"
    assert queries.actor_for_api_key(key=key, at=timezone.now(), door="api") is None
    assert [line.split(",")[0] for line in run("clients").output.splitlines()] == ["storm"]
    assert "no API client cad" in refused(run("revoke", "cad"))


def test_an_account_is_closed_with_its_keys_and_a_second_time_is_not_there() -> None:
    add()
    key = key_made("cad")
    assert run("close", "maud").output.startswith("The account maud is closed.")
    assert not User.objects.get().is_active
    assert queries.actor_for_api_key(key=key, at=timezone.now(), door="api") is None
    assert refused(run("close", "maud")) == "There is no active account maud."


def test_an_account_with_shifts_to_come_is_not_closed_and_says_so() -> None:
    add()
    with writing():
        post = Post.objects.create(code="response_sergeant.north", kind="response_sergeant", title="Sergeant, north")
        start = timezone.now() + timedelta(days=1)
        Shift.objects.create(post=post, user=User.objects.get(), from_at=start, until_at=start + timedelta(hours=8))
    assert "They are on 1 shifts still to come." in refused(run("close", "maud"))
    assert User.objects.get().is_active


def test_each_of_them_is_on_record_as_lodestar_s_own_at_this_door() -> None:
    add()
    run("give-role", "maud", "response_sergeant", "--place", "north")
    key_made()
    user = User.objects.get()
    rows = AuditRow.objects.order_by("pk").values_list("verb", "outcome", "actor_name", "actor_id", "door", "subject_kind", "subject_id")
    ours = ("done", "Lodestar", None, "cli")
    assert list(rows) == [
        ("access.person_added", *ours, "user", str(user.pk)),
        ("access.role_given", *ours, "role_grant", str(RoleGrant.objects.get().pk)),
        ("access.api_client_added", *ours, "api_client", str(ApiClient.objects.get().pk)),
    ]
    assert AuditRow.objects.get(verb="access.role_given").detail == {"user": user.pk, "role": "response_sergeant", "places": ["north"]}
    assert AuditRow.objects.earliest("at").at > datetime(2026, 1, 1, tzinfo=UTC)
