"""The register as tables for people who reckon: CSV files, described by a Data Package.

`data/datapackage.json` (Data Package 1, tabular profile) names every file with its size and
SHA-256, every column with type and meaning, and how the tables refer to each other. The CSV is that
of `cli.output.cells`: what a spreadsheet would take for a formula has an apostrophe in front, which
the package says. Rows stand in the order in which agreements are added, and are kept as the bytes
that they will be.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from types import NoneType
from typing import Any

import msgspec

from cli.output.cells import cell
from cli.publishing.data import lines_of
from cli.publishing.tables import AGREEMENTS, Column, Table
from lifecycle.publishing.public_agreement import PublicAgreement

FOLDER = "data"

_DESCRIPTION = """\
Every agreement that is public, with all that its page says; each table is a file. `ref` names an \
agreement everywhere: its page is agreements/REF.html of this register, its JSON is \
agreements/REF.json. An empty cell says that something is not known, or that there is none. \
Amounts are exact, with a full stop; days are YYYY-MM-DD; lists are JSON.

So that a spreadsheet takes nothing that somebody wrote for a formula, a text that begins with \
=, +, -, @ or one of their full-width forms (also behind blanks), or with a tab or a line break, \
has an apostrophe in front; one that begins with apostrophes and then so has one more. A program \
takes one apostrophe off where what follows it, or follows more of them, is one of these, and has \
the text as it was. Numbers are as they are.

Files and columns are only ever added; none is renamed, and none changes what it means.\
"""


class Package:
    """A Data Package that agreements are added to, one by one."""

    def __init__(self, code: str, name: str) -> None:
        """Begin the package of a program, with its code and its name."""
        self._code, self._name = code, name
        self._texts = {table.name: BytesIO() for table in AGREEMENTS.all()}
        for table in AGREEMENTS.all():
            self._write(table, ",".join(column.name for column in table.columns))

    def add(self, public: PublicAgreement) -> None:
        """Add an agreement with all that stands in it."""
        self._add(AGREEMENTS, (public,), "")

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the files by path, the description last."""
        resources = []
        for table in AGREEMENTS.all():
            data = self._texts[table.name].getvalue()
            resources.append(_resource(table, data))
            yield f"{FOLDER}/{table.name}.csv", data
        yield f"{FOLDER}/datapackage.json", lines_of(self._description(resources))

    def _add(self, table: Table, values: Iterable[msgspec.Struct], within: str) -> None:
        """Write a row each value, and what stands in it; `within` are the cells before it."""
        for number, value in enumerate(values, 1):
            named = cell(getattr(value, table.naming) if table.naming else number)
            fields = [getattr(value, field) for field in table.fields]
            cells = ",".join([_CELL.get(type(field), cell)(field) for field in fields])
            self._write(table, within + (cells if table.naming else f"{named},{cells}"))
            for part in table.parts:
                self._add(part, getattr(value, part.name), f"{within}{named},")

    def _write(self, table: Table, row: str) -> None:
        self._texts[table.name].write(f"{row}\n".encode())

    def _description(self, resources: list[dict[str, object]]) -> dict[str, object]:
        return {
            "profile": "tabular-data-package",
            "name": f"{self._code.lower()}-agreements",
            "title": f"{self._name}: the public register of agreements",
            "description": _DESCRIPTION,
            "sources": [{"title": f"The record that {self._name} keeps of its agreements"}],
            "resources": resources,
        }


def _json(value: object) -> str:
    """Return a list, or whether something is so, as in JSON; but an empty list is empty."""
    return cell(msgspec.json.encode(value).decode()) if value != () else ""


_CELL: Mapping[type, Callable[[Any], str]] = {
    NoneType: lambda _: "",
    bool: _json,
    tuple: _json,
    date: date.isoformat,
    Decimal: str,
    int: str,
}
"""How what is no text is written; all of it is harmless."""


def _resource(table: Table, data: bytes) -> dict[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "description": table.meaning,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{sha256(data).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "doubleQuote": True},
        "schema": _schema(table),
    }


def _schema(table: Table) -> dict[str, object]:
    schema: dict[str, object] = {
        "fields": [_field(column, column.name in table.key) for column in table.columns],
        "missingValues": [""],
        "primaryKey": table.key,
    }
    if table.above:
        reference = {"resource": table.above.table, "fields": table.above.columns}
        schema["foreignKeys"] = [{"fields": table.within, "reference": reference}]
    return schema


def _field(column: Column, naming: bool) -> dict[str, object]:  # noqa: FBT001
    constraints: dict[str, object] = {}
    if naming or column.required:
        constraints["required"] = True
    if column.words:
        constraints["enum"] = column.words
    told = {"name": column.name, "type": column.type, "description": column.meaning}
    return told | ({"constraints": constraints} if constraints else {})
