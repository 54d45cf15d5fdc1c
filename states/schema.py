"""Reads plain mappings (as TOML gives them) into the vocabulary's dataclasses.

The dataclasses are the schema: field names are the keys, annotations the types, `longest` in a
field's metadata the most characters its text may have. Every problem is collected, with its key
path and what is allowed; nothing is guessed, and an unknown key is a problem like any other.
"""

import types
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from states.calendar import EARLIEST, LATEST
from states.problem import InvalidInputError, Problem

T = TypeVar("T")

MOST_ITEMS = 1_000
"""The most entries that any list or table of a document may have."""

_LONGEST = 300
_LARGEST = Decimal(10) ** 15
_PLACES = Decimal("0.0001")
_BREAKS = {"\n", "\t"}
_LINE = 60


def read(cls: type[T], data: Mapping[str, Any], *, file: str | None = None) -> T:
    """Return `data` as a `cls`; raises InvalidInputError with every problem that was found."""
    reader = _Reader()
    value = reader.dataclass(cls, data, "")
    if reader.problems:
        raise InvalidInputError(replace(problem, file=file) for problem in reader.problems)
    return value  # type: ignore[no-any-return] # built by cls itself


@cache
def schema_of(cls: type) -> Mapping[str, tuple[Field[Any], Any]]:
    """Return each key of a dataclass with its field and its type."""
    hints = get_type_hints(cls)
    return {field.name: (field, hints[field.name]) for field in fields(cls)}


