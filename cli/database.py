"""Where the database is: what the command line says, else the environment, else files, else home.

1. `--db URL|PATH`;
2. the environment variable LIFECYCLE_DATABASE_URL;
3. `database` in the user's, then in the system's lifecycle.toml;
4. lifecycle.db in the user's data directory.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from cli.configuration import configurations, keys_of
from cli.settings import Settings
from lifecycle.errors import StoreError
from store.urls import shown

VARIABLE = "LIFECYCLE_DATABASE_URL"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the database is, which of its programs is meant, and where both were looked up."""

    url: str
    program: str | None
    looked: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The place as it may be told: without a password."""
        return shown(self.url)

    def explained(self, error: StoreError) -> StoreError:
        """Return an error with the places where a database that is missing was looked for."""
        if error.code != "missing" or len(self.looked) == 1:
            return error
        hint = f"{error.hint}; looked at: {', '.join(self.looked)}"
        return StoreError(error.message, error.code, hint)


def place(settings: Settings) -> Place:
    """Return where this run's database is; raises InvalidInputError for a bad lifecycle.toml."""
    if settings.db:
        return Place(settings.db, settings.program, (f"--db {shown(settings.db)}",))
    looked = ["--db (not given)"]
    if named := os.environ.get(VARIABLE):
        return Place(named, settings.program, (*looked, f"{VARIABLE}={shown(named)}"))
    looked.append(f"{VARIABLE} (not set)")
    return _configured(settings, looked)


def _configured(settings: Settings, looked: list[str]) -> Place:
    import platformdirs

    program = settings.program
    for file in configurations():
        keys = keys_of(file)
        program = program or keys.get("program")
        if "database" in keys:
            return Place(_beside(file, keys["database"]), program, (*looked, str(file)))
        looked.append(f"{file} ({'names no database' if file.exists() else 'not there'})")
    default = platformdirs.user_data_path("lifecycle") / "lifecycle.db"
    return Place(str(default), program, (*looked, str(default)))


def _beside(file: Path, database: str) -> str:
    """Return a database named in a file; a path that is not absolute is taken from its folder."""
    return database if "://" in database else str(file.parent / Path(database).expanduser())
