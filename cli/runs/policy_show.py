"""What `lifecycle policy show` does: prints a policy's own text, byte for byte."""

import click

from cli.output.answers import Answer, give, shape
from cli.output.document import plain
from cli.output.text import clean
from cli.past import seen
from cli.policies import adopted
from cli.session import opened
from cli.settings import Reading, Settings
from store.policies import parse_policy, shipped, shipped_policy


def show_policy(settings: Settings, reading: Reading, name: str | None) -> None:
    """Print a shipped policy, or one that was adopted."""
    if name is not None and reading.of_the_past:
        message = "NAME is one policy, whatever the day; --as-of and --recorded-by go without it."
        raise click.UsageError(message)
    is_shipped = name is not None and name in shipped()
    body = shipped_policy(str(name)) if is_shipped else _adopted(settings, reading, name)
    text = body.decode()
    answer = Answer(
        table=lambda: clean(text),
        toml=lambda: text,
        json=shape(plain(parse_policy(body))),
    )
    give(settings, reading, answer)


def _adopted(settings: Settings, reading: Reading, name: str | None) -> bytes:
    with opened(settings) as session, seen(session, reading) as at:
        if name is None:
            return at.reader.policy_text(at.reader.policy_in_force(at.day))
        return adopted(at.reader, name)
