"""`lifecycle publish`: the public register, as a folder for the website."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Settings, Writing

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
@click.option(
    "--record",
    "url",
    type=TEXT,
    metavar="URL",
    help="Note on the log that DIR is published at this address, agreement by agreement.",
)
@options.writing
def command(
    settings: Settings,
    *,
    folder: str,
    checking: bool,
    audience: str,
    url: str | None,
    writing: Writing,
) -> int:
    r"""Publish the register as a website in the folder DIR.

    Pages and data that need no server: open DIR/index.html, or put DIR on any web server. What
    is public is fixed field by field; see docs/publishing.md.

    \b
      lifecycle publish /srv/www/agreements
      lifecycle publish /srv/www/agreements --check
      lifecycle publish /srv/www/agreements \
        --record https://example.org/agreements

    DIR is made, or has to be empty, or what was published there before, of the same program and
    for the same people. It is swapped as a whole: who looks sees the old site or the new one.
    What has not changed is not written, and files that somebody else put there stay. --record
    comes once DIR is on the web: only what was noted there counts as published [R28].
    Exit code: 0 done, and with --check all is as it should be; 1 --check has found something, or
    --record was refused; 2 DIR is not ours to write.
    """
    if writing.expect_version is not None:
        message = "a site has no version to expect."
        raise click.UsageError(message)
    if url is None and (writing.reason or writing.key):
        message = "-m and --idempotency-key are for what --record writes to the log."
        raise click.UsageError(message)
    if url is not None and (checking or audience != AUDIENCES[0]):
        message = "--record notes what the public is shown: leave --check and --audience out."
        raise click.UsageError(message)
    from cli.publishing.drawing import beside

    # What draws is loaded while everything else is.
    with beside():
        from cli.runs.publish import Asked, check_site, publish_site

        asked = Asked(folder, audience, url)
        if checking:
            return check_site(settings, asked)
        return publish_site(settings, writing, asked)
