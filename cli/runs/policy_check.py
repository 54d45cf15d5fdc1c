"""What `lifecycle policy check` does: reads a policy, and tells what adopting it would change."""

from collections.abc import Sequence

from cli.failures import Failure, failures_of
from cli.output.answers import Answer, give
from cli.output.impact import impact_shape, impact_text
from cli.output.shapes import json_text
from cli.policies import named
from cli.session import opened
from cli.settings import Reading, Settings
from guards.policy import Policy
from lifecycle.errors import StoreError
from lifecycle.impact import Impact
from lifecycle.survey import impact_of
from states.problem import InvalidInputError

ERRORS = 1


def check_policy(settings: Settings, reading: Reading, name: str) -> int:
    """Print what is wrong with a policy, and its impact; returns the exit code."""
    rules = named(name)
    errors: Sequence[Failure] = ()
    policy = impact = None
    try:
        policy = rules.parsed()
    except InvalidInputError as error:
        errors = failures_of(error)
    if policy is not None:
        impact = _impact(settings, policy)
    shape = {
        "ok": not errors,
        "errors": [failure.shape() for failure in errors],
        "impact": impact_shape(impact) if impact else None,
    }
    answer = Answer(table=lambda: _text(rules.name, errors, impact), json=lambda: json_text(shape))
    give(settings, reading, answer)
    return ERRORS if errors else 0


def _impact(settings: Settings, policy: Policy) -> Impact | None:
    try:
        with opened(settings) as session:
            if session.code != policy.program.code:
                return None
            with session.store.reading() as reader:
                return impact_of(reader, policy, session.today)
    except StoreError as error:
        if error.code == "missing" and settings.db is None:
            return None
        raise


def _text(name: str, errors: Sequence[Failure], impact: Impact | None) -> str:
    if errors:
        return "".join(failure.text() for failure in errors)
    return f"{name}: in order.\n{impact_text(impact) if impact else ''}"
