"""Names of parties: what is spelt alike, and what is another name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.names import bare, plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("São Paulo", "SAO  PAULO "),
        ("Łódź", "Lodz"),
        ("Malmö", "malmo\u0308"),
        ("Tromsø", "tromso"),
        ("Xi'an", "Xi\u2019an"),
        ("St. John's", "St Johns"),
        ("Washington, D.C.", "washington DC"),
        ("Saint-Denis", "Saint Denis"),
        ("Gießen", "GIESSEN"),
        ("İzmir", "Izmir"),
        ("Tyne & Wear", "Tyne and Wear"),
        ("Frankfurt (Oder)", "Frankfurt, Oder"),
        ("\uff34\uff4f\uff4b\uff59\uff4f", "Tokyo"),
        ("重庆", " 重庆"),
    ],
)
def test_names_that_are_spelt_alike_are_one(one: str, other: str) -> None:
    """Case, accents, blanks, signs and the width of letters make no other name."""
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Frankfurt am Main", "Frankfurt (Oder)"),
        ("Frankfurt", "Frankfurt am Main"),
        ("Kyiv", "Kiev"),
        ("かく", "がく"),
        ("दिल्ली", "दल"),
        ("?", "!"),
        ("", "?"),
    ],
)
def test_other_names_stay_apart(one: str, other: str) -> None:
    """Brackets and the marks of other scripts tell names apart, and so do signs that are all."""
    assert plain(one) != plain(other)


def test_what_stands_in_brackets_is_left_out_where_that_is_asked_for() -> None:
    """`bare` leaves brackets out, unless nothing else is there."""
    assert bare("Rheinfelden (Baden)") == bare("Rheinfelden [Aargau]") == "rheinfelden"
    assert bare("(Baden)") == "baden"


@given(st.text())
def test_the_plain_form_is_its_own(name: str) -> None:
    """However a name is encoded, it has one plain form, and that form has itself."""
    once = plain(name)
    assert plain(once) == once
    assert plain(unicodedata.normalize("NFD", name)) == once
