"""What `lifecycle policy show` does: prints a policy's own text, byte for byte."""

from cli.output.answers import Answer, give, shape
from cli.output.document import plain
from cli.output.text import clean
from cli.policies import adopted
from cli.session import opened
from cli.settings import Reading, Settings
from store.policies import parse_policy, shipped, shipped_policy


def show_policy(settings: Settings, reading: Reading, name: str | None) -> None:
    """Print a shipped policy, or one that was adopted."""
    body = shipped_policy(name) if name in shipped() and name else _adopted(settings, name)
    text = body.decode()
    answer = Answer(
        table=lambda: clean(text),
        toml=lambda: text,
        json=shape(plain(parse_policy(body))),
    )
    give(settings, reading, answer)


def _adopted(settings: Settings, name: str | None) -> bytes:
    with opened(settings) as session, session.store.reading() as reader:
        if name is None:
            return reader.policy_text(reader.policy_in_force(session.today))
        return adopted(reader, name)
