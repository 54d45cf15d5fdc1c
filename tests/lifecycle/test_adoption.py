"""Adopting a policy: what it judges from then on, and what keeps the old one (R54)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lifecycle import rederiving
from lifecycle.adoption import adopt
from lifecycle.order import Receipt
from states.canonical import sha256_hex
from states.problem import InvalidInputError
from states.vocabulary import Event, Outcome, Role, State, Trigger
from store.policies import parse_policy
from tests.builders import BEN, DORA, ERIN
from tests.conftest import Staging
from tests.stage import FIRST_DAY, TORONTO, Stage, codes, policy_file, with_cap

LONGER = policy_file({"deadlines": {"decision_days": 200, "evaluation_days": 10}})
LONGER_FOR_ALL = policy_file(
    {"in_flight": "new", "deadlines": {"decision_days": 300, "evaluation_days": 20}}
)


def test_adopted_policy_is_a_line_of_the_programs_own_stream(stage: Stage) -> None:
    """Who, when, which; its bytes are kept under the digest that the line cites."""
    receipt = stage.adopt(LONGER, reason="Council resolved it.")
    first, line = stage.entries(None)
    assert (line.event, line.agreement, line.n, line.actor.id) == (
        Event.POLICY_ADOPTED,
        None,
        2,
        DORA,
    )
    assert (line.policy, line.version, line.term) == (sha256_hex(LONGER), None, None)
    assert first.policy == sha256_hex(TORONTO)
    assert (receipt.ref, receipt.n, receipt.outcome) == ("TOR", 2, Outcome.OK)
    with stage.store.reading() as reader:
        assert reader.policy_text(sha256_hex(LONGER)) == LONGER
        assert [digest for digest, _day, _n in reader.policies()] == [first.policy, line.policy]
        assert [part.body for part in reader.beside(None, 2)] == [b"Council resolved it."]


def test_policy_in_force_adopted_again_is_unchanged(stage: Stage) -> None:
    """No line is written for it."""
    assert stage.adopt(TORONTO).outcome is Outcome.UNCHANGED
    assert len(stage.raw(None)) == 1


def test_earlier_policy_can_come_back_into_force(stage: Stage) -> None:
    """Its bytes are kept once, its adoptions are three."""
    for body in (LONGER, TORONTO, LONGER):
        assert stage.adopt(body).outcome is Outcome.OK
    assert [line.n for line in stage.entries(None)] == [1, 2, 3, 4]
    assert stage.verify() == []


def test_policy_of_another_program_is_bad_input(stage: Stage) -> None:
    """A program's references carry its code, which is chosen for good."""
    with pytest.raises(InvalidInputError) as caught:
        stage.adopt(policy_file({"program": {"code": "VAN"}}))
    assert [problem.key for problem in caught.value.problems] == ["program.code"]


def test_same_key_adopts_a_policy_once(stage: Stage) -> None:
    """A retry after somebody else's adoption does not put the old one in force again."""
    first = stage.adopt(LONGER, key="k")
    stage.adopt(TORONTO)
    again = stage.adopt(LONGER, key="k")
    assert (again.entry, again.n, again.ref, again.repeated) == (first.entry, 2, "TOR", True)
    with stage.store.reading() as reader:
        assert reader.policy_in_force(stage.day) == sha256_hex(TORONTO)


def test_new_policy_judges_what_is_not_in_flight(stage: Stage) -> None:
    """A proposal not yet submitted is judged by the policy of the day."""
    ref = stage.propose()
    stage.adopt(policy_file({"types": {"partnership": {"may_be_created": False}}}))
    assert codes(stage.advance(ref, Trigger.SUBMIT)) == ["type.not_created"]


@pytest.mark.parametrize("in_flight", ["keep", "new"])
@pytest.mark.parametrize("state", [State.DECISION, State.NEGOTIATION])
def test_agreement_in_flight_keeps_its_policy_unless_the_new_one_takes_it(
    stage: Stage, state: State, in_flight: str
) -> None:
    """Who has applied under some rules is judged by them, if the policy does not say otherwise."""
    ref = stage.reach(state)
    if state is State.DECISION:
        stage.score(ref)
    criteria = {"version": "2030", "items": [{"code": "new", "question": "?", "mandatory": True}]}
    bounds = {"partnership": {"term_years": {"min": 4, "max": 5}}}
    new = policy_file({"in_flight": in_flight, "criteria": criteria, "types": bounds})
    stage.adopt(new)
    trigger = Trigger.ACCEPT if state is State.DECISION else Trigger.SIGN
    receipt = stage.advance(ref, trigger)
    line = stage.last(ref)
    assert receipt.refused is (in_flight == "new")
    assert line.policy == sha256_hex(new if in_flight == "new" else TORONTO)
    assert stage.verify() == []


