"""Writes to standard output and standard error: stdout is data, stderr is talk.

A closed pipe is no error: what nobody reads is dropped, and the command goes on to its end. A full
disk is one, told as `OutputError`. Colours are only for terminals, and NO_COLOR is respected.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import IO

import click

from cli.output.text import clean

_NARROWEST, _WIDEST, _USUAL = 40, 200, 80
_PLAIN = str.maketrans({"→": "->", "✗": "x", "✓": "v", "…": "...", "·": "-"})


class OutputError(Exception):
    """The answer could not be written, for a reason other than a closed pipe."""

    hint = "what the command did, stands; see lifecycle log before you repeat it"


def out(text: str) -> bool:
    """Write to standard output; returns False once nobody reads it any more."""
    return _write(sys.stdout, text)


def talk(text: str) -> None:
    """Write to standard error."""
    _write(sys.stderr, text)


def out_data(text: str) -> bool:
    """Write text for machines; only a terminal gets it cleaned, since it could act on that."""
    return out(clean(text) if on_terminal(sys.stdout) else text)


def out_bytes(data: bytes) -> bool:
    """Write a file's bytes to standard output; returns False once nobody reads it any more."""
    stream = sys.stdout
    if not hasattr(stream, "buffer"):
        # Whoever takes what is printed as text, as the demo does.
        return out(data.decode(errors="replace"))

    def write() -> None:
        stream.flush()
        stream.buffer.write(data)
        stream.buffer.flush()

    return _guarded(stream, write)


def on_terminal(stream: IO[str] | None) -> bool:
    """Whether a stream is a terminal that somebody may look at."""
    return stream is not None and not stream.closed and stream.isatty()


def width() -> int:
    """Return how many columns there are to write on: the terminal's, else 80."""
    if on_terminal(sys.stdout) or os.environ.get("COLUMNS"):
        import shutil

        columns = shutil.get_terminal_size((_USUAL, 24)).columns
        return min(max(columns, _NARROWEST), _WIDEST)
    return _USUAL


def style(text: str, **looks: bool | str) -> str:
    """Return `text` with colours or weight, where standard output may have them."""
    return click.style(text, **looks) if _colourful() else text  # type: ignore[arg-type]


def _colourful() -> bool:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return on_terminal(sys.stdout) and not plain


def _write(stream: IO[str] | None, text: str) -> bool:
    return stream is None or _guarded(stream, lambda: _text(stream, text))


def _text(stream: IO[str], text: str) -> None:
    if not text.isascii():
        encoding = getattr(stream, "encoding", None) or "utf-8"
        plain = text if "utf" in encoding.lower() else text.translate(_PLAIN)
        text = plain.encode(encoding, "backslashreplace").decode(encoding)
    stream.write(text)
    stream.flush()


def _guarded(stream: IO[str], write: Callable[[], None]) -> bool:
    try:
        write()
    except BrokenPipeError:
        _silence(stream)
        return False
    except OSError as error:
        _silence(stream)
        raise OutputError(error.strerror or str(error)) from error
    return True


def _silence(stream: IO[str]) -> None:
    """Let what is still buffered go nowhere, or the interpreter fails on it as it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
