"""What is public of a program: sums and counts over its register, and of nothing else."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from guards.policy import Policy
from lifecycle.dossiers import dossiers
from lifecycle.publishing.of_agreement import PARTS as OF_AGREEMENT
from lifecycle.publishing.of_agreement import public_agreement
from lifecycle.publishing.of_program import PARTS, ProgramTally
from lifecycle.publishing.public_program import (
    PublicBudget,
    PublicBurn,
    PublicCount,
    PublicProgram,
    PublicRoles,
)
from lifecycle.publishing.signed import wanted
from states.agreement import TakenOver
from states.vocabulary import DueRule, State, Trigger
from tests.builders import (
    END,
    START,
    complete_agreement,
    complete_project,
    funding,
    policy,
    with_resources,
)
from tests.conftest import Staging
from tests.lifecycle.publishing.published import showing
from tests.stage import NEXT_TERM, Stage, policy_file


def program(stage: Stage, under: Policy | None = None) -> PublicProgram:
    """Return what is public of a stage's program."""
    rules = under or policy()
    with stage.store.reading() as reader:
        tally = ProgramTally(rules, stage.day, lambda key, at: reader.document_of(key, at).type)
        parts = (*PARTS, *OF_AGREEMENT)
        for dossier in dossiers(reader, *parts, wanted=wanted(rules)):
            public = public_agreement(dossier, rules, stage.day)
            assert public is not None
            tally.add(dossier, public)
    return tally.program()


def mou(signed: str) -> dict[str, object]:
    """Return what a memorandum is that is taken over."""
    origin = TakenOver(signed, "Archive")
    return {"type": "mou", "term": None, "projects": (), "milestones": (), "taken_over": origin}


def test_r55_program_tells_places_held_counts_by_type_and_by_year_of_signing(stage: Stage) -> None:
    """Of what is on the register; a proposal counts for nothing, even where it is shown."""
    for signed in ("1986", "1986-04", "unknown"):
        stage.take_over(complete_agreement(**mou(signed)))
    stage.reach(State.ACTIVE)
    stage.reach(State.SUNSET)
    stage.voided(stage.reach(State.ACTIVE))
    stage.propose()
    found = program(stage, showing(State.PROPOSAL))
    assert (found.code, found.currency, found.cap) == ("TOR", "CAD", 10)
    assert (found.held, found.in_force) == (1, 4)
    titles = {code: kind.title for code, kind in policy().types.items()}
    assert found.types == (
        PublicCount(name="mou", title=titles["mou"], count=3),
        PublicCount(name="partnership", title=titles["partnership"], count=1),
    )
    assert [(one.name, one.count) for one in found.years] == [
        ("1986", 2), ("2026", 1), ("2027", 1), ("unknown", 1),
    ]  # fmt: skip
    bare = replace(policy(), types={}, cap=None)
    unknown = program(stage, bare)
    assert (unknown.cap, unknown.types[0].title) == (None, "mou")


def test_r50_budget_tells_what_is_committed_by_year_with_other_currencies_apart(
    stage: Stage,
) -> None:
    """Never added up; and what a draft of a later term asks for is committed by nobody."""
    euros = funding(amount=Decimal(500), currency="EUR")
    more = funding(amount=Decimal(1), year=2028)
    ref = stage.reach(State.ACTIVE, with_resources((funding(), funding(), euros, more, *_STAFF)))
    later = stage.along(NEXT_TERM)
    stage.apply(later, complete_agreement())
    rules = replace(policy().program, budget={"2027": Decimal(900_000)})
    (first, second) = program(stage, policy(program=rules)).budgets
    assert first == PublicBudget(
        year=2027,
        budget=Decimal(900_000),
        committed=Decimal(120_000),
        other={"EUR": Decimal(500)},
    )
    assert second == PublicBudget(year=2028, budget=None, committed=Decimal(1))
    stage.pull(ref, Trigger.TERMINATE)
    assert [one.committed for one in program(stage, policy(program=rules)).budgets] == [Decimal(0)]


_STAFF = complete_project().resources[1:]


def test_r52_r53_roles_are_counted_year_by_year(staged: Staging) -> None:
    """Words of the policy's own are counted together, and silence apart; a draft says nothing."""
    words = {"roles": ["catalyst", "implementer", "observer"]}
    stage = staged(policy_file({"vocabulary": words}))
    for role in ("catalyst", "implementer", "observer", None):
        stage.reach(State.ACTIVE, complete_agreement(role=role))
    later = stage.along(NEXT_TERM, complete_agreement(role="catalyst"))
    stage.apply(later, complete_agreement(role="implementer"))
    (only,) = program(stage).roles
    assert only == PublicRoles(year=2027, catalyst=2, implementer=1, other=1, unstated=1)


def test_r30_worklist_is_told_as_it_burns_down_year_by_year(stage: Stage) -> None:
    """What was reclassified twice left it twice, and what was sunset left it for good."""
    first, second, _third = (stage.take_over(complete_agreement(**mou("1986"))) for _ in range(3))
    stage.on(date(2027, 3, 1))
    assert not stage.reclassify(first, "partnership").refused
    assert not stage.reclassify(first, "friendship").refused
    stage.on(date(2028, 3, 1))
    for trigger in (Trigger.TERMINATE, Trigger.SUNSET):
        stage.pull(second, trigger)
    assert program(stage).worklist == (
        PublicBurn(year=2026, left=3, reclassified=0, sunset=0),
        PublicBurn(year=2027, left=2, reclassified=1, sunset=0),
        PublicBurn(year=2028, left=1, reclassified=0, sunset=1),
    )


def test_decisions_due_are_those_owed_or_ahead_within_a_year(stage: Stage) -> None:
    """The earliest first; what ends in three years is told by its own page."""
    ref = stage.reach(State.ACTIVE)
    owed = stage.along(NEXT_TERM)
    (only,) = program(stage).decisions
    assert (only.ref, only.rule) == (str(owed), DueRule.DECISION_DUE)
    stage.on(END - timedelta(days=30))
    first, second = program(stage).decisions
    assert (first.ref, first.on < stage.day) == (str(owed), True)
    assert (second.ref, second.on, second.rule) == (str(ref), END, DueRule.TERM_OVER)


def test_empty_register_is_a_program_without_figures(stage: Stage) -> None:
    """Nothing is made up for it."""
    found = program(stage.on(START))
    assert (found.held, found.in_force, found.types, found.years) == (0, 0, (), ())
    assert (found.roles, found.worklist, found.decisions) == ((), (), ())
    assert all(not one.committed for one in found.budgets)
