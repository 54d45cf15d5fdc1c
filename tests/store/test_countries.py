"""Countries by their names: which are known, and which was probably meant."""

import pytest

from store.countries import TerritoryNames


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("China", "CN"),
        ("cn", "CN"),
        ("CHN", "CN"),
        ("United States", "US"),
        ("viet nam", "VN"),
        ("Vietnam", "VN"),
        ("cote d'ivoire", "CI"),
        ("Bosnia and Herzegovina", "BA"),
        ("SU", None),
        ("EU", None),
        ("ZZ", None),
        ("001", None),
        ("Atlantis", None),
    ],
)
def test_countries_are_known_by_name_and_by_code(text: str, code: str | None) -> None:
    """English names without regard to case and accents, ISO codes of two and three letters."""
    assert TerritoryNames().code(text) == code


def test_closest_country_is_named() -> None:
    """A slip of the pen finds what was meant; what is like nothing finds nothing."""
    names = TerritoryNames()
    assert names.close("Japa") == "Japan"
    assert names.close("Xqzvw") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Turkey", "TR"),
        ("Czech Republic", "CZ"),
        ("Republic of Ireland", "IE"),
        ("United States of America", "US"),
        ("Ivory Coast", "CI"),
        ("Swaziland", "SZ"),
    ],
)
def test_other_english_names_of_a_country_are_known(text: str, code: str) -> None:
    """Those that CLDR lists beside the first one, and official ones."""
    assert TerritoryNames().code(text) == code


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Kazakhstah", "Kazakhstan"),
        ("Grece", "Greece"),
        ("Madagaskar", "Madagascar"),
        ("in Italy", "Italy"),
        ("England", "United Kingdom"),
        ("Scotland, United Kingdom", "United Kingdom"),
        ("Georgia (country)", "Georgia"),
        ("Réunion, France", "France"),
        ("Congo", None),
        ("x" * 5_000, None),
    ],
)
def test_what_was_probably_meant_is_suggested_and_never_taken(text: str, meant: str | None) -> None:
    """A slip of the pen, a part of a country, words around its name."""
    names = TerritoryNames()
    assert (names.code(text), names.close(text)) == (None, meant)
