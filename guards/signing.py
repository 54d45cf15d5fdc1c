"""Guards on signing beside SMART: guidelines and endorsement (BOX4, REC7)."""

from collections.abc import Iterator
from functools import partial

from guards.case import Case
from guards.conditions import Unmet
from guards.texts import said
from states.vocabulary import Guard


def guidelines_stated(case: Case) -> Iterator[Unmet]:
    """Require that how it is renewed and how it is terminated is said before signing (R27)."""
    for key in ("renewal_guidelines", "termination_guidelines"):
        if not said(getattr(case.agreement, key)):
            yield Unmet(
                Guard.GUIDELINES_STATED,
                f"{key.partition('_')[0]}.missing",
                f"The {key.replace('_', ' ')} are not stated.",
                f"write {key}",
                "guidelines for renewal and termination come with the term (R27)",
                "REC7",
                key,
            )


def endorsed(case: Case) -> Iterator[Unmet]:
    """Require a councillor's endorsement, where the agreement's type asks for one (R29)."""
    unmet = partial(
        Unmet,
        Guard.ENDORSED,
        rule="this type needs a councillor's endorsement (R29)",
        report="REC3",
        field="endorsement",
    )
    kind = case.policy.types.get(case.standing.type)
    if kind is None or not kind.endorsement:
        return
    given = case.agreement.endorsement
    if given is None or not said(given.councillor) or given.date is None:
        yield unmet(
            code="endorsement.missing",
            message="No councillor's endorsement is on record.",
            fix="add [endorsement] with councillor and date",
        )
    elif given.date > case.day:
        yield unmet(
            code="endorsement.future",
            message=f"The endorsement is dated {given.date}, after this decision.",
            fix="set the date on which the councillor endorsed",
        )
    elif given.until is not None and given.until < case.day:
        yield unmet(
            code="endorsement.expired",
            message=f"The endorsement ran out on {given.until}.",
            fix="ask for a new endorsement and record it",
        )
