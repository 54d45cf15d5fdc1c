"""Documents as TOML: whole, and read back as exactly what they were."""

import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.inputs import parsed
from cli.output.document import document_toml, literal, plain
from states import agreement as parts
from states.agreement import Agreement
from states.ref import Ref
from tests.builders import complete_agreement
from tests.cli.conftest import Cli
from tests.stage import Stage

REF = Ref("TOR", 2026, 3)


def as_kept(text: str) -> str:
    """Return text as the schema keeps it: composed, without outer blanks."""
    return unicodedata.normalize("NFC", text).strip()


def words(*more: str) -> st.SearchStrategy[str]:
    """Return texts that a document may hold."""
    characters = st.characters(exclude_categories=("Cc", "Cs"))
    return st.text(characters | st.sampled_from("\"'\\#=[]" + "".join(more)), max_size=20).map(
        as_kept
    )


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Return lists of up to two entries."""
    return st.lists(strategy, max_size=2).map(tuple)


LINE, TEXT = words(), words("\n\t")
DAYS = st.dates(date(1000, 1, 1), date(2999, 12, 31))
AMOUNTS = st.decimals(-(10**12), 10**12, places=4).map(
    lambda amount: Decimal(int(amount)) if amount == int(amount) else amount.normalize()
)
BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: LINE,
    str | None: st.none() | LINE.filter(bool),
    date: DAYS,
    date | None: st.none() | DAYS,
    Decimal | None: st.none() | AMOUNTS,
    int | None: st.none() | st.integers(0, 3000),
    tuple[str, ...]: some(LINE),
}


def built(cls: type, **given_keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return instances of one of the document's dataclasses, with every key drawn."""
    drawn = {
        name: BY_TYPE[hint] for name, hint in get_type_hints(cls).items() if name not in given_keys
    }
    return st.builds(cls, **drawn, **given_keys)


PROJECTS = built(
    parts.Project,
    objectives=some(
        built(parts.Objective, objective=TEXT, indicators=some(built(parts.Indicator)))
    ),
    resources=some(built(parts.Resource)),
)
DOCUMENTS = built(
    Agreement,
    type=LINE.filter(bool),
    renewal_guidelines=TEXT,
    term=st.none() | built(parts.Term),
    parties=some(built(parts.Party, responsibilities=TEXT)),
    projects=some(PROJECTS),
    milestones=some(built(parts.Milestone)),
    endorsement=st.none() | built(parts.Endorsement),
    obligations=some(built(parts.Obligation)),
    signatures=some(built(parts.Signature)),
    contacts=some(built(parts.Contact)),
    conditions=st.dictionaries(LINE, TEXT, max_size=3),
    taken_over=st.none() | built(parts.TakenOver),
)


@given(DOCUMENTS, st.integers(1, 10**6))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_document_reads_back_as_exactly_what_it_was(agreement: Agreement, version: int) -> None:
    """`show --document` is whole: nothing is lost, added or changed on the way through TOML."""
    if not agreement.title:
        agreement = replace(agreement, title="Trade")
    document = parsed(document_toml(REF, version, agreement), "it")
    assert (document.ref, document.version) == (REF, version)
    assert document.agreement == agreement


@given(text=TEXT)
def test_any_text_is_one_line_of_toml(text: str) -> None:
    """A form's line stays a line, whatever is filled in."""
    assert "\n" not in literal(text)


def test_applying_what_was_shown_changes_nothing(stage: Stage, cli: Cli) -> None:
    """`apply` of `show --document` is `unchanged`, contacts included, and writes no line."""
    contact = parts.Contact(side="partner", name="Li", email="li@example.org")
    ref = stage.propose(complete_agreement(contacts=(contact,)))
    lines = len(stage.raw(ref))
    toml = cli("show", ref, "--document").well().out
    [receipt] = cli("apply", "-", stdin=toml, json=True).well().json
    assert receipt["outcome"] == "unchanged"
    assert len(stage.raw(ref)) == lines


def test_reference_and_version_stand_on_top() -> None:
    """The first two keys say what the document is of."""
    first, second, *_ = document_toml(REF, 4, complete_agreement()).splitlines()
    assert (first, second) == ('ref = "TOR-2026-003"', "version = 4")


def test_what_says_nothing_is_left_out() -> None:
    """A draft's document has no empty keys to wade through."""
    text = document_toml(REF, 1, Agreement("partnership", "Trade"))
    assert text.splitlines()[2:] == ['type = "partnership"', 'title = "Trade"']


@pytest.mark.parametrize("amount", ["60000", "0.5", "-1", "0.0001"])
def test_amounts_are_numbers_without_needless_digits(amount: str) -> None:
    """An amount is written as it is meant: 60000, and not 60000.0."""
    resource = parts.Resource(kind="funding", amount=Decimal(amount))
    agreement = Agreement("t", "T", projects=(parts.Project("P", resources=(resource,)),))
    assert f"amount = {amount}\n" in document_toml(REF, 1, agreement)


def test_json_of_a_document_has_every_key() -> None:
    """In JSON nothing is left out: what is missing is null or empty."""
    shape = plain(Agreement("t", "T"))
    assert set(shape) == set(Agreement.__dataclass_fields__)
    assert shape["term"] is None
    assert shape["parties"] == []
