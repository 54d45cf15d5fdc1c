"""Writing down that a program goes on from a backup."""

from lifecycle.order import Receipt
from lifecycle.restoring import tell_restored
from states.codec import decode
from states.notes import Restoration
from states.vocabulary import Event, Outcome, Role, State
from tests.stage import Stage

BACKUP = Restoration("ab" * 32, "2026-09-01T12:00:00.000000Z", 41, "0002")


def told(stage: Stage, **order: object) -> Receipt:
    """Write the line."""
    return stage.do(lambda u, o: tell_restored(u, o, BACKUP), **order)


def test_restored_program_says_from_which_backup_it_goes_on(city: Stage) -> None:
    """On its own stream, with the backup's digest and its newest line beside it."""
    city.reach(State.ACTIVE)
    receipt = told(city, actor="olga", reason="The disk broke.")
    assert (receipt.event, receipt.outcome, receipt.ref) == (Event.RESTORED, Outcome.OK, "TOR")
    line = city.last(None)
    assert (line.n, line.event, line.actor.id) == (receipt.n, Event.RESTORED, "olga")
    with city.store.reading() as reader:
        parts = {part.part: part for part in reader.beside(None, line.n)}
    assert decode(Restoration, parts["content"].body) == BACKUP
    assert parts["content"].kind == "restoration"
    assert parts["reason"].body == b"The disk broke."
    assert city.verify() == []


def test_who_restores_needs_no_role_of_the_past(city: Stage) -> None:
    """Nobody in a backup can stop who puts it in its place; the line names them, without a role."""
    told(city, actor="somebody else")
    assert (city.last(None).actor.id, city.last(None).role) == ("somebody else", None)
    assert city.verify() == []


def test_people_go_on_after_it_by_the_roles_that_the_backup_knows(city: Stage) -> None:
    """Roles, approvals and the policy are as they were; the chain goes through the line."""
    told(city, actor="olga")
    assert not city.appoint("zoe", Role.STAFF).refused
    assert not city.on(city.day).nightly().denied
    assert city.verify() == []