class _Reader:
    """One reading: walks the types and the data together, and keeps what is wrong."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def dataclass(self, cls: Any, data: object, path: str) -> Any:  # noqa: ANN401
        if not isinstance(data, Mapping):
            return self.wrong("wrong_type", path, f"a table is expected, not {_kind(data)}")
        schema = schema_of(cls)
        for key in data:
            if key not in schema:
                self.unknown(str(key), path, tuple(schema))
        values = {}
        for key, (field, hint) in schema.items():
            if key in data:
                longest = field.metadata.get("longest", _LONGEST)
                values[key] = self.value(hint, data[key], _join(path, key), longest)
            elif field.default is MISSING and field.default_factory is MISSING:
                self.wrong("missing_key", _join(path, key), "this key is required")
        return None if self.problems else cls(**values)

    def value(self, hint: Any, data: object, path: str, longest: int) -> Any:  # noqa: ANN401
        hint, origin = _stated(hint)
        if origin is tuple:
            return self.many(get_args(hint)[0], data, path, longest)
        if origin is not None:
            return self.mapping(get_args(hint)[1], data, path, longest)
        if is_dataclass(hint):
            return self.dataclass(hint, data, path)
        if issubclass(hint, StrEnum):
            return self.member(hint, data, path)
        if hint is str:
            return self.text(data, path, longest)
        return _SCALARS[hint](self, data, path)

    def many(self, hint: Any, data: object, path: str, longest: int) -> Any:  # noqa: ANN401
        if not isinstance(data, list | tuple):
            return self.wrong("wrong_type", path, f"a list is expected, not {_kind(data)}")
        if self.crowded(data, path):
            return None
        items = enumerate(data)
        return tuple(self.value(hint, item, f"{path}[{index}]", longest) for index, item in items)

    def mapping(self, hint: Any, data: object, path: str, longest: int) -> Any:  # noqa: ANN401
        if not isinstance(data, Mapping):
            return self.wrong("wrong_type", path, f"a table is expected, not {_kind(data)}")
        if self.crowded(data, path):
            return None
        values = {
            self.text(key, path, _LONGEST): self.value(hint, item, _join(path, key), longest)
            for key, item in data.items()
        }
        if len(values) < len(data) and not self.problems:
            self.wrong("repeated", path, "two keys differ only in the blanks around them")
        return values

    def member(self, hint: type[StrEnum], data: object, path: str) -> Any:  # noqa: ANN401
        allowed = tuple(hint)
        if data in allowed:
            return hint(str(data))
        return self.wrong("not_allowed", path, f"{_short(data)} is not one of these words", allowed)

    def crowded(self, data: Any, path: str) -> bool:  # noqa: ANN401
        if len(data) > MOST_ITEMS:
            self.wrong("too_many", path, f"{len(data)} entries; at most {MOST_ITEMS} are taken")
        return len(data) > MOST_ITEMS

    def text(self, data: object, path: str, longest: int) -> Any:  # noqa: ANN401
        if not isinstance(data, str):
            return self.wrong("wrong_type", path, f"text is expected, not {_kind(data)}")
        if len(data) > longest:
            message = f"{len(data):,} characters; at most {longest:,} are taken"
            return self.wrong("too_long", path, message)
        breaks = _BREAKS if longest > _LONGEST else set()
        # Nearly all texts are printable, and looking at each of their signs is what costs.
        for place, character in enumerate("" if data.isprintable() else data):
            if unicodedata.category(character) in {"Cc", "Cs"} and character not in breaks:
                message = f"the control character U+{ord(character):04X} at position {place + 1}"
                return self.wrong("control_character", path, f"{message} can't stand in this text")
        return unicodedata.normalize("NFC", data).strip()

    def number(self, data: object, path: str) -> Any:  # noqa: ANN401
        if isinstance(data, bool) or not isinstance(data, int | Decimal):
            return self.wrong("wrong_type", path, f"a number is expected, not {_kind(data)}")
        value = Decimal(data)
        if not value.is_finite() or value.copy_abs() >= _LARGEST:
            return self.wrong("out_of_range", path, f"a number below {_LARGEST:,} is expected")
        if value != value.quantize(_PLACES):
            return self.wrong("out_of_range", path, "at most 4 decimal places are taken")
        return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()

    def whole(self, data: object, path: str) -> Any:  # noqa: ANN401
        if isinstance(data, bool) or not isinstance(data, int):
            return self.wrong("wrong_type", path, f"a whole number is expected, not {_kind(data)}")
        if abs(data) >= _LARGEST:
            return self.wrong("out_of_range", path, f"a number below {_LARGEST:,} is expected")
        return data

    def truth(self, data: object, path: str) -> Any:  # noqa: ANN401
        if not isinstance(data, bool):
            return self.wrong("wrong_type", path, f"true or false is expected, not {_kind(data)}")
        return data

    def day(self, data: object, path: str) -> Any:  # noqa: ANN401
        if isinstance(data, datetime) or not isinstance(data, date):
            message = f"a date like 2027-01-01, without quotes, is expected, not {_kind(data)}"
            return self.wrong("wrong_type", path, message)
        if not EARLIEST <= data <= LATEST:
            return self.wrong(
                "out_of_range", path, f"{data} is not between {EARLIEST} and {LATEST}"
            )
        return data

    def unknown(self, key: str, path: str, allowed: tuple[str, ...]) -> None:
        close = get_close_matches(key[:_LONGEST], allowed, n=1)
        hint = f"did you mean {close[0]}?" if close else None
        message = f"{_short(key)} is not a key of {path or 'this document'}"
        self.problems.append(
            Problem("unknown_key", message, None, None, _join(path, key), allowed, hint)
        )

    def wrong(self, code: str, path: str, message: str, allowed: tuple[str, ...] = ()) -> None:
        self.problems.append(Problem(code, message, None, None, path, allowed))


_SCALARS: Mapping[type, Callable[[_Reader, object, str], Any]] = {
    bool: _Reader.truth,
    int: _Reader.whole,
    Decimal: _Reader.number,
    date: _Reader.day,
}


@cache
def _stated(hint: Any) -> tuple[Any, Any]:  # noqa: ANN401 - any annotation
    """Return what is stated where anything is, and what that is made of."""
    if get_origin(hint) in {Union, types.UnionType}:
        hint = next(arg for arg in get_args(hint) if arg is not types.NoneType)
    return hint, get_origin(hint)


@lru_cache(maxsize=4096)
def _join(path: str, name: str) -> str:
    bare = len(name) <= _LINE and name.replace("_", "").replace("-", "").isalnum()
    name = name if bare else _short(name)
    return f"{path}.{name}" if path else name


def _kind(data: object) -> str:
    names = {str: "text", bool: "true or false", int: "a number", Decimal: "a number"}
    names |= {list: "a list", dict: "a table", date: "a date", datetime: "a date with a time"}
    return names.get(type(data), type(data).__name__)


def _short(data: object) -> str:
    text = str(data)
    return repr(text if len(text) <= _LINE else text[: _LINE - 3] + "...")
