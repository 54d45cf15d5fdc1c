"""Policy files: the shipped ones, reading one, and keeping the parsed ones."""

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from guards.policy import Policy
from guards.policy_check import read_policy
from states.problem import InvalidInputError, Problem
from store.documents import read_toml

DEFAULT = "toronto-2018"
"""The policy that `init` adopts where none is named."""


def shipped() -> tuple[str, ...]:
    """Return the names of the shipped policies."""
    folder = files("store") / "policies"
    names = (item.name for item in folder.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def shipped_policy(name: str) -> bytes:
    """Return a shipped policy's file; raises InvalidInputError for an unknown name."""
    if name not in shipped():
        message = f"there is no shipped policy {name!r}"
        raise InvalidInputError([Problem("unknown_policy", message, allowed=shipped())])
    return (files("store") / "policies" / f"{name}.toml").read_bytes()


def parse_policy(data: bytes, file: str | None = None) -> Policy:
    """Return the policy that a TOML file states; raises InvalidInputError with all problems."""
    policy = read_policy(read_toml(data, file), file=file)
    try:
        ZoneInfo(policy.program.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"{policy.program.time_zone!r} is not an IANA time zone"
        hint = 'for example "America/Toronto"'
        problem = Problem("not_allowed", message, file, None, "program.time_zone", hint=hint)
        raise InvalidInputError([problem]) from error
    return policy


class Policies:
    """The parsed policies of one store, by digest: each is read once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._parsed: dict[str, Policy] = {}

    def parsed(self, digest: str, text: Callable[[], bytes]) -> Policy:
        """Return the policy of a digest, parsing `text()` the first time."""
        policy = self._parsed.get(digest)
        if policy is None:
            policy = self._parsed[digest] = _understood(text())
        return policy


@lru_cache(maxsize=16)
def _understood(text: bytes) -> Policy:
    """Return what a policy states, for all stores of this process: each checks its own text."""
    return parse_policy(text)
