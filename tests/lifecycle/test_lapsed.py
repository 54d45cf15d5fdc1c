"""Approvals and waivers that stand no more, and why: told to people, and counted by nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lifecycle.adoption import adopt
from lifecycle.appointing import appoint
from lifecycle.approving import approve
from lifecycle.authority import holders, lapsed
from lifecycle.cases import waiver_lapsed
from lifecycle.checking import check
from lifecycle.matter import matter_of
from lifecycle.waiving import Condition, waive
from states.problem import InvalidInputError
from states.ref import Ref
from states.roles import RoleChange
from states.vocabulary import Event, Outcome, Role, State, Trigger
from tests.builders import ANNA, DORA, complete_agreement
from tests.stage import Stage, parsed, policy_file, with_cap

ERIN, SAM = "erin", "sam"
RENEWAL = Condition("guidelines_stated", "renewal.missing")
JUDGING_ALL = policy_file({"in_flight": "new"})


def grant(stage: Stage, name: str, role: Role, *, granted: bool = True) -> None:
    """Let Sam grant or revoke a role."""
    change = RoleChange(name, role, granted)
    receipt = stage.do(lambda u, o: appoint(u, o, change), actor=SAM)
    assert receipt.outcome is Outcome.OK, receipt.unmet


def staffed(stage: Stage) -> None:
    """Let Anna be staff, and Dora and Erin decide."""
    grant(stage, ANNA, Role.STAFF)
    grant(stage, DORA, Role.DECIDER)
    grant(stage, ERIN, Role.DECIDER)


def approved(stage: Stage, state: State = State.NEGOTIATION, word: str = "sign") -> Ref:
    """Return an agreement for which Dora has approved something."""
    ref = stage.reach(state)
    staffed(stage)
    assert not stage.do(lambda u, o: approve(u, o, ref, word), actor=DORA).refused
    return ref


def why(stage: Stage, ref: Ref) -> list[str | None]:
    """Return why each approval of an agreement, and then each waiver, stands no more."""
    standing = stage.standing(ref)
    with stage.store.reading() as reader:
        matter = matter_of(reader, stage.order(), standing, stage.day)
        return [
            *(lapsed(matter, given) for given in standing.approvals),
            *(waiver_lapsed(matter, given) for given in standing.waivers),
        ]


def test_approval_stands_until_its_last_day(stage: Stage) -> None:
    """The day after, it is said until when it was good."""
    ref = approved(stage)
    [given] = stage.standing(ref).approvals
    stage.day = given.until
    assert why(stage, ref) == [None]
    stage.day += timedelta(days=1)
    assert why(stage, ref) == [f"it was good until {given.until}"]


def test_approval_ends_when_another_policy_judges(stage: Stage) -> None:
    """It was given under rules that are no longer the ones."""
    ref = approved(stage)
    for actor in (DORA, ERIN):
        stage.adopt(JUDGING_ALL, actor=actor)
    assert why(stage, ref) == ["another policy judges now"]


def test_approval_ends_when_its_giver_drafts(stage: Stage) -> None:
    """Nobody decides on what they wrote, not even beforehand."""
    ref = approved(stage)
    grant(stage, DORA, Role.STAFF)
    kept = replace(stage.document(ref), owner="bo")
    assert not stage.apply(ref, kept, actor=DORA).refused
    assert why(stage, ref) == [f"{DORA} has drafted since"]


def test_approval_ends_with_its_givers_role(stage: Stage) -> None:
    """Revoked and granted again does not bring it back."""
    ref = approved(stage)
    for granted in (False, True):
        grant(stage, DORA, Role.DECIDER, granted=granted)
        assert why(stage, ref) == [f"{DORA} has not remained decider"]


def test_approval_of_a_body_stands_whoever_recorded_it(stage: Stage) -> None:
    """The body decided, and not the person who wrote it down."""
    ref = stage.reach(State.NEGOTIATION)
    staffed(stage)
    grant(stage, "bo", Role.STAFF)
    council = {"on_behalf_of": "City Council", "item": "EX1.1"}
    receipt = stage.do(lambda u, o: approve(u, o, ref, "sign"), actor="bo", **council)
    assert not receipt.refused, receipt.unmet
    grant(stage, "bo", Role.STAFF, granted=False)
    assert why(stage, ref) == [None]


@pytest.mark.parametrize("how", ["version", "policy", "role"])
def test_waiver_stands_no_more(stage: Stage, how: str) -> None:
    """Another version, another policy, or its giver's role: one of them is enough."""
    incomplete = complete_agreement(renewal_guidelines="")
    ref = stage.along((Trigger.SUBMIT, Trigger.ACCEPT), incomplete)
    staffed(stage)
    order = {"actor": ERIN, "reason": "In May."}
    stage.do(lambda u, o: waive(u, o, ref, RENEWAL, Trigger.SIGN), **order)
    assert why(stage, ref) == [None]
    version = stage.standing(ref).version
    if how == "version":
        stage.apply(ref, replace(incomplete, owner="bo"))
        said = f"it was for version {version}"
    elif how == "policy":
        for actor in (DORA, ERIN):
            stage.adopt(JUDGING_ALL, actor=actor)
        said = "another policy judges now"
    else:
        grant(stage, ERIN, Role.DECIDER, granted=False)
        said = f"{ERIN} has not remained decider"
    assert why(stage, ref) == [said]
    assert stage.advance(ref, Trigger.SIGN).refused


