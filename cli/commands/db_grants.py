"""`lifecycle db grants`: prints the SQL that gives PostgreSQL's logins what they need."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Settings


@options.command("grants")
@click.option(
    "--owner", type=TEXT, metavar="NAME", help="The role that owns the tables (lifecycle_owner)."
)
@click.option("--staff", type=TEXT, metavar="NAME", help="The role of people (lifecycle_staff).")
@click.option(
    "--auditors", type=TEXT, metavar="NAME", help="The role of who reads (lifecycle_auditor)."
)
@click.option(
    "--scheduler",
    type=TEXT,
    metavar="NAME",
    help="The role of the nightly check and of sealing (lifecycle_scheduler).",
)
def command(
    settings: Settings,
    owner: str | None,
    staff: str | None,
    auditors: str | None,
    scheduler: str | None,
) -> None:
    r"""Print the SQL of the roles in a PostgreSQL database.

    Nothing is executed. Each person gets a login of their own in one of the roles, and the log says
    who acted: the database itself holds each line against who is connected, and no working role
    can write past it, change or remove what is recorded, or speak for another.

    \b
    lifecycle db grants | psql DATABASE
    """
    from cli.runs.db_grants import print_grants

    print_grants(settings, (owner, staff, auditors, scheduler))
