"""Agreements as tables: which there are, with their columns and keys.

All of it follows from the values of `lifecycle.publishing`: what stands in an agreement many times
is a table of its own, whose rows begin with the key of what they stand in. So a field that is added
there is a column here, and nothing else is ever in a table.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from inspect import cleandoc
from typing import NamedTuple

import msgspec
from msgspec import inspect
from msgspec.structs import FieldInfo

from cli.publishing.fields import MEANING
from lifecycle.publishing.public_agreement import (
    PublicAgreement,
    PublicDate,
    PublicProject,
    PublicTerm,
    PublicYear,
)

_NAMED: dict[type, tuple[str, str]] = {
    PublicAgreement: ("ref", "ref"),
    PublicProject: ("id", "project"),
    PublicTerm: ("term", "term"),
    PublicYear: ("year", "year"),
    PublicDate: ("uid", "uid"),
}
"""The field that names a value, and what the rows of its parts call that."""

_TYPES: dict[type, str] = {
    inspect.StrType: "string",
    inspect.EnumType: "string",
    inspect.IntType: "integer",
    inspect.BoolType: "boolean",
    inspect.DateType: "date",
    inspect.DecimalType: "number",
    inspect.VarTupleType: "array",
}
"""What Table Schema calls a type."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as Table Schema has it; `words` are all that it may say, where they are known."""

    name: str
    type: str
    meaning: str
    required: bool
    words: tuple[str, ...] = ()


_NUMBER = Column("number", "integer", "Its number, from 1, in the order of the page", required=True)


class Reference(NamedTuple):
    """Another table, and those of its columns that name a row of it."""

    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns, and the tables of what stands in its rows.

    Its first columns, `within`, name the row of the table `above` that a row stands in. Then comes
    a number, where no field names a row (`naming`), and then the `fields`.
    """

    name: str
    meaning: str
    above: Reference | None
    within: tuple[str, ...]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    naming: str | None
    fields: tuple[str, ...]
    parts: "tuple[Table, ...]"

    def all(self) -> Iterator["Table"]:
        """Yield it and all below it, each before its parts."""
        yield self
        for part in self.parts:
            yield from part.all()


def _table(
    name: str,
    kind: type[msgspec.Struct],
    above: Reference | None = None,
    within: tuple[Column, ...] = (),
) -> Table:
    """Return the table of a kind of value; `within` names the row that a value stands in."""
    fields = msgspec.structs.fields(kind)
    parts = {field.name: part for field in fields if (part := _part(field))}
    plain = [field for field in fields if field.name not in parts]
    own = [_column(field, MEANING[kind][field.encode_name]) for field in plain]
    naming, called = _NAMED.get(kind, (None, f"{name.removesuffix('s')}_number"))
    if naming is None:
        own.insert(0, _NUMBER)
    [named] = [column for column in own if column.name == (naming or _NUMBER.name)]
    outer = tuple(column.name for column in within)
    key = (*outer, named.name)
    below = (*within, replace(named, name=called))
    return Table(
        name=name,
        meaning=cleandoc(kind.__doc__ or ""),
        above=above,
        within=outer,
        key=key,
        columns=(*within, *own),
        naming=naming,
        fields=tuple(field.name for field in plain),
        parts=tuple(
            _table(field, part, Reference(name, key), below) for field, part in parts.items()
        ),
    )


def _part(field: FieldInfo) -> type[msgspec.Struct] | None:
    """Return what a field holds many of, if that has fields of its own."""
    told = inspect.type_info(field.type)
    if isinstance(told, inspect.VarTupleType) and isinstance(told.item_type, inspect.StructType):
        return told.item_type.cls
    return None


def _column(field: FieldInfo, meaning: str) -> Column:
    told = inspect.type_info(field.type)
    known = told.types[0] if isinstance(told, inspect.UnionType) else told
    return Column(
        field.encode_name,
        _TYPES[type(known)],
        meaning,
        required=known is told and not isinstance(known, inspect.StrType | inspect.VarTupleType),
        words=tuple(sorted(known.cls)) if isinstance(known, inspect.EnumType) else (),
    )


AGREEMENTS = _table("agreements", PublicAgreement)
"""The table of agreements, above all others."""
