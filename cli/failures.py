"""Tells what went wrong: on stderr for people, with `--json` on stdout; never a traceback.

Exit code 2 is wrong usage or bad input, 3 is what could not be done. Whatever is neither is a
bug: it goes to the log of bugs, and the user is told where that is.
"""

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from cli.output.streams import OutputError, out, talk, width
from cli.output.text import clean, one_line, paragraphs
from cli.settings import Settings

if TYPE_CHECKING:
    from states.problem import InvalidInputError

WRONG, COULD_NOT = 2, 3

_USAGE_CODES = frozenset({"unknown_program", "several_programs", "bad_url"})
"""What the store says of the options it was given: bad input, and no failure of its own."""

_NEXT = {
    errno.ENOSPC: "free some space, then repeat",
    errno.EDQUOT: "free some space of yours, then repeat",
    errno.EFBIG: "files may not grow that large here; name another place",
    errno.EROFS: "it is on a disk that can only be read; name another place",
    errno.ENOENT: "see that the name is right, then repeat",
    errno.EMFILE: "close other programs, then repeat",
}
"""What to do about what the operating system could not do."""

_MOST_TOLD = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One error as it is told: the keys of the JSON form."""

    code: str
    message: str
    file: str | None = None
    line: int | None = None
    key: str | None = None
    allowed: Sequence[str] = ()
    hint: str | None = None

    def shape(self) -> dict[str, Any]:
        """Return the error as JSON; what is missing is null."""
        return {
            "code": self.code,
            "message": self.message,
            "file": self.file,
            "line": self.line,
            "key": self.key,
            "allowed": list(self.allowed) or None,
            "hint": self.hint,
        }

    def text(self) -> str:
        """Return the error as people read it."""
        line = f"line {self.line}" if self.line else None
        where = ", ".join(clean(part) for part in (self.file, line) if part)
        what = ": ".join(part for part in (where, self.key, self.message) if part)
        lines = [paragraphs(what, width(), first="error: ")]
        if any(" " in word for word in self.allowed):
            lines.append("  one of:")
            lines += [paragraphs(word, width(), first="    ") for word in self.allowed]
        elif self.allowed:
            allowed = ", ".join(self.allowed)
            lines.append(paragraphs(allowed, width(), first="  allowed: "))
        if self.hint:
            lines.append(paragraphs(self.hint, width(), first="  hint: "))
        return "\n".join(lines) + "\n"


def told(error: Exception, settings: Settings) -> int:
    """Tell an error and return the exit code that it ends the program with."""
    if isinstance(error, BrokenPipeError):
        return 0
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and not settings.json:
        talk(f"{error.format_message()}\n")
        return WRONG
    code, failures = _failures(error, settings)
    if settings.json and not isinstance(error, OutputError):
        code = _tell_json(failures, code)
    else:
        talk("".join(failure.text() for failure in failures[:_MOST_TOLD]))
        if len(failures) > _MOST_TOLD:
            talk(f"... and {len(failures) - _MOST_TOLD} more.\n")
    return code


def _tell_json(failures: Sequence[Failure], code: int) -> int:
    from cli.output.shapes import json_text

    try:
        out(json_text({"errors": [failure.shape() for failure in failures]}))
    except OutputError as full:
        talk(f"error: the answer could not be written: {one_line(full)}\n")
        return COULD_NOT
    return code


def failures_of(error: "InvalidInputError") -> list[Failure]:
    """Return the problems of an input as they are told."""
    return [
        Failure(
            code=problem.code,
            message=problem.message,
            file=problem.file,
            line=problem.line,
            key=problem.key,
            allowed=problem.allowed,
            hint=problem.hint,
        )
        for problem in error.problems
    ]


def _failures(error: Exception, settings: Settings) -> tuple[int, list[Failure]]:
    if isinstance(error, click.UsageError):
        return WRONG, [_usage(error)]
    if isinstance(error, click.ClickException):
        return WRONG, [Failure(code="bad_input", message=error.format_message())]
    if isinstance(error, OutputError):
        message = f"the answer could not be written: {error}"
        return COULD_NOT, [Failure(code="output", message=message, hint=error.hint)]
    return _of_the_core(error) or _of_the_system(error, settings)


def _usage(error: click.UsageError) -> Failure:
    message = error.message
    param = getattr(error, "param", None)
    if isinstance(error, click.MissingParameter):
        message = error.format_message()
    elif getattr(error, "possibilities", None):
        message = message.split("\n", 1)[0]
    hint = f"{error.ctx.command_path} --help explains it" if error.ctx else None
    close = tuple(getattr(error, "possibilities", None) or ())
    if close:
        hint = f"did you mean {' or '.join(close)}?"
    return Failure(
        code="usage", message=message, key=_called(param, error), allowed=_allowed(param), hint=hint
    )


def _called(param: click.Parameter | None, error: click.UsageError) -> str | None:
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    if param is not None:
        return param.make_metavar(error.ctx).strip("[]") if error.ctx else param.human_readable_name
    return None


def _allowed(param: click.Parameter | None) -> Sequence[str]:
    if param is not None and isinstance(param.type, click.Choice):
        return tuple(map(str, param.type.choices))
    return ()


def _of_the_core(error: Exception) -> tuple[int, list[Failure]] | None:
    from lifecycle.errors import NightRefusedError, StoreError, UnknownRefError
    from states.problem import InvalidInputError

    if isinstance(error, InvalidInputError):
        return WRONG, failures_of(error)
    if isinstance(error, UnknownRefError):
        hint = "lifecycle list shows them all"
        return WRONG, [Failure(code="unknown_ref", message=str(error), key="REF", hint=hint)]
    if isinstance(error, StoreError):
        code = WRONG if error.code in _USAGE_CODES else COULD_NOT
        return code, [Failure(code=error.code, message=error.message, hint=error.hint)]
    if isinstance(error, NightRefusedError):
        return COULD_NOT, [Failure(code=error.code, message=error.message, hint=error.hint)]
    return None


def _of_the_system(error: Exception, settings: Settings) -> tuple[int, list[Failure]]:
    if isinstance(error, OSError):
        message = ": ".join(str(part) for part in (error.filename, error.strerror or error) if part)
        hint = _NEXT.get(error.errno or 0, "see that it is there and yours to use, then repeat")
        return COULD_NOT, [Failure(code="system", message=message, hint=hint)]
    from cli.bugs import written_down

    where = written_down(error, settings)
    message = f"this is a bug in the program: {type(error).__name__}"
    hint = f"the details are in {where}; please report them" if where else "please report it"
    return COULD_NOT, [Failure(code="bug", message=message, hint=hint)]
