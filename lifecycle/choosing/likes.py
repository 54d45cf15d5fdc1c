"""Proposals of like totals that were decided differently: counted, and the closest handed out.

Totals are compared on the same criteria alone, and as whole numbers: there may be very many pairs.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import nsmallest
from math import lcm

from guards.policy import Criteria
from lifecycle.choosing.judged import Judged
from states.ref import Ref

PARTS_OF_THE_SCALE = 20
"""Totals that differ by less than this part of their scale are alike, where nothing is said."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two proposals of like totals on the same criteria, one accepted and one declined."""

    accepted: Judged
    declined: Judged
    apart: Fraction


@dataclass(frozen=True, slots=True)
class Likes:
    """The closest pairs, and how many there are in all."""

    pairs: tuple[Pair, ...] = ()
    count: int = 0


def likes(
    some: Sequence[Judged], ours: Collection[Ref], margin: Fraction | None, most: int | None
) -> Likes:
    """Return the pairs that are less than the margin apart and have one of ours.

    Without a margin, a twentieth of the scale; without `most`, all of them. Of pairs that are
    equally close, those come first whose decisions do.
    """
    unit = lcm(*(one.weighed.weight for one in some if one.weighed and one.weighed.weight))
    groups = _groups(some, ours, unit)
    count = 0

    def found() -> Iterator[tuple[int, int, int]]:
        nonlocal count
        for criteria, group in groups.items():
            least = margin or Fraction(criteria.highest - criteria.lowest, PARTS_OF_THE_SCALE)
            for like in _within(group, least * unit):
                count += 1
                yield like

    closest = sorted(found()) if most is None else nsmallest(most, found())
    pairs = (Pair(some[yes], some[no], Fraction(apart, unit)) for apart, yes, no in closest)
    return Likes(tuple(pairs), count)


@dataclass(frozen=True, slots=True, order=True)
class _Scored:
    """A total in whole parts of a point, where its decision stands, and what that was."""

    total: int
    place: int
    accepted: bool
    asked: bool


def _groups(
    some: Sequence[Judged], ours: Collection[Ref], unit: int
) -> Mapping[Criteria, Sequence[_Scored]]:
    """Return the totals that may be compared with each other, in parts of a point."""
    groups: defaultdict[Criteria, list[_Scored]] = defaultdict(list)
    for place, one in enumerate(some):
        weighed, decision = one.weighed, one.decision
        if weighed is not None and weighed.weight:
            total = weighed.points * (unit // weighed.weight)
            asked = decision.dossier.ref in ours
            groups[weighed.criteria].append(_Scored(total, place, decision.accepted, asked))
    return groups


def _within(group: Sequence[_Scored], margin: Fraction) -> Iterator[tuple[int, int, int]]:
    """Yield how far apart two are, and where the accepted and the declined one stand."""
    declined = sorted(one for one in group if not one.accepted)
    totals = [one.total for one in declined]
    for one in group:
        if one.accepted:
            first = bisect_right(totals, one.total - margin)
            last = bisect_left(totals, one.total + margin)
            for other in declined[first:last]:
                if one.asked or other.asked:
                    yield abs(one.total - other.total), one.place, other.place
