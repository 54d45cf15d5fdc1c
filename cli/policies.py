"""Finds the policy that a command names: a file, standard input, or one that ships."""

from dataclasses import dataclass
from pathlib import Path

from cli.inputs import STDIN, bytes_of
from guards.policy import Policy
from states.problem import InvalidInputError, Problem
from store.policies import DEFAULT, parse_policy, shipped, shipped_policy


@dataclass(frozen=True, slots=True)
class Named:
    """A policy as it was named: what it is called in messages, and its bytes."""

    name: str
    body: bytes

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
