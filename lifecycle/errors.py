"""What can go wrong that is no refusal: the order could not be carried out. Nothing was changed."""


class UnknownRefError(LookupError):
    """There is no agreement of this reference in the program."""

    def __init__(self, ref: str) -> None:
        """Keep the reference as it was asked for."""
        self.ref = ref
        super().__init__(f"there is no agreement {ref}")


_OF_THE_DATABASE = frozenset(
    {
        "locked",
        "read_only",
        "no_space",
        "disk",
        "unreadable",
        "foreign",
        "unreachable",
        "denied",
        "missing",
        "too_many",
        "too_old",
        "no_memory",
        "not_permitted",
        "shutting_down",
        "connection_lost",
        "unknown_outcome",
    }
)


class StoreError(Exception):
    """The store could not do it: away, locked, full, read-only, foreign.

    `code` names the cause, `hint` says what to do next.
    """

    def __init__(self, message: str, code: str, hint: str | None = None) -> None:
        """Keep what is told to the user."""
        self.message, self.code, self.hint = message, code, hint
        super().__init__(message)

    @property
    def of_the_database(self) -> bool:
        """Whether the database as a whole can't do it, so that no other order would fare better."""
        return self.code in _OF_THE_DATABASE


class NightStoppedError(Exception):
    """The nightly check was asked to stop; what it had done by then stays done."""

    def __init__(self) -> None:
        """Say so, in the words of the run's record."""
        super().__init__("stopped on request; the next run does the rest")


class NightRefusedError(Exception):
    """The nightly check may not run on this day; nothing was done.

    `code` is `clock_backwards` or `long_gap`, `hint` says what to do next.
    """

    def __init__(self, message: str, code: str, hint: str) -> None:
        """Keep what is told to the user."""
        self.message, self.code, self.hint = message, code, hint
        super().__init__(message)
