"""What `lifecycle log replay --policy` does: asks another policy about every past decision."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cli.output.answers import Answer, csv_of, give, shape
from cli.output.rejudging import KEYS, Told, told_rows, told_shape, told_text
from cli.output.workbook import xlsx_of
from cli.policies import any_named
from cli.refs import found
from cli.runs.advance import trigger_of
from cli.session import opened
from cli.settings import Reading, Settings
from guards.policy import Policy
from guards.policy_types import judging_as
from lifecycle.picking import Search
from lifecycle.recomputing.rejudging import Rejudged, Ruling, rejudged
from states.problem import InvalidInputError, Problem
from store.recomputing import StoredArchive


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which decisions are asked about, and whether those that stay as they are come too."""

    ref: str | None
    triggers: tuple[str, ...]
    types: tuple[str, ...]
    since: date
    until: date
    everything: bool


def replay_under(settings: Settings, reading: Reading, name: str, asked: Asked) -> None:
    """Print what a policy would have made of past decisions."""
    triggers = frozenset(map(trigger_of, asked.triggers))
    named = any_named(settings, name)
    policy = _judging_as(named.parsed(), asked.types)
    counts: Counter[Ruling] = Counter()
    listed: list[Rejudged] = []
    with opened(settings) as session, session.store.reading() as reader:
        search = Search(
            triggers=triggers, since=asked.since, until=asked.until, time_zone=session.time_zone
        )
        agreement = found(reader, asked.ref) if asked.ref else None
        key = agreement.standing.key if agreement else None
        for one in rejudged(StoredArchive(reader), policy, search.takes, key):
            counts[one.opinion.ruling] += 1
            if asked.everything or one.opinion.ruling is not Ruling.SAME:
                listed.append(one)
        of = str(agreement.ref) if agreement else session.code
    told = Told(named.name, named.digest, of, counts, listed)
    rows = told_rows(told)
    answer = Answer(
        table=lambda: told_text(told),
        json=shape(told_shape(told)),
        csv=csv_of(KEYS, rows),
        xlsx=xlsx_of("Decisions", KEYS, rows),
    )
    give(settings, reading, answer)


def _judging_as(policy: Policy, given: Sequence[str]) -> Policy:
    """Return the policy that also knows types by other names; raises InvalidInputError."""
    names = dict(pair.split("=", 1) for pair in given if "=" in pair)
    problems = [
        Problem("not_a_pair", f"{pair!r} is not OLD=NEW", key="--type")
        for pair in given
        if "=" not in pair
    ]
    problems += [
        Problem("unknown_type", f"it has no type {code!r}", key="--type", allowed=(*policy.types,))
        for code in names.values()
        if code not in policy.types
    ]
    if problems:
        raise InvalidInputError(problems)
    return judging_as(policy, names) if names else policy
