"""Row locks on PostgreSQL: who waits for whom, and what one who waited judges by."""

from datetime import date

import msgspec
import psycopg
import pytest

from lifecycle.adoption import adopt
from lifecycle.advance import advance
from lifecycle.appointing import appoint
from lifecycle.drafting import apply, propose
from lifecycle.errors import StoreError
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from states.ref import Ref
from states.roles import RoleChange
from states.vocabulary import DueRule, Role, State, Trigger
from tests import postgres
from tests.builders import END, complete_agreement
from tests.conftest import Staging
from tests.stage import Stage, codes, parsed, policy_file, with_cap
from tests.store.raw import unchanged

pytestmark = pytest.mark.postgresql

STRICTER = policy_file({"dormancy_months": 7})
DAY = date(2030, 1, 2)


def submit(stage: Stage, ref: Ref) -> Receipt:
    """Submit a proposal."""
    return stage.do(lambda u, o: advance(u, o, ref, Trigger.SUBMIT))


def hold(stage: Stage, change: RoleChange) -> None:
    """Grant or revoke a role."""
    stage.do(lambda u, o: appoint(u, o, change), actor="root")


def adopted(unit: Unit, order: Order, day: date) -> None:
    """Adopt the stricter policy."""
    adopt(unit, order, STRICTER, parsed(STRICTER), day)


def test_writer_that_waited_for_an_edit_judges_the_edited_document(stage: Stage) -> None:
    """Row, version and document are those of now, though it began to wait before."""
    ref = stage.propose()
    edited = complete_agreement(title="Edited meanwhile")
    order = stage.order()
    with stage.store.unit() as unit:
        apply(unit, order, ref, edited)
        read = postgres.waiting(stage.url, lambda: stage.do(lambda u, _o: seen(u, ref)))
    assert read() == (2, "Edited meanwhile")
    assert stage.verify() == []


def seen(unit: Unit, ref: Ref) -> tuple[int, str]:
    """Return the version and the document's title that a writer sees."""
    standing = unit.lock(ref.key)
    assert standing is not None
    return standing.version, unit.document(standing).title


def test_writer_that_waited_for_another_is_refused_by_what_the_other_did(stage: Stage) -> None:
    """One decision is taken once; who came second is told who was first."""
    ref = stage.propose()
    with stage.store.unit() as unit:
        advance(unit, stage.order("dora"), ref, Trigger.SUBMIT)
        second = postgres.waiting(stage.url, lambda: submit(stage, ref))
    assert [unmet.code for _severity, unmet in second().unmet] == ["version_conflict"]
    assert stage.verify() == []


def test_writer_that_waited_for_an_adoption_writes_nothing_and_may_repeat(stage: Stage) -> None:
    """What it judged by is no longer in force; repeated, it is judged by what is."""
    ref = stage.propose()
    order = stage.order()
    with stage.store.unit() as unit:
        adopted(unit, order, stage.day)
        late = postgres.waiting(stage.url, lambda: submit(stage, ref))
    with unchanged(stage):
        with pytest.raises(StoreError, match="rules changed") as caught:
            late()
        assert (caught.value.code, caught.value.hint) == ("changed_meanwhile", "repeat the command")
    assert not submit(stage, ref).refused
    assert stage.last(ref).policy == stage.last(None).policy
    assert stage.verify() == []


def test_edit_that_waited_for_an_adoption_writes_nothing(stage: Stage) -> None:
    """Also where more than the row and its line is to be written."""
    ref = stage.propose()
    order = stage.order()
    edited = complete_agreement(title="Edited meanwhile")
    with stage.store.unit() as unit:
        adopted(unit, order, stage.day)
        late = postgres.waiting(stage.url, lambda: stage.apply(ref, edited, reason="Late."))
    with unchanged(stage), pytest.raises(StoreError) as caught:
        late()
    assert caught.value.code == "changed_meanwhile"


def test_adoption_waits_for_who_is_judging_and_derives_what_they_wrote(stage: Stage) -> None:
    """Nothing is derived from a row that somebody is about to change."""
    ref = stage.propose()
    with stage.store.unit() as unit:
        advance(unit, stage.order(), ref, Trigger.SUBMIT)
        order = stage.order("dora")
        late = postgres.waiting(
            stage.url, lambda: stage.do(lambda u, _o: adopted(u, order, stage.day))
        )
    late()
    assert stage.standing(ref).state is State.DECISION
    assert stage.verify() == []


def test_new_agreement_waits_for_an_adoption_and_is_judged_by_it(stage: Stage) -> None:
    """No row slips in between that the adoption did not derive."""
    order = stage.order()
    with stage.store.unit() as unit:
        adopted(unit, order, stage.day)
        late = postgres.waiting(stage.url, stage.propose)
    assert stage.last(late()).policy == stage.last(None).policy
    assert stage.verify() == []


def test_two_proposals_at_once_get_numbers_of_their_own(stage: Stage) -> None:
    """The second one waits, and counts on."""
    with stage.store.unit() as unit:
        propose(unit, stage.order(), complete_agreement())
        late = postgres.waiting(stage.url, stage.propose)
    assert str(late()) == "TOR-2026-002"


