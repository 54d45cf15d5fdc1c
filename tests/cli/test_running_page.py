"""How it is run: the page's lines, the units and the container start commands that there are."""

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli.configuration import TABLES
from cli.lazy import LazyGroup
from cli.main import main
from tests.builders import ROOT
from tests.cli.running import run
from tests.cli.service import configure, founded

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").partition("\n## Mail")[0]
UNITS = sorted((ROOT / "packaging" / "systemd").iterdir())
CONTAINER = ROOT / "packaging" / "Containerfile"
FENCED = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
INSTALLED = "/opt/lifecycle/bin/lifecycle"


def fenced(language: str) -> list[str]:
    """Return the page's blocks of a language."""
    return [body for name, body in FENCED.findall(PAGE) if name == language]


def called(line: str) -> Iterator[list[str]]:
    """Yield what a line of a shell calls of the program, each as its arguments."""
    for part in re.split(r"\|\||&&|[|;>']| 2>", line.partition(" #")[0]):
        words = shlex.split(part.removeprefix("runuser -u lifecycle -- "))
        for place, word in enumerate(words):
            if word in {"lifecycle", INSTALLED} and "=" not in "".join(words[:place]):
                yield words[place + 1 :]
                break


def parsed(arguments: list[str]) -> click.Context:
    """Return click's context of a command line; fails for what the program does not take."""
    context = main.make_context("lifecycle", list(arguments))
    while isinstance(context.command, LazyGroup):
        name, command, rest = context.command.resolve_command(
            context,
            [*context._protected_args, *context.args],  # noqa: SLF001 - as click does
        )
        assert command is not None
        context = command.make_context(name, rest, parent=context)
    return context


LINES = [
    arguments
    for block in fenced("sh")
    for line in block.replace("\\\n", " ").splitlines()
    if not line.startswith(("useradd", "install", "podman", "ln", "chmod", "cp", "systemctl"))
    for arguments in called(line)
]


@pytest.mark.parametrize("arguments", LINES, ids=" ".join)
def test_commands_of_the_page_are_the_programs(arguments: list[str]) -> None:
    """Each is parsed by the program itself: its name and its options are there."""
    parsed(arguments)


def test_the_page_has_commands_to_try() -> None:
    """What is looked for is found."""
    assert ["nightly", "--clock-was-ahead"] in LINES
    assert ["status", "--max-age", "26h"] in LINES
    assert len(LINES) > 8


def test_the_settings_of_the_page_are_read(tmp_path: Path, home: Path) -> None:
    """Also those that are commented out, and no key of the tables is left out."""
    [text] = fenced("toml")
    whole = re.sub(r"^# (?=\w+ = )", "", text, flags=re.MULTILINE)
    said = tomllib.loads(whole)
    assert {name: set(said[name]) for name in TABLES} == {
        name: set(keys) for name, keys in TABLES.items()
    }
    configure(home, whole)
    founded(str(tmp_path / "city.db")).close()
    line = ("--db", tmp_path / "city.db", "--as", "cron", "nightly", "--dry-run")
    run(*line, "--log-file", tmp_path / "n.log").well()


def units(path: Path) -> configparser.ConfigParser:
    """Return what a unit says; a key that stands twice has its last value."""
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign] # as systemd, case counts
    unit.read(path)
    return unit


@pytest.mark.parametrize("path", UNITS, ids=lambda path: str(path.name))
def test_units_start_what_there_is(path: Path) -> None:
    """ExecStart is a command of the program's with options that it takes."""
    unit = units(path)
    assert unit["Unit"]["Description"]
    if path.suffix == ".timer":
        assert path.with_suffix(".service") in UNITS
        return
    words = shlex.split(unit["Service"]["ExecStart"])
    assert words[0] == INSTALLED
    parsed(words[1:])
    assert unit["Service"]["User"] == "lifecycle"
    for key in ("NoNewPrivileges", "ProtectSystem", "ProtectHome", "PrivateTmp"):
        assert unit["Service"][key] in {"yes", "strict"}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("path", UNITS, ids=lambda path: str(path.name))
