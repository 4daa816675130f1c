"""Reading settings from the environment: a missing or nonsensical value stops the start with a sentence."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

NAMES = ("demo", "production", "test")


class BadSetting(SystemExit):
    """A setting that cannot be used; the start stops and says what to set."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"lodestar: {sentence}")


def text(name: str, default: str = "") -> str:
    """A setting as text."""
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    """A setting that is yes or no."""
    value = text(name, "yes" if default else "no").lower()
    if value not in ("yes", "no"):
        raise BadSetting(f"{name} is {value!r}. Set it to yes or no.")
    return value == "yes"


def number(name: str, default: int) -> int:
    """A setting that is a whole number."""
    value = text(name, str(default))
    if not value.isdigit():
        raise BadSetting(f"{name} is {value!r}. Set it to a whole number.")
    return int(value)


def kind() -> str:
    """Which kind of place this is: demo, production or test."""
    value = text("LODESTAR_ENV", "demo")
    if value not in NAMES:
        raise BadSetting(f"LODESTAR_ENV is {value!r}. Set it to {', '.join(NAMES[:-1])} or {NAMES[-1]}.")
    return value


def secret_key(*, where: Path, environment: str) -> str:
    """The signing key: required in production, made once and kept in the data folder in a demonstration."""
    given = text("LODESTAR_SECRET_KEY")
    if given:
        if len(given) < 40:
            raise BadSetting("LODESTAR_SECRET_KEY is too short. Set at least 40 random characters.")
        return given
    if environment == "production":
        raise BadSetting("LODESTAR_SECRET_KEY is not set. Set at least 40 random characters.")
    where.mkdir(parents=True, exist_ok=True)
    path = where / "secret"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(64))
        path.chmod(0o600)
    return path.read_text().strip()


def database(*, where: Path) -> dict[str, object]:
    """The database: a SQLite file unless LODESTAR_DATABASE_URL names a PostgreSQL."""
    address = text("LODESTAR_DATABASE_URL")
    if not address:
        where.mkdir(parents=True, exist_ok=True)
        return sqlite(str(where / "lodestar.sqlite3"))
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return sqlite(unquote(parts.path))
    if parts.scheme not in ("postgres", "postgresql"):
        raise BadSetting("LODESTAR_DATABASE_URL must start with postgresql:// or sqlite:///. Or leave it out for a file.")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "lodestar.store.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": {
            # Only what is asked in the same words again and again is prepared: planned once, not once for every list of numbers.
            "options": "-c plan_cache_mode=force_generic_plan",
            # A database that went without a farewell is noticed within a minute: a connection is looked at before a page, not asked.
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            **({"pool": {"min_size": 1, "max_size": 16, "timeout": 20}} if "pytest" not in sys.modules else {}),
        },
    }


def sqlite(name: str) -> dict[str, object]:
    """SQLite in a file: many readers beside one writer, who waits for its turn rather than failing."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
                "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
            ),
        },
    }
