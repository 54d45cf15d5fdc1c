"""Whether a text says something."""

import pytest

from guards.texts import PLACEHOLDERS, listed, said


@pytest.mark.parametrize("text", ["", " ", None, "-", "…", "x", "1", ".", "a.", "?!", "_ _"])
def test_blank_or_a_single_letter_says_nothing(text: str | None) -> None:
    """Dots, dashes and one letter are no answer."""
    assert not said(text)


@pytest.mark.parametrize("word", sorted(PLACEHOLDERS))
@pytest.mark.parametrize("form", ["{}", " {} ", "{}...", "-{}-"])
def test_placeholder_in_any_dress_says_nothing(word: str, form: str) -> None:
    """A field that is filled in for form's sake is not filled in."""
    assert not said(form.format(word.upper()))


@pytest.mark.parametrize("text", ["ok", "10", "none of it is pending", "贸易", "да", "Nação"])
def test_words_of_any_language_say_something(text: str) -> None:
    """Two letters or digits are enough, whatever the script."""
    assert said(text)


def test_list_of_words_is_read_out_and_an_empty_one_is_none() -> None:
    """Messages never end in a colon and nothing."""
    assert listed(["a", "b"]) == "a, b"
    assert listed(()) == "none"
