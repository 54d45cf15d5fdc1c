"""`lifecycle role` and `init --admin`: who may do what, granted and revoked on the log."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from states.vocabulary import Role
from tests.builders import SAMPLES
from tests.cli.conftest import Cli
from tests.cli.running import run
from tests.stage import Stage


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """Return the database of a real program, whose admin is sam."""
    database = tmp_path / "city.db"
    run("--db", database, "--as", "root", "init", "--admin", "sam").well()
    return database


def test_init_says_who_is_admin_and_whom_to_grant_what(tmp_path: Path) -> None:
    """A real database begins with an admin, and with the commands that others need."""
    database = tmp_path / "city.db"
    ran = run("--db", database, "--as", "root", "init", "--admin", "sam").well()
    assert "sam is admin" in ran.out
    for role in (Role.STAFF, Role.DECIDER, Role.SCHEDULER):
        assert f"lifecycle role grant NAME {role}" in ran.out
    [admin] = run("--db", database, "role", "--json").well().json
    assert (admin["name"], admin["role"], admin["granted_by"]) == ("sam", "admin", "root")


def test_who_makes_a_real_database_is_its_admin(tmp_path: Path) -> None:
    """Without --admin it is whoever runs `init`; a dry run says so too, and makes nothing."""
    line = ["--db", tmp_path / "x.db", "--as", "root", "init", "--json"]
    assert run(*line, "--dry-run").well().json["admin"] == "root"
    assert run(*line).well().json["admin"] == "root"
    [admin] = run("--db", tmp_path / "x.db", "role", "list", "--json").well().json
    assert admin["name"] == "root"


def test_a_sandbox_has_an_admin_only_where_one_is_named(tmp_path: Path) -> None:
    """Until the first grant everybody has every role there, and `role` says so."""
    run("--db", tmp_path / "a.db", "init", "--sandbox").well()
    assert run("--db", tmp_path / "a.db", "role", "--json").well().json == []
    assert "everybody has every role" in run("--db", tmp_path / "a.db", "role").well().out
    run("--db", tmp_path / "b.db", "init", "--sandbox", "--admin", "sam").well()
    assert "sam" in run("--db", tmp_path / "b.db", "role").well().out


def test_a_grant_is_a_receipt_and_a_line_of_the_log(city: Path) -> None:
    """Event `role_changed`, the program's code as reference, and who, which role, until when."""
    until = date.today() + timedelta(days=400)  # noqa: DTZ011 - a day to come
    line = ["role", "grant", "anna", "staff", "--until", until]
    receipt = run("--db", city, "--as", "sam", "--json", *line).well().json
    assert (receipt["ref"], receipt["event"], receipt["outcome"]) == ("TOR", "role_changed", "ok")
    assert (receipt["name"], receipt["role"], receipt["granted"]) == ("anna", "staff", True)
    assert receipt["until"] == until.isoformat()
    assert f"anna made staff until {until}" in " ".join(run("--db", city, "log").out.split())
    again = run("--db", city, "--as", "sam", *line).well().out
    assert "unchanged, anna is staff already" in again


def test_who_holds_which_role_is_listed_with_who_granted_it(city: Path, tmp_path: Path) -> None:
    """As a table, as JSON and as CSV; what nobody holds yet is told."""
    run("--db", city, "--as", "sam", "role", "grant", "kim", "admin").well()
    run("--db", city, "--as", "kim", "role", "grant", "anna", "staff").well()
    rows = run("--db", city, "role", "--json").well().json
    assert [(row["name"], row["role"], row["granted_by"]) for row in rows] == [
        ("anna", "staff", "kim"),
        ("kim", "admin", "sam"),
        ("sam", "admin", "root"),
    ]
    assert all(row["until"] is None and not row["expired"] for row in rows)
    assert "Nobody is decider or scheduler" in run("--db", city, "role").well().out
    run("--db", city, "role", "list", "-o", tmp_path / "roles.csv").well()
    assert len(list(csv.DictReader((tmp_path / "roles.csv").read_text().splitlines()))) == 3
    assert [row["name"] for row in run("--db", city, "role", "list", "ANNA", "--json").json] == [
        "anna"
    ]
    assert "zoe holds no role" in run("--db", city, "role", "list", "zoe").well().out


def test_an_expired_role_is_marked(stage: Stage, cli: Cli) -> None:
    """A role is held to the end of its last day, and stays on the list marked."""
    until = stage.day + timedelta(days=9)
    cli("role", "grant", "bo", "staff", "--until", until, actor="sam").well()
    stage.day = until + timedelta(days=1)
    [held] = cli("role", "list", "bo", json=True).well().json
    assert held["expired"] is True
    assert f"{until} (expired)" in cli("role", "list", "bo").well().out
    cli("propose", SAMPLES / "agreement.toml", actor="bo").badly(1)


