"""Writes documents and sheets as TOML: whole, and fit to be read back without a change.

Keys stand in the order of the dataclasses, tables after plain keys; what says nothing is left out,
since that is what leaving it out means. Values are written by tomli_w.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

import tomli_w

from states.agreement import Agreement
from states.ref import Ref

_SHORT = 100


def document_toml(ref: Ref, version: int, agreement: Agreement) -> str:
    """Return an agreement's document with its reference and version on top."""
    head = toml_lines({"ref": str(ref), "version": version})
    return f"{head}{toml_of(agreement)}"


def toml_of(value: object) -> str:
    """Return a dataclass as TOML."""
    lines = "\n".join(_table("", _items(value)))
    return f"{lines}\n" if lines else ""


def toml_lines(keys: Mapping[str, object]) -> str:
    """Return plain keys as TOML lines; a short list stays on one of them."""
    return "".join(_line(key, value) for key, value in keys.items())


def literal(value: object) -> str:
    """Return one value as TOML, on one line."""
    return tomli_w.dumps({"_": value}).removeprefix("_ = ").rstrip("\n")


def plain(value: Any) -> Any:  # noqa: ANN401 - any part of a document
    """Return a part of a document as JSON has it: dataclasses as objects, nothing left out."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def _table(path: str, items: Mapping[str, Any]) -> Iterator[str]:
    simple = {key: value for key, value in items.items() if not _holds_tables(value)}
    if simple:
        yield toml_lines(simple).rstrip("\n")
    for key, value in items.items():
        if not _holds_tables(value):
            continue
        name = f"{path}.{key}" if path else key
        if isinstance(value, tuple):
            for item in value:
                yield f"\n[[{name}]]"
                yield from _table(name, _items(item))
        else:
            yield f"\n[{name}]"
            yield from _table(name, _items(value))


def _line(key: str, value: object) -> str:
    if isinstance(value, list | tuple):
        name = tomli_w.dumps({key: 0}).removesuffix("0\n")
        line = f"{name}[{', '.join(map(literal, value))}]\n"
        if len(line) <= _SHORT:
            return line
    return tomli_w.dumps({key: _number(value)}, multiline_strings=True)


def _items(value: object) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    pairs = ((name, getattr(value, name)) for name in _names(value))
    return {name: item for name, item in pairs if item is not None and item not in ("", (), {})}


def _names(value: object) -> list[str]:
    if not is_dataclass(value):
        message = f"a {type(value).__name__} is no table"
        raise TypeError(message)
    return [field.name for field in fields(value)]


def _holds_tables(value: object) -> bool:
    if isinstance(value, tuple):
        return any(map(is_dataclass, value))
    return is_dataclass(value) or isinstance(value, Mapping)


def _number(value: object) -> object:
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return list(value) if isinstance(value, tuple) else value
