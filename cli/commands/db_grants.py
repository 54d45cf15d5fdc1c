"""`lifecycle db grants`: prints the SQL that gives PostgreSQL's logins what they need."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Settings


@options.command("grants")
@click.option("--owner", type=TEXT, metavar="NAME", help="Let this role own the tables.")
@click.option(
    "--writers", type=TEXT, metavar="NAME", help="The role of who writes (lifecycle_writer)."
)
@click.option(
    "--readers", type=TEXT, metavar="NAME", help="The role of who reads (lifecycle_reader)."
)
def command(
    settings: Settings, owner: str | None, writers: str | None, readers: str | None
) -> None:
    r"""Print the SQL of the roles in a PostgreSQL database.

    Nothing is executed. Writers may do what the program does and no more: the log can only be
    added to. Each person gets a login of their own in one of the two roles; the log then says
    who acted.

    \b
    lifecycle db grants | psql DATABASE
    """
    from cli.runs.db_grants import print_grants

    print_grants(settings, owner, writers, readers)
