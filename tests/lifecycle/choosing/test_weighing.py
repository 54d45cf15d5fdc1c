"""Weighing: a score sheet's total, exact and on the policy's scale, and what it leaves out."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from guards.policy import Criteria, Criterion, Policy
from lifecycle.choosing.weighing import criteria_of, weigh
from states.records import Score, ScoreSheet
from tests.builders import policy

CRITERIA = Criteria(
    version="2027",
    lowest=1,
    highest=7,
    items=(
        Criterion("trade", "Trade?", weight=3, mandatory=True),
        Criterion("reach", "Reach?", weight=2),
        Criterion("means", "Means?", mandatory=True),
        Criterion("ties", "Ties?"),
    ),
)


def sheet(**values: int) -> ScoreSheet:
    """Return a sheet with these scores, each with its evidence."""
    return ScoreSheet({code: Score(value, "The file.") for code, value in values.items()})


def test_total_is_the_weighted_mean_exactly() -> None:
    """Three sevenths of a point stay three sevenths; nothing is rounded (BP1)."""
    weighed = weigh(sheet(trade=7, reach=4, means=2, ties=1), CRITERIA)
    assert (weighed.points, weighed.weight) == (32, 7)
    assert weighed.total == weighed.at_least == weighed.at_most == Fraction(32, 7)
    assert (weighed.version, weighed.unscored, weighed.unproved) == ("2027", (), ())


def test_what_is_not_scored_counts_as_nothing_and_is_named() -> None:
    """Never as a zero: mandatory and other criteria are told apart, and so is a lack of proof."""
    scores = {"trade": Score(6, "The file."), "ties": Score(2, " tbd ")}
    weighed = weigh(ScoreSheet(scores), CRITERIA)
    assert weighed.total == Fraction(20, 4)
    assert (weighed.missing, weighed.skipped) == (("means",), ("reach",))
    assert weighed.unscored == ("means", "reach")
    assert weighed.unproved == ("ties",)
    assert (weighed.at_least, weighed.at_most) == (Fraction(23, 7), Fraction(41, 7))


def test_without_scores_or_criteria_there_is_no_total() -> None:
    """None, which is not zero."""
    assert weigh(sheet(), CRITERIA).total is None
    empty = weigh(sheet(trade=7), Criteria())
    assert (empty.total, empty.at_least, empty.at_most) == (None, None, None)


@given(st.dictionaries(st.sampled_from([i.code for i in CRITERIA.items]), st.integers(1, 7)))
def test_total_lies_on_the_scale_whatever_is_scored(values: dict[str, int]) -> None:
    """And scoring the rest brings it to somewhere between its bounds."""
    weighed = weigh(sheet(**values), CRITERIA)
    assert weighed.at_least is not None
    assert weighed.at_most is not None
    assert 1 <= weighed.at_least <= weighed.at_most <= 7
    full = weigh(sheet(**{item.code: 4 for item in CRITERIA.items} | values), CRITERIA)
    assert full.total is not None
    assert weighed.at_least <= full.total <= weighed.at_most


def test_sheet_is_added_up_on_the_version_that_it_was_scored_on() -> None:
    """Today's criteria, if it is theirs; else those of the policy that it was scored under."""
    old: Policy = policy()
    new = policy(criteria=CRITERIA)
    assert criteria_of(ScoreSheet(criteria="2027"), old, new) is new.criteria
    assert criteria_of(ScoreSheet(criteria="2018"), old, new) is old.criteria
