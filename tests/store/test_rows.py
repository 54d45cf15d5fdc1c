"""Rows of the database that hold what no row can hold."""

import pytest

from lifecycle.errors import StoreError
from store.rows import term_of


@pytest.mark.parametrize("place", [1, 2, 4, 5, 6])
def test_altered_row_of_a_term_is_told_and_no_bug(place: int) -> None:
    """A day that is none, a trigger that there is not."""
    row = [1, "2027-01-01", "2029-12-31", "2026", "2027-01-01", None, None]
    row[place] = "x"
    with pytest.raises(StoreError) as caught:
        term_of(row)
    assert caught.value.code == "damaged"
