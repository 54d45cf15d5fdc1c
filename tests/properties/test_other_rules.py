"""What other rules are said to make of a decision is what they do make of it when it is taken.

One story is played twice, under two policies, until something goes otherwise in the second. Asked
what the second policy would have made of the first one's log, the answer must be just that: nothing
differs before, and there the very difference does.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest

from lifecycle.entry import entry_of
from lifecycle.night import Report
from lifecycle.nightly import nightly
from lifecycle.order import Order, Receipt
from lifecycle.ports import Unit
from lifecycle.recomputing.rejudging import Opinion, Ruling
from states.problem import InvalidInputError
from states.ref import Ref
from states.vocabulary import Outcome
from tests.properties.city import OTHERS, Rules, policy_of
from tests.properties.test_no_forbidden_active import Search, sized
from tests.properties.town import Town
from tests.rejudging import asked
from tests.stage import SYSTEM, Stage

T = TypeVar("T")
Place = tuple[int, int]
"""The stream of a line, and its n."""
Lines = dict[Place, tuple[str, str | None, Outcome]]
"""What each line reports."""

POLICIES = [policy_of(rules) for rules in OTHERS]
OPEN = "close by", "not kept"
"""What may leave open how it was."""


def lines_of(stage: Stage) -> Lines:
    """Return what the lines of a log report."""
    with stage.store.reading() as reader:
        told = [((one.stream, one.n), entry_of(one.line)) for one in reader.log()]
    return {place: (entry.event, entry.trigger, entry.outcome) for place, entry in told}


class Twins(Stage):
    """A stage on which all is done a second time under other rules, until it goes otherwise."""

    def __init__(self, folder: Path, policy: bytes, *, sandbox: bool) -> None:
        """Open both; the other's policy is the next one, or that after it."""
        super().__init__(folder, policy, sandbox=sandbox)
        self.other = POLICIES[(POLICIES.index(policy) + 1 + sandbox) % len(POLICIES)]
        (folder / "other").mkdir()
        self.twin = Stage(folder / "other", self.other, sandbox=sandbox)
        self.parted: tuple[Lines, Lines] | None = None

    def do(self, act: Callable[[Unit, Order], T], **order: Any) -> T:  # noqa: ANN401
        """Carry out an order here, and there as well."""
        given = self.order(**order)
        here = _outcome(self, act, given)
        if self.parted is None and _said(here) != _said(_outcome(self.twin, act, given)):
            self.parted = lines_of(self), lines_of(self.twin)
        if isinstance(here, InvalidInputError):
            raise here
        return here

    def nightly(self, **order: Any) -> Report:  # noqa: ANN401
        """Run the nightly check here, and there as well."""
        given = self.order(**{"actor": SYSTEM, **order})
        report = nightly(self.store, given, catch_up=True)
        if self.parted is None:
            nightly(self.twin.store, given, catch_up=True)
            both = lines_of(self), lines_of(self.twin)
            self.parted = both if both[0] != both[1] else None
        return report

    def hold(self) -> None:
        """Hold what the other rules are said to make of this log against what they made of it."""
        found = {
            (Ref.parse(str(one.entry.agreement)).key, one.entry.n): one.opinion
            for one in asked(self, self.other)
        }
        here, there = self.parted or (lines_of(self), lines_of(self.twin))
        differs = [place for place in here if here[place] != there.get(place)]
        for place in (here.keys() - differs) & found.keys():
            _hold(found[place], Ruling.SAME)
        if len({stream for stream, _n in differs}) == 1 and differs[0] in found:
            done = here[differs[0]][2] is Outcome.OK
            _hold(found[differs[0]], Ruling.NOT_ADMITTED if done else Ruling.ADMITTED)


def _hold(opinion: Opinion, expected: Ruling) -> None:
    left_open = any(word in str(opinion.why) for word in OPEN)
    assert left_open or opinion.ruling is expected, opinion


def _outcome(stage: Stage, act: Callable[[Unit, Order], T], order: Order) -> T | InvalidInputError:
    try:
        with stage.store.unit() as unit:
            return act(unit, order)
    except InvalidInputError as error:
        return error


def _said(outcome: object) -> object:
    return outcome.outcome if isinstance(outcome, Receipt) else type(outcome)


class TwinTown(Town):
    """A town on such stages."""

    stage_of: ClassVar[type[Stage]] = Twins


class OtherRules(Search):
    """One program whose people try anything, played under two policies."""

    rules_of: ClassVar[tuple[Rules, ...]] = OTHERS
    town_of: ClassVar[type[Town]] = TwinTown

    def _end(self, town: Town) -> None:
        super()._end(town)
        assert isinstance(town.stage, Twins)
        town.stage.hold()
        town.stage.twin.store.close()


class LongOtherRules(OtherRules):
    """The same for hours."""


TestOtherRules = pytest.mark.timeout(900)(OtherRules.TestCase)
TestOtherRules.settings = sized(3, 10)
TestLongOtherRules = pytest.mark.reliability(pytest.mark.timeout(4 * 3600)(LongOtherRules.TestCase))
TestLongOtherRules.settings = sized(500, 50)
