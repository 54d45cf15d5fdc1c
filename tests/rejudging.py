"""Asks another policy about the decisions on a stage's log."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guards.policy import Policy
from lifecycle.entry import Entry
from lifecycle.order import flatten
from lifecycle.recomputing.rejudging import Rejudged, Ruling, rejudged
from states.ref import Ref
from states.vocabulary import Severity
from tests.forging import ForgedLog, Forgery
from tests.stage import Stage, parsed


def asked(
    stage: Stage, policy: bytes | Policy, ref: Ref | None = None, forgery: Forgery | None = None
) -> list[Rejudged]:
    """Return what a policy says of all decisions, or of those on one agreement."""
    other = parsed(policy) if isinstance(policy, bytes) else policy
    with stage.store.reading() as reader:
        log = ForgedLog(reader, forgery or {}, {})
        return list(rejudged(log, other, _all, ref.key if ref else None))


def rulings(
    stage: Stage, policy: bytes | Policy, ref: Ref | None = None, forgery: Forgery | None = None
) -> Mapping[int, Ruling]:
    """Return what a policy makes of one agreement's decisions, by n; the same left out."""
    found = asked(stage, policy, ref, forgery)
    return {
        one.entry.n: one.opinion.ruling for one in found if one.opinion.ruling is not Ruling.SAME
    }


def blocking(one: Rejudged) -> list[str]:
    """Return what refuses a decision under the other policy, as GUARD:CODE."""
    pairs = flatten(one.opinion.verdicts)
    return [f"{unmet.guard}:{unmet.code}" for how, unmet in pairs if how is Severity.BLOCK]


def last(stage: Stage, policy: bytes | Policy, ref: Ref) -> Rejudged:
    """Return what a policy says of the last decision on an agreement."""
    return asked(stage, policy, ref)[-1]


def renamed(policy: bytes, **more: Any) -> Policy:  # noqa: ANN401 - any field of Policy
    """Return a policy that judges like another, and is not the same."""
    rules = parsed(policy)
    return replace(rules, program=replace(rules.program, name="Elsewhere"), **more)


def hold_own_rules(stage: Stage) -> None:
    """Hold that no decision is judged otherwise by the policy that judged it, whatever its name.

    What others did close by, and what a refusal did not keep, may leave open what was so; of a
    sound log, nothing else does.
    """
    with stage.store.reading() as reader:
        bodies = {digest: reader.policy_text(digest) for digest, *_ in reader.policies()}
    for digest, body in bodies.items():
        own = [one.opinion for one in asked(stage, body) if one.entry.policy == digest]
        assert {opinion.ruling for opinion in own} <= {Ruling.SAME}
        for one in asked(stage, renamed(body)):
            opinion = one.opinion
            left_open = any(word in str(opinion.why) for word in ("close by", "not kept", "erased"))
            asks_more = one.entry.policy != digest
            assert left_open or asks_more or opinion.ruling is Ruling.SAME, (one.entry, opinion)
            assert not any(word in str(opinion.why) for word in ("altered", "not in order"))


def _all(_entry: Entry) -> bool:
    return True
