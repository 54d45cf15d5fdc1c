"""Four eyes can't be walked round: each attempt is refused, is on the log, and changes nothing."""

from dataclasses import dataclass

import pytest

from lifecycle.entry import Entry
from states.problem import InvalidInputError
from states.records import Record
from states.ref import Ref
from states.roles import Holdings
from states.vocabulary import Event, Outcome, Role, State, Trigger
from tests.attempts import changes, drafts, powers
from tests.attempts.table import ATTEMPTS, COUNCIL, approved, scored
from tests.builders import ANNA, BEN, DORA, ERIN
from tests.conftest import Staging
from tests.hands import ADMIN
from tests.stage import Stage, codes, policy_file

STORIES = (drafts, changes, powers)
"""The modules whose stories are in the table once they are imported."""


@dataclass(frozen=True)
class Seen:
    """What an attempt must leave as it was."""

    stands: tuple[object, ...]
    roles: Holdings
    policy: str


def seen(stage: Stage, ref: Ref | None) -> Seen:
    """Return where an agreement and its program stand, but for the log."""
    with stage.store.reading() as reader:
        roles, policy = reader.roles(), reader.policy_in_force(stage.day)
    names = ("state", "version", "document", "score_n", "evaluation_n", "approvals", "waivers")
    return Seen(stage.fields(ref, *names) if ref else (), roles, policy)


def refusal(stage: Stage, ref: Ref | None, who: str) -> Entry:
    """Return the last line of a stream, which refuses somebody."""
    line = stage.last(ref)
    assert (line.event, line.outcome) == (Event.REFUSED, Outcome.REFUSED)
    assert (line.actor.id, line.to, line.document) == (who, None, None)
    return line


def test_table_has_more_than_the_twenty_five_attempts_that_were_asked_for() -> None:
    """Its stories come from all of its modules."""
    modules = {story.__module__ for _policy, story in ATTEMPTS.values()}
    assert modules == {module.__name__ for module in STORIES}
    assert len(ATTEMPTS) > 60


@pytest.mark.parametrize("name", ATTEMPTS)
def test_attempt_to_walk_round_the_second_person_is_refused_and_on_the_log(
    staged: Staging, name: str
) -> None:
    """With who tried and why not; state, version, document, approvals and roles stay."""
    policy, story = ATTEMPTS[name]
    stage = staged(policy, sandbox=False).with_people()
    tried = story(stage)
    before, lines = seen(stage, tried.ref), len(stage.raw(tried.ref))
    receipt = tried.act()
    assert receipt is not None
    assert receipt.refused
    assert tried.code in codes(receipt)
    line = refusal(stage, tried.ref, tried.who)
    assert tried.code in {result.code for result in line.guards if result.outcome == "unmet"}
    assert len(stage.raw(tried.ref)) == lines + 1
    assert seen(stage, tried.ref) == before
    assert stage.verify() == []


def bad_input(stage: Stage, ref: Ref, what: str) -> None:
    """Give an order that is bad input: there is nothing in it that could be decided on."""
    match what:
        case "key_reused":
            stage.approve(ref, "accept", actor=ERIN, key="k")
        case "unknown_body":
            stage.approve(ref, "accept", on_behalf_of="The Mayor", item="M1")
        case "unknown_trigger":
            stage.approve(ref, "withdraw")
        case "no_subject":
            stage.approve(ref, "void")
        case "missing_key":
            stage.waive(ref, "cap_available:cap.full", Trigger.ACCEPT, reason=None)
        case "unknown_guard":
            stage.waive(ref, "four_eyes:none", Trigger.ACCEPT)
        case "not_unmet":
            stage.waive(ref, "cap_available:cap.full", Trigger.ACCEPT)
        case "deferral":
            n = stage.record(ref, deferral(stage), actor=DORA).n
            stage.correct_record(ref, n, None)
        case _:
            stage.take_back(ref, 1)


def deferral(stage: Stage) -> Record:
    """Return a decision's deferral by a month."""
    return Record("deferral", stage.day, text="Wait.", until=stage.day.replace(month=10))


