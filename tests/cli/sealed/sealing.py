"""What the tests of a sealed log on the command line share."""

from pathlib import Path

from tests.cli.running import Ran, run
from tests.stage import Stage


def city_cli(city: Stage, *line: object, actor: str = "admin", json: bool = False) -> Ran:
    """Run a command line on a real program."""
    return run("--db", city.path, "--as", actor, *(["--json"] if json else []), *line)


def key_files(stage: Stage) -> list[Path]:
    """Return the private keys beside a stage's database."""
    return list(stage.path.parent.glob("*.key"))
