"""Adopts a policy: from then on it judges, and what it derives is worked out anew (R54)."""

from datetime import date

from guards.policy import Policy
from lifecycle.compose import Draft, repeated, written_for_program
from lifecycle.evolve import derived
from lifecycle.matter import judging
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from states.canonical import sha256_hex
from states.problem import InvalidInputError, Problem
from states.vocabulary import Event, Outcome

_BATCH = 500


def adopt(unit: Unit, order: Order, body: bytes, policy: Policy, effective_on: date) -> Receipt:
    """Put a policy in force from a day on; adopting the one in force again is `unchanged`.

    Raises InvalidInputError for another program's code.
    """
    if before := repeated(unit, order, Event.POLICY_ADOPTED):
        return before
    unit.lock_program()
    code, digest = unit.program.code, sha256_hex(body)
    if policy.program.code != code:
        message = f"the policy is for the program {policy.program.code}, this one is {code}"
        raise InvalidInputError([Problem("other_program", message, key="program.code")])
    n, prev = unit.program_head()
    if n and unit.policy_in_force(effective_on) == digest:
        return _receipt(code, n, prev or "", effective_on, Outcome.UNCHANGED)
    unit.adopt(body, digest, effective_on, n + 1)
    draft = Draft(event=Event.POLICY_ADOPTED, effective_on=effective_on)
    head = written_for_program(unit, order, digest, draft)
    _rederive(unit, effective_on)
    return _receipt(code, n + 1, head, effective_on, Outcome.OK)


def _rederive(unit: Unit, day: date) -> None:
    """Derive every standing anew; one in flight may go back to the policy that it keeps."""
    after = -1
    while batch := unit.portfolio(after, _BATCH):
        after = batch[-1].key
        changed = [(old, derived(old, judging(unit, old, day).policy)) for old in batch]
        unit.restate([(old, new) for old, new in changed if new is not old])


def _receipt(code: str, n: int, entry: str, effective_on: date, outcome: Outcome) -> Receipt:
    return Receipt(
        ref=code,
        event=Event.POLICY_ADOPTED,
        outcome=outcome,
        version=n,
        n=n,
        effective_on=effective_on,
        entry=entry,
    )
