"""The stored form of documents and sheets, there and back."""

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guards.policy import Policy
from states.agreement import Agreement, Indicator, Project, TakenOver, Term
from states.codec import decode, encode
from states.records import Evaluation, Record, ScoreSheet
from states.standing import Standing
from tests.builders import (
    complete_agreement,
    evaluation,
    friendship,
    score_sheet,
    shipped,
    standing,
)

AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**14))
TERMS = st.builds(Term, st.dates(), st.dates())
PROJECTS = st.builds(
    Project,
    st.text(),
    end=st.none() | st.dates(),
    objectives=st.just(()),
    resources=st.just(()),
)
AGREEMENTS = st.builds(
    Agreement,
    st.text(),
    st.text(),
    term=st.none() | TERMS,
    goals=st.lists(st.text()).map(tuple),
    projects=st.lists(PROJECTS, max_size=3).map(tuple),
    conditions=st.dictionaries(st.text(), st.text(), max_size=3),
)


@given(AGREEMENTS)
def test_stored_agreement_reads_back_as_it_was(agreement: Agreement) -> None:
    """Encoding and decoding lose nothing, and encoding again gives the same bytes."""
    body = encode(agreement)
    assert decode(Agreement, body) == agreement
    assert encode(decode(Agreement, body)) == body


@given(AMOUNTS, AMOUNTS)
def test_stored_amounts_keep_every_digit(baseline: Decimal, target: Decimal) -> None:
    """Amounts are stored as text and read as the same Decimal, its places included."""
    indicator = decode(Indicator, encode(Indicator("n", "u", baseline, target)))
    assert (str(indicator.baseline), str(indicator.target)) == (str(baseline), str(target))


@pytest.mark.parametrize(
    "value",
    [
        complete_agreement(taken_over=TakenOver("1986", "Archive")),
        friendship(conditions={"legal_review": "yes"}),
        score_sheet(),
        evaluation(),
        Record("actual", date(2028, 1, 1), item="businesses reached", value=Decimal("12.5")),
        standing(),
        shipped("toronto-2018"),
        shipped("toronto-2005"),
        shipped("toronto-2024"),
    ],
    ids=str.split(
        "agreement friendship scores evaluation record standing policy2018 policy2005 policy2024"
    ),
)
def test_stored_value_reads_back_as_it_was(
    value: Agreement | ScoreSheet | Evaluation | Record | Standing | Policy,
) -> None:
    """Documents, sheets, records, standings and policies survive being stored."""
    assert decode(type(value), encode(value)) == value


def test_stored_keys_are_sorted_and_days_are_iso() -> None:
    """The stored form does not depend on the order of fields in the code."""
    body = encode(Term(date(2027, 1, 1), date(2029, 12, 31)))
    assert body == b'{"end":"2029-12-31","start":"2027-01-01"}'


def test_keys_that_an_older_release_did_not_write_read_as_their_defaults() -> None:
    """A document stored before a key existed stays readable."""
    old = decode(Agreement, b'{"type":"partnership","title":"Old"}')
    missing = [f.name for f in fields(Agreement) if f.name not in {"type", "title"}]
    assert all(not getattr(old, name) for name in missing)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"type":1,"title":"t"}', b'{"type":"t"}'])
def test_bytes_that_were_never_written_raise_value_error(body: bytes) -> None:
    """Cut, foreign and wrongly typed bytes are refused, not half read."""
    with pytest.raises(ValueError, match=r".+"):
        decode(Agreement, body)
