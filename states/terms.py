"""One term of an agreement, as a row of its own: renewal opens the next one (R43)."""

from dataclasses import dataclass
from datetime import date

from states.vocabulary import Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow:
    """What is known of one term. `signed_on` keeps the precision of its source."""

    term: int
    starts: date | None = None
    ends: date | None = None
    signed_on: str | None = None
    activated_on: date | None = None
    concluded_on: date | None = None
    concluded_by: Trigger | None = None
