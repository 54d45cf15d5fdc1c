"""The dashboard of a day: whose papers are read, and which decisions come up."""

from datetime import date, timedelta

from lifecycle.overview.dashboard import dashboard
from states.calendar import end_of_month
from states.vocabulary import State
from tests.stage import TORONTO, Stage, parsed


def test_decisions_of_the_month_and_late_ones_come_up_the_earliest_first(stage: Stage) -> None:
    """What was voided, or is over, is asked nothing; what is due later waits."""
    late = stage.reach(State.DECISION)
    stage.voided(stage.reach(State.DECISION))
    stage.on(stage.day + timedelta(days=175))
    soon, over = stage.reach(State.DECISION), stage.reach(State.DECLINED)
    day = stage.standing(late).due
    assert day is not None
    stage.on(day + timedelta(days=1))
    with stage.store.reading() as reader:
        found = dashboard(reader, parsed(TORONTO), stage.day)
        assert [one.key for one in found.due] == [late.key]
        assert (found.late, found.facts.agreements) == (1, 3)
        then = dashboard(reader, parsed(TORONTO), stage.standing(soon).due or day)
    assert [one.key for one in then.due] == [late.key, soon.key]
    assert over.key not in {one.key for one in then.due}


def test_month_ends_on_its_last_day() -> None:
    """In leap years too."""
    assert end_of_month(date(2028, 2, 3)) == date(2028, 2, 29)
