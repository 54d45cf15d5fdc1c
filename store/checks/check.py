"""One thing looked at, and how a look that fails becomes a finding instead of ending the others."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from lifecycle.errors import StoreError
from states.problem import InvalidInputError


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: whether it is in order, what was seen, and how to mend it.

    A note is neither: what can't be looked at, or what is worth knowing and nothing to mend.
    """

    name: str
    ok: bool
    message: str
    fix: str | None = None
    note: bool = False

    @property
    def status(self) -> str:
        """What was found, in one word."""
        if self.note:
            return "note"
        return "ok" if self.ok else "finding"


Look = Callable[[], Iterable[Check]]


def good(name: str, message: str) -> Check:
    """Return that something is in order."""
    return Check(name, ok=True, message=message)


def finding(name: str, message: str, fix: str) -> Check:
    """Return that something is not in order, and how to mend it."""
    return Check(name, ok=False, message=message, fix=fix)


def note(name: str, message: str, fix: str | None = None) -> Check:
    """Return what is worth knowing, or could not be looked at."""
    return Check(name, ok=True, message=message, fix=fix, note=True)


def looked(name: str, look: Look) -> Iterator[Check]:
    """Yield what a look finds; one that fails is a finding of its own, whatever it failed of."""
    try:
        yield from look()
    except InvalidInputError as error:
        for problem in error.problems:
            line = f"line {problem.line}" if problem.line else None
            where = ", ".join(part for part in (problem.file, line, problem.key) if part)
            said = f"{where}: {problem.message}" if where else problem.message
            yield finding(name, said, problem.hint or _allowed(problem.allowed) or "correct it")
    except StoreError as error:
        yield finding(name, error.message, error.hint or "lifecycle db check says more")
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        said = f"this could not be looked at: {where}{error.strerror or error}"
        yield finding(name, said, "make it readable for you, or ask who can")
    except Exception as error:  # noqa: BLE001 - whatever is broken, the other looks go on
        said = f"this could not be looked at ({type(error).__name__}: {error})"
        yield finding(name, said, "report this: it is a fault of the program")


def _allowed(allowed: Sequence[str]) -> str:
    return f"allowed: {', '.join(allowed)}" if allowed else ""
