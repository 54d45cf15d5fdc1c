"""What one proposed, wrote or has the name of who did; and what an approval was for, how long."""

from datetime import timedelta

from states.vocabulary import Role, State, Trigger
from tests.attempts.table import AMENDED, Story, Tried, approved, attempt, both, scored, tried
from tests.builders import ANNA, BEN, DORA, ERIN, complete_agreement
from tests.stage import Stage, policy_file


@attempt()
def accept_what_one_proposed(stage: Stage) -> Tried:
    """Who has both roles proposes, and accepts the proposal."""
    both(stage, ANNA)
    ref = scored(stage)
    return tried("person.same", ANNA, ref, stage.advance, Trigger.ACCEPT)


@attempt()
def approve_what_one_proposed(stage: Stage) -> Tried:
    """Or approves it, for somebody else to carry out."""
    both(stage, ANNA)
    ref = scored(stage)
    return tried("person.same", ANNA, ref, stage.approve, "accept")


@attempt()
def approve_as_staff(stage: Stage) -> Tried:
    """Staff approve nothing, though they drafted nothing either."""
    ref = scored(stage)
    return tried("role.missing", BEN, ref, stage.approve, "accept")


@attempt()
def accept_as_staff(stage: Stage) -> Tried:
    """Nor do they decide."""
    ref = scored(stage)
    return tried("role.missing", BEN, ref, stage.advance, Trigger.ACCEPT)


def _under_another_name(name: str) -> Story:
    def story(stage: Stage) -> Tried:
        stage.appoint(name, Role.DECIDER)
        ref = scored(stage)
        return tried("person.same", name, ref, stage.advance, Trigger.ACCEPT)

    return story


for how, written in {
    "capitals": "ANNA",
    "a_space_behind": "Anna ",
    "full_width": "\uff21\uff4e\uff4e\uff41",
    "a_sign_without_width": "an\u200bna",
    "a_variant_of_a_letter": "anna\ufe0f",
}.items():
    attempt(name=f"accept_ones_own_in_{how}")(_under_another_name(written))


@attempt()
def take_a_name_that_has_no_role(stage: Stage) -> Tried:
    """A role is held by exactly the name that it was granted to."""
    ref = scored(stage)
    return tried("role.missing", "Dora", ref, stage.advance, Trigger.ACCEPT)


@attempt()
def edit_and_then_sign(stage: Stage) -> Tried:
    """Who changed what is to be signed does not sign it."""
    both(stage, DORA)
    ref = stage.reach(State.NEGOTIATION)
    stage.apply(ref, AMENDED, actor=DORA)
    return tried("person.same", DORA, ref, stage.advance, Trigger.SIGN)


@attempt()
def sign_the_term_that_one_opened(stage: Stage) -> Tried:
    """Who opens a new term's negotiation is its first drafter."""
    both(stage, DORA)
    ref = stage.reach(State.RENEWAL)
    stage.pull(ref, Trigger.RENEGOTIATE, actor=DORA)
    return tried("person.same", DORA, ref, stage.advance, Trigger.SIGN)


# What an approval was for, and how long.


@attempt()
def change_what_was_approved(stage: Stage) -> Tried:
    """An approval of a text ends with that text."""
    ref = approved(stage)
    stage.apply(ref, AMENDED, actor=BEN)
    return tried("role.missing", BEN, ref, stage.advance, Trigger.SIGN)


@attempt()
def change_what_was_approved_and_change_it_back(stage: Stage) -> Tried:
    """Nor does it come back with it."""
    ref = approved(stage)
    for text in (AMENDED, complete_agreement()):
        stage.apply(ref, text, actor=BEN)
    return tried("role.missing", BEN, ref, stage.advance, Trigger.SIGN)


@attempt()
def become_a_drafter_after_approving(stage: Stage) -> Tried:
    """Whoever edits after approving, be it an owner's name, has drafted."""
    ref = approved(stage)
    stage.appoint(DORA, Role.STAFF)
    stage.apply(ref, complete_agreement(owner=BEN), actor=DORA)
    return tried("role.missing", BEN, ref, stage.advance, Trigger.SIGN)


@attempt()
def carry_out_an_approval_of_somebody_revoked_and_regranted(stage: Stage) -> Tried:
    """A role that is granted again is another one."""
    ref = approved(stage)
    stage.appoint(DORA, Role.DECIDER, granted=False)
    stage.appoint(DORA, Role.DECIDER)
    return tried("role.missing", BEN, ref, stage.advance, Trigger.SIGN)


@attempt()
def carry_out_an_approval_after_the_role_ended(stage: Stage) -> Tried:
    """A role has a last day, and so have its approvals."""
    stage.appoint(DORA, Role.DECIDER, until=stage.day + timedelta(days=10))
    ref = approved(stage)
    stage.on(stage.day + timedelta(days=11))
    return tried("role.missing", BEN, ref, stage.advance, Trigger.SIGN)


@attempt()
def carry_out_an_approval_after_its_last_day(stage: Stage) -> Tried:
    """The policy's days have passed."""
    ref = approved(stage)
    stage.on(stage.day + timedelta(days=91))
    return tried("role.missing", BEN, ref, stage.advance, Trigger.SIGN)


@attempt()
def carry_out_an_approval_under_another_policy(stage: Stage) -> Tried:
    """What was approved under some rules is approved anew under others."""
    ref = approved(stage, Trigger.TERMINATE)
    for decider in (DORA, ERIN):
        stage.adopt(policy_file({"approval_days": 91}), actor=decider)
    return tried("role.missing", BEN, ref, stage.advance, Trigger.TERMINATE, ground="dormant")


@attempt()
def carry_out_an_approval_twice(stage: Stage) -> Tried:
    """An approval is for one act; the next one needs another."""
    ref = approved(stage, Trigger.TERMINATE)
    stage.pull(ref, Trigger.TERMINATE, actor=BEN)
    stage.taken_back(ref)
    return tried("role.missing", BEN, ref, stage.advance, Trigger.TERMINATE, ground="dormant")


@attempt()
def score_anew_after_the_approval(stage: Stage) -> Tried:
    """An approval saw the scores that were there."""
    ref = scored(stage)
    stage.approve(ref, "accept")
    stage.score(ref, actor=BEN)
    return tried("role.missing", BEN, ref, stage.advance, Trigger.ACCEPT)


@attempt()
def evaluate_anew_after_the_approval(stage: Stage) -> Tried:
    """And the evaluation."""
    ref = stage.reach(State.EVALUATION)
    stage.evaluate(ref)
    stage.approve(ref, "renew")
    stage.evaluate(ref, actor=BEN)
    return tried("role.missing", BEN, ref, stage.advance, Trigger.RENEW)
