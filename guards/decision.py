"""Guards on decisions: criteria, factors, grounds, a second person (BOX2, DP1, BP1)."""

from collections.abc import Iterator
from functools import partial

from guards.case import Case
from guards.conditions import Unmet
from guards.texts import listed, said
from states.person import among
from states.records import FACTORS
from states.vocabulary import Guard


def criteria_scored(case: Case) -> Iterator[Unmet]:
    """Require scores on the policy's version of the criteria, mandatory ones included (R6, R7)."""
    unmet = partial(Unmet, Guard.CRITERIA_SCORED)
    criteria, sheet = case.policy.criteria, case.facts.scores
    if not criteria.items:
        return
    if sheet is None:
        yield unmet(
            "scores.missing",
            "The proposal has not been scored.",
            "score it: lifecycle score REF",
            "every proposal is scored on the same criteria (R7)",
            "BP1",
            "scores",
        )
        return
    if sheet.criteria != criteria.version:
        yield unmet(
            "scores.other_version",
            f"It was scored on criteria version {sheet.criteria}; {criteria.version} is in force.",
            "score it again: lifecycle score REF",
            "every proposal is scored on the same version (R7)",
            "BP1",
            "scores",
        )
    for item in criteria.items:
        if item.mandatory and item.code not in sheet.scores:
            yield unmet(
                "scores.mandatory_missing",
                f"The mandatory criterion {item.code} has no score.",
                f"score it: {item.question}",
                "mandatory criteria are always scored (R7)",
                "REC2",
                f"scores.{item.code}",
            )


def factors_answered(case: Case) -> Iterator[Unmet]:
    """Require an answer to each of the five decision factors (R9)."""
    answers = case.facts.scores.factors if case.facts.scores else {}
    for factor in FACTORS:
        if not said(answers.get(factor)):
            yield Unmet(
                Guard.FACTORS_ANSWERED,
                "factor.unanswered",
                f"The decision factor {factor} has no answer.",
                f"answer {factor} under [factors] of the score sheet: lifecycle score REF",
                "five factors are answered before a decision (R9)",
                "BOX2",
                f"factors.{factor}",
            )


def grounds_stated(case: Case) -> Iterator[Unmet]:
    """Require that the decider says on what ground, or for which reason (R10, R57)."""
    if not (case.act.ground or said(case.act.reason)):
        yield Unmet(
            Guard.GROUNDS_STATED,
            "grounds.missing",
            f"{case.act.trigger} needs its grounds, and none is stated.",
            f"add -m REASON, or --ground with one of {listed(case.policy.vocabulary.grounds)}",
            "choosing not to go on is recorded with its grounds (R10)",
            "REC2",
        )


def second_person(case: Case) -> Iterator[Unmet]:
    """Require that who decides did not propose, negotiate or write what is decided (R57).

    Who decides is the approver, where it is done on an approval, else the actor.
    """
    act = case.act
    drafters = (*case.standing.drafters, *((act.actor,) if act.writes else ()))
    decider = act.approver or act.actor
    if among(decider, drafters):
        yield Unmet(
            Guard.SECOND_PERSON,
            "person.same",
            f"{decider} drafted this and can't decide on it as well.",
            f"let somebody else than {listed(dict.fromkeys(drafters))} decide on it",
            "a second person decides (R57)",
            "DP1",
        )


def never_signed(case: Case) -> Iterator[Unmet]:
    """Require that nothing was signed: what was signed is ended, not withdrawn (R44)."""
    if case.standing.signed_term is not None:
        yield Unmet(
            Guard.NEVER_SIGNED,
            "signed.before",
            "This agreement was signed for an earlier term, so it can't be withdrawn.",
            "end it with its ground: lifecycle advance REF sunset --ground CODE",
            "a signed agreement ends by sunset (R44)",
            "REC4",
        )


def was_signed(case: Case) -> Iterator[Unmet]:
    """Require that something was signed: else it is declined or withdrawn instead (R44)."""
    if case.standing.signed_term is None:
        yield Unmet(
            Guard.WAS_SIGNED,
            "signed.never",
            "This agreement was never signed, so there is nothing to sunset.",
            "withdraw it: lifecycle advance REF withdraw -m REASON",
            "only a signed agreement ends by sunset (R44)",
            "REC4",
        )


def conditions_met(case: Case) -> Iterator[Unmet]:
    """Require the answers that the city's own conditions ask for this trigger and type."""
    answers = case.agreement.conditions
    for condition in case.policy.conditions:
        applies = not condition.types or case.standing.type in condition.types
        if condition.trigger is not case.act.trigger or not applies:
            continue
        answer = answers.get(condition.code, "")
        if not any(_begins(answer, word) for word in condition.answers):
            yield Unmet(
                Guard.CONDITIONS_MET,
                condition.code,
                f"Not yet answered as the policy asks: {condition.question}",
                f"set {condition.code} under [conditions] to an answer that begins with "
                f"{' or '.join(condition.answers)}",
                "the city's own conditions are answered",
                "BP5",
                f"conditions.{condition.code}",
            )


def _begins(answer: str, word: str) -> bool:
    begun, wanted = answer.casefold(), word.casefold()
    return begun.startswith(wanted) and not begun[len(wanted) :][:1].isalnum()
