"""Tables of agreements that are taken over: what becomes of each row, in each database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lifecycle.entry import Actor, entry_of
from lifecycle.intake.intake import Intake
from lifecycle.intake.table import Places, take_over_table
from lifecycle.order import Order
from states.vocabulary import Event
from store.countries import TerritoryNames
from store.creating import create_store
from store.exonyms import CityNames
from store.policies import shipped_policy
from store.store import Store
from store.tabular.reading import read_table
from tests.builders import SAMPLES

pytestmark = pytest.mark.measured

ORDER = Order(actor=Actor("anna", "asserted"), now=datetime(2019, 1, 14, 15, tzinfo=UTC))
PLACES = Places(TerritoryNames(), CityNames())
HEADING = "partner,country,type,signed,status,source,note\n"
MILAN = "Milan,Italy,partnership,2003,active,,\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return a sandbox under Toronto's policy of 2018, on a day in 2019."""
    policy = shipped_policy("toronto-2018")
    store = create_store(str(tmp_path / "s.db"), ORDER, policy, sandbox=True)
    yield store
    store.close()


def imported(store: Store, text: str | bytes, order: Order = ORDER) -> Intake:
    """Return what a store makes of a CSV file."""
    data = text.encode() if isinstance(text, str) else text
    with store.unit() as unit:
        return take_over_table(unit, order, read_table(data, "a.csv"), PLACES)


def test_torontos_file_is_taken_over(store: Store) -> None:
    """Ten counted of a cap of ten and the MOU are taken; nine rows say why they are not."""
    intake = imported(store, (SAMPLES / "toronto.csv").read_bytes())
    assert (intake.rows, len(intake.taken), len(intake.refused)) == (20, 11, 9)
    assert (intake.counted, intake.cap) == (10, 10)
    assert [row.partner for row in intake.refused][:2] == ["Austin", "Montreal"]
    assert {row.problems[0].key for row in intake.refused} == {"type"}
    with store.reading() as reader:
        assert list(reader.verify()) == []


def test_same_file_again_changes_nothing(store: Store) -> None:
    """Rows that were taken are unchanged, and no line is written for them."""
    first = imported(store, HEADING + MILAN)
    again = imported(store, HEADING + MILAN)
    assert (len(again.taken), len(again.unchanged)) == (0, 1)
    assert again.unchanged[0].ref == first.taken[0].ref
    with store.reading() as reader:
        assert len(list(reader.lines(2019_000_001))) == 1


def test_row_is_known_again_after_the_file_was_worked_on(store: Store) -> None:
    """Another order, title, note or form of the country is no other agreement."""
    imported(store, HEADING + MILAN)
    text = (
        "note,title,partner,country,type,signed,status\nnew,Ciao,milan,IT,partnership,2003,active\n"
    )
    again = imported(store, text)
    assert (len(again.taken), len(again.unchanged)) == (0, 1)


def test_row_that_stands_twice_is_refused_once(store: Store) -> None:
    """The second one is told where the first one is."""
    intake = imported(store, HEADING + MILAN + MILAN)
    (refused,) = intake.refused
    assert (len(intake.taken), refused.row, refused.problems[0].code) == (1, 3, "repeated")
    assert "row 2" in refused.problems[0].message


def test_note_is_kept_as_a_record(store: Store) -> None:
    """What the file notes stands beside the agreement, on a line of its own."""
    imported(store, f"{HEADING}Milan,IT,partnership,2003,active,,Letter of intent 2002\n")
    with store.reading() as reader:
        ((_n, record),) = reader.records(2019_000_001)
        events = [entry_of(line).event for line in reader.lines(2019_000_001)]
    assert (record.kind, record.text) == ("note", "Letter of intent 2002")
    assert events == [Event.TAKEN_OVER, Event.RECORDED]


def test_agreement_signed_in_the_future_is_refused_in_its_row(store: Store) -> None:
    """What the use case says is told under the file's own heading."""
    intake = imported(store, f"{HEADING}Milan,IT,partnership,2020,active,Clerk,\n{MILAN}")
    (refused,) = intake.refused
    assert (refused.row, refused.source) == (2, "Clerk")
    assert [(p.code, p.key) for p in refused.problems] == [("future", "signed")]
    assert len(intake.taken) == 1


def test_agreement_without_a_term_gets_a_juncture(store: Store) -> None:
    """Nothing is taken over without a term or a review date."""
    imported(store, HEADING + MILAN)
    with store.reading() as reader:
        standing = reader.standing(2019_000_001)
    assert standing is not None
    assert (str(standing.review), standing.taken_over) == ("2020-01-14", True)


def test_reason_of_the_import_stands_beside_each_agreement(store: Store) -> None:
    """The order's reason is kept with what it brought, and once."""
    order = replace(ORDER, reason="Council asked for it")
    imported(store, f"{HEADING}Milan,IT,partnership,2003,active,,A note\n", order)
    with store.reading() as reader:
        reasons = [
            part.body
            for n in (1, 2)
            for part in reader.beside(2019_000_001, n)
            if part.part == "reason"
        ]
    assert reasons == [b"Council asked for it"]


def test_program_without_a_cap_has_none_to_tell(tmp_path: Path) -> None:
    """The intake says nothing of a cap that the policy does not have."""
    policy = shipped_policy("toronto-2018").decode()
    begin, end = policy.index("[cap]"), policy.index("# Further limits")
    bare = (policy[:begin] + policy[end:]).encode()
    store = create_store(str(tmp_path / "nocap.db"), ORDER, bare, sandbox=True)
    intake = imported(store, HEADING + MILAN)
    store.close()
    assert (intake.cap, intake.counted) == (None, 0)
