"""What is wrong with a file as a whole; nothing of it is taken then."""

from states.problem import InvalidInputError, Problem


def wrong(
    file: str, code: str, message: str, line: int | None = None, hint: str | None = None
) -> InvalidInputError:
    """Return the error that refuses a file."""
    return InvalidInputError([Problem(code, message, file, line, hint=hint)])


def locked(file: str) -> InvalidInputError:
    """Return the error that refuses a workbook with a password."""
    message = "it is locked with a password"
    return wrong(file, "locked", message, hint="open it, take the password off, and save it")
