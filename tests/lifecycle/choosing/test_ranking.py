"""The ranking of open proposals, on a real store: who is ranked, who stands apart, and why."""

from datetime import date
from fractions import Fraction

import pytest

from lifecycle.choosing.ranking import Candidate, Ranking, ranked, waits
from lifecycle.dossiers import Part, dossiers
from states.records import Score, ScoreSheet
from states.ref import Ref
from states.vocabulary import State
from tests.builders import complete_agreement, score_sheet
from tests.stage import FIRST_DAY, Stage, policy_file

PRIORITIES = [{"kind": "sector", "code": "film", "until": date(2026, 12, 31)}]


def scores(value: int, *left_out: str) -> ScoreSheet:
    """Return a sheet with one value throughout, but for some criteria that are left out."""
    codes = [code for code in score_sheet().scores if code not in left_out]
    return score_sheet(scores={code: Score(value, "The file.") for code in codes})


def ranking(stage: Stage) -> Ranking:
    """Return the ranking of the stage's day."""
    with stage.store.reading() as reader:
        in_force = reader.policy(reader.policy_in_force(stage.day))
        found = dossiers(reader, Part.DOCUMENT, Part.SCORES, Part.LINES, wanted=waits)
        return ranked(found, in_force, reader.policy, stage.day)


def of(found: Ranking, ref: Ref) -> Candidate:
    """Return one proposal of a ranking."""
    return next(one for one in found.candidates if one.dossier.ref == ref)


def test_open_proposals_stand_side_by_side_and_equal_totals_share_a_rank(stage: Stage) -> None:
    """The highest total first; after a tie, the next rank is as far down as it stands (R6)."""
    refs = [stage.propose(), stage.reach(State.DECISION), stage.propose(), stage.propose()]
    for ref, value in zip(refs, (3, 5, 3, 0), strict=True):
        stage.score(ref, scores(value))
    decided = [stage.reach(State.NEGOTIATION), stage.reach(State.DECLINED)]
    stage.voided(voided := stage.propose())
    found = ranking(stage)
    ranks = [(one.dossier.ref, one.rank, one.total) for one in found.candidates]
    assert ranks == [
        (refs[1], 1, Fraction(5)),
        (refs[0], 2, Fraction(3)),
        (refs[2], 2, Fraction(3)),
        (refs[3], 4, Fraction(0)),
    ]
    assert not {*decided, voided} & {one.dossier.ref for one in found.candidates}
    scored = of(found, refs[0]).scored
    assert scored is not None
    assert scored.actor.id == "anna"


def test_proposal_without_a_mandatory_score_is_not_ranked_and_says_what_lacks(
    stage: Stage,
) -> None:
    """Its total is told; neither it nor an unscored one takes a rank (R7, REC2)."""
    full, partly, lacking, unscored, empty = (stage.propose() for _ in range(5))
    stage.score(full, scores(2))
    stage.score(partly, scores(4, "resources"))
    stage.score(lacking, scores(5, "target_markets"))
    stage.score(empty, ScoreSheet())
    found = ranking(stage)
    order = [(one.dossier.ref, one.rank, one.apart) for one in found.candidates]
    assert order == [
        (partly, 1, None),
        (full, 2, None),
        (lacking, None, "mandatory_missing"),
        (unscored, None, "not_scored"),
        (empty, None, "not_scored"),
    ]
    weighed = of(found, lacking).weighed
    assert weighed is not None
    assert (weighed.total, weighed.missing) == (Fraction(5), ("target_markets",))
    assert of(found, partly).total == 4
    assert len(of(found, unscored).factors_missing) == len(of(found, empty).factors_missing) == 5
    assert of(found, full).factors_missing == ()


def test_proposal_scored_on_another_version_stands_apart_with_its_own_total(stage: Stage) -> None:
    """It is not ranked against the others, and adds up on the criteria that it was scored on."""
    old, new = stage.propose(), stage.propose()
    stage.score(old, scores(5))
    stage.adopt(policy_file({"criteria": {"version": "2027", "highest": 9}}))
    stage.score(new, scores(1))
    found = ranking(stage)
    assert found.criteria.version == "2027"
    apart = of(found, old)
    assert (apart.rank, apart.apart, apart.total) == (None, "other_version", Fraction(5))
    assert apart.weighed is not None
    assert (apart.weighed.version, apart.weighed.criteria.highest) == ("2018", 5)
    assert of(found, new).rank == 1


@pytest.mark.parametrize(("day", "served"), [(FIRST_DAY, ["film"]), (date(2027, 1, 1), [])])
def test_ranking_tells_priorities_of_the_day_and_since_when_a_request_waits(
    stage: Stage, day: date, served: list[str]
) -> None:
    """Served on that day (R12); since the day it was received, or else entered."""
    stage.adopt(policy_file({"priorities": PRIORITIES}))
    ref = stage.propose(complete_agreement(sectors=("film",), received=date(2026, 3, 1)))
    other = stage.propose()
    found = ranking(stage.on(day))
    assert [one.code for one in of(found, ref).serves] == served
    assert (of(found, ref).received, of(found, other).received) == (date(2026, 3, 1), FIRST_DAY)
