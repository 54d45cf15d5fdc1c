"""Reading documents: what is taken, what is refused, and that everything wrong is told at once."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.agreement import Agreement, Term
from states.problem import InvalidInputError, Problem
from states.schema import MOST_ITEMS, read, schema_of
from tests.builders import complete_agreement, friendship
from tests.states.reading import BASE, only_problem, problems_of, toml


def test_smallest_document_has_type_and_title_only() -> None:
    """Everything but type and title may be missing while an agreement is drafted."""
    assert read(Agreement, BASE) == Agreement("partnership", "Trade")


def test_whole_document_reads_into_its_dataclasses() -> None:
    """Nested tables, lists of tables, dates, amounts and free keys all find their place."""
    document = toml(
        """
        type = "partnership"
        title = "Trade"
        goals = ["jobs"]
        [term]
        start = 2027-01-01
        end = 2029-12-31
        [[projects]]
        name = "Mission"
        [[projects.objectives]]
        objective = "Buyers"
        [[projects.objectives.indicators]]
        baseline = 0
        target = 12.50
        [conditions]
        legal_review = "yes"
        """
    )
    agreement = read(Agreement, document)
    indicator = agreement.projects[0].objectives[0].indicators[0]
    assert agreement.term == Term(date(2027, 1, 1), date(2029, 12, 31))
    assert (indicator.baseline, indicator.target) == (Decimal(0), Decimal("12.5"))
    assert agreement.conditions == {"legal_review": "yes"}
    assert agreement.goals == ("jobs",)


def test_missing_required_key_is_named() -> None:
    """A document without its type and title says which keys it lacks."""
    found = problems_of(Agreement, {})
    assert [(p.code, p.key, p.file) for p in found] == [
        ("missing_key", "type", "a.toml"),
        ("missing_key", "title", "a.toml"),
    ]


def test_missing_key_of_an_inner_table_is_named_with_its_path() -> None:
    """A term without its end is told as term.end."""
    problem = only_problem(Agreement, BASE | {"term": {"start": date(2027, 1, 1)}})
    assert (problem.code, problem.key) == ("missing_key", "term.end")


def test_unknown_key_gets_the_nearest_key_as_suggestion() -> None:
    """A slip of the pen is told with what was meant and all that is allowed."""
    problem = only_problem(Agreement, BASE | {"partys": []})
    assert (problem.code, problem.key) == ("unknown_key", "partys")
    assert problem.hint == "did you mean parties?"
    assert "parties" in problem.allowed
    assert problem.message == "'partys' is not a key of this document"


def test_unknown_key_far_from_all_keys_gets_no_suggestion() -> None:
    """Nothing is guessed where nothing is near."""
    assert only_problem(Agreement, BASE | {"xyzzy": 1}).hint is None


def test_unknown_inner_key_is_told_with_its_path() -> None:
    """The key path leads to the very table, by position in its list."""
    data = BASE | {"projects": [{}, {"a.b c": 1}]}
    problem = only_problem(Agreement, data)
    assert problem.key == "projects[1].'a.b c'"
    assert problem.message == "'a.b c' is not a key of projects[1]"


def test_all_errors_are_told_at_once() -> None:
    """Who mends a document sees everything that is wrong with it in one go."""
    data = {
        "type": 1,
        "goals": "jobs",
        "term": [],
        "parties": [{"side": True, "sid": "home"}],
        "received": "2027-01-01",
    }
    assert {(p.code, p.key) for p in problems_of(Agreement, data)} == {
        ("wrong_type", "type"),
        ("missing_key", "title"),
        ("wrong_type", "goals"),
        ("wrong_type", "term"),
        ("wrong_type", "parties[0].side"),
        ("unknown_key", "parties[0].sid"),
        ("wrong_type", "received"),
    }


def test_key_of_ten_megabytes_is_refused_in_few_words() -> None:
    """Nor does too long a key fill the screen or hold up the reading."""
    problem = only_problem(Agreement, BASE | {"x" * 10_000_000: 1})
    assert problem.code == "unknown_key"
    assert len(problem.message) + len(problem.key or "") < 200


@pytest.mark.parametrize("key", ["goals", "conditions"])
def test_more_entries_than_anybody_needs_are_refused(key: str) -> None:
    """A list or table of more than a thousand entries is a mistake."""
    entries: dict[str, Any] = {
        "goals": ["jobs"] * (MOST_ITEMS + 1),
        "conditions": {f"c{n}": "yes" for n in range(MOST_ITEMS + 1)},
    }
    problem = only_problem(Agreement, BASE | {key: entries[key]})
    assert (problem.code, problem.key) == ("too_many", key)


def test_a_thousand_entries_are_taken() -> None:
    """The limit itself is allowed."""
    assert len(read(Agreement, BASE | {"goals": ["jobs"] * MOST_ITEMS}).goals) == MOST_ITEMS


def test_keys_that_differ_in_blanks_only_are_refused() -> None:
    """Neither of two answers to the same condition is dropped in silence."""
    problem = only_problem(Agreement, BASE | {"conditions": {"a": "yes", " a ": "no"}})
    assert (problem.code, problem.key) == ("repeated", "conditions")


def test_bad_key_and_bad_value_of_a_free_table_are_both_told() -> None:
    """Keys that a document chooses are texts like any other."""
    found = problems_of(Agreement, BASE | {"conditions": {"a\x00": "yes", "b": 1}})
    assert [(p.code, p.key) for p in found] == [
        ("control_character", "conditions"),
        ("wrong_type", "conditions.b"),
    ]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("goals", {}, "a list is expected, not a table"),
        ("goals", "jobs", "a list is expected, not text"),
        ("conditions", [], "a table is expected, not a list"),
        ("term", date(2027, 1, 1), "a table is expected, not a date"),
        ("title", True, "text is expected, not true or false"),
        ("title", Decimal("0.5"), "text is expected, not a number"),
        ("title", None, "text is expected, not NoneType"),
    ],
)
def test_value_of_another_kind_says_what_is_expected(
    key: str, value: object, expected: str
) -> None:
    """Each refusal names what would be taken and what was found."""
    problem = only_problem(Agreement, BASE | {key: value})
    assert (problem.code, problem.key, problem.message) == ("wrong_type", key, expected)


def test_schema_of_a_class_is_its_fields_in_order() -> None:
    """The dataclasses are the schema: there is no second list of keys."""
    assert list(schema_of(Term)) == ["start", "end"]


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.dates() | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["side", "name", "start", "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(list(schema_of(Agreement))), JSONISH))
def test_any_input_is_either_read_or_refused_with_problems(data: dict[str, Any]) -> None:
    """Whatever stands in a file, reading it ends in a document or in a list of problems."""
    problems: tuple[Problem, ...] = ()
    agreement = None
    try:
        agreement = read(Agreement, data)
    except InvalidInputError as refused:
        problems = refused.problems
    assert (agreement is None) == bool(problems)
    assert all(problem.key and problem.message for problem in problems)


def test_problems_follow_the_order_of_the_document() -> None:
    """Problems inside one list come in the order of its entries."""
    keys = [p.key or "" for p in problems_of(Agreement, BASE | {"goals": [1] * 9})]
    assert all(earlier < later for earlier, later in pairwise(keys))


def plain(value: object) -> object:
    """Return a dataclass's dictionary as TOML would give it: no nulls, lists for tuples."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if item is not None}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("agreement", [complete_agreement(), friendship()])
def test_complete_agreement_of_the_builders_is_a_valid_document(agreement: Agreement) -> None:
    """What tests start from is what a user could write."""
    document = plain(asdict(agreement))
    assert isinstance(document, dict)
    assert read(Agreement, document) == agreement
