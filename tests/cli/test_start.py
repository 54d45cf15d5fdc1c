"""The start: what the table of commands says, and how little is imported to say it."""

import subprocess
import sys

import click
import pytest

from cli.commands.db import command as db
from cli.commands.log import command as log
from cli.commands.notices import command as notices
from cli.commands.partner import command as partner
from cli.commands.policy import command as policy
from cli.commands.portfolio import command as portfolio
from cli.commands.report import command as report
from cli.commands.role import command as role
from cli.lazy import LazyGroup
from cli.main import COMPLETING, main
from tests.cli.running import environment, process, run
from tests.stage import Stage

CORE = {"states", "guards", "lifecycle", "store"}
HEAVY = {
    *("sqlalchemy", "apscheduler", "alembic", "structlog", "msgspec", "transitions", "babel"),
    *("openpyxl", "jinja2", "matplotlib", "numpy"),
}
MAIL = {"smtplib", "ssl", "email", "icalendar"}
SENDING = {"smtplib", "icalendar"}
"""What of these SQLAlchemy does not import by itself."""

CONTEXT = click.Context(main)
GROUPS = [main, partner, portfolio, report, notices, role, policy, log, db]
COMMANDS = [(group, name) for group in GROUPS for name in group.table]


def imported(*line: object, **more: str) -> set[str]:
    """Return the packages and modules that a run imports, as the interpreter reports them."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "cli", *map(str, line)],
        capture_output=True,
        check=True,
        env=environment(more),
    )
    report = (row for row in done.stderr.decode().splitlines() if row.startswith("import time:"))
    names = {row.rpartition("|")[2].strip() for row in report}
    return names | {name.partition(".")[0] for name in names}


@pytest.mark.parametrize(("group", "name"), COMMANDS, ids=[f"{g.name}-{n}" for g, n in COMMANDS])
def test_one_line_help_is_the_commands_own(group: LazyGroup, name: str) -> None:
    """What the table says of a command is the first sentence of the command's own help."""
    command = group.get_command(CONTEXT, name)
    assert command is not None
    assert (command.help or "").split("\n\n")[0].replace("\n", " ") == group.table[name][1]


@pytest.mark.parametrize(("group", "name"), COMMANDS, ids=[f"{g.name}-{n}" for g, n in COMMANDS])
def test_each_command_has_its_name_and_the_global_options(group: LazyGroup, name: str) -> None:
    """A command is called as the table says, and takes the global options after its name."""
    command = group.get_command(CONTEXT, name)
    assert command is not None
    assert command.name == name
    assert {"db", "program", "json", "as_name", "today"} <= {p.name for p in command.params}


@pytest.mark.parametrize(
    "line",
    [
        ["--help"],
        ["-h"],
        ["completion", "bash"],
        ["advance", "--help"],
        ["log", "--help"],
        ["notices", "test", "--help"],
        ["export", "--help"],
    ],
)
def test_help_and_completion_import_nothing_of_the_core(line: list[str]) -> None:
    """Help and completion scripts need click alone, so that they are there at once."""
    assert not imported(*line) & (CORE | HEAVY | MAIL)


@pytest.mark.parametrize("words", ["lifecycle ad", "lifecycle advance --", "lifecycle log "])
def test_completing_names_imports_nothing_of_the_core(words: str) -> None:
    """A shell that completes commands and options waits for click alone."""
    asked = {COMPLETING: "bash_complete", "COMP_WORDS": words, "COMP_CWORD": "1"}
    assert not imported(**asked) & (CORE | HEAVY)


@pytest.mark.parametrize("line", [["list"], ["notices"], ["nightly"]])
def test_what_sends_mail_is_imported_when_there_is_some_to_send(
    stage: Stage, line: list[str]
) -> None:
    """Neither lists nor a check of which nobody is sent anything wait for it."""
    assert not imported(*line, "--db", stage.path) & SENDING


def test_list_imports_sqlalchemy_and_nothing_of_the_machine(stage: Stage) -> None:
    """`list` is the command of all day: it takes the database and nothing that decides."""
    found = imported("list", "--db", stage.path)
    assert "sqlalchemy" in found
    assert not found & (HEAVY - {"sqlalchemy"})
    assert not {"guards", "sqlalchemy.dialects.postgresql"} & found


def test_a_shell_completes_commands_options_and_triggers() -> None:
    """Commands, their options, a group's commands and the triggers are all completed."""
    cases = {
        ("lifecycle adv", 1): "advance",
        ("lifecycle log ", 2): "replay",
        ("lifecycle apply --dr", 2): "--dry-run",
        ("lifecycle advance TOR-2026-001 su", 3): "submit",
        ("lifecycle check TOR-2026-001 ren", 3): "renegotiate",
        ("lifecycle record TOR-2026-001 cor", 3): "correspondence",
        ("lifecycle approve TOR-2026-001 am", 3): "amend",
        ("lifecycle waive TOR-2026-001 a:b --for si", 5): "sign",
        ("lifecycle role grant anna dec", 4): "decider",
    }
    for (words, place), wanted in cases.items():
        asked = {COMPLETING: "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(place)}
        assert wanted in process(env=asked).out.replace("plain,", "").split("\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_name_the_program(shell: str) -> None:
    """Each script calls back `lifecycle` through the variable that it listens to."""
    assert COMPLETING in run("completion", shell).well().out


def test_a_command_that_there_is_not_is_wrong_usage_with_a_suggestion() -> None:
    """A typing mistake ends with 2 and names the command that comes close."""
    assert "did you mean propose" in run("propse").badly(2).err


def test_no_command_prints_the_help_as_wrong_usage() -> None:
    """The program alone shows its help on standard error and ends with 2."""
    ran = run().badly(2)
    assert "Agreements:" in ran.err
    assert not ran.out


def test_version_is_printed() -> None:
    """`--version` names the program and ends well."""
    assert run("--version").well().out.startswith("lifecycle")


def test_help_lists_every_command_under_its_section() -> None:
    """The help text is the table, section by section."""
    text = run("--help").well().out
    assert all(row[1] in text for row in main.table.values())
    assert max(map(len, text.splitlines())) <= 80
