"""Asking an agreement: who its partner is, whose work it is, what its next step lacks."""

from datetime import date

import pytest

from lifecycle.dossiers import Dossier
from lifecycle.finding.asking import has_division, has_partner, lacks, may_lack
from states.records import Record
from states.ref import Ref
from states.vocabulary import Guard, State
from tests.builders import complete_agreement, complete_project, partner_party, standing
from tests.stage import Stage

DOCUMENT = complete_agreement(
    aliases=("Kiev",),
    division="Economic Development",
    parties=(partner_party(name="Kyïv"),),
    projects=(complete_project(division="Culture"),),
)
DOSSIER = Dossier(
    ref=Ref("TOR", 2027, 1),
    standing=standing(DOCUMENT),
    document=DOCUMENT,
    records=((3, Record("activity", date(2027, 1, 1), "A visit", division="Parks")),),
)


@pytest.mark.parametrize(
    ("name", "is_one"), [("kyiv", True), ("KIEV", True), ("Kyi", True), ("Lviv", False)]
)
def test_partner_is_found_by_name_and_by_alias(name: str, is_one: bool) -> None:  # noqa: FBT001
    """However it is spelt, and by a part of it."""
    assert has_partner(DOSSIER, name) is is_one


@pytest.mark.parametrize("name", ["economic", "culture", "PARKS"])
def test_division_is_found_by_agreement_project_and_record(name: str) -> None:
    """Whoever has a part in it."""
    assert has_division(DOSSIER, name)
    assert not has_division(DOSSIER, "Transit")


def test_what_a_next_step_lacks_is_told_guard_by_guard(stage: Stage) -> None:
    """As check tells it; a guard that no step from here asks is not missing."""
    ref = stage.reach(State.DECISION)
    held = stage.standing(ref)
    with stage.store.reading() as reader:
        (message,) = lacks(reader, stage.order(), held, Guard.CRITERIA_SCORED, None)
        assert "not been scored" in message
        assert lacks(reader, stage.order(), held, Guard.CRITERIA_SCORED, "other") == ()
    assert may_lack(held, Guard.CRITERIA_SCORED)
    assert may_lack(held, Guard.CONDITIONS_MET)
    assert not may_lack(held, Guard.SMART_COMPLETE)
