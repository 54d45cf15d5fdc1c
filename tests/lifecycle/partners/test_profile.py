"""Everything about one partner, from a real store at one moment."""

from datetime import date

from lifecycle.dossiers import dossiers
from lifecycle.partners.obligations import Fate
from lifecycle.partners.profile import Profile, profile
from lifecycle.partners.registry import PARTS, called, registry
from states.agreement import Obligation
from states.records import Record
from tests.lifecycle.partners.made import BOARD, KYIV, partner, with_parties
from tests.stage import Stage

SPACE = Obligation("space", "partner", "Office space.", date(2026, 8, 30))


def about(stage: Stage, name: str) -> Profile:
    """Return everything about the partner of this name."""
    with stage.store.reading() as reader:
        found = registry(dossiers(reader, *PARTS))
        return profile(reader, found, called(found, name)[0], stage.day)


def test_r3_r45_a_partner_is_shown_with_its_agreements_duties_letters_and_partners(
    stage: Stage,
) -> None:
    """Obligations where there are some, the last letter of each direction, who else is engaged."""
    stage.on(date(2026, 9, 30))
    other = stage.propose(with_parties(partner("Lviv")))
    ref = stage.propose(with_parties(BOARD, KYIV, obligations=(SPACE,)))
    second = stage.propose(with_parties(KYIV))
    for direction, day in (("sent", 1), ("received", 2), ("sent", 3), ("sent", 2)):
        on = stage.day.replace(day=day)
        stage.record(ref, Record("correspondence", on, "A letter.", direction=direction))
    stage.record(ref, Record("obligation", stage.day, item="space", outcome="met"))
    kyiv = about(stage, "Kyiv")
    assert [one.ref for one in kyiv.dossiers] == [ref, second]
    assert [(at, [one.fate for one in owed]) for at, owed in kyiv.owed] == [(ref, [Fate.LATE])]
    assert kyiv.sent
    assert kyiv.received
    assert (kyiv.sent.record.on.day, kyiv.received.record.on.day) == (3, 2)
    assert (kyiv.itself, [one.party.name for one in kyiv.others]) == (None, ["Board of Trade"])
    board = about(stage, "board of trade")
    assert board.itself
    assert (board.itself.refs, board.others) == ((ref,), ())
    lviv = about(stage, "Lviv")
    assert (lviv.sent, lviv.owed, [one.ref for one in lviv.dossiers]) == (None, (), [other])