def test_units_are_what_systemd_takes(path: Path, tmp_path: Path) -> None:
    """`systemd-analyze verify` has nothing to say, the program's place being put in."""
    for each in UNITS:
        text = each.read_text().replace(INSTALLED, "/bin/true")
        (tmp_path / each.name).write_text(text)
    line = ["systemd-analyze", "verify", "--man=no", str(tmp_path / path.name)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_container_starts_what_there_is() -> None:
    """Its command and its look after itself are the program's."""
    said = dict(re.findall(r"^(ENTRYPOINT|CMD) (\[.*\])$", CONTAINER.read_text(), re.MULTILINE))
    entry, command = json.loads(said["ENTRYPOINT"]), json.loads(said["CMD"])
    assert entry == ["lifecycle"]
    parsed(command)
    [health] = re.findall(r"^HEALTHCHECK .*CMD (\[.*\])$", CONTAINER.read_text(), re.MULTILINE)
    parsed(json.loads(health)[1:])
    for line in "".join(fenced("sh")).replace("\\\n", " ").splitlines():
        if line.startswith("podman run --rm"):
            parsed(shlex.split(line.partition(" lifecycle-data:/data lifecycle ")[2]))


@pytest.fixture
def cron(tmp_path: Path) -> list[tuple[str, str]]:
    """Return the users and commands of the page's lines for cron, the program being put in."""
    program = tmp_path / "lifecycle"
    database = tmp_path / "city.db"
    program.write_text(
        f'#!/bin/sh\nexport PYTHONPATH="{ROOT}" PYTHONUTF8=1 HOME="{tmp_path}"\n'
        f'exec "{sys.executable}" -m cli --db "{database}" --as cron "$@"\n'
    )
    program.chmod(0o755)
    [block] = fenced("cron")
    lines = [line for line in block.splitlines() if not re.match(r"\w+=", line)]
    split = [line.split(maxsplit=6) for line in lines]
    for fields in split:
        assert len(fields) == 7
        assert all(re.fullmatch(r"[\d*/,-]+", field) for field in fields[:5])
    return [(fields[5], fields[6].replace(INSTALLED, str(program))) for fields in split]


def mailed(command: str) -> str:
    """Run a line as cron does, by sh and with next to no environment; return what it mails."""
    line = ["/bin/sh", "-c", command]
    done = subprocess.run(
        line, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_cron_mails_nothing_as_long_as_all_is_well(
    cron: list[tuple[str, str]], tmp_path: Path
) -> None:
    """And, when it is not, what somebody has to know."""
    [(user, night), (_user, morning)] = cron
    assert user == "lifecycle"
    founded(str(tmp_path / "city.db"), 1).close()
    assert mailed(morning) == "LATE: TOR: no nightly check was ever completed.\n"
    assert mailed(night) == ""
    assert mailed(morning) == ""
    city = ("--db", tmp_path / "city.db", "--as", "ada")
    run(*city, "role", "revoke", "cron", "scheduler").well()
    assert "Cause: cron may not run nightly: that is for scheduler." in mailed(night)
    (tmp_path / "city.db").unlink()
    assert "city.db" in mailed(morning)


def test_a_watch_hears_of_it_by_the_exit_code(cron: list[tuple[str, str]], tmp_path: Path) -> None:
    """The line for Nagios: 0 with a line for what is fresh, 2 for all else."""
    del cron
    [line] = [line for line in "".join(fenced("sh")).splitlines() if "command[" in line]
    words = shlex.split(line.partition("=")[2])
    words[-1] = words[-1].replace(INSTALLED, str(tmp_path / "lifecycle"))
    for due, code in ((False, 2), (True, 0)):
        if due:
            run("--db", tmp_path / "city.db", "--as", "cron", "nightly").well()
        else:
            founded(str(tmp_path / "city.db")).close()
        done = subprocess.run(
            words, env={"PATH": os.environ["PATH"]}, capture_output=True, check=False
        )
        assert done.returncode == code
        assert done.stdout.count(b"\n") == 1
