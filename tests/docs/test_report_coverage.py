"""The page on what the report asks for: all of it, each with a command and a test."""

import re
from pathlib import Path

import click
import pytest

from cli.lazy import LazyGroup
from cli.main import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "report-coverage.md").read_text()
ROWS = re.findall(r"^\| (R\d+) \| (.*?) \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)


def test_page_has_each_of_the_reports_sixty_demands_once() -> None:
    """R1 to R60, in their order."""
    assert [code for code, *_rest in ROWS] == [f"R{number}" for number in range(1, 61)]


@pytest.mark.parametrize(("code", "what", "command", "test"), ROWS, ids=[row[0] for row in ROWS])
def test_command_and_test_of_a_demand_are_there(
    code: str, what: str, command: str, test: str
) -> None:
    """A command is one of the program's, a test one of the tests."""
    assert code
    assert what
    found: click.Command | None = main
    for word in command.strip("`").split():
        assert isinstance(found, LazyGroup)
        found = found.get_command(click.Context(found), word)
    assert found is not None
    file, _colons, name = test.partition("::")
    assert re.search(rf"^def {name}\(", (ROOT / file).read_text(), re.MULTILINE)
