"""Whoever acts says who they are and when; everything that moves a matter, a task or an offer is on one table."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

import lodestar.actions
import lodestar.core
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission
from lodestar.core.access.scope import Actor, role_from
from lodestar.core.lifecycle import Lifecycle
from lodestar.doors.cli.reference.states import LIFE_OF
from lodestar.store.playbooks import playbook

# What actions stand on: they run inside another's ``perform``, whose permit they need to write anything.
NOT_ACTIONS = {
    "lodestar.actions.perform.perform",
    "lodestar.actions.perform.subject_kind",
    "lodestar.actions.matters.moving.next_number",
    "lodestar.actions.clocks.mirror_next",
    "lodestar.actions.known.of_row",
    "lodestar.actions.known.of_rows",
    "lodestar.actions.known.came",
    "lodestar.actions.found_by.note",
    "lodestar.actions.known.remember",
}


def public_functions() -> Iterator[tuple[str, Callable[..., object]]]:
    for found in pkgutil.walk_packages(lodestar.actions.__path__, "lodestar.actions."):
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == found.name and not name.startswith("_"):
                yield f"{found.name}.{name}", function


FUNCTIONS = dict(public_functions())
ACTIONS = [pytest.param(function, id=name) for name, function in FUNCTIONS.items() if name not in NOT_ACTIONS]


def test_the_actions_are_found() -> None:
    assert len(ACTIONS) > 50
    assert FUNCTIONS.keys() >= NOT_ACTIONS


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_takes_its_actor_and_its_instant_by_name_or_is_part_of_another(action: Callable[..., object]) -> None:
    taken = inspect.signature(action, eval_str=True).parameters
    first = next(iter(taken.values()))
    if first.annotation is Act:
        assert "actor" not in taken, "who acts is the act's"
        assert "now" not in taken, "when is the act's"
        return
    assert {one.name for one in taken.values() if one.kind is not one.KEYWORD_ONLY} == set()
    assert taken["actor"].annotation is Actor
    assert taken["now"].annotation is datetime
    assert taken["now"].default is inspect.Parameter.empty


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_says_its_rule_in_a_sentence(action: Callable[..., object]) -> None:
    assert (inspect.getdoc(action) or "").split("\n\n")[0].rstrip().endswith((".", ":", ";")) or "." in (inspect.getdoc(action) or "")


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_that_is_not_part_of_another_goes_through_perform(action: Callable[..., object]) -> None:
    first = next(iter(inspect.signature(action, eval_str=True).parameters.values()))
    module = inspect.getmodule(action)
    assert (
        first.annotation is Act
        or any(item is perform for item in vars(module).values())
        or any(opening in inspect.getsource(action) for opening in ("open_row", "take_paper"))
    )


TABLES = [pytest.param(life, id=life.name) for _, life, _ in LIFE_OF]


@pytest.mark.parametrize("life", TABLES)
def test_every_step_of_every_life_names_a_permission_that_exists(life: Lifecycle) -> None:
    assert {row.who for row in life.rows} <= {str(permission) for permission in Permission}


@pytest.mark.parametrize("life", TABLES)
def test_every_step_of_every_life_can_be_taken_by_some_role(life: Lifecycle) -> None:
    roles = playbook("ACCESS-ROLES").blocks[-1].values["roles"]
    held = {name for code, table in roles.items() for name in role_from(code, table).permissions}
    assert {row.who for row in life.rows} <= held


@pytest.mark.parametrize("life", TABLES)
def test_every_step_of_every_life_has_its_own_past_tense_in_the_audit(life: Lifecycle) -> None:
    for row in life.rows:
        noun, _, verb = row.audit.partition(".")
        assert noun
        assert verb
        assert verb != row.verb, "the audit says what was done, not what is asked"


def test_every_table_of_states_in_core_is_drawn() -> None:
    modules = (importlib.import_module(found.name) for found in pkgutil.walk_packages(lodestar.core.__path__, "lodestar.core."))
    tables = {id(value) for module in modules for value in vars(module).values() if isinstance(value, Lifecycle)}
    assert tables == {id(life) for _, life, _ in LIFE_OF}
