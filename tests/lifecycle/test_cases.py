"""The case that guards judge: facts of the rest of the program, read only where they are asked."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guards.case import Act, Case
from lifecycle.cases import build
from lifecycle.matter import Matter, locked
from states.agreement import Agreement, Resource, Term
from states.records import Record
from states.ref import Ref
from states.vocabulary import Guard, State, Trigger
from tests.builders import (
    DORA,
    END,
    START,
    complete_agreement,
    complete_project,
    funding,
    partner_party,
    score_sheet,
    staff,
    with_resources,
)
from tests.conftest import Staging
from tests.stage import Stage, codes, policy_file


def built(stage: Stage, ref: Ref, *guards: Guard, trigger: Trigger = Trigger.SIGN) -> Case:
    """Return the case of some guards for Dora's act of today."""
    with stage.store.reading() as reader:
        matter: Matter = locked(reader, stage.order(DORA), ref)
        return build(matter, Act(trigger, DORA, stage.day), guards)


def limited(per: str, at_most: int = 1, **changes: Any) -> bytes:  # noqa: ANN401
    """Return a policy with one limit."""
    limit = {"code": "few", "at_most": at_most, "per": per, **changes}
    return policy_file({"limits": [limit], "regions": {"east": ["CN", "JP"]}})


def of_country(country: str | None, **changes: Any) -> Agreement:  # noqa: ANN401
    """Return a complete agreement with a partner in a country."""
    parties = (complete_agreement().parties[0], partner_party(country=country))
    return complete_agreement(parties=parties, **changes)


def test_case_without_needs_reads_nothing(stage: Stage) -> None:
    """Neither document nor facts: asking for them would be a fault."""
    case = built(stage, stage.reach(State.ACTIVE), Guard.TERM_OVER, Guard.SECOND_PERSON)
    assert (case.document, case.facts.counted, case.facts.scores) == (None, 0, None)
    with pytest.raises(LookupError):
        _ = case.agreement


def test_case_has_the_document_and_sheets_that_its_guards_read(stage: Stage) -> None:
    """The present ones."""
    ref = stage.reach(State.DECISION)
    assert built(stage, ref, Guard.CRITERIA_SCORED).facts.scores is None
    stage.score(ref)
    scored = built(stage, ref, Guard.CRITERIA_SCORED, Guard.SMART_COMPLETE)
    assert scored.facts.scores == score_sheet()
    assert scored.document == complete_agreement()
    running = stage.reach(State.ACTIVE)
    assert built(stage, running, Guard.EVALUATED).facts.evaluation is None


def test_case_has_the_years_that_have_an_annual_report(stage: Stage) -> None:
    """Of this agreement, not of others."""
    ref, other = stage.reach(State.ACTIVE), stage.reach(State.ACTIVE)
    stage.record(ref, Record("annual", stage.day, "A year.", year=2026))
    stage.record(other, Record("annual", stage.day, "A year.", year=2025))
    assert built(stage, ref, Guard.REPORTS_COMPLETE).facts.annual == {2026}


def test_cap_counts_the_others(stage: Stage) -> None:
    """Not the agreement itself, nor what holds no place."""
    stage.reach(State.ACTIVE)
    stage.reach(State.EVALUATION)
    stage.reach(State.SIGNED)
    ref = stage.reach(State.SIGNED)
    assert built(stage, ref, Guard.CAP_AVAILABLE).facts.counted == 2
    held = stage.reach(State.ACTIVE)
    assert built(stage, held, Guard.CAP_AVAILABLE).facts.counted == 0


@pytest.mark.parametrize(
    ("per", "country", "start", "reached"),
    [
        ("program", "BR", START, True),
        ("country", "CN", START, True),
        ("country", "JP", START, False),
        ("country", None, START, False),
        ("region", "JP", START, True),
        ("region", "BR", START, False),
        ("region", None, START, False),
        ("year", "BR", date(2027, 12, 31), True),
        ("year", "BR", date(2026, 12, 31), False),
    ],
)
def test_limit_counts_others_of_the_program_country_region_or_year(
    staged: Staging, per: str, country: str | None, start: date, *, reached: bool
) -> None:
    """One agreement with China from 2027 runs; another one is judged against it."""
    stage = staged(limited(per))
    stage.reach(State.ACTIVE)
    ref = stage.propose(of_country(country, term=Term(start, END)))
    facts = built(stage, ref, Guard.CAP_AVAILABLE, trigger=Trigger.ACTIVATE).facts
    assert facts.limits == {"few": int(reached)}


def test_limit_counts_only_the_types_and_states_that_it_names(staged: Staging) -> None:
    """And is not asked at all for an agreement of another type."""
    stage = staged(limited("program", types=["friendship"], states=["signed"]))
    ref = stage.reach(State.SIGNED)
    assert built(stage, ref, Guard.CAP_AVAILABLE).facts.limits == {}
    stage = staged(limited("program", 5, types=["partnership"], states=["signed"]))
    refs = [stage.reach(State.SIGNED), stage.reach(State.SIGNED)]
    stage.reach(State.ACTIVE)
    assert built(stage, refs[0], Guard.CAP_AVAILABLE).facts.limits == {"few": 1}


