"""What `lifecycle partner list` does: makes the registry, and shows who is asked for."""

from dataclasses import dataclass

from cli.narrowing import codes_of
from cli.output.answers import Answer, csv_of, give
from cli.output.markdown import md_table
from cli.output.partners import KEYS, partner_shape, partners_table, row_of
from cli.output.shapes import json_rows
from cli.output.workbook import xlsx_of
from cli.partners import all_partners
from cli.session import opened
from cli.settings import Reading, Settings
from lifecycle.partners.registry import Wanted


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which partners are asked for, as it was typed."""

    text: str | None
    side: str | None
    kind: str | None
    country: str | None
    alternative: bool


def list_partners(settings: Settings, reading: Reading, asked: Narrowing) -> None:
    """Print the partners that are asked for."""
    wanted = Wanted(
        side=asked.side,
        kind=asked.kind,
        country=codes_of((asked.country,))[0] if asked.country else None,
        alternative=asked.alternative or None,
        text=asked.text,
    )
    with opened(settings) as session, session.store.reading() as reader:
        every = all_partners(reader)
    partners = [one for one in every if wanted.asks_for(one)]
    none = "There is no such partner.\n" if every else "There is no partner yet.\n"
    shapes = [partner_shape(one) for one in partners]
    rows = [row_of(one) for one in shapes]
    answer = Answer(
        table=lambda: partners_table(partners) if partners else none,
        json=lambda: json_rows(shapes),
        csv=csv_of(KEYS, rows),
        md=lambda: md_table(KEYS, [[row[key] for key in KEYS] for row in rows]),
        xlsx=xlsx_of("Partners", KEYS, rows),
    )
    give(settings, reading, answer)
