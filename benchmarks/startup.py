"""Start-up: `lifecycle --help` against a bare click program, `list` against click with Core."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Result, Way, timed
from benchmarks.sample import agreement, order, sandbox
from lifecycle.drafting import propose

ROUNDS = 15
AGREEMENTS = 30

_BARE = """
import click

@click.group()
def main():
    "Guides partnership agreements."

for name in "init propose list show diff edit apply check advance score".split():
    main.add_command(click.Command(name, help="Do " + name + "."))

main()
"""

_CORE = """
import sys
import click
import sqlalchemy as sa

meta = sa.MetaData()
names = ["title", "type", "state", "partner", "country", "term_start", "term_end", "due", "owner"]
agreement = sa.Table("agreement", meta, sa.Column("key", sa.Integer, primary_key=True),
                     *(sa.Column(name, sa.String) for name in names))

@click.command()
@click.argument("path")
def main(path):
    engine = sa.create_engine("sqlite:///" + path)
    with engine.connect() as connection:
        rows = connection.execute(sa.select(agreement).order_by(agreement.c.key)).all()
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)))

main()
"""


def _program(arguments: list[str], environment: dict[str, str]) -> Way:
    def run(_number: int) -> None:
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, env=environment)

    return run


def run(folder: Path) -> Iterator[Result]:
    """Measure."""
    path = folder / "list.db"
    store = sandbox(path)
    with store.unit() as unit:
        for number in range(AGREEMENTS):
            propose(unit, order(), agreement(number, 1_000))
    store.close()
    bare, core = folder / "bare.py", folder / "core.py"
    bare.write_text(_BARE, encoding="utf-8")
    core.write_text(_CORE, encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    own = [sys.executable, "-m", "cli"]
    helps = {
        "bare click --help": _program([sys.executable, str(bare), "--help"], env),
        "lifecycle --help": _program([*own, "--help"], env),
    }
    yield Result("start-up of --help", timed(helps, ROUNDS))
    lists = {
        "bare click + SQLAlchemy Core": _program([sys.executable, str(core), str(path)], env),
        "lifecycle list": _program([*own, "list", "--db", str(path)], env),
    }
    yield Result(f"start-up of list ({AGREEMENTS} agreements)", timed(lists, ROUNDS))
