"""Which policy judges which agreements, and which of them are judged by an older one (R54)."""

from lifecycle.in_flight import dockets
from lifecycle.matter import Judging
from states.ref import Ref
from states.vocabulary import State
from store.reader import Reader
from tests.stage import FIRST_DAY, Stage, with_cap


def judged(reader: Reader) -> dict[str, tuple[int, list[Ref]]]:
    """Return what each policy judges."""
    digest = reader.policy_in_force(FIRST_DAY)
    found = dockets("TOR", reader.portfolio(-1, 100), Judging(digest, reader.policy(digest)))
    return {key: (one.agreements, list(one.in_flight)) for key, one in found.items()}


def test_agreements_in_flight_are_judged_by_the_policy_of_their_last_decision(
    stage: Stage,
) -> None:
    """All others by the one in force; what ended or is void, by none."""
    decided, negotiated = stage.reach(State.DECISION), stage.reach(State.NEGOTIATION)
    for state in (State.PROPOSAL, State.SIGNED, State.DECLINED, State.SUNSET):
        stage.reach(state)
    assert not stage.voided(stage.propose()).refused
    with stage.store.reading() as reader:
        old = reader.policy_in_force(FIRST_DAY)
        assert judged(reader) == {old: (4, [decided, negotiated])}
    stage.adopt(with_cap(3))
    later = stage.reach(State.DECISION)
    with stage.store.reading() as reader:
        new = reader.policy_in_force(FIRST_DAY)
        assert judged(reader) == {old: (2, [decided, negotiated]), new: (3, [later])}
    stage.adopt(with_cap(4, in_flight="new"))
    with stage.store.reading() as reader:
        newest = reader.policy_in_force(FIRST_DAY)
        assert judged(reader) == {newest: (5, [decided, negotiated, later])}
