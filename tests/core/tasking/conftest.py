"""A kept kernel is looked at again only when its own file changes: before the tests, all are thrown away if any file is newer."""

from pathlib import Path

import lodestar.core.tasking.search as package


def _throw_away_what_is_old() -> None:
    home = Path(package.__file__).parent
    kept = [*home.glob("__pycache__/*.nbi"), *home.glob("__pycache__/*.nbc")]
    newest = max(path.stat().st_mtime for path in home.glob("*.py"))
    if any(path.stat().st_mtime < newest for path in kept):
        for path in kept:
            path.unlink(missing_ok=True)


_throw_away_what_is_old()
