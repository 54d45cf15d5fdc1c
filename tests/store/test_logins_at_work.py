"""The ordinary work of a city on PostgreSQL, each person over a login with its own few rights."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from lifecycle.errors import StoreError
from lifecycle.reviewing.deciding import Choice, Decision, decide
from lifecycle.sealing.rekeying import change_key, name_of
from lifecycle.sealing.seal import seal
from lifecycle.subjects import of_document
from states.records import Record
from states.vocabulary import Event, Outcome, Role, State, Trigger
from store.checks import checks
from store.sealing.keys import new_key
from tests.builders import ANNA, BEN, DORA, END, ERIN, complete_agreement, score_sheet
from tests.hands import ADMIN, SYSTEM, publication
from tests.stage import FIRST_DAY, NEXT_TERM, codes, policy_file, with_cap
from tests.store.logins import AUDRA, City
from tests.store.raw import query

pytestmark = pytest.mark.postgresql

AMENDED = complete_agreement(renewal_guidelines="Renewed if half of the targets are met.")
DAYS_OFF = {"clock"}
"""What a check finds because the tests' days are not today's."""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """Return a real program whose people have logins; what they did is in order at the end."""
    made = City(tmp_path)
    yield made
    try:
        assert made.verify() == []
        found = [c for c in checks(made.logins.url_of(AUDRA)) if not c.ok]
        assert [check for check in found if check.name not in DAYS_OFF] == []
        lines = query(
            made.url, "SELECT line::json#>>'{actor,how}' FROM entry WHERE stream > 0 OR n > 2"
        )
        assert {how for (how,) in lines} == {"database"}
    finally:
        made.end()


def test_agreements_go_through_their_lives(city: City) -> None:
    """Into the next term, to their end, declined; what nobody may do is refused on the log."""
    city.along(NEXT_TERM)
    city.reach(State.SUNSET)
    city.reach(State.DECLINED)
    ref = city.reach(State.DECISION)
    city.score(ref)
    assert codes(city.advance(ref, Trigger.ACCEPT, actor=ANNA)) == ["role.missing"]
    assert city.last(ref).outcome is Outcome.REFUSED


def test_what_is_agreed_on_is_amended_and_corrected_by_two(city: City) -> None:
    """With a paper, a waiver, an approval that staff carry out, a transition taken back, a void."""
    ref = city.reach(State.NEGOTIATION)
    assert not city.attach(ref, kind="letter").refused
    assert not city.approve(ref, "sign").refused
    assert not city.advance(ref, Trigger.SIGN, actor=BEN).refused
    assert city.last(ref).approver == city.logins.name(DORA)
    city.taken_back(ref)
    assert city.standing(ref).state is State.NEGOTIATION
    city.pull(ref, Trigger.SIGN)
    for word, way in (("amend", city.amend), ("correct", city.correct)):
        document = AMENDED if word == "amend" else complete_agreement()
        assert not city.approve(ref, word, of_document(document), actor=ERIN).refused
        assert not way(ref, document, reason="Both sides agreed.").refused
    city.voided(ref)


def test_publications_are_noted_by_staff_and_retracted(city: City) -> None:
    """R28: several at once; a decider's is refused once, and the database takes no other's."""
    refs = [city.reach(State.SIGNED) for _ in range(2)]
    assert [codes(one) for one in city.publish(*map(publication, refs), actor=DORA)] == [
        ["role.missing"]
    ]
    noted = city.publish(*map(publication, refs))
    assert [receipt.outcome for receipt in noted] == [Outcome.OK] * 2
    assert not city.correct_record(refs[0], noted[0].n, None, reason="Another site.").refused
    again = city.publish(*map(publication, refs))
    assert [receipt.outcome for receipt in again] == [Outcome.OK, Outcome.UNCHANGED]


def test_records_and_sheets_are_written_and_corrected(city: City) -> None:
    """By whose they are."""
    ref = city.reach(State.DECISION)
    city.score(ref)
    scored = city.last(ref).n
    city.record(ref, Record("note", FIRST_DAY, "They called."))
    noted = city.last(ref).n
    assert not city.correct_record(ref, noted, Record("note", FIRST_DAY, "We called.")).refused
    assert city.correct_sheet(ref, scored, score_sheet(), actor=BEN).event in Event
    city.pull(ref, Trigger.ACCEPT)


def test_approval_that_was_given_stands_until_the_agreement_is_another_one(city: City) -> None:
    """What was given stands in the row, and the line that gives it is its giver's."""
    ref = city.reach(State.DECISION)
    city.score(ref)
    assert not city.approve(ref, "accept").refused
    assert [one.by for one in city.standing(ref).approvals] == [city.logins.name(DORA)]
    city.apply(ref, AMENDED)
    assert city.standing(ref).approvals == ()


