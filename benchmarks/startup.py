"""Start-up: help and completion against a bare click program, reading against click with Core.

The yardsticks do what there is to do and no more: click parses the line, Core reads the rows that
are asked for, and they are printed as they come.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Result, Way, timed
from benchmarks.sample import agreement, order, sandbox
from cli.main import COMPLETING
from lifecycle.drafting import propose
from states.ref import Ref

ROUNDS = 15
AGREEMENTS = 30

_BARE = """
import click

@click.group()
def main():
    "Guides partnership agreements."

for name in "init propose list show diff edit apply check advance score".split():
    main.add_command(click.Command(name, help="Do " + name + "."))

main(prog_name="bare")
"""

_LIST = """
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

_SHOW = """
import click
import sqlalchemy as sa

meta = sa.MetaData()
names = ["title", "type", "state", "partner", "country", "term_start", "term_end", "due", "owner"]
agreement = sa.Table("agreement", meta, sa.Column("key", sa.Integer, primary_key=True),
                     *(sa.Column(name, sa.String) for name in names))
document = sa.Table("document", meta, sa.Column("key", sa.Integer), sa.Column("body", sa.String),
                    sa.Column("version", sa.Integer))
entry = sa.Table("entry", meta, sa.Column("stream", sa.Integer), sa.Column("line", sa.String),
                 sa.Column("n", sa.Integer))

@click.command()
@click.argument("path")
@click.argument("key", type=int)
def main(path, key):
    engine = sa.create_engine("sqlite:///" + path)
    standing = sa.select(agreement).where(agreement.c.key == key)
    body = sa.select(document.c.body).where(document.c.key == key)
    lines = sa.select(entry.c.line).where(entry.c.stream == key)
    with engine.connect() as connection:
        row = connection.execute(standing).mappings().one()
        text = connection.execute(body.order_by(document.c.version.desc()).limit(1)).scalar_one()
        log = connection.execute(lines.order_by(entry.c.n)).scalars().all()
    for name, value in row.items():
        click.echo(f"{name}: {value}")
    click.echo(text)
    for line in log:
        click.echo(line)

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
        refs = [
            Ref.parse(propose(unit, order(), agreement(number, 1_000)).ref)
            for number in range(AGREEMENTS)
        ]
    store.close()
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    own = [sys.executable, "-m", "cli"]

    def yardstick(name: str, text: str) -> list[str]:
        script = folder / name
        script.write_text(text, encoding="utf-8")
        return [sys.executable, str(script)]

    bare = yardstick("bare.py", _BARE)
    helps = {
        "bare click --help": _program([*bare, "--help"], env),
        "lifecycle --help": _program([*own, "--help"], env),
    }
    yield Result("start-up of --help", timed(helps, ROUNDS))
    tabs = {
        "bare click, ad<TAB>": _program(bare, {**env, **_asked("_BARE_COMPLETE", "bare ad")}),
        "lifecycle, ad<TAB>": _program(own, {**env, **_asked(COMPLETING, "lifecycle ad")}),
    }
    yield Result("start-up of a completion", timed(tabs, ROUNDS))
    core = "bare click + SQLAlchemy Core"
    lists = {
        core: _program([*yardstick("list.py", _LIST), str(path)], env),
        "lifecycle list": _program([*own, "list", "--db", str(path)], env),
    }
    yield Result(f"start-up of list ({AGREEMENTS} agreements)", timed(lists, ROUNDS))
    one = refs[0]
    shows = {
        core: _program([*yardstick("show.py", _SHOW), str(path), str(one.key)], env),
        "lifecycle show": _program([*own, "show", str(one), "--db", str(path)], env),
    }
    yield Result("start-up of show", timed(shows, ROUNDS))


def _asked(variable: str, words: str) -> dict[str, str]:
    """Return with which environment bash asks a program to complete the last of some words."""
    return {variable: "bash_complete", "COMP_WORDS": words, "COMP_CWORD": "1"}
