"""Erasing over logins with the few rights that `db grants` gives them."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from states.agreement import Contact
from states.vocabulary import Event, State
from store.appendonly import SENTENCE
from tests.builders import complete_agreement
from tests.erased import erase, erase_text
from tests.hands import SYSTEM
from tests.store.logins import City

pytestmark = pytest.mark.postgresql

NAME = "Li Wei"
STATEMENTS = [
    "UPDATE document SET body = '{}'",
    "UPDATE beside SET body = ''",
    "UPDATE attachment SET body = ''",
]
NAMED = complete_agreement(title=f"Art with {NAME}", contacts=(Contact("partner", NAME),))


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """Return a real program whose people have logins."""
    made = City(tmp_path)
    yield made
    made.end()


def replayed(city: City) -> list[str]:
    """Return what replaying the log finds."""
    with city.store.reading() as reader:
        return [finding.message for finding in reader.verify()]


def test_admin_erases_over_a_login(city: City) -> None:
    """Texts of every part, with the rights of staff; the row moves along with the line."""
    ref = city.reach(State.ACTIVE, NAMED)
    n = city.attach(ref, reason=f"{NAME} sent it.").n
    assert not erase_text(city, ref, NAME).receipt.refused
    assert not erase(city, ref, n, "attachment").receipt.refused
    assert not erase(city, ref, n, "reason").receipt.refused
    assert city.standing(ref).title == "Art with [erased 1]"
    assert city.last(ref).event is Event.ERASED
    assert replayed(city) == []


def test_staff_and_the_machine_erase_nothing(city: City) -> None:
    """The product refuses them on the log; past it, the database refuses."""
    ref = city.reach(State.ACTIVE, NAMED)
    city.attach(ref)
    for who, refusal in (("anna", SENTENCE), (SYSTEM, "permission denied")):
        assert erase_text(city, ref, NAME, actor=who).receipt.refused
        for statement in STATEMENTS:
            with (
                city.logins.as_login(who) as connection,
                pytest.raises(psycopg.Error, match=refusal),
            ):
                connection.execute(statement.encode())
    assert city.standing(ref).title == f"Art with {NAME}"
    assert replayed(city) == []
