"""What is read for people: agreements by what they are called, lines, documents of the past."""

from dataclasses import replace
from datetime import date

import pytest

from lifecycle.drafting import propose
from lifecycle.entry import entry_of, salted
from lifecycle.ports import Unit
from lifecycle.sheets import record
from states.agreement import Agreement, Contact
from states.records import Record
from states.ref import Ref
from states.vocabulary import State, Trigger
from store.naming import MOST_FOUND
from tests.builders import complete_agreement, home_party, partner_party
from tests.stage import FIRST_DAY, NEXT_TERM, Stage, policy_file
from tests.store.raw import query

CONTACT = Contact("partner", "Li Wei", "li@example.cn")


def named(partner: str, title: str = "Trade") -> Agreement:
    """Return an agreement with a partner and a title."""
    return complete_agreement(
        title=title, parties=(home_party(), partner_party(name=partner)), contacts=()
    )


def found(stage: Stage, text: str) -> list[str]:
    """Return the references of what a text finds."""
    with stage.store.reading() as reader:
        return [str(Ref.of("TOR", standing.key)) for standing in reader.find(text)]


@pytest.fixture
def portfolio(stage: Stage) -> Stage:
    """Return a stage with agreements of two years, numbers of three digits and of four."""
    for partner, title in (
        ("Chongqing", "Trade and innovation"),
        ("Milan", "Design with Chongqing and Milan"),
        ("Århus", "Harbour_2030"),
        ("Łódź", "100% film"),
    ):
        stage.propose(named(partner, title))
    stage.on(date(2027, 3, 1)).propose(named("Milano", "Wow!"))
    stage.propose(named("GIESSEN", "Straße"))
    return stage


BY_REFERENCE = {
    "TOR-2026-002": ["TOR-2026-002"],
    " tor-2026-002 ": ["TOR-2026-002"],
    "TOR-2026-000002": ["TOR-2026-002"],
    "TOR-2026-009": [],
    "TOR-2026-00": [f"TOR-2026-00{n}" for n in range(1, 5)],
    "TOR-2026-0": [f"TOR-2026-00{n}" for n in range(1, 5)],
    "TOR-2026-1": [],
    "TOR-2026-": [f"TOR-2026-00{n}" for n in range(1, 5)],
    "TOR-2027": ["TOR-2027-001", "TOR-2027-002"],
    "TOR-2025": [],
    "TOR-": [*(f"TOR-2026-00{n}" for n in range(1, 5)), "TOR-2027-001", "TOR-2027-002"],
    "TOR": [*(f"TOR-2026-00{n}" for n in range(1, 5)), "TOR-2027-001", "TOR-2027-002"],
    "MTL-2026-002": [],
    "MTL": [],
    "TOR-2026-002-1": [],
    "TOR-26": [],
}


def test_reference_is_found_whole_and_by_its_beginning(portfolio: Stage) -> None:
    """In any case, with or without zeros; another program's code finds nothing here."""
    assert {text: found(portfolio, text) for text in BY_REFERENCE} == BY_REFERENCE


BY_PARTNER = {
    "Chongqing": ["TOR-2026-001"],
    "cHONGqing": ["TOR-2026-001"],
    "Chongq": ["TOR-2026-001", "TOR-2026-002"],
    "innovation": ["TOR-2026-001"],
    "Milan": ["TOR-2026-002"],
    "Mila": ["TOR-2026-002", "TOR-2027-001"],
    "Atlantis": [],
}


def test_partner_of_exactly_this_name_comes_before_words_in_titles(portfolio: Stage) -> None:
    """The rest of the name is needed only where several begin alike."""
    assert {text: found(portfolio, text) for text in BY_PARTNER} == BY_PARTNER


OF_ANY_CASE = {
    "Århus": ["TOR-2026-003"],
    "århus": ["TOR-2026-003"],
    "ÅRH": ["TOR-2026-003"],
    "łódź": ["TOR-2026-004"],
    "ŁÓD": ["TOR-2026-004"],
    "giessen": ["TOR-2027-002"],
    "straße": ["TOR-2027-002"],
}


