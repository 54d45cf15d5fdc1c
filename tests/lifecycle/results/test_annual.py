"""The annual report of agreements and program: its four parts, what is missing, figures traced."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from lifecycle.entry import digest_of
from lifecycle.results import program as module
from lifecycle.results.program import ProgramYear, every_source, figures, program_year
from states.agreement import TakenOver, Term
from states.records import Record
from states.ref import Ref
from states.vocabulary import State, Trigger
from tests.builders import complete_agreement, complete_project
from tests.lifecycle.results.investing import REACHED, annual, invested, investing
from tests.stage import NEXT_TERM, Stage

TODAY = date(2030, 6, 1)
BARE = complete_agreement(
    term=None, projects=(), milestones=(), taken_over=TakenOver("1986", "The archive.")
)


def report_of(stage: Stage, year: int, today: date | None = None) -> ProgramYear:
    """Return the report of a year."""
    with stage.store.reading() as reader:
        policy = reader.policy(reader.policy_in_force(stage.day))
        day = today or stage.day
        return program_year(reader, policy, year, day, lambda held: not held.voided)


def named(report: ProgramYear) -> Mapping[tuple[str, str | None], int | Decimal]:
    """Return the figures of a report by name and unit."""
    return {(one.name, one.unit): one.value for one in figures(report)}


def told(stage: Stage) -> Ref:
    """Return an agreement with two years of results on record."""
    ref = stage.reach(State.ACTIVE, investing())
    stage.on(TODAY)
    for record in (
        Record("activity", date(2027, 5, 20), "Ten firms came.", project="trade-mission"),
        Record("milestone", date(2027, 5, 4), item="first-mission"),
        Record("actual", date(2027, 12, 1), item=REACHED.name, value=Decimal(10), source="A"),
        invested(300_000, date(2027, 11, 1)),
        invested(250_000, date(2027, 6, 1)),
        annual(2027),
        annual(2027, "goals"),
        annual(2029, "investments", text="Nothing new."),
        invested(750_000, date(2029, 1, 9), year=2028, currency="CAD"),
        annual(2028, "investments", value=Decimal(5000), currency="USD", source="A letter"),
    ):
        stage.record(ref, record)
    return ref


def test_report_has_goals_summary_achievements_and_new_investments(stage: Stage) -> None:
    """R39: of what was agreed and recorded for the year, and nothing is missing."""
    told(stage)
    (one,) = report_of(stage, 2027).agreements
    assert one.missing == ()
    assert one.owed_by == date(2028, 3, 31)
    assert [record.text for _n, record in one.goals] == ["The goals of 2027."]
    assert [record.text for _n, record in one.summary] == ["The summary of 2027."]
    assert [record.text for _n, record in one.activities] == ["Ten firms came."]
    (term,) = one.terms
    assert [each.activity for p in term.projects for each in p.objectives][1:] == [
        "Visits of ten firms."
    ]
    assert [str(each.progress) for each in term.indicators] == ["1/4", "3/10"]
    assert [(step.status, step.days) for step in term.milestones] == [("met_late", 3)]
    (gain,) = one.investments
    all_of_it = Decimal(300_000)
    assert (gain.value, gain.in_all, gain.currency) == (all_of_it, all_of_it, "CAD")


def test_new_investment_of_a_year_is_what_came_on_top_and_currencies_stand_apart(
    stage: Stage,
) -> None:
    """R39: an actual is the level reached; money of two currencies is never added up."""
    told(stage)
    report = report_of(stage, 2028)
    (one,) = report.agreements
    assert one.missing == ("summary",)
    assert [(gain.value, gain.unit, gain.in_all) for gain in one.investments] == [
        (Decimal(5000), "USD", None),
        (Decimal(450_000), "CAD", Decimal(750_000)),
    ]
    found = named(report)
    assert found["new investments", "CAD"] == Decimal(450_000)
    assert found["new investments", "USD"] == Decimal(5000)
    assert not [name for name, unit in named(report_of(stage, 2029)) if unit]


def test_every_figure_names_the_entries_that_it_follows_from(stage: Stage) -> None:
    """R39: each by reference, number and the SHA-256 of the line in the log."""
    ref = told(stage)
    lines = stage.raw(ref)
    report = report_of(stage, 2027)
    for one in figures(report):
        assert bool(one.sources) == bool(one.value), one.name
        for name, n, entry in one.sources:
            assert (name, entry) == (str(ref), digest_of(lines[n - 1]))
    gain = next(one for one in figures(report) if one.unit == "CAD")
    (source,) = gain.sources
    assert b'"recorded"' in lines[source[1] - 1]
    assert set(every_source(report)) >= {s for one in figures(report) for s in one.sources}


def test_what_is_missing_is_flagged_of_each_agreement(stage: Stage) -> None:
    """R39: nothing recorded is nothing guessed; goals are missing where no project ran."""
    ref = stage.reach(State.ACTIVE)
    stage.on(TODAY)
    (one,) = report_of(stage, 2028).agreements
    assert (one.ref, one.missing) == (str(ref), ("summary", "achievements", "investments"))
    report = report_of(stage, 2028)
    assert report.lacking == report.agreements
    bare = stage.take_over(BARE)
    (second,) = report_of(stage, 2030).agreements
    assert second.ref == str(bare)
    assert second.missing == ("goals", "summary", "achievements", "investments")
    assert named(report_of(stage, 2030))["agreements taken over, signed before", None] == 1


def test_mou_is_outside_reporting_until_it_is_reclassified(stage: Stage) -> None:
    """R32: it is told apart; a year of another type owes a report."""
    stage.on(date(2027, 2, 1))
    ref = stage.take_over(replace(BARE, type="mou"))
    report = report_of(stage, 2027)
    assert ([one.ref for one in report.outside], report.agreements) == ([str(ref)], ())
    stage.on(date(2028, 3, 1))
    assert not stage.reclassify(ref, "friendship").refused
    assert [one.ref for one in report_of(stage, 2027).outside] == [str(ref)]
    assert [one.ref for one in report_of(stage, 2028).agreements] == [str(ref)]


def test_year_in_which_nothing_was_in_force_reports_on_nothing(stage: Stage) -> None:
    """A proposal owes no report, nor does what is only signed."""
    stage.reach(State.SIGNED)
    stage.on(TODAY)
    report = report_of(stage, 2029)
    assert (report.agreements, report.outside, report.over) == ((), (), True)
    assert named(report)["agreements in force", None] == 0


def test_two_terms_in_a_year_are_told_each_by_its_own_document(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R43: the first one's results stay its own; milestones of long ago are told while overdue."""
    monkeypatch.setattr(module, "_BATCH", 1)
    ref = stage.along(NEXT_TERM, investing())
    second = Term(date(2027, 7, 1), date(2030, 6, 30))
    project = complete_project(id="next", end=date(2029, 12, 31), examined=date(2030, 1, 31))
    wanted = complete_agreement(term=second, projects=(project,), milestones=())
    stage.apply(ref, wanted)
    stage.pull(ref, Trigger.SIGN)
    stage.on(second.start)
    assert not stage.advance(ref, Trigger.ACTIVATE).refused
    (one,) = report_of(stage, 2027, date(2027, 12, 31)).agreements
    assert [(term.row.term, [p.id for p in term.projects]) for term in one.terms] == [
        (1, ["trade-mission"]),
        (2, ["next"]),
    ]
    assert [step.status for step in one.terms[0].milestones] == ["overdue"]
    assert one.agreement == stage.document(ref)
    figure = named(report_of(stage, 2027))
    assert (figure["terms begun", None], figure["terms ended", None]) == (2, 1)


def test_agreement_whose_term_is_over_owes_no_report_while_it_waits(stage: Stage) -> None:
    """It is in force until somebody decides, and told apart."""
    ref = stage.reach(State.ACTIVE)
    stage.on(TODAY).nightly()
    (one,) = report_of(stage, 2030).outside
    assert (one.ref, one.owed_by, one.missing) == (str(ref), None, ())
    assert one.covered.spans[-1].state is State.EVALUATION