def test_policy_adopted_for_all_moves_their_due_dates(stage: Stage) -> None:
    """Deadlines are derived anew; version, n and head stay, for nothing was done to them."""
    ref, other = stage.reach(State.DECISION), stage.take_over(state=State.EVALUATION)
    before = stage.standing(ref)
    stage.adopt(LONGER_FOR_ALL)
    assert stage.fields(ref, "due") == (FIRST_DAY + timedelta(days=300),)
    assert stage.fields(other, "due") == (FIRST_DAY + timedelta(days=20),)
    assert stage.fields(ref, "version", "n", "head") == (before.version, before.n, before.head)
    assert stage.verify() == []


def test_policy_that_keeps_what_is_in_flight_leaves_its_due_dates(stage: Stage) -> None:
    """Only what is not in decision or negotiation is derived anew."""
    ref, other = stage.reach(State.DECISION), stage.take_over(state=State.EVALUATION)
    stage.adopt(LONGER)
    assert stage.fields(ref, "due") == (FIRST_DAY + timedelta(days=180),)
    assert stage.fields(other, "due") == (FIRST_DAY + timedelta(days=10),)
    assert stage.verify() == []


def test_agreement_in_flight_returns_to_its_own_policy_after_one_for_all(stage: Stage) -> None:
    """What a policy for all had changed is undone by one that keeps what is in flight."""
    ref = stage.reach(State.DECISION)
    stage.adopt(LONGER_FOR_ALL)
    stage.adopt(LONGER)
    assert stage.fields(ref, "due") == (FIRST_DAY + timedelta(days=180),)
    assert stage.verify() == []


def test_places_under_the_cap_are_counted_anew(stage: Stage) -> None:
    """A type that no longer counts frees its places; one without a cap holds none."""
    ref = stage.reach(State.ACTIVE)
    assert stage.fields(ref, "counted") == (True,)
    stage.adopt(policy_file({"types": {"partnership": {"counts": False}}}))
    assert stage.fields(ref, "counted") == (False,)
    stage.adopt(with_cap(3))
    assert stage.fields(ref, "counted") == (True,)
    assert stage.verify() == []


