"""The City's role year by year: what was in force, who says which role, and what it costs."""

from datetime import date
from decimal import Decimal
from typing import Any

from lifecycle.dossiers import Dossier
from lifecycle.partners.roles import CATALYST, RoleYear, roles_by_year
from states.agreement import Agreement, Resource
from states.ref import Ref
from states.terms import TermRow
from states.vocabulary import State
from tests.builders import complete_agreement, funding, standing, with_resources

DAY = date(2028, 6, 1)
RUNNING = TermRow(term=1, activated_on=date(2027, 1, 1))


def dossier(
    *terms: TermRow,
    of: Agreement | None = None,
    earlier: dict[int, Agreement] | None = None,
    **changes: Any,  # noqa: ANN401 - any field of Standing
) -> Dossier:
    """Return an agreement with its terms; active in its last one, unless something else is said."""
    agreement = of or complete_agreement(projects=())
    at = standing(agreement, **{"state": State.ACTIVE, "term": len(terms), **changes})
    ref = Ref.of("TOR", at.key)
    return Dossier(ref=ref, standing=at, document=agreement, terms=terms, earlier=earlier or {})


def with_role(role: str | None) -> Agreement:
    """Return an agreement in which the City has a role, or states none."""
    return complete_agreement(role=role, projects=())


def counts(*dossiers: Dossier) -> dict[int, dict[str | None, int]]:
    """Return how many agreements were in force in each year, by role."""
    return {one.year: dict(one.agreements) for one in roles_by_year(dossiers, DAY)}


def test_r53_each_year_counts_the_agreements_that_were_in_force_on_a_day_of_it() -> None:
    """From activation to conclusion, or to the present day; a year in between stays empty."""
    over = TermRow(term=1, activated_on=date(2024, 12, 31), concluded_on=date(2025, 1, 1))
    ended = dossier(over, state=State.SUNSET)
    implementing = dossier(RUNNING, of=with_role("implementer"))
    assert counts(ended, implementing) == {
        2024: {"catalyst": 1},
        2025: {"catalyst": 1},
        2026: {},
        2027: {"implementer": 1},
        2028: {"implementer": 1},
    }


def test_r53_what_was_never_in_force_counts_in_no_year() -> None:
    """A proposal, or one that is signed and has not begun; without any, there is no year."""
    waiting = TermRow(term=1, signed_on="2027-12-01")
    assert counts(dossier(TermRow(term=1), state=State.PROPOSAL)) == {}
    assert counts(dossier(waiting, state=State.SIGNED)) == {}
    assert counts(dossier(waiting, state=State.SIGNED, taken_over=True)) == {}


def test_r53_what_was_taken_over_was_in_force_from_its_signing() -> None:
    """However little is known of the date; one that had ended was so to its end, or its entry."""
    old = TermRow(term=1, signed_on="2026-04")
    entered: dict[str, Any] = {"taken_over": True, "activated": True, "opened_on": date(2027, 5, 1)}
    over = TermRow(term=1, signed_on="2026", ends=date(2026, 8, 31))
    assert list(counts(dossier(old, **entered))) == [2026, 2027, 2028]
    assert list(counts(dossier(over, state=State.EVALUATION, **entered))) == [2026, 2027, 2028]
    assert counts(dossier(over, state=State.EVALUATION, **entered))[2027] == {}
    assert counts(dossier(old, state=State.SUNSET, **entered))[2027] == {"catalyst": 1}
    assert counts(dossier(old, state=State.SUNSET, **entered))[2028] == {}


def test_r53_renewal_with_another_role_leaves_the_earlier_years_as_they_were() -> None:
    """Each term has the role of its own document; a year of both goes by the later one, once."""
    first = TermRow(term=1, activated_on=date(2025, 1, 1), concluded_on=date(2027, 10, 1))
    second = TermRow(term=2, activated_on=date(2027, 12, 1))
    renewed = dossier(first, second, earlier={1: with_role("implementer")})
    assert counts(renewed) == {
        2025: {"implementer": 1},
        2026: {"implementer": 1},
        2027: {"catalyst": 1},
        2028: {"catalyst": 1},
    }
    assert list(counts(dossier(first, second))) == [2027, 2028]


def test_r52_who_states_no_role_is_counted_apart_from_the_shares() -> None:
    """Two of three that state one are catalysts; that a fourth states none changes no share."""
    roles = (CATALYST, CATALYST, "implementer", None)
    year = roles_by_year([dossier(RUNNING, of=with_role(role)) for role in roles], DAY)[-1]
    assert (year.in_force, year.stated) == (4, 3)
    assert (year.share(CATALYST), year.share("implementer")) == (Decimal("66.7"), Decimal("33.3"))
    assert RoleYear(2028, {None: 1}, {}).share(CATALYST) is None


def test_r52_shares_of_funding_are_by_currency_and_by_the_year_it_is_for() -> None:
    """Nothing is added across currencies; staff, and funding without one, is no funding."""
    resources = (
        funding(),
        funding(amount=Decimal("0.1")),
        funding(currency="EUR"),
        funding(year=2029),
        funding(currency=None),
        Resource("staff", Decimal(1), "CAD", "Council", 2027),
    )
    own = dossier(RUNNING, of=with_resources(resources))
    theirs = dossier(RUNNING, of=complete_agreement(role="implementer"))
    silent = dossier(RUNNING, of=complete_agreement(role=None))
    year = roles_by_year([own, theirs, silent], DAY)[0]
    assert year.year == 2027
    assert list(year.funding) == ["CAD", "EUR"]
    assert str(year.funding["CAD"][CATALYST]) == "60,000.10 CAD"
    assert year.funding_share(CATALYST, "CAD") == Decimal("50.0")
    assert year.funding_share("implementer", "EUR") == Decimal("0.0")
    assert year.funding_share(CATALYST, "USD") is None
