"""Judges one line once more: the policy and the right that it names, and what each guard said.

The rules of a moment are not always known for sure, where they changed close by. A line is in order
if it is under any of those that it can have been written under.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lifecycle.advance import GATE as AT_THE_TRANSITION
from lifecycle.authority import GATE as AT_THE_RIGHT
from lifecycle.authority import authorise
from lifecycle.compose import results
from lifecycle.entry import GuardResult
from lifecycle.recomputing.comparing import differences
from lifecycle.recomputing.days import impossible
from lifecycle.recomputing.deeds import Claim, attempted, claimed, right_of, unauthorised
from lifecycle.recomputing.instants import instant_of
from lifecycle.recomputing.past import GoneError
from lifecycle.recomputing.publications import misnoted
from lifecycle.recomputing.shapes import contradictions
from lifecycle.recomputing.tables import unlawful
from lifecycle.recomputing.trials import Trial, Turn, at_most, days_of, tried
from lifecycle.recomputing.verdicts import verdicts
from states.deeds import Deed
from states.vocabulary import Outcome


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line: a code, and in words."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Hearing:
    """What judging a line once more gave; `trial` is the one under which nothing is wrong."""

    faults: Sequence[Fault] = ()
    trial: Trial | None = None


def heard(turn: Turn) -> Hearing:
    """Judge a line under the rules that suit it best, and return what is wrong with it."""
    ok = turn.entry.outcome is Outcome.OK
    if ok and (why := unlawful(turn.step, turn.table, turn.past)):
        return Hearing([Fault("move.illegal", why)])
    if wrong := [Fault("line.contradicts", why) for why in contradictions(turn.step, turn.past)]:
        return Hearing(wrong)
    moment = turn.moment
    best: Sequence[Fault] | None = None
    for rules in moment.known.history.possible(moment.window, instant_of(moment.entry)):
        for today in days_of(turn, rules):
            trial = tried(turn, rules, today)
            found = list(_faults(trial))
            if not found:
                return Hearing(trial=trial)
            best = found if best is None or len(found) < len(best) else best
    return Hearing(best or [Fault("policy.differs", "no policy was in force when it was written")])


def _faults(trial: Trial) -> Iterator[Fault]:
    entry, judges = trial.entry, trial.matter.judging
    if entry.policy != judges.digest:
        yield Fault(
            "policy.differs",
            f"it names the policy {entry.policy}, and {judges.digest} was to judge it",
        )
        return
    if why := impossible(trial):
        yield Fault("day.impossible", why)
    elif entry.outcome is Outcome.REFUSED:
        yield from _refusal(trial)
    elif claim := claimed(trial):
        yield from _deed(trial, claim)


def _deed(trial: Trial, claim: Claim) -> Iterator[Fault]:
    for one in trial.entry.guards:
        if one.outcome == "unmet":
            yield Fault("guard.unmet", f"it was done though {one.guard} was unmet ({one.code})")
    yield from (Fault("line.contradicts", why) for why in misnoted(trial))
    yield from _judged(trial, claim)


def _judged(trial: Trial, claim: Claim) -> Iterator[Fault]:
    """Yield what is wrong with the right that a line names; else, with what guards said."""
    right = right_of(trial, claim)
    wrong = [Fault("authority.differs", said) for said in unauthorised(trial, right)]
    yield from wrong
    if wrong:
        return
    try:
        least = results(verdicts(trial, right))
        most = results(verdicts(at_most(trial), right)) if trial.unit.bounded else least
    except GoneError:
        return
    for said in differences(trial.entry.guards, least, most):
        yield Fault("guard.differs", said)


def _refusal(trial: Trial) -> Iterator[Fault]:
    entry, first = trial.entry, next(iter(trial.entry.guards), None)
    if first is None or not any(one.outcome == "unmet" for one in entry.guards):
        yield Fault("refusal.groundless", "it is a refusal, and nothing on it refuses")
        return
    deed = attempted(trial)
    if first.guard == AT_THE_RIGHT and deed:
        yield from _denial(trial, deed, first)
    elif first.guard == AT_THE_TRANSITION:
        yield from _gate(trial, first)
    elif entry.trigger and deed and not entry.content:
        # With a note of what was tried beside it, it was judged a moment before it was written,
        # with files that were not kept then.
        yield from _judged(trial, Claim(deed))


def _denial(trial: Trial, deed: Deed, first: GuardResult) -> Iterator[Fault]:
    denied = authorise(trial.matter, deed).denied
    if denied is None or denied.code != first.code:
        code = denied.code if denied else "nothing"
        message = f"it was refused for {first.code}, and what stood against it was {code}"
        yield Fault("authority.differs", message)


def _gate(trial: Trial, first: GuardResult) -> Iterator[Fault]:
    standing, trigger = trial.matter.held, trial.entry.trigger
    row = trial.turn.table.get(trigger) if trigger else None
    legal = row is not None and standing.state in row.sources
    if first.code == "agreement.void" and not standing.voided:
        yield Fault("refusal.groundless", "it was refused as void, and was not void")
    if first.code == "not_from_here" and legal:
        message = f"{trigger} does lead on from {standing.state}, and it was refused as if not"
        yield Fault("refusal.groundless", message)
