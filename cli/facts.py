"""Reads records: from KEY=VALUE on the command line, from TOML, from CSV, from XLSX.

Values on the command line and in tables are text; each is taken as the type that its key has.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from pathlib import Path
from typing import Any, get_args

from cli.inputs import bytes_of
from states.problem import InvalidInputError, Problem
from states.records import Record
from states.schema import read, schema_of
from store.documents import read_toml


def fact_of(kind: str, pairs: Sequence[str], today: date) -> Record:
    """Return the record that KEY=VALUE words state; raises InvalidInputError."""
    return _read({"kind": kind, **_typed(_given(pairs))}, today, None)


def mended(wrong: Record, pairs: Sequence[str]) -> Record:
    """Return a record with some keys said anew; `KEY=` alone takes a key away.

    Raises InvalidInputError.
    """
    given = _given(pairs)
    known = {name: getattr(wrong, name) for name in schema_of(Record)}
    kept = {name: value for name, value in known.items() if value is not None and name not in given}
    said = _typed({key: value for key, value in given.items() if value})
    return _read({**kept, **said}, wrong.on, None)


def _given(pairs: Sequence[str]) -> dict[str, str]:
    problems, given = [], {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            message = f"{pair!r} is not KEY=VALUE"
            problems.append(Problem("not_a_pair", message, allowed=tuple(schema_of(Record))))
        elif key in given or key == "kind":
            problems.append(Problem("repeated", f"{key} is given twice", key=key))
        given[key] = value
    if problems:
        raise InvalidInputError(problems)
    return given


def facts_of(file: str, kind: str | None, today: date) -> tuple[str, list[Record]]:
    """Return a file's name and its records; raises InvalidInputError with all problems."""
    name, data = bytes_of(file)
    rows = _READERS.get(Path(file).suffix.lower(), _toml_rows)(data, name)
    records, problems = [], []
    for index, row in enumerate(rows):
        try:
            given = {"kind": kind, **row} if kind and not row.get("kind") else row
            records.append(_read(given, today, name))
        except InvalidInputError as error:
            problems += [
                replace(problem, key=f"records[{index}].{problem.key}")
                for problem in error.problems
            ]
    if not (records or problems):
        problems.append(Problem("empty", "it holds no record", name, None, "records"))
    if problems:
        raise InvalidInputError(problems)
    return name, records


def _read(given: Mapping[str, Any], today: date, file: str | None) -> Record:
    return read(Record, {"on": today, **given}, file=file)


def _toml_rows(data: bytes, file: str) -> list[Mapping[str, Any]]:
    keys = dict(read_toml(data, file))
    rows = keys.pop("records", [])
    if keys or not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        message = "a file of records holds [[records]] tables and nothing else"
        raise InvalidInputError([Problem("wrong_type", message, file, None, "records")])
    return rows


def _csv_rows(data: bytes, file: str) -> list[Mapping[str, Any]]:
    try:
        text = data.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True, restkey="(more)"))
    except (UnicodeDecodeError, csv.Error) as error:
        message = f"this is no CSV in UTF-8: {error}"
        raise InvalidInputError([Problem("bad_csv", message, file)]) from error
    return [_typed({key: value for key, value in row.items() if value}) for row in rows]


def _xlsx_rows(data: bytes, file: str) -> list[Mapping[str, Any]]:
    """Return the rows of a workbook's only sheet, by their headings; raises InvalidInputError."""
    from store.tabular.filled import names_in, repeated
    from store.tabular.workbook import sheet_rows

    try:
        found = sheet_rows(data, file, None)
    except InvalidInputError as error:
        raise InvalidInputError(map(_of_one_sheet, error.problems)) from error
    every = list(found)
    if not every:
        return []
    heading, *rows = every
    names = names_in(heading)
    problems = list(repeated(names, file, heading.number))
    problems += [
        Problem("bad_cell", message, file, row.number, dict(enumerate(names)).get(place))
        for row in rows
        for place, message in row.faults.items()
    ]
    if problems:
        raise InvalidInputError(problems)
    filled = ({key: cell for key, cell in zip_longest(names, row.cells) if cell} for row in rows)
    return [_typed({key or "(more)": cell for key, cell in row.items()}) for row in filled]


def _of_one_sheet(problem: Problem) -> Problem:
    """Return a problem in words that fit a command which has no option for a sheet."""
    if problem.code != "which_sheet":
        return problem
    return replace(problem, key=None, hint="leave the one sheet in it that has the records")


def _typed(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _value(key, value) for key, value in given.items()}


def _value(key: str, value: Any) -> Any:  # noqa: ANN401 - text, or what CSV had too much of
    """Return a text as its key's type; one that can't be is left for the schema to refuse."""
    schema = schema_of(Record)
    if key not in schema or not isinstance(value, str):
        return value
    hint = schema[key][1]
    if not value.isascii() or "_" in value:
        # Python would take `1_000` and digits of other scripts for numbers; nobody else does.
        return value
    try:
        for kind in (hint, *get_args(hint)):
            if kind is date:
                return date.fromisoformat(value)
            if kind is Decimal:
                return Decimal(value)
            if kind is int:
                return int(value)
    except (ValueError, InvalidOperation):
        pass
    return value


_READERS = {".csv": _csv_rows, ".xlsx": _xlsx_rows}
"""By the ending of a file's name; what has another one is TOML."""
