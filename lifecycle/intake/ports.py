"""What taking over a table asks of a store; a part of `lifecycle.ports.Unit`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OnRecord:
    """Whom an agreement on record is with: the partner, its other names, and which agreement.

    `signed` is the date of signing, `UNKNOWN` where nobody knows it, and None before it is signed;
    `home` is the home side's name, if one is stated.
    """

    key: int
    partner: str
    country: str
    type: str
    signed: str | None
    home: str
    home_country: str | None
    aliases: tuple[str, ...]


class IntakeUnit(Protocol):
    """What is asked in batches, however many rows a table has."""

    def lines_by_keys(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return the lines that were written under some idempotency keys, by key."""

    def on_record(self) -> Iterator[OnRecord]:
        """Yield whom the program's agreements are with, but for those that were voided."""


class Exonyms(Protocol):
    """Names of one city in several languages and times."""

    def group(self, country: str, name: str) -> str | None:
        """Return what all known names of a city have in common; `name` is in its plain form."""
