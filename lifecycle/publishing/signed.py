"""What was last signed of an agreement: what is public of it, whatever is negotiated since.

A draft of a later term is nobody's business until it is signed. Whoever works out what is public
gets the dossier as it comes from here, in which the draft is not there at all.
"""

from collections.abc import Callable
from dataclasses import replace

import msgspec

from guards.policy import Policy
from lifecycle.dossiers import Dossier, Part
from lifecycle.evolve import described
from states.standing import Standing

PARTS = (Part.DOCUMENT, Part.TERMS, Part.EARLIER)
"""The parts of a dossier by which it is told what was last signed."""


def wanted(policy: Policy) -> Callable[[Standing], bool]:
    """Return whether an agreement is on the register, by its row: of others nothing is read.

    On it is what was signed, and of what never was only what the policy lists by its state; what
    was voided is not.
    """

    def on_the_register(standing: Standing) -> bool:
        listed = standing.state in policy.publishing.states
        return not standing.voided and (standing.signed_term is not None or listed)

    return on_the_register


def last_signed(dossier: Dossier) -> Dossier:
    """Return a dossier without the draft of a later term: as of what was signed last.

    What was never signed is all draft, and stays as it is; so do the state and what is due.
    """
    standing, term = dossier.standing, dossier.standing.signed_term
    if term is None or term == standing.term:
        return dossier
    document = dossier.earlier[term]
    return replace(
        dossier,
        standing=msgspec.structs.replace(described(standing, document), term=term),
        document=document,
        terms=tuple(row for row in dossier.terms if row.term <= term),
    )
