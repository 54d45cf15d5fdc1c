"""`lifecycle publish`: the public register, as a folder for the website."""

import click

from cli import options
from cli.settings import Settings

AUDIENCES = ("public", "internal")


@options.command("publish")
@click.argument("folder", metavar="DIR", type=click.Path())
@click.option(
    "--check", "checking", is_flag=True, help="Say what is out of date in DIR, and change nothing."
)
@click.option(
    "--audience",
    type=click.Choice(AUDIENCES),
    default=AUDIENCES[0],
    show_default=True,
    metavar="WHO",
    help="public, or internal: for staff, with what is missing and overdue, budget and forecast.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
def command(
    settings: Settings, *, folder: str, checking: bool, audience: str, dry_run: bool
) -> int:
    r"""Publish the register as a website in the folder DIR.

    Pages and data that need no server: open DIR/index.html, or put DIR on any web server. What
    is public is fixed field by field; see docs/publishing.md.

    \b
      lifecycle publish /srv/www/agreements
      lifecycle publish /srv/www/agreements --check

    DIR is made, or has to be empty, or what was published there before, of the same program and
    for the same people. It is swapped as a whole: who looks sees the old site or the new one.
    What has not changed is not written, and files that somebody else put there stay.
    Exit code: 0 done, and with --check all is as it should be; 1 --check has found something;
    2 DIR is not ours to write.
    """
    from cli.runs.publish import Asked, check_site, publish_site

    asked = Asked(folder, audience, dry_run=dry_run)
    return check_site(settings, asked) if checking else publish_site(settings, asked)
