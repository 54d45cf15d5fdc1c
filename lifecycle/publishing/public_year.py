"""What may be public of a calendar year: the program's figures, and what agreements reported (R39).

The figures are those of the annual report, without the lines that they follow from. Of an
agreement there is what was reported, the milestones of the year and what was measured in it.
"""

from decimal import Decimal

import msgspec

from lifecycle.publishing.public_agreement import PublicIndicator, PublicMilestone


class PublicFigure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure: its name, a word, and its value in a unit or currency; null is a count."""

    name: str
    value: Decimal
    unit: str | None = None


class PublicReported(msgspec.Struct, frozen=True, kw_only=True):
    """One agreement in a year; the texts are as they were recorded.

    Milestones are those due or met in the year, and those overdue at its end; indicators those that
    were measured in it, as far as they had come by its end.
    """

    ref: str
    title: str
    partner: str | None = None
    goals: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    achievements: tuple[str, ...] = ()
    investments: tuple[str, ...] = ()
    milestones: tuple[PublicMilestone, ...] = ()
    indicators: tuple[PublicIndicator, ...] = ()


class PublicReport(msgspec.Struct, frozen=True, kw_only=True):
    """The public report on a year; `over` says whether the year is."""

    year: int
    over: bool
    figures: tuple[PublicFigure, ...] = ()
    agreements: tuple[PublicReported, ...] = ()
