"""Suggests the type that an agreement of a worklist might become, and says why (R29, R30, R31).

Only types that the policy lets it be reclassified into come into question, and only what is stated
speaks for one: the words that the policy gives a type (`serves`), an endorsement where a type asks
for one, the City's money and staff where none does. Where nothing is stated, or two fit alike, no
type is named. It decides nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guards.policy import AgreementType, Policy
from guards.texts import listed
from guards.time_bound import exceeds, reaches
from states.agreement import Agreement

NOTHING_STATED = (
    "Nothing is stated that tells what it is for: no objectives, no funding, no endorsement."
    " Review it with the partner, or sunset it."
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The type suggested (None where none is), why in a sentence, and all that it may become."""

    type: str | None
    why: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Fit:
    """What speaks for a type, and what against it."""

    type: str
    speaks: tuple[str, ...]
    against: tuple[str, ...]

    @property
    def weight(self) -> int:
        return len(self.speaks) - len(self.against)


def suggest(agreement: Agreement, policy: Policy) -> Suggestion:
    """Return the type that what an agreement states speaks for most, if one does."""
    choices = tuple(code for code in policy.reclassifiable if code != agreement.type)
    fits = [_fit(code, agreement, policy, choices) for code in choices]
    fits.sort(key=lambda fit: -fit.weight)
    spoken = [fit for fit in fits if fit.speaks]
    if not choices:
        return Suggestion(None, "This policy has no type that it could become: sunset it.", ())
    if not spoken:
        return Suggestion(None, _silent(agreement, policy), choices)
    best, *others = fits
    if best.weight <= 0 or (others and others[0].weight == best.weight):
        return Suggestion(None, f"{_sides(spoken)} Decide what it is.", choices)
    return Suggestion(best.type, _why(best, others), choices)


def _fit(code: str, agreement: Agreement, policy: Policy, choices: Sequence[str]) -> _Fit:
    kind = policy.types[code]
    endorsing = [policy.types[choice].endorsement for choice in choices]
    tells_apart = any(endorsing) and not all(endorsing)
    stated = tuple(dict.fromkeys(_stated(agreement)))
    speaks = [word for word in stated if word in kind.serves]
    resources = tuple(dict.fromkeys(_resources(agreement)))
    if kind.endorsement and agreement.endorsement is not None:
        speaks.append("an endorsement")
    if tells_apart and not kind.endorsement:
        speaks += resources
    if tells_apart and kind.endorsement and speaks and not resources:
        speaks.append("no funding or staff of the City")
    return _Fit(code, tuple(speaks), tuple(_against(agreement, kind, policy)))


def _stated(agreement: Agreement) -> Iterator[str]:
    """Yield the words by which a document says what it is for and who has a part in it."""
    yield from (one.kind for project in agreement.projects for one in project.objectives)
    yield from (project.kind for project in agreement.projects)
    yield from agreement.goals
    yield from (party.kind for party in agreement.parties)
    yield from (word for word in (agreement.origin, agreement.role) if word)


def _resources(agreement: Agreement) -> Iterator[str]:
    for project in agreement.projects:
        for resource in project.resources:
            if resource.amount:
                yield resource.kind


def _against(agreement: Agreement, kind: AgreementType, policy: Policy) -> Iterator[str]:
    term, years = agreement.term, kind.term_years
    if term is None or years is None or term.end < term.start:
        return
    if not reaches(term, years.min, policy):
        yield f"its term is shorter than {years.min} years"
    if exceeds(term, years.max, policy):
        yield f"its term is longer than {years.max} years"


def _silent(agreement: Agreement, policy: Policy) -> str:
    words = [
        word
        for word in dict.fromkeys(_stated(agreement))
        if word in policy.vocabulary.objective_kinds or word in policy.program.goals
    ]
    if not words:
        return NOTHING_STATED
    return f"It states {listed(words)}, and the policy says of no type that it serves that."


def _why(best: _Fit, others: Sequence[_Fit]) -> str:
    against = f", though {listed(best.against)}" if best.against else ""
    less = "".join(
        f" In favour of {fit.type}: {listed(fit.speaks)}." for fit in others if fit.speaks
    )
    return f"It states {listed(best.speaks)}{against}.{less}"


def _sides(spoken: Sequence[_Fit]) -> str:
    return " ".join(
        f"In favour of {fit.type}: {listed(fit.speaks)}"
        f"{f', though {listed(fit.against)}' if fit.against else ''}."
        for fit in spoken
    )
