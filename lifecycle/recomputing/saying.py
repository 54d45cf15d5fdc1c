"""Everything that a policy says of a line: of its order, its words, its right, and by its guards.

It is what the use case would have said under that policy. What a policy sets by itself, such as the
review date of what is reclassified, is set anew and not held against it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from msgspec.structs import replace as replaced

from guards.conditions import Unmet, Verdict
from guards.kept import DOCUMENT
from guards.texts import listed
from guards.words import unknown_words
from lifecycle.advance import day_of_act, refusal
from lifecycle.authority import GATE as AT_THE_RIGHT
from lifecycle.authority import Authority
from lifecycle.reclassifying import next_review
from lifecycle.recomputing.days import is_ordered
from lifecycle.recomputing.deeds import Claim, attempted, before_roles, claimed, right_of
from lifecycle.recomputing.past import GoneError
from lifecycle.recomputing.trials import Trial
from lifecycle.recomputing.verdicts import verdicts
from lifecycle.sheets import put_off_too_far
from states.problem import InvalidInputError, Problem
from states.vocabulary import Event, Outcome, Severity, Trigger

Said = tuple[Verdict, ...]

ORDER = "order"
"""The name under which is reported what is wrong with an order itself; it is no guard."""

_OF_A_DOCUMENT = frozenset({Trigger.SUBMIT, Trigger.ACCEPT, Trigger.SIGN})
"""Triggers that decide on a document, and so on its words."""


_WANTED = "what was wanted was not kept when it was refused"


class NotKeptError(LookupError):
    """What would have to be judged was never kept; the message says what that is."""


def said(trial: Trial) -> Said:
    """Return all that stands against a line, and what is warned of; what blocks refuses it.

    Raises GoneError for what was erased since, and NotKeptError for what was never kept.
    """
    refused, entry = trial.entry.outcome is Outcome.REFUSED, trial.entry
    claim = _tried(trial) if refused else claimed(trial)
    if claim is None:
        message = "what stood beside the line was erased"
        raise GoneError(message)
    right = right_of(trial, claim)
    ordered = tuple(_of_order(trial))
    if right.denied and not before_roles(entry, trial.unit):
        return (*ordered, *right.refusal)
    if refused and entry.trigger is None:
        raise NotKeptError(_WANTED)
    if refused and (elsewhere := _not_from_here(trial)):
        return elsewhere
    return (*ordered, *_of_words(trial), *_of_guards(trial, right))


def _tried(trial: Trial) -> Claim:
    """Return what was refused; past the question by what right, its content counts as well."""
    entry, deed = trial.entry, attempted(trial)
    if deed is None or (entry.trigger and entry.content):
        message = "what was brought along was not kept when it was refused"
        raise NotKeptError(message)
    if entry.trigger is None and entry.guards[0].guard != AT_THE_RIGHT:
        raise NotKeptError(_WANTED)
    return Claim(deed)


def _of_order(trial: Trial) -> Iterator[Verdict]:
    """Yield what would have been bad input: the day of the act, its ground, the body named."""
    entry, matter = trial.entry, trial.matter
    problems: tuple[Problem, ...] = ()
    if entry.event is Event.RECORDED and entry.due:
        until = date.fromisoformat(entry.due)
        problems = tuple(put_off_too_far(until, matter.policy, matter.today))
    elif is_ordered(trial):
        try:
            day_of_act(trial.matter)
        except InvalidInputError as error:
            problems = error.problems
    if problems:
        yield Verdict(ORDER, Severity.BLOCK, tuple(map(_unmet, problems)))


def _unmet(problem: Problem) -> Unmet:
    known = f"choose one of {listed(problem.allowed)}" if problem.allowed else None
    fix = problem.hint or known or "keep to what the policy says: lifecycle policy show"
    message = f"{problem.message[:1].upper()}{problem.message[1:]}."
    rule = "the day, the ground and the body are such as the policy knows (R57)"
    return Unmet(ORDER, problem.code, message, fix, rule, "DP1", problem.key)


def _not_from_here(trial: Trial) -> Said:
    """Return what refuses under any policy: it stood where the trigger does not lead from."""
    trigger, state = trial.entry.trigger, trial.matter.held.state
    sources = trial.turn.table[trigger].sources if trigger else ()
    if state in sources:
        return ()
    return refusal(
        "not_from_here",
        f"It was in {state}, and {trigger} leads only from {' or '.join(sources)}.",
        "see what may be done next: lifecycle check REF",
        "an agreement moves along the transition table",
    ).verdicts


def _of_words(trial: Trial) -> Iterator[Verdict]:
    """Yield the words of a document that was decided on, or brought, that the policy lacks."""
    entry, policy = trial.entry, trial.matter.policy
    document = trial.turn.step.brought.agreement
    if entry.event is Event.RECLASSIFIED:
        yield from _of_new_type(trial)
        return
    if document is None and entry.trigger in _OF_A_DOCUMENT:
        document = trial.matter.unit.document(trial.matter.held)
    unmet = tuple(
        Unmet(
            DOCUMENT,
            "word.unknown",
            f"This policy does not know {word!r}, which the document uses for {key}.",
            "choose a word that the policy knows: lifecycle policy show",
            "documents use the policy's words",
            "R54",
            key,
        )
        for key, word in (unknown_words(document, policy) if document else ())
    )
    if unmet:
        yield Verdict(DOCUMENT, Severity.BLOCK, unmet)


def _of_new_type(trial: Trial) -> Iterator[Verdict]:
    code, known = trial.turn.step.after.type, trial.matter.policy.reclassifiable
    if code not in known:
        unmet = Unmet(
            DOCUMENT,
            "type.not_reclassified",
            f"Nothing is reclassified as {code} under this policy.",
            f"choose one of {listed(known)}",
            "only types that the policy allows are reclassified into (R31)",
            "REC3",
            "type",
        )
        yield Verdict(DOCUMENT, Severity.BLOCK, (unmet,))


def _of_guards(trial: Trial, right: Authority) -> Said:
    step = trial.turn.step
    agreement = step.brought.agreement
    if trial.entry.event is Event.RECLASSIFIED and agreement:
        matter = trial.matter
        review = next_review(matter.policy, agreement.type, matter.today)
        ahead = replace(agreement, review=review)
        brought = replaced(step.brought, agreement=ahead)
        trial = replace(trial, turn=replace(trial.turn, step=replaced(step, brought=brought)))
    return verdicts(trial, right)
