"""What stood behind a line: roles and who granted them, approvals, the policy, waivers."""

from dataclasses import replace
from datetime import timedelta

import msgspec

from lifecycle.entry import Entry, entry_of
from lifecycle.explaining import Why, why
from lifecycle.subjects import of_document
from states.ref import Ref
from states.vocabulary import Event, Outcome, Role, State, Trigger
from tests.builders import ANNA, BEN, DORA, ERIN, complete_agreement
from tests.conftest import Staging
from tests.hands import ADMIN
from tests.stage import Stage, parsed, policy_file, with_cap

AMENDED = complete_agreement(renewal_guidelines="Renewed if half of the targets are met.")
COUNCIL = "City Council"


def behind(stage: Stage, ref: Ref | None, n: int = -1) -> Why:
    """Return what stood behind a line, by default the last one."""
    line = stage.raw(ref)[n - 1 if n > 0 else n]
    with stage.store.reading() as reader:
        return why(reader, ref.key if ref else None, entry_of(line))


def last_adoption(stage: Stage) -> Entry:
    """Return the line of the last adoption."""
    return [e for e in stage.entries(None) if e.event is Event.POLICY_ADOPTED][-1]


def test_role_is_the_one_held_at_the_time(city: Stage) -> None:
    """Since when, and by whose line; that it was revoked since changes nothing."""
    ref = city.propose()
    city.on(city.day + timedelta(days=1)).appoint(ANNA, Role.STAFF, granted=False)
    held = behind(city, ref).held
    assert held is not None
    assert (held.name, held.role, held.granted_by) == (ANNA, Role.STAFF, ADMIN)
    granted = city.entries(None)[held.n - 1]
    assert (granted.event, granted.recorded_at) == (Event.ROLE_CHANGED, held.since)


def test_longer_grant_goes_on_from_the_first_one(city: Stage) -> None:
    """A grant of what is still held moves its last day; who granted it first did."""
    until = city.day + timedelta(days=100)
    city.appoint(ANNA, Role.STAFF, until=until)
    held = behind(city, city.propose()).held
    assert held is not None
    assert (held.until, held.n < city.last(None).n) == (until, True)


def test_open_sandbox_and_the_founding_have_no_grant_behind_them(stage: Stage, city: Stage) -> None:
    """Nobody had been granted a role; and the first line of all was written before any."""
    assert behind(stage, stage.propose()).held is None
    first = behind(city, None, 1)
    assert (first.held, first.approval, first.waivers) == (None, None, ())
    assert first.judged is not None
    assert first.judged.adopted.n == 1


def test_approval_behind_a_step_is_the_one_for_it(city: Stage) -> None:
    """Not the one before it for another step; with its day, its reason and the giver's role."""
    ref = city.reach(State.NEGOTIATION)
    city.approve(ref, Trigger.SUNSET)
    given = city.approve(ref, Trigger.SIGN, reason="As agreed in the committee.").n
    city.approve(ref, Trigger.SIGN, actor=ERIN)
    city.advance(ref, Trigger.SIGN, actor=BEN)
    approval = behind(city, ref).approval
    assert approval is not None
    assert (approval.entry.n, approval.entry.actor.id) == (given, DORA)
    assert approval.reason == "As agreed in the committee."
    assert approval.until == city.day + timedelta(days=parsed(policy_file({})).approval_days)
    assert approval.held is not None
    assert (approval.held.name, approval.held.role) == (DORA, Role.DECIDER)


def test_approval_behind_an_amendment_is_for_amending(city: Stage) -> None:
    """A line that is no transition names its deed by its event."""
    ref = city.reach(State.SIGNED)
    given = city.approve(ref, "amend", of_document(AMENDED)).n
    city.amend(ref, AMENDED)
    approval = behind(city, ref).approval
    assert approval is not None
    assert approval.entry.n == given
    with city.store.reading() as reader:
        unknown = msgspec.structs.replace(city.last(ref), approver=BEN)
        assert why(reader, ref.key, unknown).approval is None


def test_approval_behind_an_adoption_is_of_that_policy(city: Stage) -> None:
    """Two deciders adopt a policy: the first one's order stands behind the second one's."""
    other, wanted = with_cap(40), with_cap(50)
    city.adopt(wanted)
    given = city.last(None)
    city.adopt(other)
    city.adopt(wanted, actor=ERIN)
    found = behind(city, None)
    assert found.approval is not None
    assert (found.approval.entry.n, found.approval.until) == (given.n, None)
    assert found.judged is not None
    assert found.judged.adopted == last_adoption(city)


def test_policy_is_the_one_that_judged_even_where_another_was_in_force(stage: Stage) -> None:
    """One in decision keeps the policy of its last decision."""
    ref = stage.reach(State.DECISION)
    assert (judged := behind(stage, ref).judged) is not None
    assert judged.in_force
    stage.on(stage.day + timedelta(days=1)).adopt(with_cap(50))
    stage.score(ref)
    stage.advance(ref, Trigger.ACCEPT)
    assert (judged := behind(stage, ref).judged) is not None
    assert (judged.adopted.n, judged.in_force) == (1, False)
    assert behind(stage, ref, 2).judged == judged.__class__(judged.adopted, in_force=True)


def test_waiver_that_a_step_was_done_on_is_named(staged: Staging) -> None:
    """The last one of the condition, for this step; its reason and its line."""
    city = staged(sandbox=False).with_people()
    lacking = complete_agreement(renewal_guidelines="")
    ref = city.reach(State.NEGOTIATION, replace(lacking, termination_guidelines=""))
    city.waive(ref, "guidelines_stated:termination.missing", Trigger.SIGN, actor=ERIN)
    city.apply(ref, lacking)
    condition = "guidelines_stated:renewal.missing"
    city.waive(ref, condition, Trigger.SIGN, actor=ERIN, reason="First.")
    n = city.waive(ref, condition, Trigger.SIGN, actor=ERIN, reason="The mayor asks for it.").n
    city.approve(ref, Trigger.SUNSET)
    assert city.advance(ref, Trigger.SIGN).outcome is Outcome.OK
    [waived] = behind(city, ref).waivers
    assert (waived.guard, waived.code, waived.field) == (*condition.split(":"), None)
    assert (waived.entry.n, waived.entry.actor.id) == (n, ERIN)
    assert waived.reason == "The mayor asks for it."
    assert behind(city, ref, n).waivers == ()
