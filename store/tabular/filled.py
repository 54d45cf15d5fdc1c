"""Reads a sheet that the product wrote and people filled in: rows by the headings of their columns.

Columns may be moved, left out or added; what is needed is there, or the file is refused as a whole.
So it is where cells are merged, since a decision would stand in one row only and be meant for more.
"""

from collections.abc import Iterator, Mapping, Sequence

from lifecycle.intake.columns import Row
from states.problem import InvalidInputError, Problem
from store.tabular.guarding import unguarded
from store.tabular.reading import How, file_rows
from store.tabular.rows import FileRows

_WORKBOOK = b"PK"


def filled_rows(
    data: bytes, file: str, needed: tuple[str, ...], sheet: str
) -> Sequence[tuple[int, Mapping[str, str]]]:
    """Return each row's number, the heading being row 1, and its texts by heading.

    `sheet` is the name under which a workbook has it. Raises InvalidInputError for a file that is
    no table, lacks a column, or has cells that can't be read.
    """
    found = _rows(data, file, sheet)
    rows = iter(found)
    heading = next(rows, None)
    names = names_in(heading) if heading else []
    if problems := [*_wrong(names, needed, file), *_merged(found, file)]:
        raise InvalidInputError(problems)
    read = list(rows)
    faults = [
        Problem("unreadable_cell", why, file, row.number, names[place])
        for row in read
        for place, why in row.faults.items()
        if place < len(names)
    ]
    if faults:
        raise InvalidInputError(faults)
    return [(row.number, dict(zip(names, map(unguarded, row.cells), strict=False))) for row in read]


def _rows(data: bytes, file: str, sheet: str) -> FileRows:
    if not data.startswith(_WORKBOOK):
        return file_rows(data, file)
    try:
        return file_rows(data, file, How(sheet=sheet))
    except InvalidInputError as error:
        if [problem.code for problem in error.problems] != ["unknown_sheet"]:
            raise
        known = error.problems[0].allowed
    message = f"no sheet of it is called {sheet}"
    hint = f"call the one that is filled in {sheet}"
    raise InvalidInputError([Problem("unknown_sheet", message, file, None, None, known, hint)])


def _wrong(names: Sequence[str], needed: tuple[str, ...], file: str) -> Iterator[Problem]:
    for name in needed:
        if name not in names:
            yield Problem("missing_column", "there is no such column", file, 1, name, needed)
    yield from repeated(names, file, 1)


def _merged(rows: FileRows, file: str) -> Iterator[Problem]:
    if cells := rows.merged_from(1):
        message = f"cells are merged: {', '.join(cells[:3])}"
        hint = "unmerge them, and fill in each row by itself"
        yield Problem("merged", message, file, hint=hint)


def names_in(heading: Row) -> list[str]:
    """Return what the columns are called, whatever the case and the blanks of a heading."""
    return ["_".join(cell.casefold().split()) for cell in heading.cells]


def repeated(names: Sequence[str], file: str, line: int) -> Iterator[Problem]:
    """Yield which columns are called alike by the heading, which is on this line."""
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        yield Problem("repeated", "two columns are headed so", file, line, name)
