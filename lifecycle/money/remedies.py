"""What closes a gap between a year's budget and what is bound of it: three remedies, priced (R51).

Raise the budget, end agreements, or both (REC10). Of sets of agreements to end it tells some that
are small and close the gap, each with the order that it was found by: which of them serve no longer
is for a decider to judge, and nothing here ranks one remedy before another.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_UP, Decimal
from enum import StrEnum
from itertools import accumulate

from lifecycle.money.accounts import Costs
from lifecycle.money.budget import YearBudget
from states.money import Money, total
from states.ref import Ref

_CENT = Decimal("0.01")
MOST_WEIGHED = 16
"""Of so many agreements every set is weighed; of more, it is not said which frees the least."""


class Choice(StrEnum):
    """By which order agreements to end were chosen."""

    FEWEST = "fewest"
    EARLIEST_END = "earliest_end"
    LEAST = "least"


@dataclass(frozen=True, slots=True)
class Ending:
    """An agreement that would be ended, and what of its commitment is not spent yet."""

    ref: Ref
    title: str
    ends: date | None
    frees: Money


@dataclass(frozen=True, slots=True)
class Option:
    """Some agreements whose ending closes a gap; without any of them it would stay open."""

    choices: tuple[Choice, ...]
    endings: tuple[Ending, ...]
    frees: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """The budget raised by so much, and the rest by ending one of these sets of agreements.

    `open` is what stays open where all agreements together free too little; then no set closes it.
    """

    raise_by: Money
    by_ending: Money
    options: tuple[Option, ...]
    open: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedies:
    """The three remedies for one year's gap."""

    gap: Money
    raised: Remedy
    ended: Remedy
    mixed: Remedy


def remedies(year: YearBudget, costs: Iterable[Costs], raise_by: Money | None = None) -> Remedies:
    """Return what closes the gap of a year that has one; raises LookupError where there is none.

    `raise_by` is by how much the mix raises the budget; where nothing is said, by half of the gap,
    to the cent.
    """
    gap = year.gap
    if gap is None:
        message = f"{year.year} has no gap"
        raise LookupError(message)
    endings = tuple(_endings(costs, year.year, gap.currency))
    none = Money.none(gap.currency)
    mix = _half(gap) if raise_by is None else min(raise_by, gap)
    return Remedies(
        gap=gap,
        raised=_remedy(gap, gap, endings),
        ended=_remedy(gap, none, endings),
        mixed=_remedy(gap, mix, endings),
    )


def _half(gap: Money) -> Money:
    half = (gap.amount / 2).quantize(_CENT, ROUND_UP)
    return Money(min(half, gap.amount), gap.currency)


def _endings(costs: Iterable[Costs], year: int, currency: str) -> Iterator[Ending]:
    for cost in costs:
        frees = cost.open_in(year, currency)
        if frees.amount > 0:
            yield Ending(cost.ref, cost.title, cost.ends, frees)


def _remedy(gap: Money, raised: Money, endings: Sequence[Ending]) -> Remedy:
    needed = gap - raised
    everything = _freed(endings, gap.currency)
    left = max(needed - everything, Money.none(gap.currency))
    found = () if left or not needed else tuple(_options(needed, endings))
    return Remedy(raise_by=raised, by_ending=needed, options=found, open=left)


def _options(needed: Money, endings: Sequence[Ending]) -> Iterator[Option]:
    """Yield the sets that each order finds; one that several find is told once."""
    found: dict[tuple[Ending, ...], list[Choice]] = {}
    for choice, choose in _CHOOSING.items():
        if chosen := choose(needed, endings):
            found.setdefault(tuple(sorted(chosen, key=_soonest)), []).append(choice)
    for chosen, choices in found.items():
        yield Option(tuple(choices), chosen, _freed(chosen, needed.currency))


def _fewest(needed: Money, endings: Sequence[Ending]) -> Sequence[Ending]:
    """Return as few as there can be, the last of them the one that frees least and still enough."""
    largest = sorted(endings, key=lambda each: (-each.frees.amount, each.ref.key))
    taken = _until(needed, largest)
    rest = needed - _freed(taken[:-1], needed.currency)
    last = min(
        (each for each in largest[len(taken) - 1 :] if each.frees >= rest),
        key=lambda each: each.frees,
    )
    return [*taken[:-1], last]


def _earliest(needed: Money, endings: Sequence[Ending]) -> Sequence[Ending]:
    """Return those whose term ends first, without any that is not needed after all."""
    kept = _until(needed, sorted(endings, key=_soonest))
    spare = _freed(kept, needed.currency) - needed
    for each in reversed(kept):
        if each.frees <= spare:
            kept = [other for other in kept if other is not each]
            spare -= each.frees
    return kept


def _least(needed: Money, endings: Sequence[Ending]) -> Sequence[Ending]:
    """Return those that free the least and still enough; nothing where there are too many sets."""
    if len(endings) > MOST_WEIGHED:
        return ()
    short: dict[Money, tuple[Ending, ...]] = {Money.none(needed.currency): ()}
    best: tuple[Money, int, tuple[Ending, ...]] | None = None
    for each in endings:
        for freed, taken in tuple(short.items()):
            reached, chosen = freed + each.frees, (*taken, each)
            if reached < needed:
                short[reached] = min(chosen, short.get(reached, chosen), key=len)
            elif best is None or (reached, len(chosen)) < best[:2]:
                best = (reached, len(chosen), chosen)
    return best[2] if best else ()


_CHOOSING: dict[Choice, Callable[[Money, Sequence[Ending]], Sequence[Ending]]] = {
    Choice.FEWEST: _fewest,
    Choice.EARLIEST_END: _earliest,
    Choice.LEAST: _least,
}


def _until(needed: Money, endings: Sequence[Ending]) -> list[Ending]:
    """Return the first ones, as many as are needed; all of them together are enough."""
    freed = accumulate(each.frees for each in endings)
    count = next(count for count, money in enumerate(freed, 1) if money >= needed)
    return list(endings[:count])


def _freed(endings: Iterable[Ending], currency: str) -> Money:
    return total((each.frees for each in endings), currency)


def _soonest(ending: Ending) -> tuple[date, int]:
    return ending.ends or date.max, ending.ref.key
