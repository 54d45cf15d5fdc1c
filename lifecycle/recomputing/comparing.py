"""Holds the results of guards on a line against those of judging it once more.

Where others' places and money are known within bounds only, what the line says lies between what
follows from the least and from the most: guards say more the more is taken.
"""

from collections.abc import Iterator, Sequence

from lifecycle.entry import GuardResult

Results = Sequence[GuardResult]
_Said = frozenset[tuple[str, str | None]]


def differences(said: Results, least: Results, most: Results) -> Iterator[str]:
    """Yield in which guards a line differs from both bounds, and from all between them."""
    if said in (least, most):
        return
    found = False
    for guard in dict.fromkeys(one.guard for one in (*said, *least, *most)):
        here, low, high = (_of(results, guard) for results in (said, least, most))
        if not _between(here, low, high):
            found = True
            bounds = _words(low) if low == high else f"{_words(low)} to {_words(high)}"
            yield f"{guard}: the line says {_words(here)}, and judged again it is {bounds}"
    if not found and _order(said) not in (_order(least), _order(most)):
        yield f"the guards are not those that were asked: {', '.join(_order(least)) or 'none'}"


def _of(results: Results, guard: str) -> _Said:
    return frozenset((one.outcome, one.code) for one in results if one.guard == guard)


def _between(here: _Said, low: _Said, high: _Said) -> bool:
    if here in (low, high):
        return True
    if low == high or not _plain(here) <= _plain(low):
        return False
    return low - _plain(low) <= here - _plain(here) <= high


def _plain(said: _Said) -> _Said:
    return frozenset(one for one in said if one[1] is None)


def _order(results: Results) -> list[str]:
    return list(dict.fromkeys(one.guard for one in results))


def _words(results: _Said) -> str:
    words = (f"{outcome} ({code})" if code else outcome for outcome, code in results)
    return ", ".join(sorted(words)) or "nothing"
