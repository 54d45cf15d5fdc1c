"""`db check`: each thing that can be wrong is found, named, and told how to mend."""

from pathlib import Path

import pytest

from lifecycle.ports import Unit
from lifecycle.takeover import take_over
from states.agreement import TakenOver
from states.vocabulary import State
from store.checks import MOST_FINDINGS, Check, checks
from store.migrating import upgrade
from tests.builders import complete_agreement
from tests.stage import Stage
from tests.store.raw import add_program, query, unchanged

PAGE = 4096
NAMES = {
    "sqlite": ["database", "integrity", "append-only", "file mode", "log"],
    "postgresql": ["database", "integrity", "append-only", "log"],
}


def bad(stage: Stage, code: str | None = None) -> list[Check]:
    """Return the checks that are not in order; each says how to mend it."""
    found = [check for check in checks(stage.url, code) if not check.ok]
    assert all(check.fix and check.message for check in found)
    return found


def test_database_in_order_passes_every_check(stage: Stage) -> None:
    """With a whole life in it; nothing is to be mended, and looking changes nothing."""
    stage.reach(State.SUNSET)
    with unchanged(stage):
        found = list(checks(stage.url))
    assert [check.name for check in found] == NAMES[stage.backend]
    assert all(check.ok and check.message and check.fix is None for check in found)


def test_check_that_is_not_deep_leaves_the_log_out(stage: Stage) -> None:
    """`doctor` looks at a large portfolio in no time."""
    found = [check.name for check in checks(stage.url, deep=False)]
    assert found == NAMES[stage.backend][:-1]


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1:1/city", "missing"])
def test_database_that_is_not_there_is_the_only_finding(tmp_path: Path, url: str) -> None:
    """There is nothing more to look at."""
    (check,) = checks(url if "://" in url else str(tmp_path / url))
    assert (check.name, check.ok, bool(check.fix)) == ("database", False, True)


def test_database_of_another_release_is_the_only_finding(stage: Stage) -> None:
    """It says how to come to this one."""
    stage.tamper("UPDATE alembic_version SET version_num = '0000'")
    (check,) = bad(stage)
    assert (check.name, "lifecycle db upgrade" in str(check.fix)) == ("database", True)


@pytest.mark.sqlite
def test_row_that_belongs_to_nothing_is_found(stage: Stage) -> None:
    """A foreign key that leads nowhere."""
    stage.tamper("PRAGMA foreign_keys=OFF", "INSERT INTO project VALUES (1, 7, 'x', 2027)")
    (check,) = bad(stage)
    assert (check.name, check.fix) == ("integrity", "restore it from a backup")
    assert "project" in check.message


@pytest.mark.sqlite
@pytest.mark.parametrize("table", ["notice", "uq_entry_idempotency_key", "document"])
def test_damaged_page_is_found(stage: Stage, table: str) -> None:
    """In a table or in an index, whether anything reads it or not; what follows is still told."""
    stage.propose()
    stage.store.close()
    ((page,),) = query(stage.path, "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,))
    data = bytearray(stage.path.read_bytes())
    data[(page - 1) * PAGE : page * PAGE] = b"\xff" * PAGE
    stage.path.write_bytes(data)
    found = bad(stage)
    assert found[0].name == "integrity"
    assert {check.name for check in found} <= {"integrity", "log"}
    assert "backup" in str(found[0].fix)


def test_trigger_that_is_missing_is_found_and_upgrade_sets_it_again(stage: Stage) -> None:
    """Each is named."""
    stage.tamper("DROP TRIGGER entry_no_update", "DROP TRIGGER document_extends")
    (check,) = bad(stage)
    assert check.name == "append-only"
    assert check.message.endswith("entry_no_update, document_extends")
    assert "lifecycle db upgrade" in str(check.fix)
    upgrade(stage.url)
    assert bad(stage) == []


@pytest.mark.sqlite
@pytest.mark.parametrize(("mode", "ok"), [(0o600, True), (0o660, True), (0o606, False)])
def test_file_that_everybody_can_write_to_is_found(stage: Stage, mode: int, *, ok: bool) -> None:
    """What the fix says mends it."""
    stage.path.chmod(mode)
    found = {check.name: check for check in checks(stage.url)}["file mode"]
    assert (found.ok, f"{mode:04o}" in found.message) == (ok, True)
    assert found.fix == (None if ok else f"chmod o-w {stage.path}")


def test_row_that_differs_from_the_log_is_found(stage: Stage) -> None:
    """The finding names agreement and field."""
    ref = stage.propose()
    stage.tamper("UPDATE agreement SET title = 'Another'")
    (check,) = bad(stage)
    assert (check.name, check.fix) == ("log", "ask an auditor")
    assert str(ref) in check.message
    assert "title = Another" in check.message


def test_row_that_says_nothing_possible_is_found(stage: Stage) -> None:
    """It is told, not thrown."""
    stage.propose()
    stage.tamper("UPDATE agreement SET state = 'bogus'")
    (check,) = bad(stage)
    assert (check.name, "bogus" in check.message) == ("log", True)


def test_findings_are_told_up_to_a_number_that_can_be_read(stage: Stage) -> None:
    """A database that is wrong all over does not scroll for ever."""
    document = complete_agreement(taken_over=TakenOver("2020", "The archive."))

    def many(unit: Unit) -> None:
        for _ in range(MOST_FINDINGS // 2 + 5):
            take_over(unit, stage.order(), document, State.ACTIVE)

    stage.do(lambda u, _o: many(u))
    stage.tamper("UPDATE agreement SET title = 'Another', owner = 'eve'")
    assert len(bad(stage)) == MOST_FINDINGS


def test_several_programs_ask_for_one_before_the_log_is_read(stage: Stage) -> None:
    """Each is checked by its code."""
    add_program(stage.url, "MTL")
    (check,) = bad(stage)
    assert (check.name, check.fix) == ("program", "name one with --program CODE")
    assert bad(stage, "TOR") == []