def test_letters_beyond_a_to_z_have_no_case_either(portfolio: Stage) -> None:
    """SQLite's own lower() knows English only; cities don't."""
    assert {text: found(portfolio, text) for text in OF_ANY_CASE} == OF_ANY_CASE


SIGNS = {
    "%": ["TOR-2026-004"],
    "100%": ["TOR-2026-004"],
    "1%0": [],
    "_": ["TOR-2026-003"],
    "r_2": ["TOR-2026-003"],
    "b_r": [],
    "!": ["TOR-2027-001"],
    "w!": ["TOR-2027-001"],
    "!!": [],
    "'": [],
    "\\": [],
}


def test_signs_stand_for_themselves(portfolio: Stage) -> None:
    """No sign that was typed is a wildcard."""
    assert {text: found(portfolio, text) for text in SIGNS} == SIGNS


def test_no_more_than_twenty_are_found(stage: Stage) -> None:
    """The first ones in the order of references, by name and by reference alike."""

    def many(unit: Unit) -> None:
        for number in range(MOST_FOUND + 5):
            propose(unit, stage.order(), named("Milan", f"Title {number}"))

    stage.do(lambda u, _o: many(u))
    first = [f"TOR-2026-{number:03}" for number in range(1, MOST_FOUND + 1)]
    assert MOST_FOUND == 20
    assert [found(stage, text) for text in ("TOR", "Milan", "title", "")] == [first] * 4


def test_lines_come_in_order_across_batches_while_other_things_are_read(stage: Stage) -> None:
    """More lines than are read at a time: none is left out, none comes twice."""
    ref = stage.propose()

    def note(unit: Unit) -> None:
        for number in range(450):
            record(unit, stage.order(), ref, Record("note", FIRST_DAY, f"Note {number}."))

    stage.do(lambda u, _o: note(u))
    with stage.store.reading() as reader:
        numbers = []
        for line in reader.lines(ref.key):
            numbers.append(entry_of(line).n)
            assert reader.standing(ref.key) is not None
        assert numbers == list(range(1, 452))
        assert [entry_of(line).n for line in reader.lines(ref.key, after=449)] == [450, 451]
        assert list(reader.lines(ref.key, after=451)) == []
        assert [n for n, _record in reader.records(ref.key)] == list(range(2, 452))


def test_streams_are_kept_apart(stage: Stage) -> None:
    """An agreement's, another's, the program's own; one that is not there is empty."""
    first, second = stage.propose(), stage.propose()
    stage.pull(first, Trigger.SUBMIT)
    assert [len(stage.raw(ref)) for ref in (first, second, None)] == [2, 1, 1]
    assert stage.raw(Ref("TOR", 2099, 1)) == []


def test_reading_is_of_one_moment(stage: Stage) -> None:
    """What others write meanwhile is seen by the next reader."""
    ref = stage.propose()
    with stage.store.reading() as reader:
        before = reader.standing(ref.key)
        stage.pull(ref, Trigger.SUBMIT)
        assert reader.standing(ref.key) == before
        assert len(list(reader.lines(ref.key))) == 1
    assert stage.standing(ref).state is State.DECISION


def test_reader_that_writes_by_mistake_leaves_nothing_half_done(stage: Stage) -> None:
    """Its transaction is one too."""
    ref = stage.propose()
    with stage.store.reading() as reader:
        assert reader.standing(ref.key) is not None
    assert query(stage.url, "SELECT count(*) FROM entry") == [(2,)]


def test_document_of_a_version_is_the_one_that_stood_then(stage: Stage) -> None:
    """Also at versions that changed the state only; before the first there was none."""
    ref = stage.propose(named("Milan", "First"))
    stage.pull(ref, Trigger.SUBMIT)
    stage.apply(ref, named("Milan", "Third"))
    with stage.store.reading() as reader:
        assert reader.versions(ref.key) == [1, 3]
        documents = [reader.document_at(ref.key, version) for version in range(5)]
        titles = [document.title if document else None for document in documents]
        assert titles == [None, "First", "First", "Third", "Third"]
        assert reader.document_at(Ref("TOR", 2099, 1).key, 1) is None
        assert reader.versions(Ref("TOR", 2099, 1).key) == []


