"""TOML files: reading them with errors that say where, and the numbers in them as Decimal."""

import codecs
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from states.problem import InvalidInputError, Problem

LARGEST = 8 * 1024 * 1024
"""The most bytes that a document's file may have."""

_WHERE = re.compile(r" \(at line (\d+), column \d+\)$")


def read_toml(data: bytes | str, file: str | None = None) -> Mapping[str, Any]:
    """Return what a TOML text states; raises InvalidInputError with the line of a fault."""
    if len(data) > LARGEST:
        message = f"{len(data):,} bytes; at most {LARGEST:,} are read"
        raise InvalidInputError([Problem("too_long", message, file)])
    try:
        text = (
            data.removeprefix(codecs.BOM_UTF8).decode("utf-8") if isinstance(data, bytes) else data
        )
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        message = "this is not UTF-8 text"
        raise InvalidInputError([Problem("not_utf8", message, file, line)]) from error
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        found = _WHERE.search(str(error))
        # What is still open at the end of the text is told with its last line.
        line = int(found[1]) if found else text.rstrip().count("\n") + 1
        message = f"this is not TOML: {_WHERE.sub('', str(error))}"
        hint = "lifecycle propose --template prints a document to start from"
        problem = Problem("bad_toml", message, file, line, hint=hint)
        raise InvalidInputError([problem]) from error
    except (RecursionError, ValueError, ArithmeticError) as error:
        message = "this is nested too deeply, or a number in it is out of all bounds"
        raise InvalidInputError([Problem("bad_toml", message, file)]) from error
