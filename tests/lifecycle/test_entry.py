"""The log line: its exact keys and bytes, what it cites, and reading it back."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.entry import Actor, Entry, GuardResult, digest_of, entry_of, instant, line_of, salted
from states.canonical import sha256_hex
from states.table import definition
from states.vocabulary import Event, Outcome, Role, State, Trigger
from tests.builders import START, complete_agreement
from tests.stage import NEXT_TERM, TORONTO, Stage

KEYS = {
    "v", "program", "agreement", "term", "n", "event", "trigger", "from", "to", "outcome",
    "recorded_at", "effective_on", "actor", "role", "on_behalf_of", "item", "approver", "host",
    "run", "rule", "due", "ground", "reason", "document", "content", "guards", "version", "key",
    "policy", "definition", "sandbox", "prev",
}  # fmt: skip
"""The keys of every line, as the contract names them."""

texts = st.text(st.characters(exclude_categories=["Cs"]))
maybe = st.none() | texts
days = st.dates(date(1000, 1, 1), date(2999, 12, 31)).map(date.isoformat)
entries = st.builds(
    Entry,
    program=texts,
    agreement=maybe,
    term=st.none() | st.integers(1, 2**53 - 1),
    n=st.integers(1, 2**53 - 1),
    event=st.sampled_from(Event),
    trigger=st.none() | st.sampled_from(Trigger),
    from_=st.none() | st.sampled_from(State),
    to=st.none() | st.sampled_from(State),
    outcome=st.sampled_from(Outcome),
    recorded_at=st.datetimes(timezones=st.just(UTC)).map(instant),
    effective_on=days,
    actor=st.builds(Actor, texts, texts),
    role=st.none() | st.sampled_from(Role),
    on_behalf_of=maybe,
    item=maybe,
    approver=maybe,
    host=maybe,
    run=maybe,
    rule=maybe,
    due=st.none() | days,
    ground=maybe,
    reason=maybe,
    document=maybe,
    content=maybe,
    guards=st.lists(st.builds(GuardResult, texts, texts, maybe), max_size=4).map(tuple),
    version=st.none() | st.integers(0, 2**53 - 1),
    key=maybe,
    policy=maybe,
    definition=texts,
    sandbox=st.booleans(),
    prev=maybe,
)


def whole_life(stage: Stage) -> list[bytes]:
    """Return the lines of an agreement with something of everything, and of the program."""
    ref = stage.propose(complete_agreement(title="Ünïcode \u2028 \x7f \U0001f600 trade"))
    stage.advance(ref, Trigger.SIGN, reason='He said "now" \\ or never.')
    for trigger in NEXT_TERM:
        if trigger is Trigger.ACTIVATE:
            stage.on(START).nightly(run="nightly-1", host="höst")
        else:
            stage.pull(ref, trigger, key=f"key {trigger}", item="2026.EC1.2")
    return stage.raw(ref) + stage.raw(None)


def test_every_line_has_exactly_the_keys_of_the_contract(stage: Stage) -> None:
    """Null where it says nothing; nothing more, nothing less, in no line."""
    lines = whole_life(stage)
    assert len(lines) > 10
    for line in lines:
        told: dict[str, Any] = json.loads(line)
        assert set(told) == KEYS
        assert set(told["actor"]) == {"id", "how"}
        assert all(set(result) == {"guard", "outcome", "code"} for result in told["guards"])
        assert told["v"] == 1


def test_every_line_is_its_own_canonical_form(stage: Stage) -> None:
    """An independent implementation of RFC 8785 writes the same bytes."""
    for line in whole_life(stage):
        assert rfc8785.dumps(json.loads(line)) == line


def test_lines_are_chained_by_the_digest_of_the_one_before(stage: Stage) -> None:
    """No gap in n, and prev cites what stands there, to the byte."""
    ref = stage.along(NEXT_TERM)
    for lines in (stage.raw(ref), stage.raw(None)):
        head = None
        for number, line in enumerate(lines, start=1):
            entry = entry_of(line)
            assert (entry.n, entry.prev) == (number, head)
            head = hashlib.sha256(line).hexdigest()
    assert stage.fields(ref, "head") == (digest_of(stage.raw(ref)[-1]),)


def test_line_cites_policy_and_table_by_digest(stage: Stage) -> None:
    """By which rules it was judged can be looked up for good."""
    line = stage.last(stage.propose())
    assert line.policy == sha256_hex(TORONTO)
    assert line.definition == sha256_hex(definition())


def test_line_cites_what_stands_beside_it_by_salted_digest(stage: Stage) -> None:
    """Without the salt nobody can tell the text by guessing it."""
    ref = stage.propose(reason="Short.")
    line = stage.last(ref)
    with stage.store.reading() as reader:
        (reason,) = reader.beside(ref.key, 1)
    assert (len(reason.salt), line.reason) == (16, salted(reason.salt, reason.body))
    assert line.reason != sha256_hex(reason.body)
    assert salted(b"\0", b"\1") == hashlib.sha256(b"\0\1").hexdigest()


@given(entry=entries)
def test_entry_survives_being_written_and_read(entry: Entry) -> None:
    """The line says everything that the entry does, in canonical bytes."""
    line = line_of(entry)
    assert entry_of(line) == entry
    assert rfc8785.dumps(json.loads(line)) == line


@given(line=st.binary(max_size=40))
def test_bytes_that_are_no_line_are_an_error(line: bytes) -> None:
    """ValueError, whatever the bytes."""
    with pytest.raises(ValueError):  # noqa: PT011 - msgspec's own messages
        entry_of(line)


def test_key_that_a_later_release_adds_is_passed_over() -> None:
    """A line of a newer release can still be read by what it has in common."""
    entry = Entry(
        program="TOR",
        agreement=None,
        n=1,
        event=Event.POLICY_ADOPTED,
        recorded_at="2026-09-01T12:00:00.000000Z",
        effective_on="2026-09-01",
        actor=Actor("dora", "os"),
        definition="d",
        sandbox=False,
        prev=None,
    )
    told = {**json.loads(line_of(entry)), "leaf": 7}
    assert entry_of(rfc8785.dumps(told)) == entry
    assert (entry.recorded, entry.effective) == (
        datetime(2026, 9, 1, 12, tzinfo=UTC),
        date(2026, 9, 1),
    )


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (datetime(2026, 9, 1, 12, 0, tzinfo=UTC), "2026-09-01T12:00:00.000000Z"),
        (datetime(2026, 9, 1, 12, 0, 0, 7, tzinfo=UTC), "2026-09-01T12:00:00.000007Z"),
        (
            datetime(2026, 9, 1, 0, 30, tzinfo=timezone(timedelta(hours=2))),
            "2026-08-31T22:30:00.000000Z",
        ),
        (datetime(101, 1, 1, tzinfo=UTC), "0101-01-01T00:00:00.000000Z"),
    ],
)
def test_instant_is_utc_to_the_microsecond(when: datetime, expected: str) -> None:
    """So that instants sort as text, whatever zone they were taken in."""
    assert instant(when) == expected


def test_line_that_is_nested_too_deeply_is_no_line() -> None:
    """It is an error like that of other bytes that are none."""
    with pytest.raises(ValueError, match="nested too deeply"):
        entry_of(b'{"x":' + b"[" * 100_000)
