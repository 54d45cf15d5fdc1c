"""Says how to have approved exactly what was refused for want of a second person.

Who writes a later change never decides on it: somebody else approves this content, and no other.
The command for that names the file in which it stands.
"""

import shlex

from msgspec.structs import replace

from guards.conditions import Unmet, Verdict
from lifecycle.order import Receipt
from states.deeds import Deed
from states.ref import Ref
from states.standing import Standing

WANTING = frozenset({"role.missing", "person.same"})
"""The codes of what somebody else's approval would mend."""


def wants_assent(receipt: Receipt) -> bool:
    """Whether an order was refused for nothing but want of a second person."""
    codes = {
        unmet.code for verdict in receipt.verdicts if verdict.blocks for unmet in verdict.unmet
    }
    return receipt.refused and bool(codes) and codes <= WANTING


def pointed(receipt: Receipt, ref: Ref, deed: Deed, standing: Standing, *words: str) -> Receipt:
    """Return a receipt whose refusals say by which command exactly this is approved.

    `words` are those of the command line after the deed, which say what the content is.
    """
    if not receipt.refused:
        return receipt
    command = shlex.join(["lifecycle", "approve", str(ref), deed.name, *words])
    fix = f"let a decider who did not write it approve exactly this: {command}; then repeat yours"
    given = [known for known in standing.approvals if known.deed == deed.name]
    if given:
        who = f"{given[-1].by} (line {given[-1].n})"
        fix = f"the approval of {who} is not for exactly this content or stands no more; {fix}"
    return replace(receipt, verdicts=tuple(_with_fix(each, fix) for each in receipt.verdicts))


def _with_fix(verdict: Verdict, fix: str) -> Verdict:
    unmet = tuple(_mended(one, fix) for one in verdict.unmet)
    return replace(verdict, unmet=unmet)


def _mended(unmet: Unmet, fix: str) -> Unmet:
    return replace(unmet, fix=fix) if unmet.code in WANTING else unmet
