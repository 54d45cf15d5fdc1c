"""Bodies and their names, roles and who grants them, policies, imports and the system."""

from datetime import date, timedelta

from lifecycle.order import Receipt
from lifecycle.takeover import take_over
from states.agreement import TakenOver
from states.records import Record
from states.vocabulary import Role, State, Trigger
from tests.attempts.table import COUNCIL, Tried, approved, attempt, scored, tried
from tests.builders import ANNA, BEN, DORA, complete_agreement
from tests.hands import ADMIN, SYSTEM
from tests.stage import Stage, policy_file


@attempt()
def approve_for_a_body_without_its_item(stage: Stage) -> Tried:
    """A body's decision is cited."""
    ref = scored(stage)
    told = {"actor": BEN, "on_behalf_of": COUNCIL}
    return tried("item.missing", BEN, ref, stage.approve, "accept", **told)


@attempt()
def decide_in_a_bodys_name_on_ones_own_word(stage: Stage) -> Tried:
    """A decider who names a body cites it like anybody else."""
    ref = stage.reach(State.NEGOTIATION)
    return tried("item.missing", DORA, ref, stage.advance, Trigger.SIGN, on_behalf_of=COUNCIL)


@attempt()
def put_a_body_before_a_deciders_approval(stage: Stage) -> Tried:
    """Staff carry out what was approved, and for nobody else."""
    ref, told = approved(stage), {"actor": BEN, "on_behalf_of": COUNCIL}
    return tried("item.missing", BEN, ref, stage.advance, Trigger.SIGN, **told)


@attempt({"bodies": [{"name": COUNCIL, "recorded_by": ["staff"]}]})
def record_for_a_body_without_its_recorders_role(stage: Stage) -> Tried:
    """The policy says who enters what a body decided."""
    ref, told = scored(stage), {"on_behalf_of": COUNCIL, "item": "EX1"}
    return tried("role.missing", DORA, ref, stage.approve, "accept", **told)


@attempt()
def record_a_bodys_decision_on_what_one_drafted(stage: Stage) -> Tried:
    """Who drafted does not enter the decision as well."""
    ref = scored(stage)
    told = {"actor": ANNA, "on_behalf_of": COUNCIL, "item": "EX1"}
    return tried("person.same", ANNA, ref, stage.advance, Trigger.ACCEPT, **told)


@attempt({"bodies": [{"name": COUNCIL, "resolution": True}]})
def record_a_bodys_decision_without_its_resolution(stage: Stage) -> Tried:
    """A resolution from before the last step was for another decision."""
    ref = stage.propose()
    stage.attach(ref)
    stage.pull(ref, Trigger.SUBMIT)
    stage.score(ref)
    told = {"actor": BEN, "on_behalf_of": COUNCIL, "item": "EX1"}
    return tried("resolution.missing", BEN, ref, stage.advance, Trigger.ACCEPT, **told)


@attempt({"bodies": [{"name": COUNCIL}], "signs_up_to": 5000})
def sign_for_more_than_a_decider_may(stage: Stage) -> Tried:
    """Above the policy's limit a body signs."""
    ref = stage.reach(State.NEGOTIATION)
    return tried("signing_limit.exceeded", DORA, ref, stage.advance, Trigger.SIGN)


@attempt()
def defer_for_a_body_that_the_policy_does_not_know(stage: Stage) -> Tried:
    """No line cites a body that is none."""
    ref, until = scored(stage), stage.day + timedelta(days=30)
    fact = Record("deferral", stage.day, text="Wait.", until=until)
    told = {"actor": DORA, "on_behalf_of": "The Mayor", "item": "M1"}
    return tried("body.unknown", DORA, ref, stage.record, fact, **told)


# Roles, policies, the system.


@attempt()
def grant_a_role_to_oneself(stage: Stage) -> Tried:
    """Who grants decides nothing."""
    return tried("role.own", ADMIN, None, stage.appoint, ADMIN, Role.DECIDER)


@attempt()
def grant_a_role_to_oneself_in_capitals(stage: Stage) -> Tried:
    """However the name is written."""
    return tried("role.own", ADMIN, None, stage.appoint, "ADMIN ", Role.DECIDER)


@attempt()
def be_admin_and_decider_at_once(stage: Stage) -> Tried:
    """Not by another admin's grant either."""
    stage.appoint("root", Role.ADMIN)
    return tried("role.apart", "root", None, stage.appoint, ADMIN, Role.DECIDER)


@attempt()
def make_a_decider_admin(stage: Stage) -> Tried:
    """From either side, however the name is written."""
    return tried("role.apart", ADMIN, None, stage.appoint, "Dora", Role.ADMIN)


@attempt()
def grant_after_having_become_decider(stage: Stage) -> Tried:
    """Two admins may make one of them a decider, who grants no more."""
    stage.appoint("root", Role.ADMIN)
    stage.appoint(ADMIN, Role.ADMIN, granted=False, actor="root")
    assert not stage.appoint(ADMIN, Role.DECIDER, actor="root").refused
    return tried("role.missing", ADMIN, None, stage.appoint, "zoe", Role.DECIDER)


@attempt()
def leave_nobody_who_grants(stage: Stage) -> Tried:
    """The last admin stays one."""
    return tried("role.last_admin", ADMIN, None, stage.appoint, ADMIN, Role.ADMIN, granted=False)


@attempt()
def grant_as_staff(stage: Stage) -> Tried:
    """Roles are an admin's to grant."""
    return tried("role.missing", BEN, None, stage.appoint, "zoe", Role.DECIDER)


@attempt()
def adopt_a_policy_alone(stage: Stage) -> Tried:
    """The same person's second order is not a second person's."""
    new = policy_file({"cap": {"at_most": 99}})
    assert not stage.adopt(new).refused
    return tried("person.same", DORA, None, stage.adopt, new)


@attempt()
def adopt_a_policy_as_staff(stage: Stage) -> Tried:
    """Rules are deciders' to change."""
    new = policy_file({"cap": {"at_most": 99}})
    stage.adopt(new)
    return tried("role.missing", BEN, None, stage.adopt, new)


@attempt()
def take_over_as_somebody_without_the_role(stage: Stage) -> Tried:
    """What is imported as active went through no guard, so it is staff's."""
    old = complete_agreement(taken_over=TakenOver("1986", "The archive."), term=None)

    def enter(actor: str) -> Receipt:
        return stage.do(lambda u, o: take_over(u, o, old, State.ACTIVE), actor=actor)

    return tried("role.missing", DORA, None, enter)


@attempt()
def submit_as_the_system(stage: Stage) -> Tried:
    """The scheduler does what the calendar demands, and nothing of a person's."""
    ref = stage.propose()
    return tried("role.missing", SYSTEM, ref, stage.advance, Trigger.SUBMIT)


@attempt()
def expire_as_a_person(stage: Stage) -> Tried:
    """And a person nothing of the calendar's."""
    ref = stage.reach(State.ACTIVE)
    stage.on(date(2030, 6, 1))
    return tried("system_only", DORA, ref, stage.advance, Trigger.EXPIRE)


@attempt()
def run_the_nightly_check_as_a_person(stage: Stage) -> Tried:
    """It would move what nobody decided on."""
    stage.reach(State.SIGNED)
    stage.on(date(2027, 6, 1))
    return tried("role.missing", DORA, None, lambda actor: stage.nightly(actor=actor).denied)


@attempt()
def do_anything_with_a_void_agreement(stage: Stage) -> Tried:
    """What was voided stays so."""
    ref = stage.reach(State.SIGNED)
    stage.voided(ref)
    return tried("agreement.void", DORA, ref, stage.approve, "terminate")
