"""Which of two bounds was the case under another policy, where the line's own results tell it.

What others had done just before a decision is known within bounds only. But where both policies
count alike, what a guard said then was said of the same number.
"""

from collections.abc import Callable, Mapping

from guards.policy import Policy
from lifecycle.compose import results
from lifecycle.entry import GuardResult
from lifecycle.recomputing.saying import Said, said
from lifecycle.recomputing.trials import Trial, at_most
from states.vocabulary import Guard


def _places(policy: Policy) -> object:
    counted = frozenset(code for code, kind in policy.types.items() if kind.counts)
    return (
        policy.cap,
        counted,
        policy.limits,
        policy.regions,
        policy.priority_partnerships_per_year,
    )


def _money(policy: Policy) -> object:
    return policy.program.currency, policy.program.budget


def _projects(policy: Policy) -> object:
    return policy.projects_per_year


COUNTING: Mapping[str, Callable[[Policy], object]] = {
    Guard.CAP_AVAILABLE: _places,
    Guard.RESOURCED: _money,
    Guard.PROJECT_FOCUS: _projects,
}
"""What of a policy decides how each guard counts the portfolio; no other guard does."""


def narrowed(own: Trial, policy: Policy, least: Said, most: Said) -> Said | None:
    """Return the bound that was the case; None where that can't be known."""
    open_ = frozenset(one.guard for one in set(results(least)) ^ set(results(most)))
    if any(COUNTING[guard](own.matter.policy) != COUNTING[guard](policy) for guard in open_):
        return None
    low, high = (_of(open_, results(each)) for each in (said(own), said(at_most(own))))
    here = _of(open_, own.entry.guards)
    if low == high or here not in (low, high):
        return None
    return least if here == low else most


def _of(guards: frozenset[str], said_: tuple[GuardResult, ...]) -> frozenset[GuardResult]:
    return frozenset(one for one in said_ if one.guard in guards)