def test_document_of_the_past_comes_without_contacts_and_the_present_one_with(
    stage: Stage,
) -> None:
    """They stand beside the line, so that they can be erased on request."""
    ref = stage.propose(complete_agreement(contacts=(CONTACT,)))
    with stage.store.reading() as reader:
        past = reader.document_at(ref.key, 1)
    assert past is not None
    assert (past.contacts, stage.document(ref).contacts) == ((), (CONTACT,))


def test_records_come_with_their_kind_and_line(stage: Stage) -> None:
    """Scores and evaluations are no records."""
    ref = stage.propose()
    stage.score(ref)
    note = Record("note", FIRST_DAY, "Met in May.")
    letter = Record("correspondence", FIRST_DAY, "A letter.", direction="received")
    stage.record(ref, note)
    stage.record(ref, letter)
    with stage.store.reading() as reader:
        assert reader.records(ref.key) == [(3, note), (4, letter)]


def test_terms_come_in_order(stage: Stage) -> None:
    """The first one first, with what is known of each."""
    ref = stage.along(NEXT_TERM)
    with stage.store.reading() as reader:
        assert [term.term for term in reader.terms(ref.key)] == [1, 2]
        assert reader.terms(Ref("TOR", 2099, 1).key) == []


def test_what_stands_beside_a_line_has_the_digest_that_it_cites(stage: Stage) -> None:
    """The reason first, then the content; nothing stands beside a line that cites nothing."""
    ref = stage.propose(complete_agreement(contacts=(CONTACT,)), reason="A good idea.")
    stage.pull(ref, Trigger.SUBMIT)
    with stage.store.reading() as reader:
        reason, content = reader.beside(ref.key, 1)
        assert reader.beside(ref.key, 2) == []
        assert reader.beside(None, 1) == []
    line = stage.entries(ref)[0]
    assert (reason.part, reason.body, reason.kind) == ("reason", b"A good idea.", None)
    assert (content.part, content.kind) == ("content", "contacts")
    assert salted(reason.salt, reason.body) == line.reason
    assert salted(content.salt, content.body) == line.content


def test_policies_come_in_the_order_of_their_adoption(stage: Stage) -> None:
    """With the first day of each and the line that adopted it."""
    second = policy_file({"dormancy_months": 7})
    stage.on(date(2026, 10, 1)).adopt(second)
    with stage.store.reading() as reader:
        (first, _, n), (digest, day, m) = reader.policies()
        assert reader.policy_text(digest) == second
    assert (n, m, day, first != digest) == (1, 2, date(2026, 10, 1), True)


def test_agreement_is_found_by_an_alias_of_its_partner(stage: Stage) -> None:
    """However it is spelt; with one whose partner is called so, and before words in titles."""
    kyiv = replace(named("Kyiv"), aliases=("Kiev", "Київ"))
    stage.propose(kyiv)
    stage.propose(named("KIEV"))
    stage.propose(named("Lviv", "After Kiev"))
    assert found(stage, "kiev") == ["TOR-2026-001", "TOR-2026-002"]
    assert found(stage, "київ") == ["TOR-2026-001"]
    assert found(stage, "kie") == ["TOR-2026-002", "TOR-2026-003"]
    stage.apply(
        Ref.parse("TOR-2026-001"), replace(stage.document(Ref.parse("TOR-2026-001")), aliases=())
    )
    assert found(stage, "Київ") == []


def test_agreement_is_found_by_a_partners_name_without_its_accents(portfolio: Stage) -> None:
    """Where nothing has the word as it was typed."""
    assert found(portfolio, "lodz") == ["TOR-2026-004"]
    assert found(portfolio, "Arhus") == ["TOR-2026-003"]
    assert found(portfolio, "lod") == []