@pytest.mark.parametrize(
    "what",
    [
        "key_reused",
        "unknown_body",
        "unknown_trigger",
        "no_subject",
        "missing_key",
        "unknown_guard",
        "not_unmet",
        "deferral",
        "not_last",
    ],
)
def test_attempt_that_says_nothing_that_could_be_decided_leaves_no_trace(
    city: Stage, what: str
) -> None:
    """It is bad input, with what is wrong about it."""
    ref = scored(city)
    city.approve(ref, "accept", key="k")
    before, lines = seen(city, ref), len(city.raw(ref)) + (what == "deferral")
    with pytest.raises(InvalidInputError) as caught:
        bad_input(city, ref, what)
    assert [problem.code for problem in caught.value.problems] == [what]
    assert (seen(city, ref), len(city.raw(ref))) == (before, lines)


def test_step_taken_by_two_people_goes_through(city: Stage) -> None:
    """What the attempts above try to do alone, done as it is meant."""
    ref = approved(city)
    receipt = city.advance(ref, Trigger.SIGN, actor=BEN)
    line = city.last(ref)
    assert (receipt.outcome, receipt.to) == (Outcome.OK, State.SIGNED)
    assert (line.actor.id, line.role, line.approver) == (BEN, Role.STAFF, DORA)
    assert city.verify() == []


def test_bodys_decision_is_carried_out_by_staff_and_cited(city: Stage) -> None:
    """Approved for a body with its item; whoever carries it out, the line names both."""
    ref = scored(city)
    city.approve(ref, "accept", actor=BEN, on_behalf_of=COUNCIL, item="EX1.2")
    city.advance(ref, Trigger.ACCEPT, actor=ANNA)
    line = city.last(ref)
    assert (line.to, line.approver, line.on_behalf_of, line.item) == (
        State.NEGOTIATION,
        BEN,
        COUNCIL,
        "EX1.2",
    )
    assert city.verify() == []


def test_bodys_decision_outlives_who_recorded_it(city: Stage) -> None:
    """It is the body's, cited by its item; the recorder's role was needed to enter it."""
    ref = scored(city)
    city.approve(ref, "accept", actor=BEN, on_behalf_of=COUNCIL, item="EX1.2")
    city.appoint(BEN, Role.STAFF, granted=False)
    assert not city.advance(ref, Trigger.ACCEPT, actor=ANNA).refused


def test_second_decider_takes_what_a_decider_waived(city: Stage) -> None:
    """A waiver is for somebody else's act."""
    ref = changes.unendorsed(city)
    city.waive(ref, changes.ENDORSED, Trigger.SIGN)
    assert not city.advance(ref, Trigger.SIGN, actor=ERIN).refused
    assert ("endorsed", "waived") in {(g.guard, g.outcome) for g in city.last(ref).guards}
    assert city.verify() == []


def test_adoption_of_another_file_or_another_day_waits_for_a_second_person_of_its_own(
    city: Stage,
) -> None:
    """Three orders of which no two say the same put nothing in force."""
    first, second = (policy_file({"cap": {"at_most": n}}) for n in (98, 99))
    city.adopt(first)
    city.adopt(second, actor=ERIN)
    city.on(city.day.replace(day=2)).adopt(first, actor=ERIN)
    assert [line.event for line in city.entries(None)[-3:]] == [Event.APPROVED] * 3
    with city.store.reading() as reader:
        assert len(reader.policies()) == 1
    assert city.verify() == []


def test_two_admins_can_make_one_of_them_a_decider(city: Stage) -> None:
    """What two people can do with four eyes; both steps name who took them."""
    city.appoint("root", Role.ADMIN)
    city.appoint(ADMIN, Role.ADMIN, granted=False, actor="root")
    assert not city.appoint(ADMIN, Role.DECIDER, actor="root").refused
    assert [line.actor.id for line in city.entries(None)[-3:]] == [ADMIN, "root", "root"]


def test_names_of_two_people_are_two(city: Stage) -> None:
    """Anna and Ben are not taken for one another, nor names in letters that differ."""
    city.appoint("Änna", Role.DECIDER)
    ref = scored(city)
    assert ANNA in city.standing(ref).drafters
    assert not city.advance(ref, Trigger.ACCEPT, actor="Änna").refused
