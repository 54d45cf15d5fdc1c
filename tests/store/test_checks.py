"""`db check`: each thing that can be wrong is found, named, and told how to mend."""

from pathlib import Path

import pytest

from lifecycle.ports import Unit
from lifecycle.takeover import take_over
from states.agreement import TakenOver
from states.canonical import sha256_hex
from states.vocabulary import State
from store.checks import MOST_FINDINGS, Check, checks, room
from store.migrating import upgrade
from tests.builders import complete_agreement
from tests.stage import Stage
from tests.store.raw import add_program, query, unchanged

PAGE = 4096
pytestmark = pytest.mark.sqlite

OLDER = "UPDATE definition SET body = '[]', digest = :digest"
OF_THE_FILE = [
    "network share",
    "file",
    "file mode",
    "folder",
    "files beside it",
    "space",
    "write-ahead log",
]
INSIDE = [
    "database",
    "integrity",
    "foreign keys",
    "journal",
    "append-only",
    "transition table",
    "program",
    "policy",
    "policies",
    "roles",
    "time zone",
]
NAMES = [*OF_THE_FILE, *INSIDE, "log"]


def bad(stage: Stage, code: str | None = None) -> list[Check]:
    """Return the checks that are not in order; each says how to mend it."""
    found = [check for check in checks(str(stage.path), code) if not check.ok]
    assert all(check.fix and check.message for check in found)
    return found


def test_database_in_order_passes_every_check(stage: Stage) -> None:
    """With a whole life in it; nothing is to be mended, and looking changes nothing."""
    stage.reach(State.SUNSET)
    with unchanged(stage):
        found = list(checks(str(stage.path)))
    assert [check.name for check in found] == NAMES
    assert all(check.ok and check.message and check.fix is None for check in found)


def test_check_that_is_not_deep_leaves_the_log_out(stage: Stage) -> None:
    """`doctor` looks at a large portfolio in no time, and says who looks deeper."""
    found = {check.name: check for check in checks(str(stage.path), deep=False)}
    assert list(found) == NAMES[:-1]
    assert "lifecycle db check" in found["integrity"].message


@pytest.mark.parametrize("url", ["postgresql://localhost/city", "missing"])
def test_database_that_is_not_there_is_the_only_finding(tmp_path: Path, url: str) -> None:
    """There is nothing more to look at, not even a file."""
    (check,) = checks(url if "://" in url else str(tmp_path / url))
    assert (check.name, check.ok, bool(check.fix)) == ("database", False, True)


def test_database_of_another_release_is_the_only_finding(stage: Stage) -> None:
    """It says how to come to this one."""
    stage.tamper("UPDATE alembic_version SET version_num = '0000'")
    (check,) = bad(stage)
    assert (check.name, "lifecycle db upgrade" in str(check.fix)) == ("database", True)


def test_row_that_belongs_to_nothing_is_found(stage: Stage) -> None:
    """A foreign key that leads nowhere."""
    stage.tamper("PRAGMA foreign_keys=OFF", "INSERT INTO project VALUES (1, 7, 'x', 2027)")
    (check,) = bad(stage)
    assert (check.name, check.fix) == ("foreign keys", "restore it from a backup")
    assert "project" in check.message


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
    assert {check.name for check in found} <= {"integrity", "foreign keys", "log"}
    assert "backup" in str(found[0].fix)


def test_trigger_that_is_missing_is_found_and_upgrade_sets_it_again(stage: Stage) -> None:
    """Each is named."""
    stage.tamper("DROP TRIGGER entry_no_update", "DROP TRIGGER policy_extends")
    (check,) = bad(stage)
    assert check.name == "append-only"
    assert check.message.endswith("entry_no_update, policy_extends")
    assert "lifecycle db upgrade" in str(check.fix)
    upgrade(str(stage.path))
    assert bad(stage) == []


@pytest.mark.parametrize(("mode", "ok"), [(0o600, True), (0o640, True), (0o606, False)])
def test_file_that_everybody_can_write_to_is_found(stage: Stage, mode: int, *, ok: bool) -> None:
    """What the fix says mends it."""
    stage.path.chmod(mode)
    found = {check.name: check for check in checks(str(stage.path))}["file mode"]
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
    *shown, last = bad(stage)
    assert len(shown) == MOST_FINDINGS
    assert "more findings" in last.message
    assert last.fix == "lifecycle log replay shows them all"


def test_every_program_of_a_database_is_looked_at_unless_one_is_named(stage: Stage) -> None:
    """The second one is a row without policy and log: each finding names it."""
    add_program(stage.path, "MTL")
    found = bad(stage)
    assert {check.name for check in found} == {"policy", "policies", "log"}
    assert all("MTL" in check.message for check in found)
    assert bad(stage, "TOR") == []


