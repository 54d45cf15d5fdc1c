"""Guards on activation: the first day, the cap, the focus on few projects, publication (BOX5)."""

from collections import Counter
from collections.abc import Collection, Iterator
from functools import partial

from guards.case import Case
from guards.conditions import Unmet
from guards.policy import Limit
from states.standing import Standing
from states.vocabulary import Guard, State

_AFTERWARDS = frozenset({State.EVALUATION, State.RENEWAL})
_BETWEEN = frozenset({State.NEGOTIATION, State.SIGNED})


def effective(case: Case) -> Iterator[Unmet]:
    """Require that the term has begun and is not over; without one, that a review is set.

    The review may have come: then the nightly check sends it there. None at all, and it would go on
    for good, whatever the policy lets pass at signing.
    """
    unmet = partial(
        Unmet,
        Guard.EFFECTIVE,
        rule="an agreement is active within its term",
        report="REC7",
        field="term",
    )
    start, end = case.standing.term_start, case.standing.term_end
    if start is not None and case.day < start:
        yield unmet(
            code="term.not_started",
            message=f"The term starts on {start}.",
            fix="wait: the nightly check activates it on that day",
        )
    if end is not None and case.day > end:
        yield unmet(
            code="term.over",
            message=f"The term ended on {end}.",
            fix="wait: the nightly check sends it to evaluation",
        )
    if end is None and case.standing.review is None:
        yield unmet(
            code="juncture.missing",
            message="It has neither a term nor a review date.",
            fix="set a review date: lifecycle edit REF",
            rule="nothing is ever without a juncture (R47)",
        )


def held_as(standing: Standing) -> tuple[State, ...]:
    """Return the states by which an agreement is counted; none where it counts for nothing.

    Ended before it was ever in force, it takes no place on its way out. While its next term is
    negotiated and signed, it keeps the place that it has as one in renewal.
    """
    state = standing.state
    if standing.voided or (state in _AFTERWARDS and not standing.activated):
        return ()
    between = standing.term > 1 and standing.activated and state in _BETWEEN
    return (state, State.RENEWAL) if between else (state,)


def holds_in(standing: Standing, states: Collection[State]) -> bool:
    """Whether an agreement holds a place, or a limit's share, that is held in these states."""
    return any(state in states for state in held_as(standing))


def keeps_in(standing: Standing, states: Collection[State]) -> bool:
    """Whether it has been in force and holds it still, so that it is not asked for it again."""
    return standing.activated and holds_in(standing, states)


def falls_under(limit: Limit, standing: Standing) -> bool:
    """Whether one of the policy's limits is about agreements of this type."""
    return not limit.types or standing.type in limit.types


def cap_available(case: Case) -> Iterator[Unmet]:
    """Require a free place under the cap and the program's other limits (R11, R13).

    Counts the *other* agreements; one that already holds a place keeps it for a later term, and so
    does one that a limit counts already.
    """
    unmet = partial(Unmet, Guard.CAP_AVAILABLE, report="BOX2")
    kind, cap = case.policy.types.get(case.standing.type), case.policy.cap
    if kind is None:
        return
    keeps = case.standing.counted and case.standing.activated
    if cap is not None and kind.counts and not keeps and case.facts.counted >= cap.at_most:
        yield unmet(
            code="cap.full",
            message=f"{case.facts.counted} agreements hold the {cap.at_most} places of the cap.",
            fix="evaluate and sunset an agreement that no longer serves, or change the policy",
            rule="no more agreements than the cap at any time (R11)",
        )
    for limit in case.policy.limits:
        asks = falls_under(limit, case.standing) and not keeps_in(case.standing, limit.states)
        if asks and case.facts.limits.get(limit.code, 0) >= limit.at_most:
            yield unmet(
                code=f"limit.{limit.code}",
                message=f"The limit {limit.code} of {limit.at_most} a {limit.per} is reached.",
                fix="end another agreement that the limit counts, or change the policy",
                rule=f"at most {limit.at_most} a {limit.per} (the policy's limit {limit.code})",
            )


def project_focus(case: Case) -> Iterator[Unmet]:
    """Require that no more projects start in a year than the program can carry (R34)."""
    at_most, start = case.policy.projects_per_year, case.standing.term_start
    if at_most is None:
        return
    begun = (project.start or start or case.day for project in case.agreement.projects)
    for year, own in sorted(Counter(day.year for day in begun).items()):
        others = case.facts.projects.get(year, 0)
        if own + others > at_most:
            yield Unmet(
                Guard.PROJECT_FOCUS,
                "projects.too_many",
                f"{own + others} projects would start in {year}; the focus is on {at_most} a year.",
                "start a project in another year, or change projects_per_year in the policy",
                "focus on few projects a year (R34)",
                "BOX5",
                "projects",
            )


def published(case: Case) -> Iterator[Unmet]:
    """Require that a publication of the term last signed is on record (R28)."""
    term = case.standing.signed_term
    if term is not None and term not in case.facts.published:
        yield Unmet(
            Guard.PUBLISHED,
            "publication.missing",
            "It is not on record that the signed agreement was published.",
            "publish the register and say where it stands: lifecycle publish DIR --record URL",
            "signed agreements are public (R28)",
            "REC9",
        )
