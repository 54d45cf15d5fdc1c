"""What changes an agreement after it was signed, and what waives a condition."""

from lifecycle.subjects import of_document, of_note, of_sheet, of_type
from states.agreement import TakenOver
from states.notes import TakenBack, Voiding
from states.ref import Ref
from states.vocabulary import Role, State, Trigger
from tests.attempts.table import AMENDED, COUNCIL, Story, Tried, approved, attempt, both, tried
from tests.builders import ANNA, BEN, DORA, ERIN, complete_agreement, score_sheet
from tests.stage import Stage

OTHER = complete_agreement(renewal_guidelines="Renewed whatever became of the targets.")
ENDORSED = "endorsed:endorsement.missing"
NEVER = (
    "second_person:person.same",
    "smart_complete:indicator.none",
    "resourced:funding.none",
    "time_bound:term.missing",
)


@attempt()
def amend_alone(stage: Stage) -> Tried:
    """A decider who brings the new text does not decide on it as well."""
    ref = stage.reach(State.SIGNED)
    return tried("person.same", DORA, ref, stage.amend, AMENDED)


@attempt()
def amend_on_ones_own_approval(stage: Stage) -> Tried:
    """Not even by approving it first."""
    ref = stage.reach(State.SIGNED)
    assert not stage.approve(ref, "amend", of_document(AMENDED)).refused
    return tried("person.same", DORA, ref, stage.amend, AMENDED)


@attempt()
def amend_to_something_else_than_was_approved(stage: Stage) -> Tried:
    """An approval is of exactly one content."""
    ref = stage.reach(State.SIGNED)
    assert not stage.approve(ref, "amend", of_document(AMENDED)).refused
    return tried("role.missing", BEN, ref, stage.amend, OTHER)


@attempt()
def amend_on_the_approval_of_another_deed(stage: Stage) -> Tried:
    """One of terminating is none of amending."""
    ref = approved(stage, Trigger.TERMINATE)
    return tried("role.missing", BEN, ref, stage.amend, AMENDED)


@attempt()
def amend_what_was_approved_as_a_proposal(stage: Stage) -> Tried:
    """The approval of signing went with the signature."""
    ref = approved(stage)
    stage.pull(ref, Trigger.SIGN, actor=BEN)
    return tried("role.missing", BEN, ref, stage.amend, AMENDED)


@attempt()
def correct_the_document_alone(stage: Stage) -> Tried:
    """To call it a correction changes nothing."""
    ref = stage.reach(State.SIGNED)
    return tried("person.same", DORA, ref, stage.correct, AMENDED)


@attempt()
def correct_on_the_approval_of_an_amendment(stage: Stage) -> Tried:
    """The same text, but another deed."""
    ref = stage.reach(State.SIGNED)
    stage.approve(ref, "amend", of_document(AMENDED))
    return tried("role.missing", BEN, ref, stage.correct, AMENDED)


@attempt()
def correct_alone_what_one_took_over(stage: Stage) -> Tried:
    """What was signed before the program is no way round it."""
    both(stage, ANNA)
    ref = stage.take_over()
    text = complete_agreement(taken_over=TakenOver("1986", "The City Clerk's archive."))
    return tried("person.same", ANNA, ref, stage.correct, text)


@attempt()
def correct_the_scores_alone(stage: Stage) -> Tried:
    """What a decision stood on is not put right by one person."""
    ref = stage.reach(State.NEGOTIATION)
    n = stage.standing(ref).score_n or 0
    return tried("person.same", DORA, ref, stage.correct_sheet, n, score_sheet())


@attempt()
def correct_the_scores_otherwise_thanapproved(stage: Stage) -> Tried:
    """Nor as somebody else than the approver knows them."""
    ref = stage.reach(State.NEGOTIATION)
    n = stage.standing(ref).score_n or 0
    stage.approve(ref, "correct", of_sheet(n, score_sheet(factors={})))
    return tried("role.missing", BEN, ref, stage.correct_sheet, n, score_sheet())


@attempt()
def take_back_alone(stage: Stage) -> Tried:
    """A decider takes back no decision alone, not even their own."""
    ref = stage.reach(State.SIGNED)
    return tried("person.same", DORA, ref, stage.take_back)


@attempt()
def take_back_another_line_than_was_approved(stage: Stage) -> Tried:
    """The approval names the line."""
    ref = stage.reach(State.SIGNED)
    stage.approve(ref, "correct", of_note(TakenBack(stage.standing(ref).moved_n - 1)))
    return tried("role.missing", BEN, ref, stage.take_back)


