"""Where the database is: what the command line says, else the environment, else files, else home.

1. `--db URL|PATH`;
2. the environment variable LIFECYCLE_DATABASE_URL;
3. `database` in the user's, then in the system's lifecycle.toml;
4. lifecycle.db in the user's data directory.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.settings import Settings
from lifecycle.errors import StoreError
from store.urls import shown

if TYPE_CHECKING:
    from states.problem import Problem

VARIABLE = "LIFECYCLE_DATABASE_URL"
CONFIGURATION = "lifecycle.toml"
_KEYS = ("database", "program")
TABLES: Mapping[str, Mapping[str, type]] = {
    "nightly": {"hour": int, "log_file": str},
    "ping": {"start": str, "success": str, "failure": str},
}
"""The tables that a lifecycle.toml may hold, with the type of each key."""

_EXAMPLE = 'for example: database = "/srv/city/lifecycle.db"'


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


def configurations() -> list[Path]:
    """Return where a lifecycle.toml may be: the user's, then the system's."""
    import platformdirs

    folders = (platformdirs.user_config_path, platformdirs.site_config_path)
    return [folder("lifecycle") / CONFIGURATION for folder in folders]


def keys_of(file: Path) -> dict[str, str]:
    """Return where a lifecycle.toml says that the database is; raises InvalidInputError."""
    return {key: value for key, value in said_in(file).items() if key not in TABLES}


def table_of(name: str) -> tuple[Path | None, dict[str, Any]]:
    """Return one table of the settings, and the file it stands in: the user's before the system's.

    Raises InvalidInputError for a bad lifecycle.toml.
    """
    for file in configurations():
        if name in (said := said_in(file)):
            return file, dict(said[name])
    return None, {}


def said_in(file: Path) -> dict[str, Any]:
    """Return what a lifecycle.toml says, nothing if it is not there; raises InvalidInputError."""
    try:
        data = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    from states.problem import InvalidInputError
    from store.documents import read_toml

    try:
        keys = read_toml(data, str(file))
    except InvalidInputError as error:
        raise InvalidInputError(replace(one, hint=_EXAMPLE) for one in error.problems) from error
    types = {**dict.fromkeys(_KEYS, str), **dict.fromkeys(TABLES, dict)}
    problems = list(_problems(file, "", keys, types))
    for name, known in TABLES.items():
        if isinstance(table := keys.get(name, {}), dict):
            problems += _problems(file, f"{name}.", table, known)
    if problems:
        raise InvalidInputError(problems)
    return dict(keys)


_EXPECTED = {str: "text is expected", int: "a whole number is expected", dict: "a table: [{}]"}


def _problems(
    file: Path, path: str, keys: Mapping[str, Any], types: Mapping[str, type]
) -> Iterator["Problem"]:
    """Yield what is wrong with the keys of a file, or of a table in it."""
    from states.problem import Problem

    for key, value in keys.items():
        if key not in types:
            message, known = f"{key!r} is not a key of it", tuple(types)
            yield Problem("unknown_key", message, str(file), None, path + key, known)
        elif type(value) is not types[key]:
            message = _EXPECTED[types[key]].format(key)
            yield Problem("wrong_type", message, str(file), None, path + key)


def _beside(file: Path, database: str) -> str:
    """Return a database named in a file; a path that is not absolute is taken from its folder."""
    return database if "://" in database else str(file.parent / Path(database).expanduser())
