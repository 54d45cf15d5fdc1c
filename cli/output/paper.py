"""A report as sections of sentences and tables, in each form that people read it in.

What a report says is put together once, as a `Paper`; here it is only written. Amounts of money are
written whole, by thousands; their currency is for headings to say.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cli.output.answers import Answer, csv_of, shape
from cli.output.streams import style, width
from cli.output.table import Column, table
from cli.output.text import one_line, paragraphs
from states.money import Money

if TYPE_CHECKING:
    from cli.output.charts import Chart


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its columns and rows; `name` is what a sheet of a workbook is called.

    Headings are written as in a sentence; a terminal shows them in capitals.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Change:
    """A difference, which is written with its sign."""

    by: Money | Decimal | int | None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, sentences under it, a table, and what is said of the table."""

    heading: str
    text: Sequence[str] = ()
    grid: Grid | None = None
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A report: a title, a sentence that says what it is, its sections."""

    title: str
    lead: str
    sections: Sequence[Section]


def paper_answer(
    paper: Paper,
    whole: object,
    rows: tuple[Sequence[str], Sequence[Mapping[str, Any]]],
    chart: "Callable[[], Chart] | None" = None,
) -> Answer:
    """Return a report in all its forms.

    JSON gives the `whole` of what it tells, CSV its rows (their keys, and the shapes that have
    them); with a chart, it stands in the page and is the PNG.
    """

    def png() -> bytes:
        from cli.output.charts import png

        return png(chart()) if chart else b""

    return Answer(
        table=lambda: paper_text(paper),
        json=shape(whole),
        csv=csv_of(*rows),
        md=lambda: paper_markdown(paper),
        html=lambda: paper_html(paper, chart and chart()),
        xlsx=lambda: paper_workbook(paper),
        png=png if chart else None,
    )


def paper_text(paper: Paper) -> str:
    """Return a report as a terminal shows it, no wider than it is."""
    lines = [style(one_line(paper.title), bold=True), paragraphs(one_line(paper.lead), width())]
    return "\n".join(["\n".join(lines) + "\n", *map(_section_text, paper.sections)])


def _section_text(section: Section) -> str:
    parts = [f"{style(one_line(section.heading), bold=True)}\n"]
    parts += [f"{paragraphs(one_line(line), width())}\n" for line in section.text]
    if section.grid is not None:
        rows = [[_shown(value) for value in row] for row in section.grid.rows]
        columns = [replace(one, heading=one.heading.upper()) for one in section.grid.columns]
        parts.append(table(columns, rows))
    parts += [f"{paragraphs(one_line(note), width(), first='  ')}\n" for note in section.notes]
    return "".join(parts)


def paper_markdown(paper: Paper) -> str:
    """Return a report as Markdown."""
    from cli.output.markdown import md_table, md_text

    parts = [f"# {md_text(paper.title)}", md_text(paper.lead)]
    for section in paper.sections:
        parts += [f"## {md_text(section.heading)}", *map(md_text, section.text)]
        if section.grid is not None:
            headings = [column.heading for column in section.grid.columns]
            rows = [[_shown(value) for value in row] for row in section.grid.rows]
            parts.append(md_table(headings, rows).rstrip())
        if section.notes:
            parts.append("\n".join(f"- {md_text(note)}" for note in section.notes))
    return "\n\n".join(parts) + "\n"


def paper_html(paper: Paper, chart: "Chart | None" = None) -> str:
    """Return a report as a page; a chart stands before the sections, which hold its figures."""
    from cli.output.charts import svg
    from cli.output.html import render

    return render(
        "paper.html",
        paper=paper,
        grids=[section.grid and _html_grid(section.grid) for section in paper.sections],
        chart=chart and svg(chart),
    )


def _html_grid(grid: Grid) -> dict[str, object]:
    return {
        "columns": [column.heading for column in grid.columns],
        "rows": [[_shown(value) for value in row] for row in grid.rows],
        "numbers": [place for place, column in enumerate(grid.columns) if column.right],
    }


def paper_workbook(paper: Paper) -> bytes:
    """Return a report's tables as a workbook, a sheet each; amounts are numbers where they fit."""
    from cli.output.workbook import Sheet, workbook

    return workbook(
        Sheet(
            grid.name,
            [column.heading for column in grid.columns],
            [[_held(value) for value in row] for row in grid.rows],
        )
        for section in paper.sections
        if (grid := section.grid) is not None
    )


def _shown(value: object) -> object:
    """Return a value as people read it."""
    match value:
        case Change(None):
            return None
        case Change(by):
            said = str(_shown(by))
            return said if said == "0" or said.startswith("-") else f"+{said}"
        case Money():
            return value.grouped
        case Decimal():
            return f"{value.normalize():f}"
        case _:
            return value


def _held(value: object) -> object:
    """Return a value as a cell of a workbook holds it."""
    if isinstance(value, Change):
        return _held(value.by)
    return value.amount if isinstance(value, Money) else value
