"""Answers that come in parts, so that a long one is never held as a whole.

As those of `cli.output.answers`: to standard output or to a file, which is written whole or not at
all. On a terminal a table longer than the screen is shown by the pager.
"""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

import click

from cli.output.answers import form_of, save_parts
from cli.output.streams import on_terminal, out, out_data
from cli.settings import Reading, Settings

_USUAL = (80, 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a reading command finds, in each form that it can be given in, part by part."""

    table: Callable[[], Iterator[str]]
    json: Callable[[], Iterator[str]]
    csv: Callable[[], Iterator[str]]


def give_parts(settings: Settings, reading: Reading, parts: Parts) -> None:
    """Write an answer where and how it was asked for; what nobody reads is not made."""
    form = form_of(settings, reading)
    made: Callable[[], Iterator[str]] | None = getattr(parts, form, None)
    if made is None:
        forms = ", ".join(Parts.__dataclass_fields__)
        message = f"this answer has no {form} form; it has {forms}."
        raise click.UsageError(message)
    if reading.file not in {None, "-"}:
        save_parts(str(reading.file), (part.encode() for part in made()))
    elif form == "table":
        _show(made())
    else:
        all(map(out_data, made()))


def _show(parts: Iterator[str]) -> None:
    """Write a table; by the pager where somebody looks at it and the screen is too short."""
    if not (on_terminal(sys.stdout) and on_terminal(sys.stdin)):
        all(map(out, parts))
        return
    first, lines, screen = [], 0, shutil.get_terminal_size(_USUAL).lines
    for part in parts:
        first.append(part)
        lines += part.count("\n")
        if lines >= screen:
            click.echo_via_pager(chain(first, parts))
            return
    out("".join(first))
