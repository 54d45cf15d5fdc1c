"""`lifecycle propose`: enters a new proposal, from a document or from a few words."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Settings, Writing


@options.command("propose")
@click.argument("file", type=click.Path(), required=False, metavar="[FILE]")
@click.option("--type", "kind", type=TEXT, metavar="TYPE", help="A type of the policy.")
@click.option("--partner", type=TEXT, metavar="NAME", help="The party on the other side.")
@click.option("--country", type=TEXT, metavar="CC", help="Its country, two letters (CN).")
@click.option("--title", type=TEXT, metavar="TEXT", help="One line, as lists print it.")
@click.option("--template", is_flag=True, help="Print a document to start from, and do no more.")
@options.writing
def command(
    settings: Settings,
    *,
    file: str | None,
    kind: str | None,
    partner: str | None,
    country: str | None,
    title: str | None,
    template: bool,
    writing: Writing,
) -> int:
    """Propose a new agreement.

    FILE is a TOML document (`-` is standard input); `--template` prints one to start from. Or say
    --type and --title, and perhaps --partner and --country: the rest can be filled in later with
    `lifecycle edit REF`.
    """
    from cli.runs.propose import Words, print_template, propose_file, propose_words

    words = Words(kind, partner, country, title)
    if template:
        return print_template()
    if file is not None and words.any:
        message = "give a FILE, or the options that make a minimal proposal, but not both."
        raise click.UsageError(message)
    if file is not None:
        return propose_file(settings, writing, file)
    return propose_words(settings, writing, words)
