"""Migrations: they make exactly what the tables module says, from wherever the package lies."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from states.vocabulary import State
from store import migrations, sqlite
from store.database import Database
from store.migrating import upgrade
from store.opening import open_store
from store.tables.indices import metadata
from store.version import HEAD, missing_triggers
from tests import postgres
from tests.builders import ROOT
from tests.conftest import Staging, seldom
from tests.stage import Stage
from tests.store.raw import everything, fails, query, unchanged

PACKAGES = ("guards", "lifecycle", "states", "store")
MAKE_ONE = """
import sys
from datetime import UTC, datetime
from lifecycle.entry import Actor
from lifecycle.order import Order
from store.creating import create_store
from store.database import Database
from store.migrating import upgrade
from store.version import missing_triggers
from store.policies import shipped_policy
order = Order(actor=Actor("admin", "os"), now=datetime(2026, 9, 1, tzinfo=UTC))
create_store(sys.argv[1], order, shipped_policy("toronto-2018"), sandbox=True).close()
print(upgrade(sys.argv[1]))
"""


COLUMNS = (
    "SELECT table_name, column_name, data_type, character_maximum_length, collation_name,"
    " is_nullable, column_default FROM information_schema.columns WHERE table_schema = 'lifecycle'"
)
CONSTRAINTS = (
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'lifecycle'::regnamespace"
)
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'lifecycle'"


def schema(url: str) -> dict[str, set[object]]:
    """Return what the tables and indexes were made with."""
    if url.startswith("postgresql://"):
        rows = [row for part in (COLUMNS, CONSTRAINTS, INDEXES) for row in query(url, part)]
        return {"all": {row for row in rows if row[0] != "alembic_version"}}
    rows = query(
        url, "SELECT name, sql FROM sqlite_master WHERE type <> 'trigger' AND sql IS NOT NULL"
    )
    return {
        name: {part.strip() for part in re.split(r"\n|,\s+(?![^()]*\))", sql)}
        for name, sql in rows
        if name != "alembic_version"
    }


def test_migrated_database_is_what_the_tables_say(stage: Stage) -> None:
    """Alembic finds no column, type, index or key that differs."""
    engine = stage.store.database.engine
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_migrated_database_is_what_the_tables_would_make(
    staged: Staging, tmp_path: Path, backend: str
) -> None:
    """Checks, collations, partial indexes and WITHOUT ROWID too, of which Alembic does not ask."""
    stage = staged()
    direct = str(tmp_path / "direct.db")
    if backend == "postgresql":
        direct = postgres.new_database()
        postgres.execute(direct, "CREATE SCHEMA lifecycle")
    database = Database(direct, create=True)
    metadata.create_all(database.engine)
    database.close()
    assert schema(stage.url) == schema(direct)
    if backend == "postgresql":
        postgres.drop(direct)


def test_newest_migration_is_the_one_that_the_release_names() -> None:
    """There is one line of them, it ends at HEAD, and versions sort as text."""
    (folder,) = migrations.__path__
    revisions = [script.revision for script in ScriptDirectory(folder).walk_revisions()]
    assert ScriptDirectory(folder).get_heads() == [HEAD]
    assert revisions == sorted(revisions, reverse=True)
    assert {len(revision) for revision in revisions} == {4}


def test_upgrade_of_a_current_database_changes_nothing(stage: Stage) -> None:
    """Rows, log and schema stay as they are."""
    stage.reach(State.ACTIVE)
    before = schema(stage.url)
    with unchanged(stage):
        assert upgrade(stage.url) == (HEAD, HEAD)
    assert schema(stage.url) == before


def test_upgrade_of_what_is_no_database_of_ours_is_told(tmp_path: Path) -> None:
    """Nothing is made in its place."""
    path = tmp_path / "p.db"
    with fails("missing", path):
        upgrade(str(path))
    path.write_bytes(b"")
    with fails("foreign", path):
        upgrade(str(path))
    assert path.read_bytes() == b""


def test_upgrade_of_a_newer_database_is_refused(stage: Stage) -> None:
    """An older release does not touch it, its triggers included."""
    stage.tamper("UPDATE alembic_version SET version_num = '9999'", "DROP TRIGGER entry_no_update")
    before = everything(stage.url)
    with fails("newer", stage.url):
        upgrade(stage.url)
    assert everything(stage.url) == before
    assert missing_triggers(stage.store.database) == ("entry_no_update",)


@pytest.mark.sqlite
def test_upgrade_that_fails_half_way_changes_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it is one transaction: no trigger is gone when another can't be set."""
    broken = [("entry_no_update", "SELECT 1"), ("x", "CREATE TRIGGER x BEFORE UPDATE ON nowhere")]
    monkeypatch.setattr(sqlite, "sqlite_triggers", lambda: iter(broken))
    with fails("database", stage.url):
        upgrade(stage.url)
    monkeypatch.undo()
    assert missing_triggers(stage.store.database) == ()
    open_store(stage.url).close()


@pytest.mark.parametrize(
    "name", seldom(["100%(here)s", "Zürich; a:b,c", "with a space", "plain"], 2)
)
def test_migrations_run_from_wherever_the_packages_lie(tmp_path: Path, name: str) -> None:
    """From a copy of the packages and another working folder, as from an installed wheel."""
    site = tmp_path / name
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, site / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    path = tmp_path / "p.db"
    line = [sys.executable, "-c", MAKE_ONE, str(path)]
    ended = subprocess.run(
        line, cwd=site, stdout=subprocess.PIPE, text=True, check=True, env=dict(os.environ)
    )
    assert ended.stdout.strip() == repr((HEAD, HEAD))
    open_store(str(path)).close()
