"""lifecycle.toml: where it may be, and its keys; of the database and program, the values as well.

A user's own comes before the system's. What stands in `[mail]` is for `cli.mail.settings` to judge,
so that a mistake there stops no command that sends nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

CONFIGURATION = "lifecycle.toml"
MAIL = "mail"

_TEXTS = ("database", "program")
_KEYS = (*_TEXTS, MAIL)
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


def tables_of(file: Path) -> Mapping[str, Any]:
    """Return all that a lifecycle.toml says, nothing if it is not there.

    Raises InvalidInputError.
    """
    try:
        data = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    from states.problem import InvalidInputError, Problem
    from store.documents import read_toml

    try:
        keys = read_toml(data, str(file))
    except InvalidInputError as error:
        raise InvalidInputError(replace(one, hint=_EXAMPLE) for one in error.problems) from error
    problems = [
        Problem("unknown_key", f"{key!r} is not a key of it", str(file), None, key, _KEYS)
        for key in keys
        if key not in _KEYS
    ]
    problems += [
        Problem("wrong_type", "text is expected", str(file), None, key)
        for key in _TEXTS
        if not isinstance(keys.get(key, ""), str)
    ]
    if problems:
        raise InvalidInputError(problems)
    return keys