def test_line_is_written_while_the_program_is_locked(stage: Stage) -> None:
    """Who counts places holds up nobody who does not count them."""
    ref = stage.propose()
    with stage.store.unit() as unit:
        unit.lock_program()
        assert not submit(stage, ref).refused
    assert stage.verify() == []


def test_night_leaves_out_what_somebody_holds_and_waits_for_nobody(staged: Staging) -> None:
    """So no two can stand in each other's way, in whatever order they lock."""
    stage = staged(with_cap(9))
    first, second, third = (stage.reach(State.ACTIVE) for _ in range(3))
    with stage.store.unit() as unit:
        unit.lock(second.key)
        assert stage.do(lambda u, _o: due_on(u, DAY, 2)) == [first.key, third.key]
        with stage.store.unit() as other:
            assert due_on(other, DAY, 2) == [first.key, third.key]
            assert stage.do(lambda u, _o: due_on(u, DAY, 2)) == []


def due_on(unit: Unit, day: date, most: int) -> list[int]:
    """Return what is due."""
    return [one.key for one in unit.due(DueRule.TERM_OVER, day, None, most)]


def test_night_waits_in_the_end_for_what_was_held_and_does_what_is_still_due(
    staged: Staging,
) -> None:
    """What was done meanwhile is not done again; the other one is not left for tomorrow."""
    stage = staged(with_cap(9))
    done, kept, free = (stage.reach(State.ACTIVE) for _ in range(3))
    stage.on(END)
    order = stage.order("dora", ground="needs_changed")
    with stage.store.unit() as unit:
        advance(unit, order, done, Trigger.TERMINATE)
        unit.lock(kept.key)
        night = postgres.waiting(stage.url, stage.on(DAY).nightly)
    assert [(item.ref, item.outcome) for item in night().moves] == [
        (str(free), "fired"),
        (str(kept), "fired"),
    ]
    assert stage.last(done).trigger is Trigger.TERMINATE
    assert stage.verify() == []


def test_order_repeated_in_the_same_moment_under_its_key_is_carried_out_once(stage: Stage) -> None:
    """Neither saw the other; the second one is told to look, and finds the first one's receipt."""
    ref = stage.propose()
    order = stage.order(key="k1")

    def note(unit: Unit) -> Receipt:
        return apply(unit, order, ref, complete_agreement(title="Once"))

    with stage.store.unit() as unit:
        first = note(unit)
        late = postgres.waiting(stage.url, lambda: stage.do(lambda u, _o: note(u)))
    assert late().outcome == "unchanged"
    again = stage.do(lambda u, _o: note(u))
    assert (again.repeated, again.entry) == (True, first.entry)


def test_readers_wait_for_nobody(stage: Stage) -> None:
    """And see the last thing that was committed."""
    ref = stage.propose()
    with stage.store.unit() as unit:
        unit.lock_program()
        advance(unit, stage.order(), ref, Trigger.SUBMIT)
        assert stage.standing(ref).state is State.PROPOSAL
        assert stage.verify() == []


def test_reader_can_not_write(stage: Stage) -> None:
    """Its transaction is a reading one to the server too."""
    standing = stage.standing(stage.propose())
    later = msgspec.structs.replace(standing, due=END)
    with unchanged(stage), pytest.raises(StoreError) as caught, stage.store.reading() as reader:
        reader.restate([(standing, later)])
    assert caught.value.code == "read_only"


def test_sandbox_that_somebody_holds_keeps_its_day_and_nobody_waits(stage: Stage) -> None:
    """The holder says the day; two people on two days don't wait for each other."""
    ref = stage.propose()
    stage.on(date(2026, 9, 3))
    with psycopg.connect(stage.url) as other:
        other.execute("SELECT 1 FROM lifecycle.program FOR NO KEY UPDATE")
        assert not submit(stage, ref).refused
    assert postgres.execute(stage.url, "SELECT stands_at FROM program") == [("2026-09-01",)]


def test_writer_that_waited_while_its_role_was_revoked_writes_nothing(stage: Stage) -> None:
    """By what right it began is no longer so; repeated, it is refused, and that is on the log."""
    ref = stage.propose()
    for name, role in (("dora", Role.DECIDER), ("anna", Role.STAFF)):
        hold(stage, RoleChange(name, role, granted=True))
    submit(stage, ref)
    back = stage.order("dora", ground="needs_changed")

    def take_back() -> Receipt:
        return stage.do(lambda u, _o: advance(u, back, ref, Trigger.RETURN))

    with stage.store.unit() as unit:
        unit.lock(ref.key)
        late = postgres.waiting(stage.url, take_back)
        hold(stage, RoleChange("dora", Role.DECIDER, granted=False))
    with unchanged(stage):
        with pytest.raises(StoreError, match="who holds which role") as caught:
            late()
        assert (caught.value.code, caught.value.hint) == ("changed_meanwhile", "repeat the command")
    assert codes(take_back()) == ["role.missing"]
    assert (stage.last(ref).outcome, stage.last(ref).actor.id) == ("refused", "dora")
    assert stage.verify() == []
