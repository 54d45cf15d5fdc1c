"""Finds the policy that a command names: a file, standard input, a shipped or adopted one."""

import re
from dataclasses import dataclass
from pathlib import Path

from cli.inputs import STDIN, bytes_of
from cli.output.words import SHORT_DIGEST
from cli.session import opened
from cli.settings import Settings
from guards.policy import Policy
from states.canonical import sha256_hex
from states.problem import InvalidInputError, Problem
from store.policies import DEFAULT, parse_policy, shipped, shipped_policy
from store.reader import Reader

_DIGEST = re.compile("[0-9a-fA-F]{6,64}")
"""The beginning of a digest that is long enough to mean one."""


@dataclass(frozen=True, slots=True)
class Named:
    """A policy as it was named: what it is called in messages, and its bytes."""

    name: str
    body: bytes

    @property
    def digest(self) -> str:
        """The digest that it has, or would have, as one that is adopted."""
        return sha256_hex(self.body)

    def parsed(self) -> Policy:
        """Return the policy; raises InvalidInputError with everything that is wrong with it."""
        return parse_policy(self.body, self.name)


def named(text: str | None) -> Named:
    """Return the policy that a name or file means; none named is the default."""
    name = text or DEFAULT
    if name in shipped():
        return Named(name, shipped_policy(name))
    if name != STDIN and not Path(name).exists():
        message = f"there is neither a file nor a shipped policy {name!r}"
        raise InvalidInputError([Problem("unknown_policy", message, allowed=shipped())])
    return Named(*bytes_of(name))


def any_named(settings: Settings, text: str | None) -> Named:
    """Return the policy that a name, file or digest means; none named is the one in force."""
    if text is None or _means_digest(text):
        with opened(settings) as session, session.store.reading() as reader:
            if text is None:
                return Named("in force", reader.policy_text(reader.policy_in_force(session.today)))
            body = adopted(reader, text)
            return Named(sha256_hex(body)[:SHORT_DIGEST], body)
    return named(text)


def adopted(reader: Reader, text: str) -> bytes:
    """Return the adopted policy that a digest, or its beginning, means."""
    digests = {digest for digest, _day, _n in reader.policies()}
    meant = [digest for digest in digests if digest.startswith(text.lower())]
    if len(meant) != 1 or not _DIGEST.fullmatch(text):
        message = f"{text!r} is neither a shipped policy nor the digest of an adopted one"
        hint = "lifecycle policy list shows both"
        problem = Problem("unknown_policy", message, allowed=shipped(), hint=hint)
        raise InvalidInputError([problem])
    return reader.policy_text(meant[0])


def _means_digest(text: str) -> bool:
    is_one = text != STDIN and text not in shipped() and _DIGEST.fullmatch(text) is not None
    return is_one and not Path(text).exists()
