"""Annual reports at the renewal decision: what blocks, what may be waived, and since when (R39)."""

from datetime import timedelta

import pytest

from states.records import Record
from states.ref import Ref
from states.vocabulary import Guard, Rule, State, Trigger
from tests.builders import DORA, END, ERIN
from tests.conftest import Staging
from tests.stage import Stage, codes, policy_file

WARNS = policy_file({"guards": {"reports_complete": "warn"}})
BLOCKS = policy_file({"guards": {"reports_complete": "block"}})


def evaluated(stage: Stage) -> Ref:
    """Return an agreement whose three years are over and evaluated, with no report on any."""
    ref = stage.reach(State.ACTIVE)
    stage.on(END + timedelta(days=1)).nightly()
    stage.evaluate(ref)
    return ref


def report(stage: Stage, ref: Ref, year: int, item: str | None = None) -> None:
    """Record a part of a year's report."""
    stage.record(ref, Record("annual", stage.day, "What was done.", year=year, item=item))


def test_renewal_is_refused_while_a_year_of_the_term_lacks_its_report(stage: Stage) -> None:
    """R39: each missing year is named; goals for a year are no report of it."""
    ref = evaluated(stage)
    report(stage, ref, 2027)
    report(stage, ref, 2028, "summary")
    report(stage, ref, 2029, "goals")
    refused = stage.advance(ref, Trigger.RENEW)
    assert refused.refused
    (unmet,) = [u for _severity, u in refused.unmet if u.guard is Guard.REPORTS_COMPLETE]
    assert (unmet.code, unmet.field) == ("annual.missing", "annual.2029")
    with stage.store.reading() as reader:
        owed = [w.item for w in reader.watches(ref.key) if w.rule is Rule.ANNUAL_DUE]
    assert owed == ["2029"]
    report(stage, ref, 2029)
    assert not stage.advance(ref, Trigger.RENEW).refused
    assert stage.verify() == []


def test_single_year_without_a_report_may_be_waived_with_its_reason(city: Stage) -> None:
    """R39, R57: one year at a time, by somebody who does not decide."""
    ref = evaluated(city)
    report(city, ref, 2028)
    for year in (2027, 2029):
        condition = f"reports_complete:annual.missing:annual.{year}"
        receipt = city.waive(ref, condition, Trigger.RENEW, actor=ERIN)
        assert not receipt.refused
    assert not city.advance(ref, Trigger.RENEW, actor=DORA).refused
    assert city.verify() == []


@pytest.mark.sqlite
def test_renewal_under_a_policy_that_warned_stays_sound_once_another_blocks(
    staged: Staging,
) -> None:
    """A line is judged again by the policy that it names, whatever was adopted since."""
    stage = staged(WARNS)
    ref = evaluated(stage)
    renewed = stage.advance(ref, Trigger.RENEW)
    assert not renewed.refused
    assert codes(renewed).count("annual.missing") == 3
    assert not stage.adopt(BLOCKS).refused
    assert stage.verify() == []
