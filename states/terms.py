"""One term of an agreement, as a row of its own: renewal opens the next one (R43)."""

from datetime import date

import msgspec

from states.vocabulary import Trigger


class TermRow(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one term. `signed_on` keeps the precision of its source."""

    term: int
    starts: date | None = None
    ends: date | None = None
    signed_on: str | None = None
    activated_on: date | None = None
    concluded_on: date | None = None
    concluded_by: Trigger | None = None
