"""What `lifecycle policy check` does: reads a policy, and rehearses what it would derive."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from cli.failures import Failure, failures_of
from cli.output.answers import Answer, give
from cli.output.shapes import json_text
from cli.output.streams import width
from cli.output.text import paragraphs
from cli.policies import named
from cli.session import Session, opened
from cli.settings import Reading, Settings
from guards.policy import Policy
from lifecycle.errors import StoreError
from lifecycle.evolve import derived
from lifecycle.matter import keeps_policy
from states.problem import InvalidInputError
from states.ref import Ref
from states.standing import Standing

ERRORS = 1

_BATCH = 500


@dataclass(slots=True)
class Impact:
    """What adopting a policy would change: places held under the cap, due dates, types."""

    agreements: int = 0
    kept: list[str] = field(default_factory=list)
    unknown_types: list[str] = field(default_factory=list)
    due_changed: list[str] = field(default_factory=list)
    counted_before: int = 0
    counted_after: int = 0
    cap: int | None = None


def check_policy(settings: Settings, reading: Reading, name: str) -> int:
    """Print what is wrong with a policy, and its impact; returns the exit code."""
    rules = named(name)
    errors: Sequence[Failure] = ()
    impact = None
    try:
        impact = _impact(settings, rules.parsed())
    except InvalidInputError as error:
        errors = failures_of(error)
    shape = {
        "ok": not errors,
        "errors": [failure.shape() for failure in errors],
        "impact": asdict(impact) if impact else None,
    }
    answer = Answer(table=lambda: _text(rules.name, errors, impact), json=lambda: json_text(shape))
    give(settings, reading, answer)
    return ERRORS if errors else 0


def _impact(settings: Settings, policy: Policy) -> Impact | None:
    try:
        with opened(settings) as session:
            if session.code != policy.program.code:
                return None
            return _on_portfolio(session, policy)
    except StoreError as error:
        if error.code == "missing" and settings.db is None:
            return None
        raise


def _on_portfolio(session: Session, policy: Policy) -> Impact:
    impact, after = Impact(cap=policy.cap.at_most if policy.cap else None), -1
    with session.store.reading() as reader:
        while batch := reader.portfolio(after, _BATCH):
            after = batch[-1].key
            for standing in batch:
                _add(impact, str(Ref.of(session.code, standing.key)), standing, policy)
    return impact


def _add(impact: Impact, ref: str, standing: Standing, policy: Policy) -> None:
    kept = keeps_policy(standing, policy)
    new = standing if kept else derived(standing, policy)
    impact.agreements += 1
    impact.counted_before += standing.counted
    impact.counted_after += new.counted
    if kept:
        impact.kept.append(ref)
    if standing.type not in policy.types:
        impact.unknown_types.append(ref)
    if (new.due, new.due_rule) != (standing.due, standing.due_rule):
        impact.due_changed.append(ref)


def _text(name: str, errors: Sequence[Failure], impact: Impact | None) -> str:
    if errors:
        return "".join(failure.text() for failure in errors)
    lines = [f"{name}: in order."]
    if impact is not None:
        cap = "no cap" if impact.cap is None else f"a cap of {impact.cap}"
        before, after = impact.counted_before, impact.counted_after
        lines.append(f"Adopting it: {before} places held become {after}, under {cap}.")
        for label, refs in (
            ("Judged by their old policy until they are decided", impact.kept),
            ("Of a type that it does not know", impact.unknown_types),
            ("Due on another day", impact.due_changed),
        ):
            if refs:
                lines.append(paragraphs(f"{label}: {', '.join(refs)}.", width()))
    return "\n".join(lines) + "\n"
