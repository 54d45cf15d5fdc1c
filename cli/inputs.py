"""Reads what commands are given: files, standard input, and documents with their reference."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from states.agreement import Agreement
from states.problem import InvalidInputError, Problem
from states.ref import Ref
from states.schema import read
from store.documents import LARGEST, read_toml

T = TypeVar("T")

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Document:
    """One agreement's document as a file states it; a new one has neither ref nor version."""

    file: str
    agreement: Agreement
    ref: Ref | None = None
    version: int | None = None


def bytes_of(file: str, *, most: int = LARGEST) -> tuple[str, bytes]:
    """Return a file's name for messages, and its bytes; `-` is standard input.

    Of a file that is too large no more is read than shows that it is.
    """
    try:
        if file == STDIN:
            name, data = "standard input", sys.stdin.buffer.read(most + 1)
        else:
            name = file
            with Path(file).open("rb") as stream:
                data = stream.read(most + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        problem = Problem("unreadable", f"it can't be read: {reason}", file)
        raise InvalidInputError([problem]) from error
    return name, data


def sheet_of(cls: type[T], file: str) -> tuple[str, T]:
    """Return a file's name and what it states, as a `cls`; raises InvalidInputError."""
    name, data = bytes_of(file)
    keys = read_toml(data, name)
    if not keys:
        message = "there is nothing in it, and an empty sheet would stand over the one before"
        raise InvalidInputError([Problem("empty", message, name)])
    return name, read(cls, keys, file=name)


def document_of(file: str) -> Document:
    """Return the document that a file holds; raises InvalidInputError with all its problems."""
    name, data = bytes_of(file)
    return parsed(data, name)


def parsed(data: bytes | str, file: str) -> Document:
    """Return the document that a TOML text states; raises InvalidInputError."""
    keys = dict(read_toml(data, file))
    problems: list[Problem] = []
    told = "ref" in keys
    ref = _ref(keys, file, problems)
    version = _version(keys, file, problems)
    if version is not None and not told:
        message = "a version says which agreement was read, and no ref says which one that is"
        hint = "put ref back, or leave version out to propose a new agreement"
        problems.append(Problem("missing_key", message, file, None, "ref", hint=hint))
    try:
        agreement = read(Agreement, keys, file=file)
    except InvalidInputError as error:
        raise InvalidInputError([*problems, *error.problems]) from error
    if problems:
        raise InvalidInputError(problems)
    return Document(file, agreement, ref, version)


def documents_of(files: tuple[str, ...]) -> list[Document]:
    """Return the documents of several files; raises InvalidInputError with everybody's problems."""
    if files.count(STDIN) > 1:
        message = "standard input can be read only once."
        raise click.UsageError(message)
    documents: list[Document] = []
    problems: list[Problem] = []
    for file in files:
        try:
            document = document_of(file)
            if document.ref and document.ref in {other.ref for other in documents}:
                message = f"{document.ref} stands in another of the files as well"
                problems.append(Problem("repeated", message, document.file, None, "ref"))
            documents.append(document)
        except InvalidInputError as error:
            problems += error.problems
    if problems:
        raise InvalidInputError(problems)
    return documents


def _ref(keys: dict[str, Any], file: str, problems: list[Problem]) -> Ref | None:
    text = keys.pop("ref", None)
    if text is None:
        return None
    try:
        return Ref.parse(text if isinstance(text, str) else "")
    except ValueError:
        message = f"{str(text)[:60]!r} is not a reference like TOR-2026-003"
        problems.append(Problem("bad_ref", message, file, None, "ref"))
    return None


def _version(keys: dict[str, Any], file: str, problems: list[Problem]) -> int | None:
    version = keys.pop("version", None)
    if version is None or (isinstance(version, int) and not isinstance(version, bool)):
        return version
    message = "a whole number is expected, as lifecycle show REF --document gives it"
    problems.append(Problem("wrong_type", message, file, None, "version"))
    return None
