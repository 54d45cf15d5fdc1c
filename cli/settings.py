"""What the command line said, in three parts: for every command, for writers, for readers."""

from dataclasses import dataclass
from datetime import date


@dataclass(slots=True)
class Settings:
    """The global options of one run, wherever on the line they stood, and the command's name."""

    db: str | None = None
    program: str | None = None
    json: bool = False
    as_name: str | None = None
    today: date | None = None
    command: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """The options that every writing command takes."""

    reason: str | None = None
    expect_version: int | None = None
    key: str | None = None
    dry_run: bool = False
    yes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The options that every reading command takes: where to, and in which form.

    Some also take a day that has passed: as of which, and as recorded by which.
    """

    file: str | None = None
    form: str | None = None
    as_of: date | None = None
    recorded_by: date | None = None

    @property
    def of_the_past(self) -> bool:
        """Whether it is about a day that has passed."""
        return self.as_of is not None or self.recorded_by is not None
