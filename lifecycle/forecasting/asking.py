"""What may be asked of a forecast: which agreements it may count otherwise than they stand."""

from collections.abc import Iterator, Mapping, Sequence

from lifecycle.forecasting.lives import Wish
from states.problem import InvalidInputError, Problem
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import DRAFTED, FINAL

_Asked = Sequence[tuple[Ref, Standing]]


def wishes(included: _Asked, left_out: _Asked) -> Mapping[int, Wish]:
    """Return what is assumed of agreements, by key; raises InvalidInputError for what can't be."""
    problems = [*_of_with(included), *_of_without(left_out)]
    twice = {ref for ref, _standing in included} & {ref for ref, _standing in left_out}
    problems += [
        _problem("both_ways", f"{ref} is asked for with and without", "--with")
        for ref in sorted(twice, key=str)
    ]
    if problems:
        raise InvalidInputError(problems)
    return {
        **{standing.key: Wish.WITH for _ref, standing in included},
        **{standing.key: Wish.WITHOUT for _ref, standing in left_out},
    }


def _of_with(asked: _Asked) -> Iterator[Problem]:
    for ref, standing in asked:
        if standing.voided or standing.state not in DRAFTED:
            where = "void" if standing.voided else f"in {standing.state} already"
            message = f"{ref} is {where}; what could be counted is proposed or negotiated"
            yield _problem("not_ahead", message, "--with")


def _of_without(asked: _Asked) -> Iterator[Problem]:
    for ref, standing in asked:
        never = standing.state in DRAFTED and not standing.activated
        if standing.voided or standing.state in FINAL or never:
            where = "void" if standing.voided else f"in {standing.state}"
            message = f"{ref} is {where}, and counts for nothing that could be left out"
            yield _problem("not_counted", message, "--without")


def _problem(code: str, message: str, key: str) -> Problem:
    hint = "lifecycle list shows where each agreement stands"
    return Problem(code, message, key=key, hint=hint)