def test_review_keeps_and_ends_over_the_logins_of_those_who_decide(city: City) -> None:
    """A decider alone, both steps in one; staff on an approval, for a body, and else not."""
    refs = [city.take_over() for _ in range(4)]
    keep, sunset = Decision(Choice.KEEP), Decision(Choice.SUNSET)
    body = {"on_behalf_of": "City Council", "item": "EX9.1"}
    assert not city.approve(refs[2], "review").refused
    for ref, decision, who, more in (
        (refs[0], keep, DORA, {}),
        (refs[1], sunset, DORA, {"ground": "dormant"}),
        (refs[2], keep, BEN, {}),
        (refs[3], sunset, BEN, {"ground": "dormant", **body}),
    ):
        order = city.order(who, reason="As reviewed.", **more)
        receipts = decide(city.store_of(who), order, ref, decision)
        assert [receipt.refused for receipt in receipts] == [False, False][: len(receipts)]
    (receipt,) = decide(city.store_of(BEN), city.order(BEN, reason="Mine."), refs[0], keep)
    assert codes(receipt) == ["role.missing"]
    assert [city.standing(ref).state for ref in refs] == [State.ACTIVE, State.SUNSET] * 2


def test_policy_is_adopted_by_two_deciders_and_what_it_derives_is_derived(city: City) -> None:
    """The second one's order puts it in force, and moves what is due."""
    ref = city.reach(State.EVALUATION)
    due = city.standing(ref).due
    body = policy_file({"deadlines": {"evaluation_days": 17}})
    assert city.adopt(body).event is Event.APPROVED
    assert city.adopt(body, actor=ERIN).event is Event.POLICY_ADOPTED
    assert city.standing(ref).due != due


def test_agreements_are_taken_over_many_at_a_time(city: City) -> None:
    """An import is one transaction."""
    for state in (State.ACTIVE, State.EVALUATION, State.SIGNED):
        city.take_over(state=state)


def test_roles_are_granted_and_revoked_by_the_admin(city: City) -> None:
    """And nobody else; who has lost theirs does nothing more."""
    assert not city.appoint(BEN, Role.STAFF, granted=False).refused
    assert codes(city.appoint(BEN, Role.DECIDER, actor=ANNA)) == ["role.missing"]
    assert not city.appoint("zoe", Role.STAFF, until=END).refused
    assert codes(city.appoint(ADMIN, Role.DECIDER)) == ["role.own"]
    ref = city.propose()
    assert codes(city.advance(ref, Trigger.SUBMIT, actor=BEN)) == ["role.missing"]


def test_machine_runs_the_night(city: City) -> None:
    """Terms that are over expire, in batches and one by one; what may not be is refused once."""
    for _ in range(3):
        city.reach(State.ACTIVE)
    city.reach(State.SIGNED)
    city.on(END + timedelta(days=400))
    report = city.nightly()
    assert report.completed
    # The one that had only been signed begins and ends.
    assert (report.count("fired"), report.count("failed")) == (5, 0)
    assert city.last(None).actor.id == city.logins.name(SYSTEM)


def test_log_is_sealed_by_the_machine_with_the_key_that_the_admin_made(city: City) -> None:
    """Who makes and replaces keys is in the scheduler's role too; nobody else seals."""
    roles = city.logins.roles
    query(city.url, f"GRANT {roles.scheduler} TO {city.logins.name(ADMIN)}")
    city.reach(State.SIGNED)
    first = city.do(lambda u, _o: new_key(name_of(u)), actor=ADMIN)
    assert not city.do(lambda u, o: change_key(u, o, first), actor=ADMIN).refused
    sealed = seal(city.store_of(SYSTEM), first, lambda: city.order().now)
    assert sealed.new == len(query(city.url, "SELECT 1 FROM entry"))
    city.propose()
    second = new_key(first.public.name)
    assert not city.do(lambda u, o: change_key(u, o, second, first), actor=ADMIN).refused
    with pytest.raises(StoreError) as caught:
        seal(city.store_of(ANNA), second, lambda: city.order().now)
    assert caught.value.code in {"not_permitted", "append_only"}
    assert query(city.url, "SELECT 1 FROM unsealed") == []


def test_sandbox_is_everybodys_until_the_first_grant(tmp_path: Path) -> None:
    """There people may act in each other's names, and roles are told apart by those."""
    city = City(tmp_path, policy=with_cap(3), sandbox=True)
    try:
        ref = city.reach(State.ACTIVE)
        assert not city.adopt(policy_file({"dormancy_months": 7})).refused
        city.with_people()
        assert codes(city.advance(ref, Trigger.TERMINATE, actor=ANNA)) == ["role.missing"]
        assert city.verify() == []
    finally:
        city.end()
