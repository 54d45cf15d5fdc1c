"""Reading single values: texts, amounts, numbers, words and dates, each at its edges."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from states.agreement import Agreement, Indicator
from states.records import Score
from states.schema import read
from states.vocabulary import Severity
from tests.states.reading import BASE, Sheet, only_problem, toml


def test_every_scalar_is_read_as_what_it_is() -> None:
    """Truth values, whole numbers, amounts, words of a list and days."""
    data = {
        "flag": True,
        "number": 3,
        "amount": 3,
        "severity": "warn",
        "severities": {"endorsed": "off"},
        "days": [date(2027, 1, 1)],
    }
    assert read(Sheet, data) == Sheet(
        flag=True,
        number=3,
        amount=Decimal(3),
        severity=Severity.WARN,
        severities={"endorsed": Severity.OFF},
        days=(date(2027, 1, 1),),
    )


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\r"])
@pytest.mark.parametrize("key", ["title", "renewal_guidelines"])
def test_control_character_is_refused_and_named(key: str, character: str) -> None:
    """A character that could play with a terminal is told by its number and place."""
    problem = only_problem(Agreement, BASE | {key: f"ab{character}c"})
    assert (problem.code, problem.key) == ("control_character", key)
    assert f"U+{ord(character):04X} at position 3" in problem.message
    assert character not in problem.message


def test_lone_surrogate_is_refused() -> None:
    """Half a character, which no file could hold, is no text."""
    assert only_problem(Agreement, BASE | {"title": "\ud800"}).code == "control_character"


def test_long_text_may_have_lines_and_a_title_may_not() -> None:
    """Line breaks and tabs belong into prose, not into a line of a list."""
    assert read(Agreement, BASE | {"renewal_guidelines": "a\n\tb"}).renewal_guidelines == "a\n\tb"
    assert only_problem(Agreement, BASE | {"title": "a\nb"}).code == "control_character"


def test_title_of_ten_megabytes_is_refused_in_few_words() -> None:
    """Too long a text is told by its length, without being repeated."""
    problem = only_problem(Agreement, BASE | {"title": "x" * 10_000_000})
    assert problem.code == "too_long"
    assert problem.message == "10,000,000 characters; at most 300 are taken"


@pytest.mark.parametrize(("key", "longest"), [("title", 300), ("renewal_guidelines", 20_000)])
def test_text_may_be_as_long_as_its_key_allows_and_no_longer(key: str, longest: int) -> None:
    """300 characters for a line, 20,000 for prose, to the character."""
    assert read(Agreement, BASE | {key: "x" * longest}).title
    assert only_problem(Agreement, BASE | {key: "x" * (longest + 1)}).code == "too_long"


def test_text_is_stripped_and_composed() -> None:
    """The same words are the same text, however they were typed."""
    assert read(Agreement, BASE | {"title": "  Sa\u0303o Paulo\n"[:-1] + " "}).title == "São Paulo"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", "0"),
        ("-5", "-5"),
        ("-0.0", "0"),
        ("60_000", "60000"),
        ("0.1", "0.1"),
        ("2.50", "2.5"),
        ("1e3", "1000"),
        ("0.0001", "0.0001"),
        ("999999999999999.9999", "999999999999999.9999"),
    ],
)
def test_amount_keeps_its_value_to_the_last_digit(text: str, amount: str) -> None:
    """An amount is the Decimal that was written, in one form for one value."""
    value = read(Indicator, toml(f"target = {text}")).target
    assert str(value) == amount


@pytest.mark.parametrize(
    "text",
    ["1e15", "-1e15", "nan", "inf", "0.00001", "1.00000000000000000000000000000001", "1e999999999"],
)
def test_amount_that_cannot_be_kept_exactly_is_refused(text: str) -> None:
    """Too large, too fine, or no number: refused, never rounded."""
    problem = only_problem(Indicator, toml(f"target = {text}"))
    assert (problem.code, problem.key) == ("out_of_range", "target")


@pytest.mark.parametrize("value", [0.5, True, "5", None, [], date(2027, 1, 1)])
def test_amount_of_another_kind_is_refused(value: object) -> None:
    """A binary float is no amount, nor is true, nor a number in quotes."""
    assert only_problem(Indicator, {"target": value}).code == "wrong_type"


@pytest.mark.parametrize("value", [True, Decimal(4), "4", 4.0])
def test_whole_number_of_another_kind_is_refused(value: object) -> None:
    """A score is a whole number, and true is not 1."""
    assert only_problem(Score, {"value": value}).code == "wrong_type"


@pytest.mark.parametrize("value", [10**15, -(10**15)])
def test_whole_number_beyond_all_use_is_refused(value: int) -> None:
    """No number that could overflow a column gets in."""
    assert only_problem(Score, {"value": value}).code == "out_of_range"


@pytest.mark.parametrize("value", [1, "true", None])
def test_truth_value_of_another_kind_is_refused(value: object) -> None:
    """1 is not true."""
    assert only_problem(Sheet, {"flag": value}).code == "wrong_type"


@pytest.mark.parametrize("value", ["stop", 1, True, []])
def test_word_outside_its_list_is_refused_with_the_list(value: object) -> None:
    """What is allowed is said with the refusal."""
    problem = only_problem(Sheet, {"severity": value})
    assert (problem.code, problem.allowed) == ("not_allowed", ("block", "warn", "off"))


def test_long_wrong_word_is_told_shortened() -> None:
    """A word of a thousand letters does not fill the screen."""
    assert len(only_problem(Sheet, {"severity": "x" * 1000}).message) < 120


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("2027-01-01", "text"),
        (datetime(2027, 1, 1, 12, 0), "a date with a time"),  # noqa: DTZ001 - as TOML gives it
        (2027, "a number"),
    ],
)
def test_date_of_another_kind_is_refused_and_named(value: object, kind: str) -> None:
    """Dates have no quotes and no time; the message says what was found instead."""
    problem = only_problem(Agreement, BASE | {"received": value})
    assert problem.code == "wrong_type"
    assert problem.message.endswith(f"not {kind}")


@pytest.mark.parametrize("day", [date(999, 12, 31), date(3000, 1, 1)])
def test_date_outside_the_calendar_is_refused(day: date) -> None:
    """No date gets in from which a policy's periods could leave the calendar."""
    assert only_problem(Agreement, BASE | {"received": day}).code == "out_of_range"


@pytest.mark.parametrize("day", [date(1000, 1, 1), date(2999, 12, 31), date(2028, 2, 29)])
def test_date_at_the_edges_is_taken(day: date) -> None:
    """The first and last day of the calendar, and 29 February."""
    assert read(Agreement, BASE | {"received": day}).received == day
