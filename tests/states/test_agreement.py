"""The agreement document's own small helpers, and which keys staff keep up."""

from dataclasses import fields

from states.agreement import KEPT, Agreement, Party
from tests.builders import complete_agreement, home_party, partner_party


def test_sides_have_their_own_parties_in_the_documents_order() -> None:
    """Asking for a side gives that side's parties only."""
    airport = Party("partner", "Airport", "gateway")
    agreement = complete_agreement(parties=(partner_party(), home_party(), airport))
    assert [p.name for p in agreement.side("partner")] == ["Chongqing", "Airport"]
    assert [p.name for p in agreement.side("home")] == ["City of Toronto"]


def test_partner_is_the_first_party_of_the_other_side() -> None:
    """Lists name one partner: the first that the document names."""
    partner = complete_agreement().partner
    assert partner is not None
    assert partner.name == "Chongqing"


def test_agreement_without_a_party_on_the_other_side_has_no_partner() -> None:
    """While it is drafted, the partner may be missing."""
    assert complete_agreement(parties=(home_party(),)).partner is None


def test_kept_keys_are_keys_of_the_document() -> None:
    """What stays editable after signing is named as the document names it."""
    assert {field.name for field in fields(Agreement)} > KEPT
