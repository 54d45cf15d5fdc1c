"""A whole life under every shipped policy, for each type that it makes, in its own words."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lifecycle.drafting import propose
from states.problem import InvalidInputError
from states.ref import Ref
from states.vocabulary import State, Trigger
from store.policies import shipped, shipped_policy
from tests.builders import complete_agreement
from tests.conftest import Staging, seldom
from tests.fitting import fitting, fitting_scores
from tests.stage import Stage, parsed

CODES = {name: tuple(parsed(shipped_policy(name)).creatable) for name in shipped()}
LIVES = [(name, codes[0]) for name, codes in CODES.items()]
LIVES += [(name, code) for name, codes in CODES.items() for code in codes[1:]]
PROFILES = [name for name in shipped() if name.startswith("profile-")]


def first_term(stage: Stage, name: str, code: str) -> Ref:
    """Bring an agreement of a type from proposal to active."""
    policy = parsed(shipped_policy(name))
    ref = stage.propose(fitting(policy, code))
    stage.pull(ref, Trigger.SUBMIT)
    stage.score(ref, fitting_scores(policy))
    assert not stage.advance(ref, Trigger.ACCEPT).refused
    stage.pull(ref, Trigger.SIGN)
    stage.pull(ref, Trigger.ACTIVATE)
    return ref


def ended(stage: Stage, ref: Ref) -> None:
    """Let the term run out, or the review come, on the day on which that is due."""
    due = stage.standing(ref).due
    assert due is not None
    stage.on(due)
    assert stage.nightly().count("fired") == 1
    assert stage.standing(ref).state is State.EVALUATION
    stage.evaluate(ref)
    stage.report(ref)


@pytest.mark.parametrize(("name", "code"), seldom(LIVES, len(CODES)))
def test_whole_life_can_be_walked_under_every_shipped_policy(
    staged: Staging, name: str, code: str
) -> None:
    """Proposed, signed, in force, ended, renewed, in force again and sunset, without a refusal."""
    stage = staged(shipped_policy(name))
    policy = parsed(shipped_policy(name))
    ref = first_term(stage, name, code)
    assert stage.standing(ref).state is State.ACTIVE
    ended(stage, ref)
    assert not stage.advance(ref, Trigger.RENEW).refused
    stage.pull(ref, Trigger.RENEGOTIATE)
    begins = date(stage.day.year, stage.day.month, 1) + timedelta(days=100)
    stage.apply(ref, fitting(policy, code, begins=begins))
    stage.pull(ref, Trigger.SIGN)
    stage.on(max(begins, stage.day))
    stage.advance(ref, Trigger.ACTIVATE)
    assert (stage.standing(ref).state, stage.standing(ref).term) == (State.ACTIVE, 2)
    ended(stage, ref)
    ground = policy.vocabulary.grounds[0]
    assert not stage.advance(ref, Trigger.SUNSET, ground=ground).refused
    assert stage.standing(ref).state is State.SUNSET
    assert stage.verify() == []


@pytest.mark.parametrize("name", PROFILES)
def test_profile_takes_no_document_in_a_citys_words(staged: Staging, name: str) -> None:
    """Missions and city halls are not its field: every word is told with its key."""
    stage = staged(shipped_policy(name))
    with pytest.raises(InvalidInputError) as caught:
        stage.do(lambda u, o: propose(u, o, complete_agreement()))
    keys = {problem.key for problem in caught.value.problems}
    assert {"type", "origin", "role", "projects[0].kind", "projects[0].objectives[0].kind"} <= keys


@pytest.mark.parametrize(("name", "code"), LIVES)
def test_checklist_of_a_shipped_policy_is_asked(staged: Staging, name: str, code: str) -> None:
    """An agreement whose document answers nothing is refused at the first step that asks."""
    policy = parsed(shipped_policy(name))
    asked = [c for c in policy.conditions if not c.types or code in c.types]
    stage = staged(shipped_policy(name))
    ref = stage.propose(replace(fitting(policy, code), conditions={}))
    stage.score(ref, fitting_scores(policy))
    missing = []
    for trigger in (Trigger.SUBMIT, Trigger.ACCEPT, Trigger.SIGN):
        receipt = stage.advance(ref, trigger)
        missing = [u.code for _severity, u in receipt.unmet if u.guard == "conditions_met"]
        if receipt.refused:
            break
    first = min((c.trigger for c in asked), key=list(Trigger).index, default=None)
    assert missing == [c.code for c in asked if c.trigger is first]
