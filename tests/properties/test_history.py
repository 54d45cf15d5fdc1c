"""Days that have passed: whatever people do, each day is told as it was, and today as it is."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest

from lifecycle.entry import instant
from lifecycle.history import Moment
from states.standing import Standing
from store.reader import Reader
from tests.properties.test_no_forbidden_active import Search, SearchAmongPolicies, sized
from tests.properties.town import Town
from tests.stage import Stage

Told = dict[str, Any]


def midnight_after(day: date) -> str:
    """Return the first instant after a day in Toronto, as lines have it."""
    later = datetime.combine(day + timedelta(days=1), time(), ZoneInfo("America/Toronto"))
    return instant(later.astimezone(UTC))


def told(reader: Reader, standings: Iterable[Standing]) -> Told:
    """Return all that a reader says of a program."""
    rows = list(standings)
    return {
        "standings": rows,
        "terms": [list(reader.terms(row.key)) for row in rows],
        "documents": [reader.document(row) for row in rows],
        "records": [list(reader.records(row.key)) for row in rows],
        "attachments": [list(reader.attachments(row.key)) for row in rows],
        "roles": reader.roles(),
        "policy": reader.policy_in_force(date.max),
        "policies": list(reader.policies()),
    }


class Remembering(Stage):
    """A stage that keeps what its program said at the end of each day."""

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - as a stage
        """Begin with nothing remembered."""
        self.remembered: dict[date, Told] = {}
        super().__init__(*args, **more)

    def __setattr__(self, name: str, value: object) -> None:
        """Keep what is said before the day goes on."""
        if name == "day" and "day" in self.__dict__ and value != self.day:
            self.remembered[self.day] = self.now()
        super().__setattr__(name, value)

    def now(self) -> Told:
        """Return what the program says now."""
        with self.store.reading() as reader:
            return told(reader, reader.portfolio(-1, 1000))

    def then(self, moment: Moment) -> Told:
        """Return what it says of another day."""
        with self.store.reading_past(moment) as past:
            said = told(past, past.all_then())
            assert [past.then(row.key) for row in said["standings"]] == said["standings"]
            return said


class RememberingTown(Town):
    """A town on such a stage."""

    stage_of: ClassVar[type[Stage]] = Remembering


def checked(town: Town) -> None:
    """Hold every day that has passed against what was remembered of it, and today against now."""
    stage = town.stage
    assert isinstance(stage, Remembering)
    present = stage.now()
    assert stage.then(Moment(stage.day)) == present
    assert stage.then(Moment(stage.day, midnight_after(stage.day))) == present
    versions = {row.key: row.version for row in present["standings"]}
    for day, said in stage.remembered.items():
        assert stage.then(Moment(day, midnight_after(day))) == said
        for row in stage.then(Moment(day))["standings"]:
            assert row.acted_on <= day
            assert row.version <= versions[row.key]


class Remember(Search):
    """One program whose people try anything, looked back at in the end."""

    town_of: ClassVar[type[Town]] = RememberingTown

    def _end(self, town: Town) -> None:
        super()._end(town)
        checked(town)


class RememberAmongPolicies(SearchAmongPolicies):
    """The same while the city adopts one policy after another."""

    town_of: ClassVar[type[Town]] = RememberingTown

    def _end(self, town: Town) -> None:
        super()._end(town)
        checked(town)


class LongRemember(Remember):
    """The same for hours."""


TestRemember = pytest.mark.timeout(900)(Remember.TestCase)
TestRemember.settings = sized(3, 15)
TestRememberAmongPolicies = pytest.mark.timeout(900)(RememberAmongPolicies.TestCase)
TestRememberAmongPolicies.settings = sized(2, 15)
TestLongRemember = pytest.mark.reliability(pytest.mark.timeout(4 * 3600)(LongRemember.TestCase))
TestLongRemember.settings = sized(500, 50)