def test_the_first_grant_in_a_sandbox_tells_who_became_admin(cli: Cli) -> None:
    """From then on roles are told apart, and the giver holds the one that grants."""
    text = " ".join(cli("role", "grant", "anna", "staff", actor="sam").well().out.split())
    assert "anna was granted the role staff" in text
    assert "sam granted it and is admin now" in text
    cli("propose", SAMPLES / "agreement.toml", actor="zoe").badly(1)
    cli("propose", SAMPLES / "agreement.toml", actor="anna").well()
    assert "first grant" not in cli("role", "grant", "bo", "staff", actor="sam").well().out


def test_a_revoked_role_is_held_no_more(city: Path) -> None:
    """What a decider approved and nobody carried out ends with the role, and that is told."""
    run("--db", city, "--as", "sam", "role", "grant", "dora", "decider").well()
    ran = run("--db", city, "--as", "sam", "role", "revoke", "dora", "decider").well()
    assert "dora is decider no more" in ran.out
    assert "approved or waived" in ran.out
    assert [row["name"] for row in run("--db", city, "role", "--json").json] == ["sam"]
    assert "dora no longer decider" in " ".join(run("--db", city, "log").out.split())


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (["grant", "sam", "decider"], "role.own"),
        (["grant", "dora", "auditor"], "role.apart"),
        (["revoke", "sam", "admin"], "role.last_admin"),
    ],
)
def test_what_an_admin_may_not_is_refused_and_on_the_log(
    city: Path, line: list[str], code: str
) -> None:
    """Exit 1 with a receipt: nothing for oneself, no role beside audit, never no admin."""
    run("--db", city, "--as", "sam", "role", "grant", "dora", "decider").well()
    ran = run("--db", city, "--as", "sam", "--json", "role", *line).badly(1)
    assert [unmet["code"] for unmet in ran.json["unmet"]] == [code]
    assert code in run("--db", city, "log").out
    assert "Nothing was changed" in run("--db", city, "--as", "sam", "role", *line).out


@pytest.mark.parametrize(
    "line",
    [
        ["grant", "anna", "boss"],
        ["grant", "anna", "staff", "--until", "2001-01-01"],
        ["grant", "anna", "staff", "--expect-version", "1"],
        ["revoke", "zoe", "staff"],
        ["grant", "anna"],
    ],
)
def test_what_is_no_role_and_no_day_is_bad_input(city: Path, line: list[str]) -> None:
    """Exit 2 with what is allowed; nothing is written for it."""
    before = run("--db", city, "log", "--json").out
    run("--db", city, "--as", "sam", "role", *line).badly(2)
    assert run("--db", city, "log", "--json").out == before


def test_a_dry_run_grants_nothing(city: Path) -> None:
    """`--dry-run` answers as it would be."""
    run("--db", city, "--as", "sam", "role", "grant", "anna", "staff", "--dry-run").well()
    assert len(run("--db", city, "role", "--json").json) == 1


@pytest.mark.parametrize(
    ("line", "role", "code"),
    [
        (["propose", SAMPLES / "agreement.toml"], "staff", 1),
        (["import", SAMPLES / "toronto.csv"], "staff", 1),
        (["policy", "adopt", "toronto-2024"], "decider", 1),
        (["role", "grant", "mallory", "staff"], "admin", 1),
        (["nightly"], "scheduler", 3),
    ],
)
def test_who_has_no_role_is_told_which_one_and_how_it_is_granted(
    city: Path, line: list[object], role: str, code: int
) -> None:
    """A denied order ends with its receipt and a line on the log; a denied night with 3."""
    ran = run("--db", city, "--as", "mallory", *line).badly(code)
    assert f"that is for {role}" in ran.out
    assert f"lifecycle role grant mallory {role}" in " ".join(ran.out.split())
    assert "Next:" not in ran.out
    denied = run("--db", city, "--as", "mallory", "--json", *line).badly(code).json
    assert (denied["outcome"], denied["unmet"][0]["code"]) == ("refused", "role.missing")
    assert run("--db", city, "log").out.count("role.missing") == 2


def test_the_nightly_check_runs_once_its_user_is_scheduler(city: Path) -> None:
    """What the refusal says is what helps."""
    run("--db", city, "--as", "cron", "nightly").badly(3)
    run("--db", city, "--as", "sam", "role", "grant", "cron", "scheduler").well()
    run("--db", city, "--as", "cron", "nightly").well()
