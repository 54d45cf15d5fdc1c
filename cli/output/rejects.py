"""Tables that `import` writes: the rows that it refused, and one to fill in."""

from pathlib import Path

from cli.output.cells import csv_lines
from cli.output.workbook import Sheet, workbook
from lifecycle.intake.fields import FIELDS, OF_REFUSED
from lifecycle.intake.intake import Intake, Table
from lifecycle.intake.reading import Refused
from states.problem import Problem

FORMS = (".csv", ".xlsx")
"""The endings of files that such a table can be written to."""


def refused_rows(file: str, table: Table, intake: Intake) -> bytes:
    """Return the rows of a table that were refused, as they were, with why.

    They can be corrected there and imported again, with the same options.
    """
    header = table.columns.header
    kept = [place for place, heading in enumerate(header) if heading not in OF_REFUSED]
    width = max([len(header), *(len(row.cells) for row in intake.refused)])
    kept += range(len(header), width)
    titles = [header[place] if place < len(header) else "" for place in kept]
    rows = [[*_cells(row, kept), *_origin(table, row), _why(row)] for row in intake.refused]
    return _written(file, Sheet("Refused rows", [*titles, *OF_REFUSED], rows))


def template(file: str) -> bytes:
    """Return a table to fill in: a heading, and two rows of remarks that explain each column."""
    fields = FIELDS.values()
    says = [f"{'needed: ' if field.needed else ''}{field.says}" for field in fields]
    examples = [field.example for field in fields]
    says[0], examples[0] = f"# {says[0]}", f"# {examples[0]}"
    return _written(file, Sheet("Agreements", list(FIELDS), [says, examples]))


def _cells(row: Refused, kept: list[int]) -> list[str]:
    return [row.cells[place] if place < len(row.cells) else "" for place in kept]


def _origin(table: Table, row: Refused) -> tuple[str, object]:
    """Return in which file and row it first stood."""
    header, cells = table.columns.header, row.cells
    first = [
        cells[header.index(name)] if name in header and header.index(name) < len(cells) else ""
        for name in OF_REFUSED[:2]
    ]
    return (first[0], first[1]) if all(first) else (table.file, row.row)


def _why(row: Refused) -> str:
    return "; ".join(map(_told, row.problems))


def _told(problem: Problem) -> str:
    hint = f" ({problem.hint})" if problem.hint else ""
    key = f"{problem.key}: " if problem.key else ""
    return f"{key}{problem.message}{hint}"


def _written(file: str, sheet: Sheet) -> bytes:
    if Path(file).suffix.casefold() == ".xlsx":
        return workbook([sheet])
    return "".join(csv_lines([sheet.columns, *sheet.rows])).encode()
