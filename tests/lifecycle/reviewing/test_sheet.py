"""A sheet that was filled in for a review: what it wants, and everything that is wrong with it."""

from collections.abc import Mapping
from datetime import date

import pytest

from lifecycle.reviewing.deciding import Choice, Decision
from lifecycle.reviewing.sheet import Wanted, decisions, in_turn
from states.problem import InvalidInputError
from states.ref import Ref
from tests.builders import policy

REF = Ref("TOR", 2026, 3)
KEPT = {"ref": "TOR-2026-003", "decision": "keep", "reason": "It works."}


def wanted(*rows: Mapping[str, str], reason: str | None = None) -> list[Wanted]:
    """Return what rows want; the heading is row 1."""
    return list(decisions(enumerate(rows, 2), policy(), reason))


def wrong(**cells: str) -> list[tuple[str, str | None, int | None]]:
    """Return code, column and row of what is wrong with a row."""
    with pytest.raises(InvalidInputError) as caught:
        wanted({**KEPT, **cells})
    return [(one.code, one.key, one.line) for one in caught.value.problems]


def test_row_says_what_is_decided_on_what_ground_and_when_it_is_looked_at_again() -> None:
    """Words in any case, with blanks around them; other columns say nothing."""
    keep = {**KEPT, "decision": " Keep ", "next_review": "2027-06-30", "version": "4", "state": "x"}
    sunset = {"ref": "TOR-2026-004", "decision": "sunset", "ground": "dormant"}
    reclassify = {"ref": "TOR-2026-005", "decision": "reclassify", "type": "friendship"}
    found = wanted(keep, sunset, reclassify, reason="As reviewed.")
    assert found[0] == Wanted(
        2, REF, Decision(Choice.KEEP, None, date(2027, 6, 30)), "It works.", None, 4
    )
    assert (found[1].ground, found[1].reason, found[1].version) == ("dormant", "As reviewed.", None)
    assert found[2].decision == Decision(Choice.RECLASSIFY, "friendship")


@pytest.mark.parametrize("word", ["", "  ", "skip"])
def test_row_without_a_decision_is_left_undecided(word: str) -> None:
    """Whatever else it says."""
    assert wanted({"ref": "nonsense", "decision": word, "ground": "x"}, {}) == []


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"decision": "drop"}, [("not_allowed", "decision")]),
        ({"ref": "Lima"}, [("bad_ref", "ref")]),
        ({"ref": ""}, [("bad_ref", "ref")]),
        ({"reason": ""}, [("missing_key", "reason")]),
        ({"version": "four"}, [("wrong_type", "version")]),
        ({"decision": "sunset"}, [("missing_key", "ground")]),
        ({"decision": "sunset", "ground": "old"}, [("not_allowed", "ground")]),
        (
            {"decision": "sunset", "ground": "dormant", "next_review": "2027-01-01"},
            [("not_allowed", "next_review")],
        ),
        ({"decision": "reclassify"}, [("missing_key", "type")]),
        ({"decision": "reclassify", "type": "mou"}, [("not_allowed", "type")]),
        (
            {"type": "friendship", "ground": "dormant"},
            [("not_allowed", "type"), ("not_allowed", "ground")],
        ),
        ({"next_review": "next spring"}, [("bad_date", "next_review")]),
    ],
)
def test_everything_that_is_wrong_is_told_by_row_and_column(
    cells: Mapping[str, str], found: list[tuple[str, str]]
) -> None:
    """And nothing is decided."""
    assert [(code, key) for code, key, _row in wrong(**cells)] == found
    assert {row for _code, _key, row in wrong(**cells)} == {2}


def test_problems_of_several_rows_are_told_at_once_and_a_ref_stands_once() -> None:
    """The second row of the same agreement is the wrong one."""
    with pytest.raises(InvalidInputError) as caught:
        wanted(KEPT, KEPT, {**KEPT, "ref": "TOR-2026-004", "decision": "drop"})
    assert [(one.code, one.line) for one in caught.value.problems] == [
        ("repeated", 3),
        ("not_allowed", 4),
    ]


def test_row_is_known_again_by_what_it_says_of_which_version() -> None:
    """Wherever in the sheet it stands; without a version it is never taken for another."""
    (one,), (_, moved) = (
        wanted({**KEPT, "version": "4"}),
        wanted({**KEPT, "ref": "TOR-2026-009"}, {**KEPT, "version": "4"}),
    )
    assert one.key is not None
    assert one.key == moved.key
    assert one.key != wanted({**KEPT, "version": "5"})[0].key
    assert wanted(KEPT)[0].key is None


def test_what_ends_is_carried_out_before_what_takes_its_place() -> None:
    """Then what is kept, then what is reclassified; alike in the order of the rows."""
    rows = [
        {"ref": "TOR-2026-001", "decision": "reclassify", "type": "friendship"},
        {"ref": "TOR-2026-002", "decision": "keep"},
        {"ref": "TOR-2026-003", "decision": "sunset", "ground": "dormant"},
        {"ref": "TOR-2026-004", "decision": "sunset", "ground": "dormant"},
    ]
    found = in_turn(wanted(*rows, reason="As reviewed."))
    assert [one.row for one in found] == [4, 5, 3, 2]
