"""What staff see on the register beside what is public: what is missing, overdue, and to come.

Like the public whitelist these are the values that pages are made from; unlike it they name owners
and what is not met, and no page of the public site is made from them.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec

from states.vocabulary import Role, Rule, Severity, State, Trigger


class InternalUnmet(msgspec.Struct, frozen=True, kw_only=True):
    """One condition that a next step still lacks, as `lifecycle check` tells it (R22, R58)."""

    guard: str
    code: str
    severity: Severity
    field: str | None = None
    message: str
    fix: str
    rule: str
    report: str
    waived_by: str | None = None


class InternalStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step that people may take next, by whom, and what it still lacks."""

    trigger: Trigger
    to: State
    by: tuple[Role, ...]
    allowed: bool
    unmet: tuple[InternalUnmet, ...] = ()


class InternalAlert(msgspec.Struct, frozen=True, kw_only=True):
    """Something that an agreement is late with: since when, in a sentence, and what to do."""

    ref: str
    title: str
    owner: str
    rule: Rule
    item: str
    on: date
    message: str
    fix: str
    report: str


class InternalAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """One agreement for staff: who owns it, its next steps, and what is overdue."""

    ref: str
    owner: str
    steps: tuple[InternalStep, ...] = ()
    overdue: tuple[InternalAlert, ...] = ()


class InternalBudget(msgspec.Struct, frozen=True, kw_only=True):
    """A year's money in the program's currency, as `portfolio budget` tells it (R33, R50).

    `free` is below zero where the budget is exceeded, null where none is set. What is committed in
    other currencies stands apart.
    """

    year: int
    budget: Decimal | None = None
    committed: Decimal
    spent: Decimal
    free: Decimal | None = None
    other: Mapping[str, Decimal] = {}


class InternalForecast(msgspec.Struct, frozen=True, kw_only=True):
    """A year as it becomes if nothing is decided otherwise, as `forecast` tells it (R11, R51).

    `active` and `held` are of its last day, `most` the most places held on any day of it; `staff`
    is in full-time equivalents, `decisions` how many come up.
    """

    year: int
    active: int
    held: int
    most: int
    dormant: int
    committed: Decimal
    budget: Decimal | None = None
    staff: Decimal
    decisions: int


class InternalMissing(msgspec.Struct, frozen=True, kw_only=True):
    """One condition that next steps lack, and the agreements that lack it."""

    trigger: Trigger
    guard: str
    code: str
    refs: tuple[str, ...]


class InternalProgram(msgspec.Struct, frozen=True, kw_only=True):
    """The program for staff; what has been late for the longest time comes first."""

    currency: str
    cap: int | None = None
    overdue: tuple[InternalAlert, ...] = ()
    missing: tuple[InternalMissing, ...] = ()
    budgets: tuple[InternalBudget, ...] = ()
    forecast: tuple[InternalForecast, ...] = ()
