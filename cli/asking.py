"""Questions, on a terminal only: where nobody can answer, a question is wrong usage."""

import sys

import click

from cli.output.streams import on_terminal, talk
from cli.output.text import one_line


def can_ask() -> bool:
    """Whether somebody sits there to answer."""
    return on_terminal(sys.stdin) and on_terminal(sys.stderr)


def confirmed(question: str, *, yes: bool, otherwise: str) -> bool:
    """Ask a question with yes or no; nobody there is a usage error that names the way out."""
    if yes:
        return True
    if not can_ask():
        raise click.UsageError(otherwise)
    return agreed(question, usual=False)


def agreed(question: str, *, usual: bool) -> bool:
    """Ask somebody on a terminal; Enter alone gives the usual answer, the end of input a no."""
    while True:
        answer = asked(f"{one_line(question)} [{'Y/n' if usual else 'y/N'}] ")
        if answer is None:
            return False
        if answer.casefold() in {"y", "yes"} or (usual and not answer):
            return True
        if answer.casefold() in {"", "n", "no"}:
            return False


def chosen(question: str, options: list[str]) -> int:
    """Let somebody on a terminal choose; returns the index, and choosing none is wrong usage."""
    index = _choice(question, options)
    if index is None:
        message = "Nothing was chosen, and nothing was changed."
        raise click.UsageError(message)
    return index


def picked(question: str, options: list[str]) -> int | None:
    """Let somebody on a terminal choose among several; Enter alone chooses none."""
    return _choice(question, options)


def _choice(question: str, options: list[str]) -> int | None:
    if len(options) == 1:
        return 0 if agreed(f"Is {options[0]} meant?", usual=False) else None
    for number, option in enumerate(options, 1):
        talk(f"  {number}  {one_line(option)}\n")
    while True:
        answer = asked(f"{one_line(question)} [1-{len(options)}, Enter for none] ")
        if not answer:
            return None
        if answer.isascii() and answer.isdecimal() and 1 <= int(answer) <= len(options):
            return int(answer) - 1


def asked(prompt: str) -> str | None:
    """Return what somebody on a terminal types, or None at the end of input."""
    talk(prompt)
    line = sys.stdin.readline()
    if not line:
        talk("\n")
        return None
    return line.strip()
