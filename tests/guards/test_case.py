"""The case put before a guard."""

import pytest
from msgspec.structs import replace

from states.vocabulary import Trigger
from tests.builders import SIGNED, case


def test_case_without_its_document_refuses_to_make_one_up() -> None:
    """A guard that did not declare its need finds out at once."""
    without = replace(case(), document=None)
    with pytest.raises(LookupError, match="without the document"):
        _ = without.agreement


def test_day_of_the_case_is_the_day_of_the_act() -> None:
    """All dates are compared with the day of the act, and not with any clock."""
    assert case(Trigger.SIGN).day == SIGNED
