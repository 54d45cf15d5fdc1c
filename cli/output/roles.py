"""The City's role year by year, as a table, as sentences, as JSON and as rows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from cli.output.markdown import md_table, md_text
from cli.output.shapes import Shape
from cli.output.streams import width
from cli.output.table import Column, table
from cli.output.text import one_line, paragraphs
from cli.output.words import percent_words
from lifecycle.partners.roles import RoleYear

KEYS = ("year", "role", "unit", "amount", "percent")
"""The keys of a row: how many agreements, or how much of a currency, have a role in a year."""

_NOT_STATED = "not stated"
_NONE = "No agreement was in force in these years.\n"


def roles_shape(years: Sequence[RoleYear], roles: Sequence[str]) -> list[Shape]:
    """Return the years as JSON; percentages are of those that state a role."""
    return [
        {
            "year": year.year,
            "in_force": year.in_force,
            "stated": year.stated,
            "not_stated": year.in_force - year.stated,
            "roles": {
                role: {
                    "agreements": year.agreements.get(role, 0),
                    "percent": _text(year.share(role)),
                }
                for role in roles
            },
            "funding": [_funding(year, currency, roles) for currency in year.funding],
        }
        for year in years
    ]


def roles_rows(years: Sequence[RoleYear], roles: Sequence[str]) -> Iterator[Shape]:
    """Yield the years as rows: one for each role and unit, and for what is not stated."""
    for year in years:
        for role in (*roles, None):
            share = year.share(role) if role else None
            count = year.agreements.get(role, 0)
            yield _row(year.year, role, "agreements", count, share)
        for currency, amounts in year.funding.items():
            for role in (*roles, None):
                if role in amounts:
                    share = year.funding_share(role, currency) if role else None
                    yield _row(year.year, role, currency, amounts[role].plain, share)


def roles_text(years: Sequence[RoleYear], roles: Sequence[str]) -> str:
    """Return the years as people read them, with a sentence on the last one."""
    if not years:
        return _NONE
    headings, rows = _grid(years, roles)
    columns = [Column(heading.upper(), right=True) for heading in headings]
    return f"{table(columns, rows)}\n{paragraphs(_sentence(years[-1], roles), width())}\n"


def roles_markdown(years: Sequence[RoleYear], roles: Sequence[str]) -> str:
    """Return the same as Markdown."""
    if not years:
        return _NONE
    return f"{md_table(*_grid(years, roles))}\n{md_text(_sentence(years[-1], roles))}\n"


def _grid(
    years: Sequence[RoleYear], roles: Sequence[str]
) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
    """Return headings and a row for years alike; of the funding, the share of the first role."""
    first = roles[0]
    currencies = tuple(dict.fromkeys(name for year in years for name in year.funding))
    headings = ("year", "in force", *roles, _NOT_STATED)
    rows = [
        [
            _span(alike),
            year.in_force,
            *(_count(year, role) for role in roles),
            year.in_force - year.stated,
            *(_share(year.funding_share(first, name)) for name in currencies),
        ]
        for alike in _alike(years)
        for year in alike[-1:]
    ]
    return (*headings, *(f"{first} in {name}" for name in currencies)), rows


def _alike(years: Sequence[RoleYear]) -> Iterator[Sequence[RoleYear]]:
    """Yield years that follow on each other and have the same figures, together."""
    for _same, alike in groupby(years, lambda year: replace(year, year=0)):
        yield tuple(alike)


def _span(years: Sequence[RoleYear]) -> str:
    first, last = years[0].year, years[-1].year
    return str(first) if first == last else f"{first} to {last}"


def _sentence(year: RoleYear, roles: Sequence[str]) -> str:
    shares = [
        f"{role} in {year.agreements.get(role, 0)} ({_share(year.share(role))})" for role in roles
    ]
    of = f"{year.stated} of the {year.in_force} in force"
    head = f"In {year.year}, {of} state the City's role"
    return one_line(f"{head}: {', '.join(shares)}." if year.stated else f"{head}.")


def _funding(year: RoleYear, currency: str, roles: Sequence[str]) -> Shape:
    amounts = year.funding[currency]
    return {
        "currency": currency,
        "not_stated": amounts[None].plain if None in amounts else "0",
        "roles": {
            role: {
                "amount": amounts[role].plain if role in amounts else "0",
                "percent": _text(year.funding_share(role, currency)),
            }
            for role in roles
        },
    }


def _row(year: int, role: str | None, unit: str, amount: object, share: object) -> Shape:
    values = (year, role or _NOT_STATED, unit, amount, _text(share))
    return dict(zip(KEYS, values, strict=True))


def _count(year: RoleYear, role: str) -> str:
    share = year.share(role)
    count = year.agreements.get(role, 0)
    return str(count) if share is None else f"{count} ({_share(share)})"


def _share(share: Decimal | None) -> str:
    return percent_words(share) or "-"


def _text(share: object) -> str | None:
    return None if share is None else str(share)
