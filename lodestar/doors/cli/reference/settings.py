"""The page of settings: what a force may set, read from the code that reads it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lodestar.doors.cli.reference.markdown import code, page, table

READERS = {"text": "text", "flag": "yes or no", "number": "a whole number"}

# What each setting does, in a sentence. One that the code reads and nobody has explained stops the build of the page.
MEANINGS: dict[str, str] = {
    "LODESTAR_ENV": "What kind of place this is: demo, production or test. Production turns on every protection below.",
    "LODESTAR_VAR": "The folder for the database file, static files, kept mail and the audit's anchors. Without it, `var` beside the code.",
    "LODESTAR_SECRET_KEY": "The signing key, at least 40 random characters. Required in production; a demonstration makes its own, once.",
    "LODESTAR_HOSTS": "The names this server answers to, with commas between. Required in production; a demonstration answers to any.",
    "LODESTAR_DATABASE_URL": "Where the database is: `postgresql://user:password@host:port/name`, or `sqlite:///path`. Without it, a file.",
    "LODESTAR_BEHIND_PROXY": "Whether a proxy that sets `X-Forwarded-Proto` stands in front. Say yes only where it always does.",
    "LODESTAR_MFA_REQUIRED": "Whether nothing opens until a person has set up a second step. Without it: yes in production, no elsewhere. "
    "Say no where the force's own sign-in already asks for one.",
    "LODESTAR_LOCK_OUT_AFTER": "How many wrong passwords for one name from one address lock it out, for a quarter of an hour.",
    "LODESTAR_OIDC_SERVER": "The force's own sign-in: its OpenID Connect issuer. Without it that way in is off.",
    "LODESTAR_OIDC_NAME": "What the force's sign-in is called on the page.",
    "LODESTAR_OIDC_CLIENT_ID": "The client id that the issuer gave.",
    "LODESTAR_OIDC_SECRET": "The client secret that the issuer gave.",
    "LODESTAR_MAIL_HOST": "The mail server that notices go out by, in production. A demonstration keeps mail in a folder.",
    "LODESTAR_MAIL_PORT": "Its port.",
    "LODESTAR_MAIL_FROM": "Whom notices come from.",
}


class Unexplained(Exception):
    """The code reads a setting that this page has no sentence for, or the other way about."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as the code reads it."""

    name: str
    kind: str
    default: str


def settings_page(root: Path) -> str:
    """Every setting, how it is read, and what it does."""
    found = {setting.name: setting for path in sorted((root / "lodestar" / "config").glob("*.py")) for setting in read(path)}
    if odd := found.keys() ^ MEANINGS.keys():
        raise Unexplained(f"Explain in reference/settings.py, or take out of it: {', '.join(sorted(odd))}")
    intro = (
        "What a force sets, as environment variables. A value that cannot be used stops the start with a sentence that says what "
        "to set. How to put a server together with them: [run](../howto/run.md)."
    )
    rows = [(code(name), found[name].kind, code(found[name].default), MEANINGS[name]) for name in MEANINGS]
    return page("Settings", intro, table(("Setting", "Is", "Without it", "Does"), rows))


def read(path: Path) -> Iterator[Setting]:
    """The settings that a file of code reads, with what each is where it is not set."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        reader = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        name = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        if reader in READERS and isinstance(name, str) and name.startswith("LODESTAR_"):
            yield Setting(name, READERS[reader], _default(node))


def _default(node: ast.Call) -> str:
    given = [*node.args[1:], *(word.value for word in node.keywords)]
    if not given:
        return "no" if "flag" in ast.dump(node.func) else ""
    if isinstance(given[0], ast.Constant):
        value = given[0].value
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    return ""
