"""What `import` was told on the command line, as the legend of a table and how to read its file."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import click

from lifecycle.intake.legend import Legend
from states.names import plain
from store.tabular.reading import How

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The options as they were typed."""

    columns: Pairs
    constants: Pairs
    types: Pairs
    states: Pairs
    countries: Pairs
    partners: Pairs
    only: Pairs
    dates: str | None
    sheet: str | None
    heading: int | None
    separator: str | None
    encoding: str | None


def how_told(told: Told) -> tuple[Legend, How]:
    """Return what the options say.

    Raises UsageError for an encoding that there is not, and for two answers to one question.
    """
    legend = Legend(
        columns={field: tuple(headings) for field, headings in _several(told.columns).items()},
        constants=_once("--set", told.constants),
        types=_words("--types", told.types),
        states=_words("--states", told.states),
        countries=_words("--countries", told.countries),
        partners=_words("--partner", told.partners),
        only={
            heading: frozenset(map(plain, said)) for heading, said in _several(told.only).items()
        },
        dates=told.dates,
    )
    if told.encoding is not None:
        _insist_on(told.encoding)
    how = How(
        sheet=told.sheet,
        heading=told.heading,
        separator=told.separator,
        encoding=told.encoding,
    )
    return legend, how


def _several(pairs: Pairs) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for left, right in pairs:
        found[left].append(right)
    return found


def _words(option: str, pairs: Pairs) -> dict[str, str]:
    return _once(option, ((plain(words), meaning) for words, meaning in pairs))


def _once(option: str, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what an option says of each word; refuses two answers to one question."""
    found: dict[str, str] = {}
    for words, meaning in pairs:
        if found.setdefault(words, meaning) != meaning:
            message = f"{option} says of {words!r} both {found[words]!r} and {meaning!r}."
            raise click.UsageError(message)
    return found


def _insist_on(encoding: str) -> None:
    try:
        # Other codecs than those of texts are refused: they unpack, or scramble.
        b" ".decode(encoding, "replace")
    except (LookupError, TypeError, ValueError) as error:
        message = f"no encoding is called {encoding!r}; one is windows-1252."
        raise click.UsageError(message) from error
