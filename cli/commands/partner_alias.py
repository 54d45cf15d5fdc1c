"""`lifecycle partner alias`: another name for a partner."""

import click

from cli import options
from cli.params import TEXT
from cli.settings import Settings, Writing


@options.command("alias")
@click.argument("name", type=TEXT, metavar="NAME")
@click.argument("alias", type=TEXT, metavar="ALIAS")
@click.option("--country", type=TEXT, metavar="COUNTRY", help="The partner of this country.")
@click.option("--same", is_flag=True, help="ALIAS is listed as another partner, who is this one.")
@click.option("--remove", is_flag=True, help="Take the alias away.")
@options.writing
def command(
    settings: Settings,
    *,
    name: str,
    alias: str,
    country: str | None,
    same: bool,
    remove: bool,
    writing: Writing,
) -> int:
    r"""Give a partner another name, or take one away.

    The alias goes into the documents of the partner's agreements, as far as they are not over: all
    of them, or none. It is a key that staff keep up, so signed agreements take it too. From then on
    the partner is found by it. NAME is a whole name, or an alias.

    If ALIAS is listed as another partner, the two become one only with --same. For example:

    \b
        lifecycle partner alias Kyiv Kiev
        lifecycle partner alias "Frankfurt am Main" Frankfurt --same
        lifecycle partner alias Kyiv Kiew --remove
    """
    from cli.runs.partner_alias import Asked, alias_partner

    return alias_partner(settings, writing, Asked(name, alias, country, same, remove))
