"""Cities that go by several names."""

import pytest

from states.names import plain
from store.exonyms import CityNames


@pytest.mark.parametrize(
    ("country", "names"),
    [("UA", ("Kyiv", "KIEV")), ("DE", ("Köln", "Cologne")), ("CN", ("Peking", "Beijing"))],
)
def test_names_of_one_city_have_something_in_common(country: str, names: tuple[str, ...]) -> None:
    """In its own country alone, and however they are written."""
    known = CityNames()
    assert len({known.group(country, plain(name)) for name in names}) == 1
    assert known.group(country, plain(names[0])) is not None
    assert known.group("XX", plain(names[0])) is None