def test_program_that_is_not_there_is_found(stage: Stage) -> None:
    """Its code was mistyped: the finding says which there are."""
    (check,) = bad(stage, "XYZ")
    assert (check.name, check.fix) == ("program", "the programs in it: TOR")


def test_database_without_a_program_is_found(stage: Stage) -> None:
    """Nothing was looked at then, and that is not passed over."""
    stage.tamper("PRAGMA foreign_keys=OFF", "DELETE FROM program")
    assert "program" in {check.name for check in bad(stage)}


def test_policy_that_was_altered_or_is_gone_is_found(stage: Stage) -> None:
    """By its digest; the log that names it is not needed for that."""
    drop = ("DROP TRIGGER policy_no_update", "DROP TRIGGER policy_no_delete")
    stage.tamper(*drop, "UPDATE policy SET body = body || ' '")
    found = {check.name: check for check in checks(str(stage.path), deep=False) if not check.ok}
    assert set(found) == {"append-only", "policies"}
    assert "altered" in found["policies"].message
    stage.tamper("DELETE FROM policy")
    found = {check.name: check for check in checks(str(stage.path), deep=False) if not check.ok}
    assert set(found) == {"append-only", "policy", "policies"}
    assert all("backup" in str(found[name].fix) for name in ("policy", "policies"))


def test_policy_that_can_not_be_read_is_found(stage: Stage) -> None:
    """It says which key of it is wrong."""
    stage.tamper("DROP TRIGGER policy_no_update", "UPDATE policy SET body = 'cap = 3'")
    found = {check.name for check in checks(str(stage.path), deep=False) if not check.ok}
    assert found == {"append-only", "policy", "policies"}


def test_program_without_a_policy_is_found(stage: Stage) -> None:
    """Nothing can be judged in it."""
    stage.tamper("UPDATE program SET policy = NULL")
    found = {check.name: check.fix for check in checks(str(stage.path), deep=False) if not check.ok}
    assert found == {"policy": "lifecycle policy adopt FILE"}


def test_table_of_this_release_that_is_not_kept_is_found_and_upgrade_keeps_it(stage: Stage) -> None:
    """An older release's stays beside it, which is worth a note and no finding."""
    stage.tamper("DROP TRIGGER definition_no_update")
    stage.tamper(OLDER, digest=sha256_hex(b"[]"))
    found = {check.name: check.fix for check in bad(stage)}
    assert found == {
        "append-only": "find out who removed them, then: lifecycle db upgrade",
        "transition table": "lifecycle db upgrade",
    }
    upgrade(str(stage.path))
    assert bad(stage) == []
    noted = [check for check in checks(str(stage.path)) if check.note]
    assert [check.name for check in noted] == ["transition table", "roles"]


def test_table_that_was_altered_is_found(stage: Stage) -> None:
    """What lines mean could not be told from it."""
    stage.tamper("DROP TRIGGER definition_no_update", "UPDATE definition SET body = '[]'")
    (found,) = [check for check in bad(stage) if check.name == "transition table"]
    assert "altered" in found.message


def test_zone_that_the_machine_does_not_know_or_the_policy_does_not_say_is_found(
    stage: Stage,
) -> None:
    """Days would be counted wrongly, or not at all."""
    for zone, fix in (("Mars/Base", "tzdata"), ("Europe/Oslo", "policy adopt")):
        stage.tamper("UPDATE program SET time_zone = :zone", zone=zone)
        found = {check.name: check for check in bad(stage)}
        assert set(found) <= {"time zone", "log"}
        assert zone in found["time zone"].message
        assert fix in str(found["time zone"].fix)


def test_file_that_lost_its_write_ahead_log_is_found(stage: Stage) -> None:
    """Somebody switched it off; what the fix says mends it."""
    stage.store.close()
    stage.tamper("PRAGMA journal_mode=DELETE")
    (check,) = bad(stage)
    assert check.name == "journal"
    stage.tamper(str(check.fix).split("'")[1])
    assert bad(stage) == []


def test_look_that_fails_is_a_finding_and_the_others_go_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is broken, nothing is passed over and nothing is thrown."""

    def broken(_path: Path) -> None:
        message = "no such luck"
        raise RuntimeError(message)

    monkeypatch.setattr(room, "space", broken)
    (check,) = bad(stage)
    assert (check.name, "no such luck" in check.message) == ("space", True)
    assert len(list(checks(str(stage.path)))) == len(NAMES)
