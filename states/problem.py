"""What is wrong with an input: where, what is allowed instead, and what to do next."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input.

    `key` is a path such as `projects[0].name`, `line` counts from 1; both are None where they
    don't apply. `allowed` lists what would have been taken.
    """

    code: str
    message: str
    file: str | None = None
    line: int | None = None
    key: str | None = None
    allowed: tuple[str, ...] = ()
    hint: str | None = None


class InvalidInputError(Exception):
    """An input that can't be taken as it is; carries every problem found. Nothing was changed."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Take the problems in the order in which they are to be told."""
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.message for problem in self.problems))
