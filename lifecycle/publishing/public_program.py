"""What may be public of a program as a whole: places, money, counts, and what is to be decided."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec

from states.vocabulary import DueRule


class PublicBudget(msgspec.Struct, frozen=True, kw_only=True):
    """One year's budget and what is committed of it, in the program's currency (R50).

    Commitments in other currencies stand apart, never added up.
    """

    year: int
    budget: Decimal | None = None
    committed: Decimal
    other: Mapping[str, Decimal] = {}


class PublicCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many agreements in force are of a type, or how many were signed in a year."""

    name: str
    title: str
    count: int


class PublicRoles(msgspec.Struct, frozen=True, kw_only=True):
    """In how many agreements in force the City was catalyst or implementer in a year (R52, R53)."""

    year: int
    catalyst: int
    implementer: int
    other: int = 0
    unstated: int


class PublicBurn(msgspec.Struct, frozen=True, kw_only=True):
    """How many agreements were still to be reclassified or sunset at a year's end (R30)."""

    year: int
    left: int
    reclassified: int
    sunset: int


class PublicDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that is ahead or owed on an agreement of the register."""

    ref: str
    title: str
    on: date
    rule: DueRule


class PublicProgram(msgspec.Struct, frozen=True, kw_only=True):
    """A program as the public may see it (R28, R55); `held` of `cap` places are taken (R11).

    Only agreements that are on the register themselves are named.
    """

    code: str
    name: str
    currency: str
    cap: int | None = None
    held: int
    in_force: int
    types: tuple[PublicCount, ...] = ()
    years: tuple[PublicCount, ...] = ()
    budgets: tuple[PublicBudget, ...] = ()
    roles: tuple[PublicRoles, ...] = ()
    worklist: tuple[PublicBurn, ...] = ()
    decisions: tuple[PublicDecision, ...] = ()
