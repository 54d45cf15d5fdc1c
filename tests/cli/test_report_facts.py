"""`lifecycle report facts`: the report's quick facts of Toronto, out of its own portfolio (R59)."""

from pathlib import Path

import pytest

import store
from tests.cli.conftest import Cli
from tests.stage import Stage

TORONTO = Path(store.__file__).parent / "samples" / "toronto.csv"


@pytest.fixture
def toronto(stage: Stage, cli: Cli) -> Stage:
    """Return a program that has taken over what could be named of Toronto's portfolio."""
    cli("import", TORONTO).badly(1)
    return stage


@pytest.mark.usefixtures("toronto")
def test_quick_facts_of_toronto_come_out_by_command(cli: Cli) -> None:
    """Oldest 1986, newest 2018, a cap of ten, types, and the budget of 2017."""
    facts = cli("report", json=True).well().json
    assert (facts["oldest"]["signed"], facts["newest"]["signed"]) == ("1986", "2018")
    assert "Chongqing" in facts["oldest"]["title"]
    assert "Panama City" in facts["newest"]["title"]
    assert facts["cap"] == {"held": 10, "at_most": 10}
    assert facts["in_force_by_type"] == {"friendship": 6, "mou": 1, "partnership": 4}
    assert {"type": "mou", "year": 2018, "count": 1} in facts["signed"]
    assert facts["budget"] == {"2017": "900000"}


@pytest.mark.usefixtures("toronto")
def test_quick_facts_say_what_they_can_not_show(cli: Cli) -> None:
    """Goals, objectives, the change of the budget, and agreements that nobody entered."""
    facts = cli("report", "facts", json=True).well().json
    assert {one["what"] for one in facts["not_shown"]} == {
        "agreements that nobody entered",
        "how many goals the program has",
        "how many objectives the policy framework has",
        "how the budget has changed",
    }
    text = cli("report").well().out
    assert "1986: Partnership with Chongqing" in text
    assert "10 places, and 10 agreements that hold one" in text
    assert "What the record can't show" in text
    assert max(map(len, text.splitlines())) <= 80


def test_quick_facts_of_an_empty_program_are_told(cli: Cli) -> None:
    """As Markdown and CSV too."""
    assert "| Oldest | not on record |" in cli("report", "--format", "md").well().out
    assert "Newest,not on record" in cli("report", "--format", "csv").well().out