def test_limit_of_the_year_without_a_term_is_that_of_the_act(staged: Staging) -> None:
    """What has no first day counts in the year in which it is decided on."""
    stage = staged(limited("year"))
    stage.reach(State.ACTIVE)
    ref = stage.propose(complete_agreement(term=None))
    assert built(stage.on(START), ref, Guard.CAP_AVAILABLE).facts.limits == {"few": 1}
    ref = stage.propose(complete_agreement(term=None))
    stage.on(date(2030, 1, 1))
    assert built(stage, ref, Guard.CAP_AVAILABLE).facts.limits == {"few": 0}


def test_limit_that_is_reached_refuses_the_activation(staged: Staging) -> None:
    """As the cap does, with the limit's own code."""
    stage = staged(limited("country"))
    stage.reach(State.ACTIVE)
    receipt = stage.advance(stage.reach(State.SIGNED), Trigger.ACTIVATE)
    assert "limit.few" in codes(receipt)
    assert receipt.refused


def test_projects_of_other_running_agreements_are_counted_by_their_first_year(
    stage: Stage,
) -> None:
    """A project without a start begins with its term."""
    later = complete_project(name="Fair", id="fair", start=date(2028, 3, 1))
    stage.reach(State.ACTIVE, complete_agreement(projects=(complete_project(), later)))
    stage.reach(State.SIGNED)
    ref = stage.reach(State.SIGNED, complete_agreement(projects=(complete_project(), later)))
    assert built(stage, ref, Guard.PROJECT_FOCUS).facts.projects == {2027: 1, 2028: 1}
    untimed = stage.propose(complete_agreement(term=None, projects=(), milestones=()))
    assert built(stage, untimed, Guard.PROJECT_FOCUS).facts.projects == {}


def funded(*resources: Resource) -> Agreement:
    """Return a complete agreement with this funding."""
    return with_resources((*resources, staff()))


def test_funding_that_others_have_committed_is_summed_to_the_last_place(stage: Stage) -> None:
    """Of signed and active agreements, in the program's currency, for years with a budget."""
    stage.adopt(policy_file({"program": {"budget": {"2027": 900000}}}))
    stage.reach(State.SIGNED, funded(funding(amount=Decimal("100.0001"))))
    stage.reach(State.ACTIVE, funded(funding(amount=Decimal("200.5")), funding(currency="USD")))
    stage.reach(State.NEGOTIATION, funded(funding(amount=Decimal(1000))))
    stage.reach(State.SUNSET, funded(funding(amount=Decimal(1000))))
    ref = stage.propose(funded(funding(), funding(year=2028)))
    committed = built(stage, ref, Guard.RESOURCED).facts.committed
    assert committed == {2027: Decimal("300.5001")}


def test_funding_that_is_replaced_is_committed_once(stage: Stage) -> None:
    """What a document says now counts, not what it said before."""
    stage.adopt(policy_file({"program": {"budget": {"2027": 900000}}}))
    ref = stage.reach(State.NEGOTIATION)
    stage.apply(ref, funded(funding(amount=Decimal(7))))
    stage.pull(ref, Trigger.SIGN)
    other = stage.propose()
    assert built(stage, other, Guard.RESOURCED).facts.committed == {2027: Decimal(7)}


def test_budget_that_others_have_used_up_refuses_the_signing(stage: Stage) -> None:
    """The last cent may be committed, and not one more."""
    stage.adopt(policy_file({"program": {"budget": {"2027": 100}}}))
    stage.reach(State.SIGNED, funded(funding(amount=Decimal("60.01"))))
    ref = stage.reach(State.NEGOTIATION, funded(funding(amount=Decimal(40))))
    assert codes(stage.advance(ref, Trigger.SIGN)) == ["budget.exceeded"]
    stage.apply(ref, funded(funding(amount=Decimal("39.99"))))
    assert stage.advance(ref, Trigger.SIGN).to is State.SIGNED


@pytest.mark.parametrize("amount", ["999999999999999.9999", "922337203685477.5807"])
def test_absurd_amount_is_kept_and_exceeds_every_budget(stage: Stage, amount: str) -> None:
    """The largest that a document takes breaks neither its storing nor the others' sums."""
    stage.reach(State.SIGNED, funded(funding(amount=Decimal(amount))))
    stage.reach(State.SIGNED, funded(*[funding(amount=Decimal(amount))] * 9))
    stage.adopt(policy_file({"program": {"budget": {"2027": 900000}}}))
    ref = stage.reach(State.NEGOTIATION)
    assert codes(stage.advance(ref, Trigger.SIGN)) == ["budget.exceeded"]
    assert stage.verify() == []