def test_portfolio_larger_than_a_batch_is_derived_anew_as_a_whole(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches follow one another by key, without a gap."""
    monkeypatch.setattr(rederiving, "_BATCH", 2)
    refs = [stage.take_over(state=State.EVALUATION) for _ in range(5)]
    stage.adopt(LONGER)
    due = FIRST_DAY + timedelta(days=10)
    assert [stage.fields(ref, "due") for ref in refs] == [(due,)] * 5


def test_policy_may_move_the_program_to_another_time_zone(stage: Stage) -> None:
    """From then on its days are those of that zone."""
    stage.adopt(policy_file({"program": {"time_zone": "Asia/Tokyo"}}))
    ref = stage.propose()
    assert stage.last(ref).effective == FIRST_DAY + timedelta(days=1)
    assert stage.verify() == []


def test_first_adoption_of_a_sandbox_is_in_force_from_the_beginning(staged: Staging) -> None:
    """So that any day can be played; a real program's is in force from its own first day."""
    for sandbox, day in ((True, date.min), (False, FIRST_DAY)):
        with staged(sandbox=sandbox).store.reading() as reader:
            ((_digest, first, n),) = reader.policies()
        assert (first, n) == (day, 1)


def test_policy_is_judged_as_parsed_from_the_bytes_that_are_kept(stage: Stage) -> None:
    """The stored text, not the object handed in, is what later processes read."""
    rules = replace(parse_policy(LONGER), backdating_days=1)
    stage.do(lambda u, o: adopt(u, o, LONGER, rules, stage.day))
    with stage.store.reading() as reader:
        assert reader.policy(sha256_hex(LONGER)).backdating_days == 90


def in_force(stage: Stage) -> str:
    """Return the digest of the policy in force."""
    with stage.store.reading() as reader:
        return reader.policy_in_force(stage.day)


def test_policy_is_put_in_force_by_a_second_decider(city: Stage) -> None:
    """The first order approves, the same order by somebody else adopts; both are on the log."""
    first = city.adopt(LONGER)
    assert (first.event, first.outcome, in_force(city)) == (
        Event.APPROVED,
        Outcome.OK,
        sha256_hex(TORONTO),
    )
    second = city.adopt(LONGER, actor=ERIN)
    line = city.last(None)
    assert (second.event, in_force(city)) == (Event.POLICY_ADOPTED, sha256_hex(LONGER))
    assert (line.actor.id, line.approver, line.role) == (ERIN, DORA, Role.DECIDER)
    assert city.verify() == []


def test_each_adoption_is_approved_anew(city: Stage) -> None:
    """An approval from before another policy was adopted stands for nothing."""
    city.adopt(LONGER)
    for who in (DORA, ERIN):
        city.adopt(LONGER_FOR_ALL, actor=who)
    assert city.adopt(LONGER, actor=ERIN).event is Event.APPROVED
    assert in_force(city) == sha256_hex(LONGER_FOR_ALL)
    assert city.verify() == []


def test_approval_of_an_adoption_ends_with_its_givers_role(city: Stage) -> None:
    """Regranted or not."""
    city.adopt(LONGER)
    for granted in (False, True):
        city.appoint(DORA, Role.DECIDER, granted=granted)
    assert city.adopt(LONGER, actor=ERIN).event is Event.APPROVED
    assert in_force(city) == sha256_hex(TORONTO)


def test_approval_of_an_adoption_ends_after_the_policys_days(city: Stage) -> None:
    """Then who gave it may give it anew; twice it counts for one."""
    day = city.day
    city.adopt(LONGER)
    city.on(day + timedelta(days=91))

    def again(who: str) -> Receipt:
        rules = parse_policy(LONGER)
        return city.do(lambda u, o: adopt(u, o, LONGER, rules, day + timedelta(days=1)), actor=who)

    assert again(DORA).event is Event.APPROVED
    assert codes(again(DORA)) == ["person.same"]
    assert again(ERIN).event is Event.POLICY_ADOPTED
    assert city.verify() == []


def test_body_may_adopt_beside_a_decider_and_is_cited(city: Stage) -> None:
    """Recorded by staff with its item; it outlives the recorder's role."""
    told = {"actor": BEN, "on_behalf_of": "City Council"}
    assert codes(city.adopt(LONGER, **told)) == ["item.missing"]
    assert city.adopt(LONGER, **told, item="EX1.2").event is Event.APPROVED
    city.appoint(BEN, Role.STAFF, granted=False)
    assert city.adopt(LONGER).event is Event.POLICY_ADOPTED
    assert city.last(None).approver == BEN
    assert city.verify() == []


def test_who_may_not_decide_adopts_no_policy(city: Stage) -> None:
    """The refusal is on the program's stream."""
    assert codes(city.adopt(LONGER, actor=BEN)) == ["role.missing"]
    line = city.last(None)
    assert (line.event, line.actor.id, line.outcome) == (Event.REFUSED, BEN, Outcome.REFUSED)
    assert city.verify() == []


def test_same_key_approves_an_adoption_once_and_for_one_person(city: Stage) -> None:
    """The second decider's order needs a key of its own."""
    first = city.adopt(LONGER, key="k")
    assert city.adopt(LONGER, key="k").entry == first.entry
    with pytest.raises(InvalidInputError) as caught:
        city.adopt(LONGER, actor=ERIN, key="k")
    assert [problem.code for problem in caught.value.problems] == ["key_reused"]
    assert in_force(city) == sha256_hex(TORONTO)


def test_day_that_can_not_be_is_bad_input(city: Stage) -> None:
    """Not to come, and not before the last decision."""
    rules = parse_policy(LONGER)
    city.reach(State.DECISION)
    for days in (-1, 1):
        day = city.day + timedelta(days=days)
        with pytest.raises(InvalidInputError) as caught:
            city.do(lambda u, o, at=day: adopt(u, o, LONGER, rules, at), actor=DORA)  # type: ignore[misc]
        assert [problem.key for problem in caught.value.problems] == ["effective"]
