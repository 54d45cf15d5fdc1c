"""What `lifecycle import` does: takes over a table's rows, and tells what became of each."""

from itertools import groupby

from cli.inputs import bytes_of
from cli.output.receipts import give
from cli.output.shapes import Shape, json_text
from cli.output.streams import out, out_data, style, width
from cli.output.text import one_line, paragraphs
from cli.session import opened
from cli.settings import Settings, Writing
from lifecycle.intake.reading import Refused
from lifecycle.intake.table import Intake, take_over_table
from states.problem import Problem
from store.countries import TerritoryNames
from store.tabular.text import LARGEST, read_table

REFUSED = 1

_MOST_TOLD = 50


def import_file(settings: Settings, writing: Writing, file: str) -> int:
    """Take over the agreements of a CSV file; returns the exit code."""
    name, data = bytes_of(file, most=LARGEST)
    table = read_table(data, name)
    countries = TerritoryNames()
    with opened(settings) as session:
        order = session.order(writing)
        with session.ledger(dry_run=writing.dry_run) as ledger, ledger.unit() as unit:
            intake = take_over_table(unit, order, table, countries)
    if intake.denied is not None:
        return give(settings, intake.denied, dry_run=writing.dry_run)
    unused = list(table.columns.unused)
    if settings.json:
        out_data(json_text(_shape(intake, unused, dry_run=writing.dry_run)))
    else:
        out(_text(table.file, intake, unused, dry_run=writing.dry_run))
    return REFUSED if intake.refused else 0


def _shape(intake: Intake, unused: list[str], *, dry_run: bool) -> Shape:
    return {
        "rows": intake.rows,
        "taken": len(intake.taken),
        "unchanged": len(intake.unchanged),
        "refused": [_refused_shape(row) for row in intake.refused],
        "refs": [receipt.ref for receipt in intake.taken],
        "counted": intake.counted,
        "cap": intake.cap,
        "columns_not_used": unused,
        "dry_run": dry_run,
    }


def _refused_shape(row: Refused) -> Shape:
    first, *others = (_problem_shape(problem) for problem in row.problems)
    named = {"partner": row.partner, "source": row.source}
    return {"row": row.row, **first, **named, "further": others}


def _problem_shape(problem: Problem) -> Shape:
    return {
        "column": problem.key,
        "code": problem.code,
        "message": problem.message,
        "suggestion": problem.hint,
    }


def _text(file: str, intake: Intake, unused: list[str], *, dry_run: bool) -> str:
    room = width()
    lines = [style("Dry run: this is what would be; nothing was stored.", fg="cyan")] * dry_run
    counts = (
        f"{len(intake.taken)} taken over{_span(intake)}, {len(intake.unchanged)} unchanged, "
        f"{len(intake.refused)} refused."
    )
    total = "1 row" if intake.rows == 1 else f"{intake.rows} rows"
    lines.append(paragraphs(f"{one_line(file)}: {total}, {counts}", room, rest="  "))
    if intake.cap is not None:
        lines.append(paragraphs(_cap(intake.counted, intake.cap), room, rest="  "))
    if unused:
        text = f"Columns not used: {one_line(', '.join(unused))}."
        lines.append(paragraphs(text, room, rest="  "))
    told = intake.refused[:_MOST_TOLD]
    for _alike, rows in groupby(enumerate(told), _alike_and_next):
        lines += _refused([row for _place, row in rows], room)
    if len(intake.refused) > len(told):
        rest = len(intake.refused) - len(told)
        lines.append(f"  ... and {rest} more rows; --json tells all of them.")
    return "\n".join([*lines, *_what_to_do(told, room)]) + "\n"


def _span(intake: Intake) -> str:
    refs = [receipt.ref for receipt in intake.taken]
    if not refs:
        return ""
    return f" ({refs[0]})" if len(refs) == 1 else f" ({refs[0]} to {refs[-1]})"


def _cap(counted: int, cap: int) -> str:
    held = f"{counted} agreements hold a place of the {cap} under the cap"
    if counted > cap:
        return (
            f"{held}: {counted - cap} too many. No other can be activated before some have ended."
        )
    return f"{held}." if counted < cap else f"{held}: it is full."


def _alike_and_next(placed: tuple[int, Refused]) -> tuple[str, str | None, int]:
    """Return what rows have in common that follow each other and lack the same."""
    place, row = placed
    return *_wrong_with(row), row.row - place


def _wrong_with(row: Refused) -> tuple[str, str | None]:
    return "; ".join(problem.message for problem in row.problems), row.source


def _refused(rows: list[Refused], room: int) -> list[str]:
    wrong, source = _wrong_with(rows[0])
    numbers = f"row {rows[0].row}" if len(rows) == 1 else f"rows {rows[0].row} to {rows[-1].row}"
    names = ", ".join([numbers, *(row.partner for row in rows if row.partner)])
    head = paragraphs(one_line(f"{names}: {wrong}"), room, first="  ✗ ", rest="      ")
    lines = [style(head, fg="red")]
    if source:
        lines.append(paragraphs(one_line(f"source: {source}"), room, first="      "))
    return lines


def _what_to_do(told: list[Refused], room: int) -> list[str]:
    """Return each suggestion once, since many rows lack the same."""
    hints = {(p.key, p.hint): None for row in told for p in row.problems}
    lines = [
        paragraphs(one_line(f"{key}: {hint}" if key else hint), room, first="  ", rest="    ")
        for key, hint in hints
    ]
    return ["What to do:", *lines] if lines else []
