"""Attempts to walk round the second person: the table, and what its stories share.

A story is played in a real program with roles. It prepares what it needs and ends in the attempt:
who tries what on which stream, and the code of the refusal that must meet it. Stories that change
roles begin with what an admin may have granted, by mistake or not. The stories stand beside this
file; `tests/lifecycle/test_four_eyes.py` plays them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lifecycle.order import Receipt
from states.ref import Ref
from states.vocabulary import Role, State, Trigger
from tests.builders import complete_agreement
from tests.stage import TORONTO, Stage, policy_file

COUNCIL = "City Council"
AMENDED = complete_agreement(renewal_guidelines="Renewed if half of the targets are met.")


@dataclass(frozen=True)
class Tried:
    """The attempt that a story ends in: on an agreement's stream, or on the program's own."""

    code: str
    who: str
    ref: Ref | None
    act: Callable[[], Receipt | None]


Story = Callable[[Stage], Tried]
ATTEMPTS: dict[str, tuple[bytes, Story]] = {}
"""Every story by its name, with the policy that it is played under."""


def attempt(policy: Mapping[str, Any] | None = None, name: str = "") -> Callable[[Story], Story]:
    """Enter a story into the table, under Toronto's policy with some keys changed."""

    def enter(story: Story) -> Story:
        known = name or story.__name__
        assert known not in ATTEMPTS
        ATTEMPTS[known] = (policy_file(policy) if policy else TORONTO, story)
        return story

    return enter


def tried(
    code: str,
    who: str,
    ref: Ref | None,
    act: Callable[..., Receipt | None],
    *what: Any,  # noqa: ANN401 - what the act takes
    **how: Any,  # noqa: ANN401
) -> Tried:
    """Return the attempt of somebody to do an act, on an agreement where one is named."""
    on = () if ref is None else (ref,)
    return Tried(code, who, ref, lambda: act(*on, *what, **{**how, "actor": who}))


def both(stage: Stage, name: str) -> None:
    """Let somebody have both roles of those who bring an agreement forward."""
    for role in (Role.STAFF, Role.DECIDER):
        stage.appoint(name, role)


def scored(stage: Stage) -> Ref:
    """Return a proposal of Anna's that awaits its decision, with its scores."""
    ref = stage.reach(State.DECISION)
    stage.score(ref)
    return ref


def approved(stage: Stage, trigger: Trigger = Trigger.SIGN) -> Ref:
    """Return an agreement for which Dora approved a step."""
    ref = stage.reach(State.NEGOTIATION if trigger is Trigger.SIGN else State.SIGNED)
    assert not stage.approve(ref, trigger).refused
    return ref
