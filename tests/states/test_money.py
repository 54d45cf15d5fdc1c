"""Money: exact, in one currency, never through a float (R20, R33, R50)."""

import ast
import re
from decimal import Decimal, Inexact

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.money import Money, OtherCurrencyError, total
from tests.builders import ROOT

CAD, USD = "CAD", "USD"
UNITS = 10_000
"""Amounts have at most four decimal places; in these units they are whole numbers."""

WHOLE = st.integers(-(10**19) + 1, 10**19 - 1)


def money(units: int, currency: str = CAD) -> Money:
    """Return so many ten-thousandths of a currency's unit."""
    return Money(Decimal(units) / UNITS, currency)


@given(st.lists(WHOLE, max_size=50))
def test_sum_is_exactly_that_of_whole_numbers(units: list[int]) -> None:
    """Whatever the order and the size: nothing is rounded, nothing gets lost."""
    added = total(map(money, units), CAD)
    assert added.amount * UNITS == sum(units)
    assert total(map(money, reversed(units)), CAD) == added


@given(WHOLE, WHOLE)
def test_what_is_taken_off_again_leaves_what_there_was(first: int, second: int) -> None:
    """Adding and taking off are each other's way back, and order is that of the numbers."""
    one, other = money(first), money(second)
    assert one + other - other == one
    assert (one < other, one >= other) == (first < second, first >= second)


@given(WHOLE)
def test_written_amounts_read_back_as_they_were(units: int) -> None:
    """As JSON has it, and as people read it: every digit is there, none is made up."""
    one = money(units)
    assert Decimal(one.plain) == one.amount
    assert Decimal(one.grouped.replace(",", "")) == one.amount
    assert "E" not in one.plain + one.grouped


def test_adding_two_currencies_is_refused() -> None:
    """Nobody knows the rate, so nobody guesses one; nor is one said to be more than the other."""
    for attempt in (
        lambda: money(1) + money(1, USD),
        lambda: money(1) - money(1, USD),
        lambda: money(1) < money(1, USD),
        lambda: max(money(1), money(1, USD)),
        lambda: total([money(1), money(1, USD)], CAD),
        lambda: total([money(1, USD)], CAD),
    ):
        with pytest.raises(OtherCurrencyError, match="kept apart"):
            attempt()
    assert money(1) != money(1, USD)


@pytest.mark.parametrize("amount", [0.1, 1.0, 4, "3", None])
def test_only_a_decimal_is_an_amount(amount: object) -> None:
    """A float above all is refused before anything is reckoned with it."""
    with pytest.raises(TypeError, match="is a Decimal"):
        Money(amount, CAD)  # type: ignore[arg-type] # what is refused


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_no_amount(amount: str) -> None:
    """Nor is one without end."""
    with pytest.raises(ValueError, match="no amount"):
        Money(Decimal(amount), CAD)


def test_sum_that_can_not_be_held_exactly_raises() -> None:
    """It is never rounded, however large the amounts."""
    with pytest.raises(Inexact):
        Money(Decimal(10) ** 80, CAD) + Money(Decimal("0.01"), CAD)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("900000", "900,000 CAD"),
        ("9E+5", "900,000 CAD"),
        ("0.5", "0.50 CAD"),
        ("1234.5678", "1,234.5678 CAD"),
        ("60000.100", "60,000.10 CAD"),
        ("-40000", "-40,000 CAD"),
        ("1.00", "1 CAD"),
        ("0", "0 CAD"),
    ],
)
def test_money_is_shown_whole(amount: str, shown: str) -> None:
    """By thousands, with cents where there are any, and with its currency."""
    assert str(Money(Decimal(amount), CAD)) == shown


def test_nothing_is_false() -> None:
    """So that a report can leave out what is nothing."""
    assert not Money.none(CAD)
    assert money(-1)


MAYBE = re.compile(r"float|[0-9]\.[0-9]|[0-9]e-?[0-9]")


def test_nothing_of_the_core_knows_of_floats() -> None:
    """No literal, no name: from the document to the answer, an amount is a Decimal."""
    texts = {
        path: path.read_text(encoding="utf-8")
        for package in ("states", "guards", "lifecycle")
        for path in (ROOT / package).rglob("*.py")
    }
    assert len(texts) > 100
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, text in texts.items()
        if MAYBE.search(text)
        for node in ast.walk(ast.parse(text))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
    ]
    assert found == []
