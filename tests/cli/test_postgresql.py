"""The command line on PostgreSQL: who acts is the login, and no password is ever told."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from psycopg.conninfo import conninfo_to_dict

from tests import postgres
from tests.builders import ROOT
from tests.cli.running import process, run
from tests.conftest import Staging
from tests.stage import Stage
from tests.store.raw import query

pytestmark = pytest.mark.postgresql


@pytest.fixture
def empty() -> Iterator[str]:
    """Return the URL of a database with nothing in it."""
    url = postgres.new_database()
    yield url
    postgres.drop(url)


@pytest.fixture
def real(staged: Staging) -> Stage:
    """Return a stage on which a real program stands, no sandbox."""
    return staged(sandbox=False)


@pytest.fixture
def admin(empty: str) -> Iterator[str]:
    """Return another login on the server, which is to be the program's admin."""
    name = f"admin_{conninfo_to_dict(empty)['dbname']}"
    query(empty, f"CREATE ROLE {name} LOGIN SUPERUSER")
    yield name
    postgres.execute(postgres.named("postgres"), f"DROP ROLE {name}")


def test_program_is_founded_used_and_looked_over(empty: str, admin: str) -> None:
    """From init to doctor, by two logins, of which one grants and the other works."""
    run("--db", empty, "init", "--dry-run").well()
    assert "db grants" in process("--db", empty, "init", "--admin", admin).well().out
    for name, role in (
        (postgres.ADMIN, "staff"),
        (postgres.ADMIN, "scheduler"),
        ("ben", "decider"),
    ):
        run("--db", postgres.as_login(empty, admin), "role", "grant", name, role).well()
    template = run("propose", "--template").well().out
    ref = run("--db", empty, "--json", "propose", "-", stdin=template).well().json["ref"]
    assert run("--db", empty, "--json", "list").well().json[0]["ref"] == ref
    assert run("--db", empty, "--json", "list").well().json[0]["owner"] == postgres.ADMIN
    line = run("--db", empty, "log", ref, "--json").well().out
    assert '"actor":{"how":"database","id":"postgres"}' in line
    for command in (["db", "check"], ["db", "upgrade"], ["nightly"], ["show", ref], ["check", ref]):
        run("--db", empty, *command).well()
    assert run("--db", empty, "init").badly(3).err


def test_another_name_is_refused_on_a_real_program(real: Stage) -> None:
    """It says why, and what to do; nothing is written."""
    ref = real.with_people().propose()
    line = ["--db", real.url, "--as", "ben", "--json", "advance", ref, "submit"]
    [error] = run(*line).badly(2).errors
    assert (error["code"], error["key"]) == ("as_refused", "--as")
    assert "postgres" in error["message"]
    assert "ben" in error["hint"]
    assert len(real.entries(ref)) == 1


def test_another_name_is_asserted_in_a_sandbox(stage: Stage) -> None:
    """To learn and to rehearse, one login plays everybody."""
    ref = stage.propose()
    run("--db", stage.url, "--as", "ben", "advance", ref, "submit", "--today", stage.day).well()
    assert (stage.last(ref).actor.id, stage.last(ref).actor.how) == ("ben", "asserted")
    run("--db", stage.url, "record", ref, "note", "text=mine", "--today", stage.day).well()
    assert (stage.last(ref).actor.id, stage.last(ref).actor.how) == (postgres.ADMIN, "database")


@pytest.mark.parametrize("command", [["list"], ["init"], ["doctor"], ["db", "check"], ["nightly"]])
def test_password_is_never_told(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither from the command line nor from the environment."""
    url = "postgresql://anna:secret@127.0.0.1:1/city"
    for ran in (run("--db", url, *command), run("--db", url, "--json", *command)):
        assert ran.code
        assert "secret" not in ran.out + ran.err
        assert "anna@127.0.0.1" in ran.out + ran.err
    monkeypatch.setenv("LIFECYCLE_DATABASE_URL", url)
    ran = run(*command)
    assert "secret" not in ran.out + ran.err


def test_sql_of_the_roles_is_printed_and_nothing_else_done(stage: Stage) -> None:
    """With names of one's own, as text or in JSON."""
    before = query(stage.url, "SELECT rolname FROM pg_roles ORDER BY 1")
    text = run("db", "grants", "--staff", "people").well().out
    assert 'GRANT EXECUTE ON FUNCTION lifecycle.append TO "people";' in text
    assert run("--json", "db", "grants", "--staff", "people").well().json == {"sql": text}
    assert query(stage.url, "SELECT rolname FROM pg_roles ORDER BY 1") == before
    run("db", "grants", "--owner", "a;b").badly(2)


def test_sqlite_commands_do_not_import_psycopg(tmp_path: object) -> None:
    """Start-up pays for what a command needs."""
    script = (
        "import sys\nfrom store.listing import listing\nfrom store.database import Database\n"
        f"Database('{tmp_path}/p.db')\nassert 'psycopg' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
