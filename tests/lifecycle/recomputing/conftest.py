"""The agreement whose lines are forged."""

from datetime import date

import pytest

from states.ref import Ref
from states.vocabulary import Trigger
from tests.builders import START, complete_agreement
from tests.stage import Stage


@pytest.fixture
def ref(city: Stage) -> Ref:
    """Return an agreement that was refused its signature once, then signed and activated.

    Its lines: 1 created, 2 submitted, 3 scored, 4 accepted, 5 refused to be signed, 6 edited,
    7 signed, 8 activated by the nightly check.
    """
    city.on(date(2026, 9, 10))
    found = city.propose(complete_agreement(renewal_guidelines=""))
    for trigger in (Trigger.SUBMIT, Trigger.ACCEPT):
        city.pull(found, trigger)
    assert city.advance(found, Trigger.SIGN, reason="It is due.").refused
    city.apply(found, complete_agreement())
    city.pull(found, Trigger.SIGN)
    city.on(START).nightly()
    assert city.verify() == []
    return found
