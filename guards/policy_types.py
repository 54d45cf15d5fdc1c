"""A policy that also goes by the names which another one gives to agreement types.

The type codes of two policies need not be the same. To ask one of them about agreements of the
other, it is told which of its own types each is to be judged as.
"""

from collections.abc import Mapping
from dataclasses import replace

from guards.policy import Policy


def judging_as(policy: Policy, names: Mapping[str, str]) -> Policy:
    """Return the policy with more types, each with the rules of one that it has (by code)."""
    kinds = {code: policy.types[like] for code, like in names.items()}
    return replace(
        policy,
        types={**policy.types, **kinds},
        limits=tuple(replace(each, types=_with(each.types, names)) for each in policy.limits),
        bodies=tuple(replace(each, types=_with(each.types, names)) for each in policy.bodies),
        conditions=tuple(
            replace(each, types=_with(each.types, names)) for each in policy.conditions
        ),
    )


def _with(types: tuple[str, ...], names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the types that are named, the new ones with those that they are judged as."""
    kept = (code for code in types if code not in names)
    return (*kept, *(code for code, like in names.items() if like in types))