@attempt()
def void_alone(stage: Stage) -> Tried:
    """To void is to end without a ground."""
    ref = stage.reach(State.ACTIVE)
    return tried("person.same", DORA, ref, stage.void)


@attempt()
def void_as_something_else_than_was_approved(stage: Stage) -> Tried:
    """A duplicate is not an error."""
    ref, other = stage.reach(State.ACTIVE), stage.propose()
    stage.approve(ref, "void", of_note(Voiding(str(other))))
    return tried("role.missing", BEN, ref, stage.void)


@attempt()
def reclassify_as_another_type_than_was_approved(stage: Stage) -> Tried:
    """The approval names the type."""
    ref = _over(stage)
    stage.approve(ref, "reclassify", of_type("friendship"))
    return tried("role.missing", BEN, ref, stage.reclassify, "partnership")


def _over(stage: Stage) -> Ref:
    old = complete_agreement(type="mou", term=None, taken_over=TakenOver("1986", "The archive."))
    return stage.take_over(old)


@attempt()
def reclassify_what_one_drafted(stage: Stage) -> Tried:
    """It is a decision, and so a second person's."""
    both(stage, ANNA)
    ref = stage.reach(State.SIGNED)
    return tried("person.same", ANNA, ref, stage.reclassify, "friendship")


# Waivers.


def unendorsed(stage: Stage) -> Ref:
    """Return a friendship that awaits its signature without its endorsement."""
    return stage.reach(State.NEGOTIATION, complete_agreement(type="friendship"))


@attempt()
def waive_what_stands_in_ones_own_way(stage: Stage) -> Tried:
    """Who waived it does not act on it."""
    ref = unendorsed(stage)
    assert not stage.waive(ref, ENDORSED, Trigger.SIGN).refused
    return tried("endorsement.missing", DORA, ref, stage.advance, Trigger.SIGN)


@attempt()
def waive_and_approve(stage: Stage) -> Tried:
    """Nor lets others act on their approval."""
    ref = unendorsed(stage)
    stage.waive(ref, ENDORSED, Trigger.SIGN)
    stage.approve(ref, "sign")
    return tried("endorsement.missing", BEN, ref, stage.advance, Trigger.SIGN)


@attempt()
def waive_for_what_one_drafted(stage: Stage) -> Tried:
    """Nothing is waived for an own act."""
    both(stage, ANNA)
    ref = unendorsed(stage)
    return tried("person.same", ANNA, ref, stage.waive, ENDORSED, Trigger.SIGN)


@attempt()
def waive_as_staff(stage: Stage) -> Tried:
    """The policy says whose waivers are."""
    ref = unendorsed(stage)
    return tried("role.missing", BEN, ref, stage.waive, ENDORSED, Trigger.SIGN)


@attempt()
def waive_in_a_bodys_name(stage: Stage) -> Tried:
    """And a body does not give them."""
    ref, told = unendorsed(stage), {"actor": BEN, "on_behalf_of": COUNCIL, "item": "EX1"}
    return tried("role.missing", BEN, ref, stage.waive, ENDORSED, Trigger.SIGN, **told)


@attempt()
def use_a_waiver_of_an_older_version(stage: Stage) -> Tried:
    """It was for what was there then."""
    ref = unendorsed(stage)
    stage.waive(ref, ENDORSED, Trigger.SIGN, actor=ERIN)
    stage.apply(ref, complete_agreement(type="friendship", owner=BEN))
    return tried("endorsement.missing", DORA, ref, stage.advance, Trigger.SIGN)


@attempt()
def use_a_waiver_of_somebody_revoked_and_regranted(stage: Stage) -> Tried:
    """Like an approval, it ends with the role."""
    ref = unendorsed(stage)
    stage.waive(ref, ENDORSED, Trigger.SIGN, actor=ERIN)
    stage.appoint(ERIN, Role.DECIDER, granted=False)
    stage.appoint(ERIN, Role.DECIDER)
    return tried("endorsement.missing", DORA, ref, stage.advance, Trigger.SIGN)


def _waived(condition: str) -> Story:
    def story(stage: Stage) -> Tried:
        ref = stage.reach(State.NEGOTIATION)
        return tried("waiver.never", DORA, ref, stage.waive, condition, Trigger.SIGN)

    return story


for never in NEVER:
    attempt(name=f"waive_{never.partition(':')[0]}")(_waived(never))