def test_check_says_who_may_take_a_step_and_whose_approval_stands(stage: Stage) -> None:
    """An approval makes it staff's; it is told only while it stands."""
    ref = approved(stage)
    with stage.store.reading() as reader:
        [sign] = check(reader, stage.order(), stage.standing(ref), Trigger.SIGN)
        assert (sign.who, sign.allowed) == ((DORA, ERIN), True)
        assert sign.approval is not None
        assert sign.approval.by == DORA
        [sunset] = check(reader, stage.order(), stage.standing(ref), Trigger.SUNSET)
        assert (sunset.approval, sunset.allowed) == (None, False)
    grant(stage, DORA, Role.DECIDER, granted=False)
    with stage.store.reading() as reader:
        [sign] = check(reader, stage.order(), stage.standing(ref), Trigger.SIGN)
    assert (sign.who, sign.approval, sign.allowed) == ((ERIN,), None, False)


def test_who_has_no_role_is_not_told_to_be_a_second_person(stage: Stage) -> None:
    """Who takes the step instead is not known, so that four eyes are not judged yet."""
    ref = stage.reach(State.NEGOTIATION)
    staffed(stage)
    with stage.store.reading() as reader:
        [sign] = check(reader, stage.order(), stage.standing(ref), Trigger.SIGN)
    assert "person.same" not in {unmet.code for _severity, unmet in sign.unmet}
    assert "role.missing" in {unmet.code for _severity, unmet in sign.unmet}


def test_holders_are_those_of_the_day(stage: Stage) -> None:
    """A role's last day is included; before the first grant nobody is named."""
    with stage.store.reading() as reader:
        assert holders(reader, (Role.STAFF,), stage.day) == ()
    change = RoleChange("bo", Role.STAFF, granted=True, until=stage.day)
    stage.do(lambda u, o: appoint(u, o, change), actor=SAM)
    with stage.store.reading() as reader:
        assert holders(reader, (Role.STAFF, Role.DECIDER), stage.day) == ("bo",)
        assert holders(reader, (Role.STAFF,), stage.day + timedelta(days=1)) == ()


def test_adoption_without_a_day_takes_the_one_that_was_approved(stage: Stage) -> None:
    """So the same order by a second decider, days later, is the same order."""
    staffed(stage)
    body, first_day = with_cap(3), stage.day
    rules = parsed(body)

    def order(actor: str) -> Event:
        return stage.do(lambda u, o: adopt(u, o, body, rules, None), actor=actor).event

    assert order(DORA) is Event.APPROVED
    stage.adopt(with_cap(4), actor=ERIN)
    stage.day += timedelta(days=2)
    assert order(DORA) is Event.APPROVED
    assert order(ERIN) is Event.POLICY_ADOPTED
    assert stage.last(None).effective == stage.day
    assert first_day < stage.day


def test_adoption_for_an_unknown_body_is_bad_input(stage: Stage) -> None:
    """A body is one of the policy's."""
    with pytest.raises(InvalidInputError) as caught:
        stage.adopt(with_cap(3), on_behalf_of="Nobody")
    assert [problem.code for problem in caught.value.problems] == ["unknown_body"]
