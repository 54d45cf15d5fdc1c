"""Guards on activation: the first day, the cap, the focus on few projects, publication (BOX5)."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

from guards.case import Case
from guards.conditions import Unmet
from states.vocabulary import Guard


def effective(case: Case) -> Iterator[Unmet]:
    """Require that the term has begun and is not over; without one, signing is enough."""
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


def cap_available(case: Case) -> Iterator[Unmet]:
    """Require a free place under the cap and the program's other limits (R11, R13).

    Counts the *other* agreements; one that already holds a place keeps it for a later term.
    """
    unmet = partial(Unmet, Guard.CAP_AVAILABLE, report="BOX2")
    kind, cap = case.policy.types.get(case.standing.type), case.policy.cap
    if case.standing.counted or kind is None:
        return
    if cap is not None and kind.counts and case.facts.counted >= cap.at_most:
        yield unmet(
            code="cap.full",
            message=f"{case.facts.counted} agreements hold the {cap.at_most} places of the cap.",
            fix="evaluate and sunset an agreement that no longer serves, or change the policy",
            rule="no more agreements than the cap at any time (R11)",
        )
    for limit in case.policy.limits:
        applies = not limit.types or case.standing.type in limit.types
        if applies and case.facts.limits.get(limit.code, 0) >= limit.at_most:
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
    """Require that what is signed is public (R28); only warns until that can be recorded."""
    if case.standing.signed_term is not None:
        yield Unmet(
            Guard.PUBLISHED,
            "publication.missing",
            "It is not on record that the signed agreement was published.",
            "publish agreement, goals, activities and milestones on the program's page",
            "signed agreements are public (R28)",
            "REC9",
        )
