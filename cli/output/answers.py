"""Answers of reading commands: in which form, and to standard output or to a file.

The form is what `--format` says, else the ending of the file, else JSON under `--json`, else a
table. A file is written whole or not at all. What only files and CSV need is imported when
they are asked for: `list` comes through here, and is to be fast.
"""

import os
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from cli.output.shapes import json_text
from cli.output.streams import OutputError, out, out_data
from cli.output.text import one_line
from cli.settings import Reading, Settings

_ENDINGS = {".json": "json", ".csv": "csv", ".toml": "toml", ".txt": "table", ".jsonl": "json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a reading command has found, in each form that it can be given in."""

    table: Callable[[], str]
    json: Callable[[], str]
    csv: Callable[[], str] | None = None
    toml: Callable[[], str] | None = None


def shape(value: object) -> Callable[[], str]:
    """Return the JSON form of a value."""
    return lambda: json_text(value)


def csv_of(keys: Sequence[str], shapes: Sequence[Mapping[str, Any]]) -> Callable[[], str]:
    """Return the CSV form of shapes; lists are joined by blanks."""

    def text() -> str:
        import csv
        import io

        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(keys)
        writer.writerows([_plain(item.get(key)) for key in keys] for item in shapes)
        return file.getvalue()

    return text


def give(settings: Settings, reading: Reading, answer: Answer) -> None:
    """Write an answer where and how it was asked for."""
    form = form_of(settings, reading)
    writer: Callable[[], str] | None = getattr(answer, form)
    if writer is None:
        forms = [name for name in Answer.__dataclass_fields__ if getattr(answer, name)]
        message = f"this answer has no {form} form; it has {', '.join(forms)}."
        raise click.UsageError(message)
    text = writer()
    if reading.file not in {None, "-"}:
        save(str(reading.file), text.encode())
    elif form == "table":
        out(text)
    else:
        out_data(text)


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


def _plain(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, list) else value
