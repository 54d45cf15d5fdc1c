"""Databases of released schemas, with real data: upgraded they are whole, and people go on."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from lifecycle.advance import advance
from lifecycle.appointing import appoint
from lifecycle.drafting import propose
from lifecycle.entry import Actor, entry_of
from lifecycle.nightly import nightly
from lifecycle.order import Order
from lifecycle.publishing.recording import note_publications
from states.ref import Ref
from states.roles import RoleChange
from states.vocabulary import Outcome, Role, Trigger
from store.checks import checks
from store.migrating import upgrade, versions
from store.opening import open_store
from store.store import Store
from store.version import HEAD, lost_triggers
from tests import postgres
from tests.builders import complete_agreement
from tests.conftest import seldom
from tests.hands import publication
from tests.store.dying import dies_upgrading
from tests.store.old import put, released
from tests.store.raw import fails, is_url, query

ALL = [*released("sqlite"), *released("postgresql")]
OLDEST = [released("sqlite")[0], released("postgresql")[0]]
NOT_OF_THE_UPGRADE = {"roles", "file", "file mode", "space"}
"""What a check may find that no upgrade could mend: an early program has no roles yet."""


@pytest.fixture(params=ALL)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return where a database of a released schema is."""
    with put(request.param, tmp_path) as url:
        yield url


@pytest.fixture(params=seldom([*OLDEST, *(name for name in ALL if name not in OLDEST)], 2))
def oldest(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return where an oldest database is; any other one in campaigns."""
    with put(request.param, tmp_path) as url:
        yield url


def order(store: Store, who: str) -> Order:
    """Return somebody's order of the day after the last line."""
    with store.reading() as reader:
        last = max(entry_of(line).recorded for line in all_lines(reader))
    return Order(actor=Actor(who, "asserted"), now=last.astimezone(UTC) + timedelta(days=1))


def all_lines(reader: Any) -> list[bytes]:  # noqa: ANN401 - a reader
    """Return every line of a program."""
    keys = [None, *(standing.key for standing in reader.portfolio(-1, 1000))]
    return [line for key in keys for line in reader.lines(key)]


def schema_of(url: str) -> str:
    """Return the form that a database has."""
    return str(query(url, "SELECT version_num FROM alembic_version")[0][0])


def everything_of(url: str) -> dict[str, list[Any]]:
    """Return every row of every table that is there, by name."""
    if is_url(url):
        names = query(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'lifecycle'")
    else:
        names = query(url, "SELECT name FROM sqlite_master WHERE type = 'table'")
    return {
        name: sorted(query(url, f"SELECT * FROM {name}"), key=repr)  # noqa: S608 - a name from there
        for (name,) in names
    }


def test_there_is_a_database_of_every_schema_but_the_present_one() -> None:
    """Who adds a migration adds databases of the release before it."""
    assert {name.partition("-")[0] for name in ALL} >= set(versions()) - {HEAD}


@pytest.mark.measured
def test_upgraded_database_is_whole_and_says_what_its_log_says(old: str) -> None:
    """Triggers stand, nothing is found, replaying the log gives exactly the rows."""
    before, lines = schema_of(old), query(old, "SELECT program_id, stream, n, line FROM entry")
    assert upgrade(old) == (before, HEAD)
    assert lost_triggers(old) == ()
    found = [c for c in checks(old) if not c.ok and c.name not in NOT_OF_THE_UPGRADE]
    assert found == []
    assert query(old, "SELECT program_id, stream, n, line FROM entry") == lines
    with closing(open_store(old)) as store, store.reading() as reader:
        assert [*reader.verify(), *reader.recompute()] == []


def test_upgrading_what_was_upgraded_does_nothing(oldest: str) -> None:
    """As often as it is done."""
    upgrade(oldest)
    before = everything_of(oldest)
    assert upgrade(oldest) == (HEAD, HEAD)
    assert everything_of(oldest) == before


def test_night_comes_and_people_go_on_after_an_upgrade(oldest: str) -> None:
    """In a program that had no roles yet, the first grant is anybody's, as it was before."""
    upgrade(oldest)
    with closing(open_store(oldest)) as store:
        if not store.program.sandbox and not _has_roles(store):
            for name, role in (("anna", Role.STAFF), ("clock", Role.SCHEDULER)):
                change = RoleChange(name, role, granted=True)
                with store.unit() as unit:
                    assert not appoint(unit, order(store, "sam"), change).refused
        report = nightly(store, order(store, "clock"))
        assert (report.denied, report.completed, report.count("failed")) == (None, True, 0)
        with store.unit() as unit:
            ref = propose(unit, order(store, "anna"), complete_agreement()).ref
        with store.unit() as unit:
            moved = advance(unit, order(store, "anna"), Ref.parse(ref), Trigger.SUBMIT)
        assert not moved.refused
        with store.reading() as reader:
            assert [*reader.verify(), *reader.recompute()] == []


@pytest.mark.parametrize("old", [name for name in ALL if name >= "0004"], indirect=True)
def test_publication_is_noted_in_a_database_of_the_release_before(old: str) -> None:
    """R28: on PostgreSQL, whose own functions say who may, too."""
    upgrade(old)
    with closing(open_store(old)) as store:
        with store.reading() as reader:
            signed = [
                one for one in reader.portfolio(-1, 100) if one.signed_term and not one.voided
            ]
        code = store.program.code
        pages = [publication(Ref.of(code, one.key), term=one.signed_term) for one in signed]
        with store.unit() as unit:
            noted = note_publications(unit, order(store, "anna"), pages)
        assert [receipt.outcome for receipt in noted] == [Outcome.OK] * len(pages)
        with store.reading() as reader:
            assert [*reader.verify(), *reader.recompute()] == []


def _has_roles(store: Store) -> bool:
    with store.reading() as reader:
        return bool(reader.roles())


@pytest.mark.parametrize(
    "stride",
    [
        pytest.param(80, id="every 80th statement"),
        pytest.param(1, id="each statement", marks=pytest.mark.reliability),
    ],
)
def test_upgrade_killed_before_a_statement_leaves_the_old_form_whole(
    oldest: str, stride: int
) -> None:
    """And the next one goes through."""
    before, number = everything_of(oldest), 0
    while dies_upgrading(oldest, number):
        assert everything_of(oldest) == before, number
        number += stride
    assert number >= stride
    assert schema_of(oldest) == HEAD
    assert lost_triggers(oldest) == ()
    with closing(open_store(oldest)) as store, store.reading() as reader:
        assert [*reader.verify(), *reader.recompute()] == []


def test_newer_database_is_left_to_a_newer_release(oldest: str) -> None:
    """Nothing of it is touched."""
    query(oldest, "UPDATE alembic_version SET version_num = '9999'")
    before = everything_of(oldest)
    with fails("newer", oldest):
        upgrade(oldest)
    assert everything_of(oldest) == before


@pytest.mark.parametrize("old", [name for name in ALL if name < "0004"], indirect=True)
def test_terms_that_an_earlier_release_kept_wrong_are_derived_anew(old: str) -> None:
    """It took a refused attempt to end a term for its end."""
    if is_url(old):
        postgres.tamper(old, (_ENDED,), {})
    else:
        with closing(sqlite3.connect(old)) as connection:
            connection.execute(_ENDED)
            connection.commit()
    upgrade(old)
    with closing(open_store(old)) as store, store.reading() as reader:
        assert list(reader.verify()) == []


_ENDED = "UPDATE term SET concluded_on = '2001-01-01', concluded_by = 'terminate' WHERE term = 1"
