"""lifecycle.toml: where it may be, its keys and their types.

A user's own comes before the system's. What stands in a table is looked at where the table is asked
for, and in `[mail]` by `cli.mail.settings`: a mistake there stops no command that does without it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from states.problem import Problem

CONFIGURATION = "lifecycle.toml"
MAIL = "mail"
TABLES: Mapping[str, Mapping[str, type]] = {
    "nightly": {"hour": int, "log_file": str},
    "ping": {"start": str, "success": str, "failure": str},
    "sealing": {"key": str},
}
"""The tables whose keys are known here, with the type of each."""

_TEXTS = ("database", "program")
_TYPES = {**dict.fromkeys(_TEXTS, str), **dict.fromkeys((*TABLES, MAIL), dict)}
_EXPECTED = {str: "text is expected", int: "a whole number is expected", dict: "a table: [{}]"}
_EXAMPLE = 'for example: database = "/srv/city/lifecycle.db"'


def configurations() -> list[Path]:
    """Return where a lifecycle.toml may be: the user's, then the system's."""
    import platformdirs

    folders = (platformdirs.user_config_path, platformdirs.site_config_path)
    return [folder("lifecycle") / CONFIGURATION for folder in folders]


def keys_of(file: Path) -> dict[str, str]:
    """Return where a lifecycle.toml says the database is, and which program; nothing if not there.

    Raises InvalidInputError.
    """
    keys = tables_of(file)
    return {key: keys[key] for key in _TEXTS if key in keys}


def table_of(name: str) -> tuple[Path | None, dict[str, Any]]:
    """Return one table of the settings, and the file it stands in: the user's before the system's.

    Raises InvalidInputError for a bad lifecycle.toml.
    """
    for file in configurations():
        if name in (said := tables_of(file)):
            if problems := list(_problems(file, f"{name}.", said[name], TABLES[name])):
                from states.problem import InvalidInputError

                raise InvalidInputError(problems)
            return file, dict(said[name])
    return None, {}


def mistakes_in(file: Path, said: Mapping[str, Any]) -> list["Problem"]:
    """Return what is wrong in the tables of a lifecycle.toml, but for `[mail]`."""
    return [
        problem
        for name, known in TABLES.items()
        if name in said
        for problem in _problems(file, f"{name}.", said[name], known)
    ]


def tables_of(file: Path) -> Mapping[str, Any]:
    """Return all that a lifecycle.toml says, nothing if it is not there.

    Raises InvalidInputError.
    """
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
    if problems := list(_problems(file, "", keys, _TYPES)):
        raise InvalidInputError(problems)
    return keys


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
