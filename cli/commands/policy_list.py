"""`lifecycle policy list`: the policies that ship, and those that were adopted."""

from cli import options
from cli.settings import Reading, Settings


@options.command("list")
@options.reading
@options.of_the_past
def command(settings: Settings, *, reading: Reading) -> None:
    """List the policies that ship and those adopted.

    With how many agreements that have not ended each policy judges, and which of them are in
    decision or negotiation and keep an older one than that in force. Without a database, those that
    ship. With --as-of or --recorded-by, those adopted by then.
    """
    from cli.runs.policy_list import list_policies

    list_policies(settings, reading)
