"""The nightly check under the scheduler's role: denied without it, and stopped when it ends."""

from datetime import timedelta

import pytest

from lifecycle import sweeping as module
from lifecycle.intake.table import Places, take_over_table
from lifecycle.night import Item
from lifecycle.nightly import nightly
from states.problem import InvalidInputError
from states.vocabulary import Event, Outcome, Role, State
from store.countries import TerritoryNames
from store.exonyms import CityNames
from store.tabular.reading import read_table
from tests.builders import ANNA, BEN, START
from tests.conftest import Staging
from tests.hands import SYSTEM
from tests.stage import Stage, with_types

ROW = b"partner,country,type,signed,status,source\nLima,PE,partnership,1999,active,File 1\n"


def test_check_is_denied_to_who_has_not_its_role(city: Stage) -> None:
    """Nothing is done, and who tried stands on the program's stream."""
    ref = city.reach(State.SIGNED)
    report = city.on(START).nightly(actor=ANNA)
    assert (report.completed, report.moves) == (False, [])
    assert report.denied is not None
    line = city.last(None)
    assert (line.event, line.outcome, line.actor.id) == (Event.REFUSED, Outcome.REFUSED, ANNA)
    assert city.fields(ref, "state") == (State.SIGNED,)
    assert city.verify() == []


def test_system_acts_under_its_own_role(city: Stage) -> None:
    """Each line says so, and nobody's approval stands behind it."""
    ref = city.reach(State.SIGNED)
    assert city.on(START).nightly().completed
    line = city.last(ref)
    assert (line.actor.id, line.role, line.approver) == (SYSTEM, Role.SCHEDULER, None)
    assert city.last(None).role is Role.SCHEDULER
    assert city.verify() == []


def test_role_that_ends_in_the_middle_of_a_run_stops_it(
    city: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was done before stands; the rest is refused on the log, and the run is not completed."""
    monkeypatch.setattr(module, "BATCH", 1)
    refs = [city.reach(State.SIGNED) for _ in range(3)]
    city.on(START)
    told: list[Item] = []

    def revoke_after_the_first(item: Item) -> None:
        if not told:
            city.appoint(SYSTEM, Role.SCHEDULER, granted=False)
        told.append(item)

    report = nightly(city.store, city.order(SYSTEM), observe=revoke_after_the_first)
    assert [city.standing(ref).state for ref in refs] == [State.ACTIVE, State.SIGNED, State.SIGNED]
    assert [item.outcome for item in report.moves] == ["fired", "refused", "refused"]
    assert report.moves[1].codes == ("authority:role.missing",)
    assert city.last(refs[1]).event is Event.REFUSED
    assert (report.completed, report.denied is not None) == (False, True)
    assert city.last(None).event is Event.REFUSED
    assert city.verify() == []
    city.appoint(SYSTEM, Role.SCHEDULER)
    assert city.nightly().completed
    assert [city.standing(ref).state for ref in refs] == [State.ACTIVE] * 3
    assert city.verify() == []


def test_no_notice_is_given_once_the_role_has_ended(
    staged: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lapse waits for a notice that somebody with the role gave."""
    monkeypatch.setattr(module, "BATCH", 1)
    city = staged(with_types(lapse=True), sandbox=False).with_people()
    refs = [city.reach(State.EVALUATION) for _ in range(2)]
    city.on(city.day + timedelta(days=181))
    told: list[Item] = []

    def revoke_after_the_first(item: Item) -> None:
        if not told:
            city.appoint(SYSTEM, Role.SCHEDULER, granted=False)
        told.append(item)

    nightly(city.store, city.order(SYSTEM), observe=revoke_after_the_first)
    assert [(item.ref, item.outcome) for item in told] == [
        (str(refs[0]), "alert"),
        (str(refs[1]), "refused"),
    ]
    assert city.last(None).event is Event.REFUSED
    with city.store.unit() as unit:
        given = unit.given([ref.key for ref in refs])
    assert {key for key, _rule, _item in given} == {refs[0].key}
    assert city.verify() == []


def test_table_is_taken_over_by_staff_and_by_nobody_else(city: Stage) -> None:
    """A denied import looks at no row, and is on the program's stream."""
    table, names = read_table(ROW, "old.csv"), Places(TerritoryNames(), CityNames())
    denied = city.do(lambda u, o: take_over_table(u, o, table, names), actor=SYSTEM)
    assert (denied.rows, denied.denied is not None) == (0, True)
    assert city.last(None).actor.id == SYSTEM
    intake = city.do(lambda u, o: take_over_table(u, o, table, names), actor=ANNA)
    assert (len(intake.taken), intake.denied) == (1, None)
    assert city.verify() == []


def test_table_that_somebody_else_reads_again_changes_nothing(city: Stage) -> None:
    """Its rows are known by what they say, and not by who read them."""
    table, names = read_table(ROW, "old.csv"), Places(TerritoryNames(), CityNames())
    for who, taken in ((ANNA, 1), (BEN, 0)):
        intake = city.do(lambda u, o: take_over_table(u, o, table, names), actor=who)
        assert (len(intake.taken), len(intake.unchanged)) == (taken, 1 - taken)


def test_key_of_another_persons_order_is_not_answered(city: Stage) -> None:
    """Whoever retries is who gave the order."""
    ref = city.propose(key="k")
    assert city.propose(key="k") == ref
    with pytest.raises(InvalidInputError) as caught:
        city.propose(key="k", actor=BEN)
    assert [problem.code for problem in caught.value.problems] == ["key_reused"]
