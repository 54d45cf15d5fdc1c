"""Reports as pages: headings, paragraphs, lists and tables, written once for each form.

One page is text for a terminal, Markdown and HTML; what it says is said in one place. All texts in
it are text: nothing of them acts in any form.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cli.output.answers import Answer, shape
from cli.output.markdown import md_table, md_text
from cli.output.streams import style, width
from cli.output.table import Column, table
from cli.output.text import clean, paragraphs

if TYPE_CHECKING:
    from cli.output.workbook import Sheet


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 2 or 3; the page's title is the one of level 1."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `missing` marks what somebody has still to do."""

    text: str
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of points; `missing` marks what somebody has still to do."""

    items: Sequence[str]
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its caption, its columns, its rows; `numbers` are the places of number columns."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    numbers: Sequence[int] = ()


Block = Heading | Paragraph | Bullets | Grid


@dataclass(frozen=True, slots=True)
class Page:
    """A report: its title, its blocks in order, and what stands at its foot."""

    title: str
    blocks: Sequence[Block]
    foot: str = ""


def page_answer(
    page: Callable[[], Page],
    whole: object,
    rows: tuple[Sequence[str], Callable[[], Iterable[Sequence[object]]]],
    sheets: "Callable[[], Iterable[Sheet]]",
) -> Answer:
    """Return a report in all its forms; JSON gives the `whole` of what it tells, CSV its rows."""

    def csv() -> str:
        from cli.output.cells import csv_lines

        keys, made = rows
        return "".join(csv_lines([keys, *made()]))

    def xlsx() -> bytes:
        from cli.output.workbook import workbook

        return workbook(sheets())

    return Answer(
        table=lambda: page_text(page()),
        json=shape(whole),
        csv=csv,
        md=lambda: page_md(page()),
        html=lambda: page_html(page()),
        xlsx=xlsx,
    )


def page_text(page: Page) -> str:
    """Return a page for a terminal, no wider than it where that can be."""
    parts = [style(paragraphs(page.title, width()), bold=True) + "\n"]
    parts += [_TEXT[type(block)](block) for block in page.blocks]
    if page.foot:
        parts.append(paragraphs(page.foot, width()) + "\n")
    return "\n".join(parts)


def page_md(page: Page) -> str:
    """Return a page as Markdown."""
    parts = [f"# {md_text(page.title)}\n", *(_MD[type(block)](block) for block in page.blocks)]
    if page.foot:
        parts.append(f"---\n\n{md_text(page.foot)}\n")
    return "\n".join(parts)


def page_html(page: Page) -> str:
    """Return a page as HTML: one file, which asks nothing of any host."""
    from cli.output.html import render

    blocks = [(type(block).__name__, block) for block in page.blocks]
    return render("page.html", page=page, blocks=blocks, headings=headings)


def headings(block: Grid) -> Sequence[str]:
    """Return the headings of a table's columns as they stand on paper."""
    return [f"{name[:1].upper()}{name[1:]}" for name in block.columns]


def _heading_text(block: Heading) -> str:
    said = paragraphs(block.text, width())
    underline = {2: "="}.get(block.level, "-") * min(len(said.split("\n")[-1]), width())
    return f"{style(said, bold=True)}\n{underline}\n"


def _paragraph_text(block: Paragraph) -> str:
    return paragraphs(block.text, width()) + "\n"


def _bullets_text(block: Bullets) -> str:
    return "".join(paragraphs(item, width(), first="- ") + "\n" for item in block.items)


def _grid_text(block: Grid) -> str:
    columns = [
        Column(heading.upper(), flexible=place not in block.numbers, right=place in block.numbers)
        for place, heading in enumerate(block.columns)
    ]
    return f"{clean(block.caption)}\n{table(columns, block.rows)}"


def _bullets_md(block: Bullets) -> str:
    return "".join(f"- {md_text(item)}\n" for item in block.items)


def _grid_md(block: Grid) -> str:
    return f"**{md_text(block.caption)}**\n\n{md_table(headings(block), block.rows)}"


_TEXT: Mapping[type, Callable[[Any], str]] = {
    Heading: _heading_text,
    Paragraph: _paragraph_text,
    Bullets: _bullets_text,
    Grid: _grid_text,
}
_MD: Mapping[type, Callable[[Any], str]] = {
    Heading: lambda block: f"{'#' * block.level} {md_text(block.text)}\n",
    Paragraph: lambda block: f"{md_text(block.text)}\n",
    Bullets: _bullets_md,
    Grid: _grid_md,
}
