"""``lodestar docs``: the reference pages, written from the code and the playbooks, and compared with them."""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings

from lodestar.core.access.scope import Role, role_from
from lodestar.doors.cli.reference.fields import fields
from lodestar.doors.cli.reference.routes import routes_page
from lodestar.doors.cli.reference.rules import clocks, measures, roles_page, rules
from lodestar.doors.cli.reference.settings import settings_page
from lodestar.doors.cli.reference.states import states
from lodestar.store.playbooks import all_of, everything, playbook

ROLES = "ACCESS-ROLES"
OWN_PAGE = frozenset({"clock", "measure", "roles"})


@click.group()
def docs() -> None:
    """The generated pages in docs/reference."""


@docs.command()
def build() -> None:
    """Write every generated page again."""
    folder = reference()
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
    click.echo(f"{len(pages())} pages written to docs/reference.")


@docs.command()
def check() -> None:
    """Compare every generated page with the code. Exit 1 naming each that is stale."""
    old = stale()
    for name in old:
        click.echo(f"docs/reference/{name} is not what the code says. Run: lodestar docs build", err=True)
    if old:
        raise SystemExit(1)
    click.echo(f"{len(pages())} generated pages are up to date.")


def pages() -> dict[str, str]:
    """Every generated page by its file's name."""
    roles = latest_roles()
    return {
        "states.md": states(roles),
        "clocks.md": clocks(all_of("clock")),
        "rules.md": rules(book for book in everything() if book.noun not in OWN_PAGE),
        "measures.md": measures(all_of("measure")),
        "roles.md": roles_page(playbook(ROLES), roles.values()),
        "routes.md": routes_page(roles),
        "fields.md": fields(),
        "settings.md": settings_page(settings.ROOT),
    }


def stale() -> tuple[str, ...]:
    """The pages whose file differs from what the code says, or is not there."""
    folder = reference()
    kept = {name: folder / name for name in pages()}
    return tuple(name for name, text in pages().items() if not kept[name].is_file() or kept[name].read_text(encoding="utf-8") != text)


def latest_roles() -> dict[str, Role]:
    """The roles of the newest block: pages do not change with the day they are written on."""
    newest = playbook(ROLES).blocks[-1].values["roles"]
    return {code: role_from(code, table) for code, table in newest.items()}


def reference() -> Path:
    """Where the pages are kept."""
    return Path(settings.ROOT) / "docs" / "reference"
