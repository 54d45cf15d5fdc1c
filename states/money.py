"""Money: an exact amount in one currency (report: R20, R33, R50).

It never passes through a float, nothing of it is rounded, and amounts of two currencies are neither
added nor compared: what stands in another one is reported apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation
from functools import total_ordering
from typing import Self

_EXACT = Context(prec=60, traps=[Inexact, InvalidOperation])
"""Sums that it can't hold exactly raise instead of being rounded."""

_CENTS = 2


class OtherCurrencyError(ValueError):
    """Amounts of two currencies were to be added or compared."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency; raises TypeError for what is no Decimal, a float above all."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        """Refuse an amount that is not exact, or no amount at all."""
        if type(self.amount) is not Decimal:
            message = f"an amount of money is a Decimal, not {type(self.amount).__name__}"
            raise TypeError(message)
        if not self.amount.is_finite():
            message = f"{self.amount} is no amount of money"
            raise ValueError(message)

    @classmethod
    def none(cls, currency: str) -> Self:
        """Return nothing, in a currency."""
        return cls(Decimal(), currency)

    def __add__(self, other: "Money") -> "Money":
        """Return the exact sum; raises OtherCurrencyError."""
        return Money(_EXACT.add(self.amount, self._alike(other)), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        """Return the exact difference, which may be below zero; raises OtherCurrencyError."""
        return Money(_EXACT.subtract(self.amount, self._alike(other)), self.currency)

    def __lt__(self, other: "Money") -> bool:
        """Whether it is less; raises OtherCurrencyError."""
        return self.amount < self._alike(other)

    def __bool__(self) -> bool:
        """Whether it is anything at all."""
        return bool(self.amount)

    def __str__(self) -> str:
        """Return it as people read it, whole: `60,000 CAD`, `0.50 CAD`."""
        return f"{self.grouped} {self.currency}"

    @property
    def plain(self) -> str:
        """The amount as JSON and CSV have it: digits, a point, nothing else."""
        return f"{self.amount.normalize(_EXACT):f}"

    @property
    def grouped(self) -> str:
        """The amount as people read it: by thousands, with cents where it has any."""
        _whole, point, places = self.plain.partition(".")
        return f"{self.amount:,.{max(_CENTS, len(places)) if point else 0}f}"

    def _alike(self, other: "Money") -> Decimal:
        if self.currency != other.currency:
            message = f"{self} and {other} are of two currencies, and are kept apart"
            raise OtherCurrencyError(message)
        return other.amount


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Return the sum of amounts of one currency; raises OtherCurrencyError for any other."""
    return sum(amounts, Money.none(currency))
