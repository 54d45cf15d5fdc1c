"""References: their form, their order and their number form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.ref import Ref

REFS = st.builds(
    Ref,
    st.from_regex(r"[A-Z][A-Z0-9]{1,9}", fullmatch=True),
    st.integers(0, 9999),
    st.integers(0, 999_999),
)


@given(REFS)
def test_reference_reads_back_from_its_text_and_from_its_key(ref: Ref) -> None:
    """A reference is the same thing as text and as code and key."""
    assert Ref.parse(str(ref)) == Ref.of(ref.code, ref.key) == ref


@given(REFS, REFS)
def test_keys_are_in_the_order_of_references(one: Ref, other: Ref) -> None:
    """Within a program, ordering by key orders by year and number."""
    assert (one.key < other.key) == ((one.year, one.number) < (other.year, other.number))


def test_reference_in_small_letters_and_blanks_is_understood() -> None:
    """What a person types is read as what it means."""
    assert str(Ref.parse(" tor-2026-003 ")) == "TOR-2026-003"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "TOR",
        "TOR-2026",
        "TOR-2026-",
        "TOR-2026-03",
        "TOR-2026-1234567",
        "T-2026-003",
        "1OR-2026-003",
        "ABCDEFGHIJK-2026-003",
        "TOR-26-003",
        "TOR 2026 003",
        "TOR-२०२६-003",
    ],
)
def test_text_of_another_form_is_refused_with_an_example(text: str) -> None:
    """Too short, too long, other digits: the message shows what a reference looks like."""
    with pytest.raises(ValueError, match="TOR-2026-003"):
        Ref.parse(text)
