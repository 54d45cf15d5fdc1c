"""Answers of reading commands: in which form, and to standard output or to a file.

The form is what `--format` says, else the ending of the file, else JSON under `--json`, else a
table. A file is written whole or not at all. What only files and CSV need is imported when
they are asked for: `list` comes through here, and is to be fast.
"""

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import click

from cli.output.shapes import json_text
from cli.output.streams import OutputError, on_terminal, out, out_bytes, out_data
from cli.output.text import one_line
from cli.settings import Reading, Settings

_ENDINGS = {
    ".json": "json",
    ".jsonl": "json",
    ".csv": "csv",
    ".toml": "toml",
    ".txt": "table",
    ".md": "md",
    ".html": "html",
    ".xlsx": "xlsx",
    ".png": "png",
}

_LINES = 1_000
_BINARY = frozenset({"xlsx", "png"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a reading command has found, in each form that it can be given in.

    What may be long is given in parts, each of whole lines, that are written as they are made.
    """

    table: Callable[[], str]
    json: Callable[[], str | Iterable[bytes]]
    csv: Callable[[], str | Iterable[bytes]] | None = None
    toml: Callable[[], str] | None = None
    md: Callable[[], str] | None = None
    html: Callable[[], str] | None = None
    xlsx: Callable[[], bytes] | None = None
    png: Callable[[], bytes] | None = None


def shape(value: object) -> Callable[[], str]:
    """Return the JSON form of a value."""
    return lambda: json_text(value)


def csv_of(keys: Sequence[str], shapes: Sequence[Mapping[str, Any]]) -> Callable[[], str]:
    """Return the CSV form of shapes; lists are joined by blanks."""

    def text() -> str:
        from cli.output.cells import csv_lines

        return "".join(csv_lines([keys, *([item.get(key) for key in keys] for item in shapes)]))

    return text


def csv_parts(
    keys: Sequence[str], shapes: Iterable[Mapping[str, Any]]
) -> Callable[[], Iterator[bytes]]:
    """Return the CSV form of shapes, written while they are read."""

    def parts() -> Iterator[bytes]:
        from cli.output.cells import csv_lines

        rows = ([item.get(key) for key in keys] for item in shapes)
        return parts_of(csv_lines(chain([keys], rows)))

    return parts


def parts_of(lines: Iterable[str]) -> Iterator[bytes]:
    """Yield lines as parts that are worth writing."""
    rest = iter(lines)
    while some := "".join(islice(rest, _LINES)):
        yield some.encode()


def give(settings: Settings, reading: Reading, answer: Answer) -> None:
    """Write an answer where and how it was asked for."""
    form = form_of(settings, reading)
    writer: Callable[[], str | bytes | Iterable[bytes]] | None = getattr(answer, form)
    if writer is None:
        forms = [name for name in Answer.__dataclass_fields__ if getattr(answer, name)]
        message = f"this answer has no {form} form; it has {', '.join(forms)}."
        raise click.UsageError(message)
    to_file = reading.file not in {None, "-"}
    if form in _BINARY and not to_file and on_terminal(sys.stdout):
        message = f"{form} is no text for a terminal; name a file for it: -o FILE.{form}"
        raise click.UsageError(message)
    made = writer()
    if not isinstance(made, str | bytes):
        give_parts(reading.file, made)
    elif to_file:
        save(str(reading.file), made.encode() if isinstance(made, str) else made)
    elif isinstance(made, bytes):
        out_bytes(made)
    elif form == "table":
        out(made)
    else:
        out_data(made)


def give_bytes(settings: Settings, reading: Reading, body: bytes, value: object) -> None:
    """Write a file's exact bytes, whatever the ending of its name; or a value as JSON."""
    ending = Path(str(reading.file)).suffix.lower() if reading.file else ""
    asked = reading.form or ("json" if ending == ".json" or settings.json else "table")
    if asked not in {"json", "table"}:
        message = f"this answer has no {asked} form; it has table, json."
        raise click.UsageError(message)
    data = json_text(value).encode() if asked == "json" else body
    if reading.file not in {None, "-"}:
        save(str(reading.file), data)
    else:
        out_bytes(data)


def form_of(settings: Settings, reading: Reading) -> str:
    """Return the form that an answer was asked for in."""
    return reading.form or _by_ending(reading.file) or ("json" if settings.json else "table")


def _by_ending(file: str | None) -> str | None:
    if file in {None, "-"}:
        return None
    ending = Path(str(file)).suffix.lower()
    if ending and ending not in _ENDINGS and not is_special(Path(str(file))):
        known = ", ".join(_ENDINGS)
        message = f"{ending} is no format that is known ({known}); choose one with --format."
        raise click.UsageError(message)
    return _ENDINGS.get(ending)


def save(file: str, data: bytes) -> None:
    """Write a file whole or not at all; one that is there is replaced, and keeps its mode.

    Raises OutputError.
    """
    save_parts(file, (data,))


def save_parts(file: str, parts: Iterable[bytes]) -> None:
    """Write a file as `save` does, piece by piece; raises OutputError."""
    path = Path(file)
    try:
        if is_special(path):
            with path.open("wb") as stream:
                stream.writelines(parts)
        else:
            _replace(path, parts)
    except OSError as error:
        message = f"{one_line(file)}: {error.strerror}"
        raise OutputError(message) from error


def give_parts(file: str | None, parts: Iterable[bytes]) -> None:
    """Write an export piece by piece, to a file as `save` does or to standard output.

    Each piece is whole text; a terminal gets it cleaned. Raises OutputError.
    """
    if file not in {None, "-"}:
        save_parts(str(file), parts)
    elif on_terminal(sys.stdout):
        all(out_data(part.decode().replace("\r\n", "\n")) for part in parts)
    else:
        # Nobody reads on: what is left need not be made.
        all(out_bytes(part) for part in parts)


def is_special(path: Path) -> bool:
    """Whether a path is a device or a pipe, which is written to and not replaced."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _replace(path: Path, parts: Iterable[bytes]) -> None:
    import tempfile

    target = path.resolve()
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(parts)
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
