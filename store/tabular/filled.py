"""Reads a sheet that the product wrote and people filled in: rows by the headings of their columns.

Columns may be moved, left out or added; what is needed is there, or the file is refused as a whole.
"""

from collections.abc import Mapping, Sequence

from states.problem import InvalidInputError, Problem
from store.tabular.reading import file_rows


def filled_rows(
    data: bytes, file: str, needed: tuple[str, ...]
) -> Sequence[tuple[int, Mapping[str, str]]]:
    """Return each row's number, the heading being row 1, and its texts by heading.

    Raises InvalidInputError for a file that is no table, or lacks a column.
    """
    rows = iter(file_rows(data, file))
    heading = next(rows, None)
    names = [_plain(cell) for cell in heading.cells] if heading else []
    problems = [
        Problem("missing_column", "there is no such column", file, 1, name, needed)
        for name in needed
        if name not in names
    ]
    problems += [
        Problem("repeated", "two columns are headed so", file, 1, name)
        for name in sorted({name for name in names if name and names.count(name) > 1})
    ]
    if problems:
        raise InvalidInputError(problems)
    return [(row.number, dict(zip(names, row.cells, strict=False))) for row in rows]


def _plain(heading: str) -> str:
    return "_".join(heading.strip().casefold().split())
