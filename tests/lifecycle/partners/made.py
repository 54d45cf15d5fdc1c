"""Dossiers for the tests of partners, as a portfolio would hand them out."""

from typing import Any

from lifecycle.dossiers import Dossier
from states.agreement import Agreement, Party
from states.records import Record
from states.ref import Ref
from states.terms import TermRow
from states.vocabulary import State
from tests.builders import complete_agreement, home_party, standing

KYIV = Party("partner", "Kyiv", "city", "UA")
BOARD = Party("home", "Board of Trade", "industry_organisation", "CA", why="audience")


def dossier(
    number: int,
    of: Agreement,
    *records: Record,
    signed: str | None = None,
    **changes: Any,  # noqa: ANN401
) -> Dossier:
    """Return the program's agreement of this number, active unless something else is said."""
    ref = Ref("TOR", 2026, number)
    at = standing(of, **{"key": ref.key, "state": State.ACTIVE, **changes})
    terms = (TermRow(term=1, signed_on=signed),)
    facts = tuple(enumerate(records, 11))
    return Dossier(ref=ref, standing=at, document=of, records=facts, terms=terms)


def with_parties(*parties: Party, aliases: tuple[str, ...] = (), **changes: Any) -> Agreement:  # noqa: ANN401
    """Return an agreement of the City with some parties."""
    return complete_agreement(parties=(home_party(), *parties), aliases=aliases, **changes)


def partner(name: str, country: str | None = "UA", kind: str = "city", **more: Any) -> Party:  # noqa: ANN401
    """Return a party of the other side."""
    return Party("partner", name, kind, country, **more)
