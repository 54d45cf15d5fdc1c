"""Reads files that are to be attached: no more of each than the policy's limits take.

A file's name is kept without its folder, normalised, and without characters that would act instead
of being read. What is wrong with several files is told of all of them at once.
"""

import os
import stat
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from cli.output.streams import talk
from cli.output.text import one_line
from cli.session import Session
from guards.policy import Attachments
from lifecycle.attaching import MEGABYTE, Paper
from lifecycle.matter import judging
from states.problem import InvalidInputError, Problem
from states.standing import Standing

_CHUNK = 256 * 1024
_ACTING = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_LONGEST = 200
_PDF, _SOON = b"%PDF", 1024


def papers_of(
    session: Session, standing: Standing, files: Sequence[str], kind: str, *, public: bool = False
) -> list[Paper]:
    """Return files as they will be attached to an agreement.

    Raises InvalidInputError for what can't be read, and for what the policy's limits don't take.
    """
    if not files:
        return []
    with session.store.reading() as reader:
        limits = judging(reader, standing, session.today).policy.attachments
    papers: list[Paper] = []
    problems: list[Problem] = []
    for file in files:
        try:
            papers.append(Paper(name_of(file, limits), kind, _read(file, limits), public=public))
        except InvalidInputError as error:
            problems += error.problems
    if problems:
        raise InvalidInputError(problems)
    for paper in papers:
        _look_at(paper)
    return papers


def name_of(file: str, limits: Attachments) -> str:
    """Return the name that a file is kept under; raises InvalidInputError for its ending."""
    plain = unicodedata.normalize("NFC", os.path.basename(file.rstrip("/")))  # noqa: PTH119 - as text
    name = "".join(c for c in plain if unicodedata.category(c) not in _ACTING).strip()
    stem, dot, ending = name.rpartition(".")
    if f"{dot}{ending}".lower() not in limits.endings:
        what = f"a file whose name ends in .{ending}" if dot else "a file without an ending"
        message = f"{what} is not attached under this policy"
        raise InvalidInputError([Problem("bad_ending", message, file, allowed=limits.endings)])
    if not stem.strip():
        message = "nothing of its name is left but the ending; give it a name that can be read"
        raise InvalidInputError([Problem("bad_name", message, file)])
    return f"{stem[: _LONGEST - len(ending)]}.{ending}"


def _read(file: str, limits: Attachments) -> bytes:
    most = limits.largest_mb * MEGABYTE
    body = bytearray()
    try:
        with Path(file).open("rb") as stream:
            info = os.fstat(stream.fileno())
            if stat.S_ISREG(info.st_mode) and info.st_size > most:
                raise _too_long(file, limits)
            while chunk := stream.read(min(_CHUNK, most + 1 - len(body))):
                body += chunk
    except IsADirectoryError as error:
        message = "this is a folder; attach the files in it"
        raise InvalidInputError([Problem("folder", message, file)]) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        problem = Problem("unreadable", f"it can't be read: {reason}", file)
        raise InvalidInputError([problem]) from error
    if not body:
        raise InvalidInputError([Problem("empty", "there is nothing in it", file)])
    if len(body) > most:
        raise _too_long(file, limits)
    return bytes(body)


def _too_long(file: str, limits: Attachments) -> InvalidInputError:
    message = f"it is larger than {limits.largest_mb} MB, and no larger file is attached"
    hint = "make it smaller, or let the policy take more: attachments.largest_mb"
    return InvalidInputError([Problem("too_long", message, file, hint=hint)])


def _look_at(paper: Paper) -> None:
    """Warn of a file that is called a PDF and is none."""
    if paper.name.lower().endswith(".pdf") and _PDF not in paper.body[:_SOON]:
        talk(f"warning: {one_line(paper.name)} is called a PDF, and it is none.\n")
