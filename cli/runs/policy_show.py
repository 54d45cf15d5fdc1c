"""What `lifecycle policy show` does: prints a policy's own text, byte for byte."""

from cli.output.answers import Answer, give, shape
from cli.output.document import plain
from cli.output.text import clean
from cli.session import opened
from cli.settings import Reading, Settings
from states.problem import InvalidInputError, Problem
from store.policies import parse_policy, shipped, shipped_policy

_SHORTEST_DIGEST = 6


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
        digests = {digest for digest, _day, _n in reader.policies()}
        meant = [digest for digest in digests if digest.startswith(name.lower())]
        if len(meant) != 1 or len(name) < _SHORTEST_DIGEST:
            message = f"{name!r} is neither a shipped policy nor the digest of an adopted one"
            hint = "lifecycle policy list shows both"
            problem = Problem("unknown_policy", message, allowed=shipped(), hint=hint)
            raise InvalidInputError([problem])
        return reader.policy_text(meant[0])
